"""Symbolic alleles through a VCF: scored as the sequence that they stand for, or left out with a reason."""

from __future__ import annotations

import pytest
from support import builders
from support.records import info, vcf_text

from spliceai_cli.cli.main import annotate


def scores_of(result):
    """Per record, texts of all genes without ALLELE."""
    found = []
    for record in result.records:
        texts = filter(None, info(record).get("SpliceAI", "").split(","))
        found.append([text.split("|", 1)[1] for text in texts])
    return found


def reverse_complement(bases):
    return "".join({"A": "T", "C": "G", "G": "C", "T": "A"}[base] for base in reversed(bases))


PLACES = [("chr1", 200), ("chr1", 450), ("chr1", 700), ("chr1", 99), ("chr1", 498), ("chr2", 1), ("chr2", 260)]
LENGTHS = [1, 2, 19, 20, 21, 37]


@pytest.mark.parametrize("where", ["END", "SVLEN", "-SVLEN", "END;SVLEN"])
@pytest.mark.parametrize("kind", ["DEL", "DUP", "DUP:TANDEM", "INV", "DEL:ME"])
def test_symbolic__scores_as_its_sequence_does(annotate_toy, genome, kind, where):
    """D is 20; an inversion up to that length has the scores of the MNV, a longer one is looked at further right."""
    symbolic, spelled = [], []
    for chrom, pos in PLACES:
        for length in LENGTHS:
            if kind == "INV" and length > 20:
                continue
            base, body = genome.base(chrom, pos), genome.base(chrom, pos + 1, length)
            parts = {"END": f"END={pos + length}", "SVLEN": f"SVLEN={length}", "-SVLEN": f"SVLEN=-{length}"}
            column = ";".join(parts[part] for part in where.split(";"))
            symbolic.append((chrom, pos, base, f"<{kind}>", column))
            spelled.append(
                {
                    "DEL": (chrom, pos, base + body, base),
                    "DUP": (chrom, pos, base, base + body),
                    "INV": (chrom, pos, base + body, base + reverse_complement(body)),
                }[kind.partition(":")[0]]
            )
    one = annotate_toy("-D", "20", stdin=vcf_text(*symbolic))
    other = annotate_toy("-D", "20", stdin=vcf_text(*spelled))
    assert one.code == 0, one.stderr
    assert scores_of(one) == scores_of(other)
    assert sum(map(len, scores_of(one))) >= len(symbolic) - 12
    alleles = {text.split("|")[0] for record in one.records for text in info(record).get("SpliceAI", "").split(",")}
    assert alleles - {""} == {f"<{kind}>"}
    # Everything else of the records is as it came.
    assert [record[:7] for record in one.records] == [
        [str(x) for x in (*r[:2], ".", *r[2:4], ".", ".")] for r in symbolic
    ]


def test_symbolic__insertion_scores_as_its_sequence_does(annotate_toy, genome):
    inserted = ["G", "GTAAGT", "gtnagt", "ACGT" * 30]
    keys = ["SEQ", "SVINSSEQ", "INSSEQ"]
    rows = [
        (chrom, pos, genome.base(chrom, pos), key, seq) for chrom, pos in PLACES for key in keys for seq in inserted
    ]
    symbolic = [(chrom, pos, base, "<INS>", f"{key}={seq};SVLEN={len(seq)}") for chrom, pos, base, key, seq in rows]
    spelled = [(chrom, pos, base, base + seq) for chrom, pos, base, _, seq in rows]
    one = annotate_toy(stdin=vcf_text(*symbolic))
    assert scores_of(one) == scores_of(annotate_toy(stdin=vcf_text(*spelled)))
    assert sum(map(bool, scores_of(one))) == 6 * 12


@pytest.mark.parametrize("inserted", ["A", "ACG", "GTAAGTGTAAGTGTAAGT"])
def test_symbolic__deletion_with_bases_in_its_place(annotate_toy, genome, inserted):
    """They used to be dropped: a clean deletion was scored."""
    symbolic, spelled = [], []
    for chrom, pos in PLACES:
        base, body = genome.base(chrom, pos), genome.base(chrom, pos + 1, 10)
        column = f"END={pos + 10};SVTYPE=DEL;SVLEN=-10;SVINSLEN={len(inserted)};SVINSSEQ={inserted}"
        symbolic.append((chrom, pos, base, "<DEL>", column))
        spelled.append((chrom, pos, base + body, base + inserted))
    for options in ((), ("--normalize",), ("-D", "5")):
        one, other = (annotate_toy(*options, stdin=vcf_text(*rows)) for rows in (symbolic, spelled))
        assert scores_of(one) == scores_of(other)
        assert sum(map(bool, scores_of(one))) >= 6


