"""Alleles that long-read callers write with N in place of the base before them: scored as their plain spelling."""

from __future__ import annotations

import pytest
from support import builders
from support.records import info, vcf_text

from spliceai_cli import Scorer, Variant
from spliceai_cli.cli.main import annotate
from spliceai_cli.settings.compute import Compute

PLACES = [("chr1", 200), ("chr1", 450), ("chr1", 700), ("chr1", 100), ("chr1", 480), ("chr2", 2), ("chr2", 240)]
LENGTHS = [1, 2, 19, 21, 37]


def at_genome(result):
    """Per record: gene, scores and genome positions of what was scored, without ALLELE."""
    found = []
    for record in result.records:
        texts = [text.split("|") for text in info(record).get("SpliceAI", "").split(",") if text]
        found.append([(*text[1:6], *(int(record[1]) + int(dp) for dp in text[6:])) for text in texts])
    return found


def other_than(bases, place, genome):
    """Bases of that length that begin with another letter than the FASTA has at a place, so are not anchored there."""
    return genome.other(*place) + bases[1:]


def insertions(genome):
    """Of plain insertions: what they look like with N for a base, and INFO."""
    plain, anchored, bare = [], [], []
    for place in PLACES:
        for n in LENGTHS:
            base, inserted = genome.base(*place), other_than(builders.random_bases(n, seed=n), place, genome)
            plain.append((*place, base, base + inserted))
            anchored.append((*place, "N", "N" + inserted))
            bare.append((*place, "N", inserted, f"PRECISE;SVTYPE=INS;SVLEN={n};END={place[1]}"))
    return plain, anchored, bare


def deletions(genome):
    """The same of deletions; callers put POS at the base before, or at the first one deleted."""
    plain, anchored, after, at = [], [], [], []
    for chrom, pos in PLACES:
        for n in LENGTHS:
            base, body = genome.base(chrom, pos), genome.base(chrom, pos + 1, n)
            plain.append((chrom, pos, base + body, base))
            anchored.append((chrom, pos, "N" + body, "N"))
            column = f"SVTYPE=DEL;SVLEN=-{n}"
            # In a run of one base both places fit, and the first one is taken.
            fits_before = genome.base(chrom, pos, n) == body
            after.append(anchored[-1] if fits_before else (chrom, pos, body, "N", f"{column};END={pos + n}"))
            at.append((chrom, pos + 1, body, "N", f"{column};END={pos + 1 + n}"))
    return plain, anchored, after, at


@pytest.mark.parametrize("options", [("-D", "20"), ("-D", "20", "--normalize"), ("-D", "7", "-M", "1")])
@pytest.mark.parametrize("case", ["upper", "lower"])
@pytest.mark.parametrize("forms", [insertions, deletions])
def test_unknown_anchor__scores_as_the_plain_spelling(annotate_toy, genome, forms, case, options):
    """Used to be ref-mismatch, or scored with an N put in place of what is deleted."""
    plain, *written = forms(genome)
    expected = annotate_toy(*options, stdin=vcf_text(*plain))
    assert sum(map(bool, at_genome(expected))) >= len(plain) - 10
    for rows in written:
        rows = [(row[0], row[1], getattr(row[2], case)(), getattr(row[3], case)(), *row[4:]) for row in rows]
        result = annotate_toy(*options, stdin=vcf_text(*rows))
        assert result.code == 0, result.stderr
        assert at_genome(result) == at_genome(expected)
        # The record is as it came, and ALLELE is its ALT.
        assert [record[:5] for record in result.records] == [[str(x) for x in (*r[:2], ".", *r[2:4])] for r in rows]
        texts = [(record[4], text) for record in result.records for text in _texts(record)]
        assert all(text.startswith(f"{alt}|") for alt, text in texts)


def _texts(record):
    return list(filter(None, info(record).get("SpliceAI", "").split(",")))


