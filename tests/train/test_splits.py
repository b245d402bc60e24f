from __future__ import annotations

import random
from dataclasses import replace

import pytest
from support import builders

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.paralogs import find_paralogs
from spliceai_cli.train.splits import Split, split_genes


def genes_of(chrom, n, first=0):
    return [builders.gene(f"{chrom}g{i}", chrom, "+", first + 10 * i, first + 10 * i + 9) for i in range(n)]


def test_split__by_chromosome_with_a_share_for_validation():
    reference = builders.AllC({"chr1": 5000, "chr2": 5000, "chr20": 5000, "chrM": 500})
    genes = [*genes_of("1", 40), *genes_of("2", 10), *genes_of("20", 7), *genes_of("M", 3), *genes_of("9", 2)]
    split = split_genes(genes, reference, TrainConfig(train=("1", "chr2"), test=("chr20",), validation=0.1))
    assert (len(split.train), len(split.validation), len(split.test)) == (45, 5, 7)
    assert [gene.chrom for gene in split.validation] == ["1"] * 4 + ["2"]
    assert {reason for _, reason in split.left_out} == {"not on the reference", "neither within train nor within test"}
    again = split_genes(genes, reference, TrainConfig(train=("1", "chr2"), test=("chr20",), validation=0.1))
    assert again.validation == split.validation
    other = split_genes(genes, reference, TrainConfig(train=("1", "2"), test=("20",), validation=0.1, seed=2))
    assert other.validation != split.validation
    lines = split.lines()
    assert lines[0].split("\t")[0] == "#PART"
    assert len(lines) == 1 + len(genes)


def test_split__by_regions_takes_whole_genes_only():
    reference = builders.AllC({"19": 5000})
    genes = genes_of("19", 100)
    split = split_genes(genes, reference, TrainConfig(train=("19:1-500",), test=("19:506-1000",)))
    assert len(split.train) + len(split.validation) == 50
    # 501 to 509 begins before the region.
    assert len(split.test) == 49
    assert len(split.left_out) == 1


def test_split__leaves_out_genes_without_a_site_if_told_to():
    starts = range(0, 360, 90)
    spliced = [builders.gene(f"S{at}", "1", "+", at, at + 80, (at, at + 9), (at + 50, at + 80)) for at in starts]
    genes = [*spliced, *genes_of("1", 5, first=400)]
    for drops, n in ((True, 4), (False, 9)):
        config = TrainConfig(train=("1",), test=(), drop_unspliced=drops)
        split = split_genes(genes, builders.AllC({"1": 500}), config)
        assert len(split.train) + len(split.validation) == n
        assert [reason for _, reason in split.left_out] == ["has no splice site"] * (9 - n)


def test_split__needs_genes():
    with pytest.raises(AnnotationError, match="no gene is left for train"):
        split_genes(genes_of("1", 5), builders.AllC({"1": 500}), TrainConfig(train=("7",)))


def test_split__keeps_transcripts_of_a_gene_together():
    genes = [replace(gene, gene_id=gene.symbol, transcript_id=f"T{i}") for gene in genes_of("1", 20) for i in range(3)]
    split = split_genes(genes, builders.AllC({"1": 500}), TrainConfig(train=("1",), test=(), validation=0.2))
    assert len(split.validation) == 12
    assert {gene.gene_id for gene in split.validation}.isdisjoint(gene.gene_id for gene in split.train)


def test_names__are_of_the_part_alone():
    """A list of test genes used to name training genes as well, if they have the same symbol."""
    train = [builders.gene("SAME", "1", "+", 0, 9), builders.gene("ALSO", "1", "+", 10, 19)]
    test = [
        builders.gene("SAME", "2", "+", 0, 9),
        replace(builders.gene("ALSO", "2", "+", 10, 19), gene_id="G2.1"),
        builders.gene("OWN", "2", "+", 20, 29),
        builders.gene("OWN", "2", "+", 30, 39),
        replace(builders.gene("#X", "2", "+", 40, 49), gene_id=" G3"),
    ]
    split = Split(train, train[1:], test, [])
    named, *rest, last = split.names("test")
    assert rest == ["G2.1", "OWN"]
    assert named == "# Not listed, since genes of other parts have its name, or --genes cannot read it: SAME, 2:1-9"
    assert last.startswith("# Not listed")


def mutated(bases, share, seed):
    draw = random.Random(seed)
    return "".join(draw.choice("ACGT".replace(base, "")) if draw.random() < share else base for base in bases)


def test_paralogs__are_found_on_either_strand_and_told_from_strangers(tmp_path):
    """A copy with 5 % of its bases changed resembles its origin; a random sequence, and one changed by half, do not."""
    from spliceai_cli.genome.bases import reverse_complement_text

    origin = builders.random_bases(3000, 1)
    contigs = {
        "1": origin,
        "2": mutated(origin, 0.05, 2) + reverse_complement_text(mutated(origin, 0.05, 3)),
        "3": builders.random_bases(3000, 4) + mutated(origin, 0.5, 5),
    }
    reference = Reference(builders.write_fasta(tmp_path / "g.fa", contigs))
    train = [builders.gene("ORIGIN", "1", "+", 0, 3000), builders.gene("STRANGER", "3", "+", 0, 3000)]
    test = [
        builders.gene("COPY", "2", "+", 0, 3000),
        builders.gene("TURNED", "2", "-", 3000, 6000),
        builders.gene("FAR", "3", "+", 3000, 6000),
        builders.gene("WRONG_STRAND", "2", "+", 3000, 6000),
    ]
    found = list(find_paralogs(test, train, reference))
    assert [(one.gene.symbol, one.like.symbol) for one in found] == [("COPY", "ORIGIN"), ("TURNED", "ORIGIN")]
    # 0.95 to the power of 16 is 0.44.
    assert all(0.3 < one.share < 0.6 for one in found)