def test_symbolic__long_inversion_is_looked_at_as_far_as_its_end(annotate_toy, genome):
    """From POS 200 an inversion of 59 reaches 259; at D=10 the MNV sees no further than 211."""
    base, body = genome.base("chr1", 200), genome.base("chr1", 201, 59)
    symbolic = vcf_text(("chr1", 200, base, "<INV>", "END=259"))
    [[text]] = scores_of(annotate_toy("-D", "10", stdin=symbolic))
    spelled = vcf_text(("chr1", 200, base + body, base + reverse_complement(body)))
    [[mnv]] = scores_of(annotate_toy("-D", "10", stdin=spelled))
    assert max(int(dp) for dp in mnv.split("|")[5:]) <= 11
    assert max(int(dp) for dp in text.split("|")[5:]) > 11
    assert all(float(a) >= float(b) for a, b in zip(text.split("|")[1:5], mnv.split("|")[1:5], strict=True))


def test_symbolic__ref_may_be_n(annotate_toy, genome):
    base = genome.base("chr1", 200)
    known = annotate_toy(stdin=vcf_text(("chr1", 200, base, "<DEL>", "END=210")))
    unknown = annotate_toy(stdin=vcf_text(("chr1", 200, "N", "<DEL>", "END=210")))
    assert scores_of(unknown) == scores_of(known) != [[]]
    other = vcf_text(("chr1", 200, genome.other("chr1", 200), "<DEL>", "END=210"))
    assert info(annotate_toy("--explain", stdin=other).records[0]) == {"END": "210", "SpliceAI_SKIP": "ref-mismatch"}


def test_symbolic__each_alt_has_its_own_length(annotate_toy, genome):
    base = genome.base("chr1", 200)
    joined = annotate_toy(stdin=vcf_text(("chr1", 200, base, "<DEL>,<DUP>,<DEL>", "END=210;SVLEN=-10,5,-3")))
    rows = [(alt, length) for alt, length in (("<DEL>", 10), ("<DUP>", 5), ("<DEL>", 3))]
    apart = annotate_toy(stdin=vcf_text(*(("chr1", 200, base, alt, f"SVLEN={length}") for alt, length in rows)))
    assert scores_of(joined)[0] == [text for texts in scores_of(apart) for text in texts]
    assert len(scores_of(joined)[0]) == 3


def test_symbolic__sequences_of_several_insertions_are_not_run_together(annotate_toy, genome):
    """SEQ=A,C with two <INS> used to be scored as AC for both."""
    base = genome.base("chr1", 200)
    joined = annotate_toy("--explain", stdin=vcf_text(("chr1", 200, base, "<INS>,<INS>", "SVINSSEQ=GTA,TTC")))
    apart = annotate_toy(stdin=vcf_text(*(("chr1", 200, base, base + seq) for seq in ("GTA", "TTC"))))
    reasons = info(joined.records[0]).get("SpliceAI_SKIP")
    assert reasons == "symbolic,symbolic" or scores_of(joined)[0] == [text for one in scores_of(apart) for text in one]