def test_unknown_anchor__each_alt_is_read_by_itself(annotate_toy, genome):
    base = genome.base("chr1", 200)
    joined = annotate_toy(stdin=vcf_text(("chr1", 200, "N", "NTT,NTTT,CCA,NG", "SVTYPE=INS;SVLEN=2,3,3,1")))
    alts = [base + inserted for inserted in ("TT", "TTT", "CCA", "G")]
    apart = annotate_toy(stdin=vcf_text(*(("chr1", 200, base, alt) for alt in alts)))
    assert at_genome(joined)[0] == [score for scores in at_genome(apart) for score in scores]
    assert len(at_genome(joined)[0]) == 4


def test_unknown_anchor__substitution_after_it(annotate_toy, genome):
    base, body = genome.base("chr1", 200), genome.base("chr1", 201, 2)
    alt = genome.other("chr1", 201) + genome.other("chr1", 202)
    unknown = annotate_toy(stdin=vcf_text(("chr1", 200, "N" + body, "N" + alt)))
    assert at_genome(unknown) == at_genome(annotate_toy(stdin=vcf_text(("chr1", 200, base + body, base + alt)))) != [[]]


@pytest.fixture
def run_on(cli, genome, toy_weights, tmp_path):
    """Reasons and scores of rows on the small genome with other bases from chr1:200 on."""

    def call(bases, *rows, options=()):
        contig = genome.contigs["chr1"]
        fasta = builders.write_fasta(tmp_path / "n.fa", {"chr1": contig[:199] + bases + contig[199 + len(bases) :]})
        fixed = ("-R", fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu", "--no-progress")
        result = cli(*fixed, "--explain", *options, stdin=vcf_text(*rows), command=annotate)
        assert result.code == 0, result.stderr
        return [info(record).get("SpliceAI_SKIP", ".") for record in result.records], at_genome(result)

    return call


INS, DEL = "SVTYPE=INS;SVLEN=3", "SVTYPE=DEL;SVLEN=-3"


def test_unknown_anchor__where_the_fasta_has_n(run_on):
    rows = [("chr1", 200, "N", "NTTT"), ("chr1", 200, "N", "TTT", INS), ("chr1", 200, "NCGT", "N")]
    reasons, scores = run_on("NCGT", *rows)
    assert reasons == ["."] * 3
    assert scores[0] == scores[1] != scores[2]
    # An IUPAC letter is no known base either.
    assert run_on("RCGT", *rows) == (reasons, scores)


def test_unknown_anchor__deletion_in_a_run_of_one_base_begins_at_pos(run_on):
    """REF fits at POS and after it: the VCF says that REF is at POS."""
    reasons, scores = run_on("CAAAAC", ("chr1", 201, "AAA", "N", DEL), ("chr1", 200, "CAAA", "C"))
    assert (reasons, scores[0]) == ([".", "."], scores[1])


@pytest.mark.parametrize("more", ["", ";SVLEN=.", ";SVINSLEN=."])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_unknown_base__needs_no_svlen(run_on, more, case):
    """All of these used to be 'symbolic'; REF of a deletion stands at POS, or after it."""
    insertion, deletion = (f"SVTYPE={case(kind)}{more}" for kind in ("INS", "DEL"))
    rows = [
        ("chr1", 200, "N", "TTTCAGG", insertion),
        ("chr1", 201, "CGT", "N", deletion),
        ("chr1", 200, "CGT", "N", deletion),
        ("chr1", 200, "A", "ATTTCAGG"),
        ("chr1", 200, "ACGT", "A"),
    ]
    reasons, scores = run_on("ACGT", *rows)
    assert reasons == ["."] * 5
    assert scores[0] == scores[3]
    assert scores[1] == scores[2] == scores[4] != []


NO_SCORE = {
    # REF says nothing, and no one that ALT is an insertion: a base replaced, or TTT put after it?
    "no-info": ("N", "TTT", ".", "ref-mismatch"),
    "snv": ("N", "A", ".", "ref-mismatch"),
    "snv-lower": ("n", "t", ".", "ref-mismatch"),
    "mnv": ("NNNN", "ACGT", ".", "ref-mismatch"),
    "middle": ("ANGT", "A", ".", "ref-mismatch"),
    "body": ("NCNT", "N", ".", "ref-mismatch"),
    "nothing": ("N", "N", ".", "ref-mismatch"),
    "other-body": ("NCCC", "N", ".", "ref-mismatch"),
    # Neither at POS nor after it.
    "other-ref": ("TTT", "N", DEL, "ref-mismatch"),
    # TTT or TT deleted, or one unknown base in place of three?
    "del-no-info": ("ACG", "N", ".", "symbolic"),
    "del-other-length": ("ACG", "N", "SVTYPE=DEL;SVLEN=-2", "symbolic"),
    "del-other-end": ("ACG", "N", f"{DEL};END=300", "symbolic"),
    "ins-other-length": ("N", "TTTT", INS, "symbolic"),
    "ins-other-sequence": ("N", "TTT", f"{INS};SVINSSEQ=TTG", "symbolic"),
    "del-other-bases": ("ACG", "N", f"{DEL};SVINSSEQ=T", "symbolic"),
    "other-ref-no-length": ("TTT", "N", "SVTYPE=DEL", "ref-mismatch"),
    "duplication": ("N", "TTT", "SVTYPE=DUP;SVLEN=3", "symbolic"),
    "deletion-of-unknown": ("N", "N", DEL, "symbolic"),
    # Not known to the base.
    "imprecise-anchored": ("N", "NTTT", "IMPRECISE", "symbolic"),
    "imprecise-ins": ("N", "TTT", f"{INS};IMPRECISE", "symbolic"),
    "imprecise-del": ("ACG", "N", f"{DEL};IMPRECISE=1", "symbolic"),
    "imprecise-anchored-del": ("NCGT", "N", f"{DEL};PRECISE=FALSE", "symbolic"),
    "wide": ("N", "NTTT", "CIPOS=-20,20", "symbolic"),
    "letters": ("N", "NTRT", ".", "alt-letters"),
}


@pytest.mark.parametrize(("ref", "alt", "column", "reason"), NO_SCORE.values(), ids=NO_SCORE)
def test_unknown_base__has_a_reason_where_it_has_no_score(run_on, ref, alt, column, reason):
    assert run_on("ACGT", ("chr1", 200, ref, alt, column)) == ([reason], [[]])


@pytest.mark.parametrize(("ref", "alt"), [("A", "ATTT"), ("ACGT", "A"), ("A", "T"), ("A", "ANT"), ("A", "N")])
def test_plain_allele__is_scored_as_written_whatever_info_says(run_on, ref, alt):
    """What is written with its bases is known to the base: callers of SNVs use such keys for other things."""
    columns = [".", "IMPRECISE", "CIPOS=-20,20;CIEND=.;SVCLAIM=D;SVTYPE=INS;SVLEN=3"]
    rows = [("chr1", 200, ref, alt, column) for column in columns if alt != "N" or column == "."]
    reasons, scores = run_on("ACGT", *rows)
    assert set(reasons) == {"."}
    assert all(score == scores[0] for score in scores)


def test_unknown_anchor__limit_is_that_of_written_alleles(run_on):
    rows = [("chr1", 200, "N", "NTTT"), ("chr1", 200, "N", "CTT", INS), ("chr1", 200, "ACG", "N", DEL)]
    limits = ("--max-sv-length", "0", "--max-allele-length")
    assert run_on("ACGT", *rows, options=(*limits, "4"))[0] == ["."] * 3
    assert run_on("ACGT", *rows, options=(*limits, "3"))[0] == ["too-long"] * 3


@pytest.mark.parametrize("fasta", ["ACGT", "NNNN"])
def test_unknown_anchor__is_a_letter_to_compat(run_on, fasta):
    """1.3.1 compares N with the FASTA like any letter, and scores N in ALT."""
    alleles = [("N", "NTTT", "IMPRECISE"), ("N", "TTT", INS), ("N", "A", "."), ("NN", "N", DEL)]
    rows = [("chr1", 200, *allele) for allele in alleles]
    reasons, _ = run_on(fasta, *rows, options=("--compat", "1.3.1"))
    # The small contig ends within 5 kb, which 1.3.1 leaves out; what agrees gets as far as that.
    assert reasons == ["compat" if fasta == "NNNN" else "ref-mismatch"] * 4
    plain, _ = run_on("ACGT", ("chr1", 200, "ACG", "N", f"{DEL};IMPRECISE"), options=("--compat", "1.3.1"))
    assert plain == ["compat"]


def test_unknown_anchor__in_the_api(genome, toy_weights):
    scorer = Scorer(
        reference=genome.fasta, annotation=genome.table, compute=Compute(weights=str(toy_weights), device="cpu")
    )
    base, body = genome.base("chr1", 200), genome.base("chr1", 201, 3)
    asked = [Variant("1", 200, *alleles) for alleles in (("N", "NTTT"), (base, base + "TTT"), ("N" + body, "N"))]
    inserted, plain, deleted = scorer.score(asked)
    assert inserted.variant == asked[0]
    assert [str(score).partition("|")[::2] for score in inserted.scores] == [
        ("NTTT", str(score).partition("|")[2]) for score in plain.scores
    ]
    assert deleted.scores
    [unknown] = scorer.score([Variant("1", 200, "N", "TTT")])
    assert unknown.reason is not None


def test_unknown_anchor__does_not_tell_of_the_assembly(annotate_toy, genome):
    """Of these nothing is compared with the FASTA. ``n`` before ``<DEL>`` used to count as a REF that agrees."""
    wrong = [("chr1", pos, genome.other("chr1", pos), "T") for pos in range(200, 219)]
    unknown = [("chr1", 300, ref, alt, "SVLEN=5") for ref in "Nn" for alt in ("NTT", "<DEL>") for _ in range(20)]
    one_more = ("chr1", 220, genome.other("chr1", 220), "T")
    result = annotate_toy(stdin=vcf_text(*wrong, *unknown, one_more))
    assert result.code == 1
    assert "20 of 20 REF alleles (100 %) do not match" in result.stderr


def test_unknown_anchor__in_predict(cli, genome, toy_weights, tmp_path):
    base, body = genome.base("chr1", 200), genome.base("chr1", 201, 5)
    other = genome.other("chr1", 200)

    def rows_of(name, *rows):
        path = tmp_path / f"{name}.vcf"
        path.write_bytes(vcf_text(*rows))
        fixed = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu", "-D", "9")
        result = cli("predict", "--alt", path, *fixed, "-O", "-", "--output-format", "tsv", "--strand", "+", "-q")
        assert result.code == 0, result.stderr
        lines = [line.split("\t") for line in result.stdout.decode().splitlines()[1:]]
        return [line[:4] + line[5:] for line in lines], list(dict.fromkeys(line[4] for line in lines))

    plain = [("chr1", 200, base, base + other + "TT"), ("chr1", 200, base + body, base)]
    column = "SVTYPE=INS;SVLEN=3"
    values, _ = rows_of("plain", *plain)
    for written in (
        [("chr1", 200, "N", "N" + other + "TT"), ("chr1", 200, "N" + body, "N")],
        [("chr1", 200, "N", other + "TT", column), ("chr1", 201, body, "N", "SVTYPE=DEL;SVLEN=-5")],
    ):
        found, names = rows_of("written", *written)
        assert found == values
        assert names == [f"{row[0]}:{row[1]}:{row[2]}:{row[3]}" for row in written]


def test_precomputed__leaves_out_what_cannot_be_read_without_info(annotate_toy, genome):
    """N>TTT alone, without SVTYPE and SVLEN, would be read as another allele."""
    rows = [("chr1", 200, "N", "NTTT"), ("chr1", 200, "N", "TTT", INS)]
    result = annotate_toy("--layout", "precomputed", stdin=vcf_text(*rows))
    assert [record[4] for record in result.records] == ["NTTT"]