def test_symbolic__before_an_ambiguous_base_of_the_fasta(cli, genome, toy_weights, tmp_path):
    """FASTA R, REF A, which agrees with it: used to be 'alt-letters', because R came into the ALT that was spelled."""
    bases = genome.contigs["chr1"]
    fasta = builders.write_fasta(tmp_path / "r.fa", {"chr1": bases[:199] + "R" + bases[200:]})
    fixed = ("-R", fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu", "--no-progress", "--explain")
    result = cli(*fixed, stdin=vcf_text(("chr1", 200, "A", "<DEL>", "END=210")), command=annotate)
    assert "SpliceAI" in info(result.records[0])


def test_symbolic__insertion_whose_length_is_not_that_of_its_sequence(annotate_toy, genome):
    """DESIGN §3: <INS> only with its full sequence."""
    row = ("chr1", 200, genome.base("chr1", 200), "<INS>", "SVLEN=300;SEQ=GTAAGT")
    assert info(annotate_toy("--explain", stdin=vcf_text(row)).records[0])["SpliceAI_SKIP"] == "symbolic"


WHY_NOT = {
    "imprecise": ("<DEL>", "END=210;IMPRECISE", "symbolic"),
    "end-not-svlen": ("<DEL>", "END=210;SVLEN=-11", "symbolic"),
    "end-not-svlen-dup": ("<DUP>", "END=210;SVLEN=9", "symbolic"),
    "no-length": ("<DEL>", "AC=1", "symbolic"),
    "no-length-inv": ("<INV>", ".", "symbolic"),
    "end-at-pos": ("<DEL>", "END=200", "symbolic"),
    "svlen-dot": ("<DEL>", "SVLEN=.", "symbolic"),
    "svlen-two-signs": ("<DEL>", "SVLEN=--5", "symbolic"),
    "svlen-superscript": ("<DEL>", "SVLEN=²", "symbolic"),
    "ins-no-seq": ("<INS>", "SVLEN=5", "symbolic"),
    "ins-letters": ("<INS>", "SEQ=ACRT", "symbolic"),
    "ins-imprecise": ("<INS>", "SEQ=ACGT;IMPRECISE", "symbolic"),
    "imprecise-1": ("<DEL>", "END=210;IMPRECISE=1", "symbolic"),
    "imprecise-true": ("<DUP>", "END=210;IMPRECISE=TRUE", "symbolic"),
    "precise-false": ("<INV>", "END=210;PRECISE=FALSE", "symbolic"),
    "copy-number-alone": ("<DEL>", "SVLEN=10;SVCLAIM=D", "symbolic"),
    "ci-pos": ("<DEL>", "END=210;CIPOS=-141,50", "symbolic"),
    "ci-end": ("<DUP>", "END=210;CIEND=0,1", "symbolic"),
    "ci-beyond-homology": ("<DEL>", "END=210;CIPOS=0,6;HOMLEN=5", "symbolic"),
    "ci-dot": ("<DEL>", "END=210;CIPOS=.", "symbolic"),
    "ci-one-bound": ("<DEL>", "END=210;CIPOS=-5", "symbolic"),
    "ci-cut-off": ("<DEL>", "END=210;CIPOS=0,", "symbolic"),
    "ci-length": ("<INS>", "SEQ=ACGT;CILEN=-1,1", "symbolic"),
    "end-before-pos": ("<DEL>", "END=190", "symbolic"),
    "end-before-pos-svlen": ("<DEL>", "END=190;SVLEN=10", "symbolic"),
    "end-not-read": ("<DEL>", "END=1e3;SVLEN=10", "symbolic"),
    "svlen-of-two": ("<DEL>", "END=210;SVLEN=10,5", "symbolic"),
    "too-long": ("<DEL>", "END=701", "too-long"),
    "too-long-dup": ("<DUP>", "SVLEN=501", "too-long"),
    "too-long-inv": ("<INV>", "SVLEN=501", "too-long"),
    "too-long-ins": ("<INS>", f"SEQ={'A' * 501}", "too-long"),
    # The contig has 1,000 bases; a REF that long would not agree with the FASTA.
    "beyond-contig": ("<DEL>", "END=1001", "ref-mismatch"),
    "beyond-contig-dup": ("<DUP>", "SVLEN=801", "ref-mismatch"),
    "beyond-any-contig": ("<DEL>", "SVLEN=-9999999999999999", "ref-mismatch"),
    "junction": ("<DUP>", "END=210;SVINSSEQ=ACG", "symbolic"),
    "junction-length": ("<DEL>", "END=210;SVINSLEN=3", "symbolic"),
    "junction-part": ("<DEL>", "END=210;LEFT_SVINSSEQ=ACG", "symbolic"),
    "read-depth": ("<DEL>", "END=210;SVTYPE=CNV", "symbolic"),
    "read-depth-subtype": ("<DEL:CNV>", "END=210;SVTYPE=DEL", "symbolic"),
    "other-type": ("<DUP>", "END=210;SVTYPE=INS", "symbolic"),
    "too-long-in-place": ("<DEL>", f"END=210;SVINSSEQ={'A' * 501}", "too-long"),
    "cnv": ("<CNV>", "END=210", "symbolic"),
    "cn0": ("<CN0>", "END=210", "symbolic"),
    "non-ref": ("<NON_REF>", "END=210", "symbolic"),
    "any": ("<*>", "END=210", "symbolic"),
    "dispersed": ("<DUP:DISPERSED>", "END=210", "symbolic"),
    "breakend": ("<BND>", "END=210", "symbolic"),
    "star": ("*", "END=210", "symbolic"),
    "mate": ("G]chr2:5]", "END=210", "symbolic"),
}


@pytest.mark.parametrize(("alt", "column", "reason"), WHY_NOT.values(), ids=WHY_NOT)
def test_symbolic__has_a_reason_where_it_has_no_score(annotate_toy, genome, alt, column, reason):
    row = ("chr1", 200, genome.base("chr1", 200), alt, column)
    result = annotate_toy("--explain", "--max-sv-length", "500", stdin=vcf_text(row))
    assert result.code == 0, result.stderr
    found = info(result.records[0])
    assert (found.get("SpliceAI"), found["SpliceAI_SKIP"]) == (None, reason)


def test_symbolic__reason_says_not_known_to_the_base(annotate_toy, genome):
    """These ends used to be scored as if they were exact."""
    base = genome.base("chr1", 200)
    result = annotate_toy(stdin=vcf_text(("chr1", 200, base, "<DEL>", "END=210;CIPOS=-141,50")))
    assert "1  with a symbolic, * or breakend ALT, or without an exact sequence (first: chr1:200" in result.stderr


EXACT = [
    "PRECISE",
    "IMPRECISE=0;PRECISE=1",
    "SVCLAIM=DJ",
    "CIPOS=0,0;CIEND=0,0",
    "CIPOS=0,3;CIEND=0,3;HOMLEN=3",
    "CIPOS=-3,0;HOMLEN=3",
]


@pytest.mark.parametrize("claims", EXACT)
def test_symbolic__scores_what_is_known_to_the_base(annotate_toy, genome, claims):
    base = genome.base("chr1", 200)
    rows = [("chr1", 200, base, "<DEL>", f"END=210{more}") for more in ("", f";{claims}")]
    plain, claimed = scores_of(annotate_toy(stdin=vcf_text(*rows)))
    assert plain == claimed != []


def test_symbolic__claims_are_those_of_each_alt(annotate_toy, genome):
    base = genome.base("chr1", 200)
    row = ("chr1", 200, base, "<DEL>,T,<DUP>", "SVLEN=5,.,6;SVCLAIM=D,.,J;CIPOS=0,0,.,.,0,0")
    [record] = annotate_toy("--explain", stdin=vcf_text(row)).records
    assert info(record)["SpliceAI_SKIP"] == "symbolic,.,."


@pytest.mark.parametrize("column", ["END=210", "SVLEN=-10"])
@pytest.mark.parametrize("alt", ["<DEL>", "<DUP>", "<INV>"])
def test_symbolic__is_left_out_by_compat(annotate_toy, genome, alt, column):
    row = ("chr1", 200, genome.base("chr1", 200), alt, column)
    result = annotate_toy("--explain", "--compat", "1.3.1", stdin=vcf_text(row))
    assert info(result.records[0])["SpliceAI_SKIP"] == "symbolic"


def test_max_sv_length__is_a_limit_of_its_own(annotate_toy, genome):
    def reasons(*options):
        base = genome.base("chr1", 200)
        rows = [("chr1", 200, base, alt, "SVLEN=10") for alt in ("<DEL>", "<DUP>", "<INV>")]
        rows.append(("chr1", 200, base, "<INS>", "SEQ=ACGTACGTAC"))
        rows.append(("chr1", 200, genome.base("chr1", 200, 11), base))
        found = annotate_toy("--explain", *options, stdin=vcf_text(*rows))
        return [info(record).get("SpliceAI_SKIP", ".") for record in found.records]

    assert reasons() == ["."] * 5
    assert reasons("--max-sv-length", "10") == ["."] * 5
    assert reasons("--max-sv-length", "9") == ["too-long"] * 4 + ["."]
    assert reasons("--max-sv-length", "0") == ["too-long"] * 4 + ["."]
    assert reasons("--max-allele-length", "10") == ["."] * 4 + ["too-long"]
