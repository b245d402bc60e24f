"""Variants written as text; alleles by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import builders

from spliceai_cli.errors import AssemblyError, VariantError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.notation.hgvs import is_hgvs, parse_hgvs
from spliceai_cli.notation.text import parse_variant
from spliceai_cli.variants.variant import Variant

# The two sequences of the duplication page of the HGVS nomenclature, and one with a letter of each kind.
CONTIGS = {"chr1": "ACTTACTGCC", "2": "ACAATTGCC", "HLA-A*01:01": "ACGT", "NC_000004.12": "ACGTRNACGT"}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return Reference(builders.write_fasta(tmp_path_factory.mktemp("text") / "genome.fa", CONTIGS))


@pytest.mark.parametrize(
    ("text", "pos", "ref", "alt"),
    [
        # Of ACTTACTGCC
        ("chr1:g.2C>T", 2, "C", "T"),
        ("chr1:g.4del", 3, "TT", "T"),
        ("chr1:g.4delT", 3, "TT", "T"),
        ("chr1:g.2_4del", 1, "ACTT", "A"),
        ("chr1:g.2_4delCTT", 1, "ACTT", "A"),
        ("chr1:g.6_7insGGA", 6, "C", "CGGA"),
        # The nomenclature's example: ACTTACTGCC to ACTTACTTGCC
        ("chr1:g.7dup", 6, "C", "CT"),
        ("chr1:g.7dupT", 6, "C", "CT"),
        ("chr1:g.5_7delinsGG", 5, "ACT", "GG"),
        ("chr1:g.5_7delACTinsGG", 5, "ACT", "GG"),
        ("chr1:g.5delinsGG", 5, "A", "GG"),
        ("chr1:g.5_8inv", 5, "ACTG", "CAGT"),
        ("chr1:g.5_8invACTG", 5, "ACTG", "CAGT"),
        ("chr1:g.2=", 2, "C", "."),
        ("chr1:g.2C=", 2, "C", "."),
        ("chr1:g.2_3=", 2, "CT", "."),
        # At the ends of the contig
        ("chr1:g.1del", 1, "AC", "C"),
        ("chr1:g.1_3del", 1, "ACTT", "T"),
        ("chr1:g.1dup", 1, "A", "AA"),
        ("chr1:g.1_3dup", 1, "A", "ACTA"),
        ("chr1:g.1delinsGG", 1, "A", "GG"),
        ("chr1:g.1_2inv", 1, "AC", "GT"),
        ("chr1:g.1_2insG", 1, "A", "AG"),
        ("chr1:g.10del", 9, "CC", "C"),
        ("chr1:g.10dup", 9, "C", "CC"),
        ("chr1:g.9_10insG", 9, "C", "CG"),
        # Other spellings
        ("1:g.2c>t", 2, "C", "T"),
        ("NC_000001.11:g.2C>T", 2, "C", "T"),
        (" chr1: g.2C>T ", 2, "C", "T"),
        ("chr1 : g. 2 C > T", 2, "C", "T"),
        ("chr1 g.2C>T", 2, "C", "T"),
        ("nc_000001.11:g.2c>t", 2, "C", "T"),
        ("Chr1(GRCh38):g.2C>T", 2, "C", "T"),
        ("GRCh38:1:g.2C>T", 2, "C", "T"),
        ("NC_000001.11:g.2C\uff1eT", 2, "C", "T"),
        ("chr1\u200b:g.2C\u2192T", 2, "C", "T"),
        ("chr1:\u00a0g.2_4del", 1, "ACTT", "A"),
    ],
)
def test_hgvs__becomes_vcf_alleles(reference, text, pos, ref, alt):
    # The contig is named as in the text, an accession as in the FASTA.
    written = re.search(r"chr1|Chr1|\b[12]:(?=g)", text)
    chrom = written[0].rstrip(":") if written else "chr1"
    assert parse_variant(text, reference) == Variant(chrom, pos, ref, alt)


def test_hgvs__examples_of_the_documentation_hold(tmp_path):
    fasta = Reference(builders.write_fasta(tmp_path / "a.fa", {"1": "N" * 99 + "ACGTACGT"}))
    page = (Path(__file__).parents[2] / "docs" / "score.md").read_text("utf-8")
    rows = re.findall(r"^\| (`g\..+?`) \| .+? \| `([0-9]+) (\S+) (\S+)`", page, re.MULTILINE)
    assert len(rows) == 8
    for texts, pos, ref, alt in rows:
        for text in re.findall("`(.+?)`", texts):
            assert parse_variant(f"1:{text}", fasta) == Variant("1", int(pos), ref, alt)


def test_hgvs__duplication_of_several_bases(reference):
    # The nomenclature's example: ACAATTGCC to ACAATTGCTGCC
    assert parse_variant("2:g.6_8dup", reference) == Variant("2", 5, "T", "TTGC")


def test_hgvs__contig_with_colon_and_its_own_accession(reference):
    assert parse_variant("HLA-A*01:01:g.3G>C", reference) == Variant("HLA-A*01:01", 3, "G", "C")
    assert parse_variant("NC_000004.12:g.3G>C", reference) == Variant("NC_000004.12", 3, "G", "C")
    assert parse_variant("chr4:g.3G>C", reference) == Variant("chr4", 3, "G", "C")


@pytest.mark.parametrize(
    ("contig", "names"),
    [
        ("chrM", ("chrM", "MT", "M", "chrMT", "NC_012920.1")),
        ("NC_005089.1", ("NC_005089.1",)),  # of the mouse
        ("Mito", ("Mito",)),
        ("mitochondrion_genome", ("mitochondrion_genome",)),
    ],
)
def test_hgvs__mitochondrial_contigs_take_m_and_g(tmp_path, contig, names):
    """m. was read on any contig."""
    fasta = Reference(builders.write_fasta(tmp_path / "a.fa", {contig: "ACTTACTGCC"}))
    for name in names:
        for level in "mg":
            assert parse_variant(f"{name}:{level}.2C>T", fasta)[1:4] == (2, "C", "T")


def test_hgvs__letters_of_the_fasta_that_are_no_bases(reference):
    # R stands for A or G; what is copied to ALT cannot be R.
    assert parse_variant("4:g.5A>T", reference) == Variant("4", 5, "A", "T")
    assert parse_variant("4:g.5_6dup", reference) == Variant("4", 4, "T", "TNN")
    assert parse_variant("4:g.4_5inv", reference) == Variant("4", 4, "TR", "NA")
    with pytest.raises(VariantError, match=r"states C, but .*genome\.fa has R at NC_000004\.12:5"):
        parse_variant("4:g.5C>T", reference)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr1:g.2A>T", "'chr1:g.2A>T' states A, but FASTA has C at chr1:2."),
        ("chr1:g.2_4delCTA", "'chr1:g.2_4delCTA' states CTA, but FASTA has CTT at chr1:2."),
        ("chr1:g.7dupA", "'chr1:g.7dupA' states A, but FASTA has T at chr1:7."),
        ("chr1:g.2T=", "'chr1:g.2T=' states T, but FASTA has C at chr1:2."),
        ("chr1:g.2_4delCT", "'chr1:g.2_4delCT': 2 bases are stated for 3 positions."),
        ("chr1:g.11del", "'chr1:g.11del': chr1 of FASTA ends at 10."),
        ("chr1:g.10_11insA", "'chr1:g.10_11insA': chr1 of FASTA ends at 10."),
        ("chr1:g.1_10del", "'chr1:g.1_10del': it deletes all of chr1."),
        ("chr1:g.0del", "'chr1:g.0del': positions count from 1, and the first must not be after the last."),
        ("chr1:g.5_4del", "'chr1:g.5_4del': positions count from 1, and the first must not be after the last."),
        ("chr1:g.2_3C>T", "'chr1:g.2_3C>T': a substitution replaces one base; write delins for more."),
        ("chr1:g.2insT", "'chr1:g.2insT': an insertion lies between two neighbouring positions, e.g. 100_101."),
        ("chr1:g.2_4insT", "'chr1:g.2_4insT': an insertion lies between two neighbouring positions, e.g. 100_101."),
        ("chr1:g.2inv", "'chr1:g.2inv': an inversion needs two bases or more."),
        ("chr3:g.2C>T", "'chr3:g.2C>T': FASTA has no contig chr3."),
        ("NG_012345.1:g.2C>T", "'NG_012345.1:g.2C>T': FASTA has no contig NG_012345.1."),
        ("chr1:m.2C>T", "'chr1:m.2C>T': m. is for mitochondrial DNA, which chr1 is not."),
        ("NC_000001.11:m.2C>T", "'NC_000001.11:m.2C>T': m. is for mitochondrial DNA, which NC_000001.11 is not."),
        ("nc_000019.9:m.2C>T", "'nc_000019.9:m.2C>T': m. is for mitochondrial DNA, which nc_000019.9 is not."),
        ("g.2C>T", "'g.2C>T' names no contig."),
        (":g.2C>T", "':g.2C>T' names no contig."),
        ("NM_000540.3:c.38C>T", "'NM_000540.3:c.38C>T' is HGVS of coding DNA (c.)."),
        # Read as contig NM_000540.3:c., position 38, it would have been scored.
        ("NM_000540.3:c.-38C>T", "'NM_000540.3:c.-38C>T' is HGVS of coding DNA (c.)."),
        ("NM_000540.3(RYR1):c.38+1G>A", "'NM_000540.3(RYR1):c.38+1G>A' is HGVS of coding DNA (c.)."),
        ("NR_1.1:n.38C>T", "'NR_1.1:n.38C>T' is HGVS of a non-coding transcript (n.)."),
        ("NP_000531.2:p.(Arg12*)", "'NP_000531.2:p.(Arg12*)' is HGVS of protein (p.)."),
        ("NM_1.1:r.38c>u", "'NM_1.1:r.38c>u' is HGVS of RNA (r.)."),
        ("chr1:g.(2_4)del", "'chr1:g.(2_4)del': 'g.(2_4)del' is not a supported form."),
        ("chr1:g.(?_2)_(4_?)del", "'chr1:g.(?_2)_(4_?)del': 'g.(?_2)_(4_?)del' is not a supported form."),
        ("chr1:g.2_3[4]", "'chr1:g.2_3[4]': 'g.2_3[4]' is not a supported form."),
        ("chr1:g.3T[5]", "'chr1:g.3T[5]': 'g.3T[5]' is not a supported form."),
        ("chr1:g.[2C>T;4del]", "'chr1:g.[2C>T;4del]': 'g.[2C>T;4del]' is not a supported form."),
        ("chr1:g.2_3insN[10]", "'chr1:g.2_3insN[10]': 'g.2_3insN[10]' is not a supported form."),
        ("chr1:g.2_3ins7_9", "'chr1:g.2_3ins7_9': 'g.2_3ins7_9' is not a supported form."),
        ("chr1:g.2_4del3", "'chr1:g.2_4del3': 'g.2_4del3' is not a supported form."),
        ("chr1:g.pter_3del", "'chr1:g.pter_3del': 'g.pter_3del' is not a supported form."),
        ("chr1:g.2C>R", "'chr1:g.2C>R': 'g.2C>R' is not a supported form."),
        # Without its blank it would be 24.
        ("chr1:g.2 4del", "'chr1:g.2 4del': 'g.2 4del' is not a supported form."),
        ("chr1:g.2_4del:C:T", "'chr1:g.2_4del:C:T': 'g.2_4del:C:T' is not a supported form."),
        ("chr1:g.", "'chr1:g.': 'g.' is not a supported form."),
    ],
)
def test_hgvs__what_cannot_be_read_or_does_not_fit_is_told(reference, text, message):
    with pytest.raises(VariantError) as error:
        parse_variant(text, reference)
    assert error.value.message.replace(str(reference.path), "FASTA") == message


def test_hgvs__says_what_is_read(reference):
    with pytest.raises(VariantError) as error:
        parse_variant("NM_000540.3:c.38C>T", reference)
    for form in ("g.100C>T", "100del", "100_101ins", "dup", "delins", "inv", "g.100=", "NC_000019.10"):
        assert form in error.value.hint


@pytest.mark.parametrize("text", ["chr1:2\u00b2:C:T", "chr1:\u2460:A:T", "chr1:2\u2082:C:T", "chr1:g.2\u00b9C>T"])
def test_raised_digit__may_be_the_mark_of_a_footnote(reference, text):
    """It was read as one more digit of the position."""
    with pytest.raises(VariantError):
        parse_variant(text, reference)


GRCH37, GRCH38, T2T = 59128983, 58617616, 61707364


@pytest.mark.parametrize("form", ["{}:g.100C>T", "{}-100-C-T", "{}:99:C:T"])
@pytest.mark.parametrize(
    ("accession", "name", "length"),
    [
        ("NC_000019.10", "chr19", GRCH38),
        ("NC_000019.9", "19", GRCH37),
        # Of a contig that is no known chromosome, the length says nothing.
        ("NC_000019.9", "chr19", 1000),
        ("NC_000019.8", "chr19", 1000),
    ],
)
def test_accession__of_the_fastas_assembly_is_read(form, accession, name, length):
    found = parse_variant(form.format(accession), builders.AllC({name: length}))
    assert found[1:4] == (100, "C", "T")


@pytest.mark.parametrize("form", ["{}:g.100C>T", "{}-100-C-T", "{}:99:C:T"])
@pytest.mark.parametrize(
    ("accession", "name", "length", "said"),
    [
        ("NC_000019.9", "chr19", GRCH38, ", which is GRCh37, is not chr19 of FASTA (58,617,616 bp, as in GRCh38)."),
        ("NC_000019.10", "chr19", GRCH37, ", which is GRCh38, is not chr19 of FASTA (59,128,983 bp, as in GRCh37)."),
        ("NC_000019.8", "19", GRCH38, " is not 19 of FASTA (58,617,616 bp, as in GRCh38)."),
        (
            "NC_000019.10",
            "chr19",
            T2T,
            ", which is GRCh38, is not chr19 of FASTA (61,707,364 bp, as in T2T-CHM13v2.0).",
        ),
        ("NC_000019.9", "NC_000019.10", 1000, ", which is GRCh37, is not NC_000019.10 of FASTA (1,000 bp)."),
    ],
)
def test_accession__of_another_assembly_is_refused(form, accession, name, length, said):
    text = form.format(accession)
    with pytest.raises(AssemblyError) as error:
        parse_variant(text, builders.AllC({name: length}))
    assert error.value.message == f"'{text}': {accession}{said}"


BASES = st.text("ACGT", min_size=1, max_size=8)


@st.composite
def changes(draw):
    """An HGVS text on chr1 and the sequence that it makes of ``ACTTACTGCC``."""
    bases = CONTIGS["chr1"]
    kind = draw(st.sampled_from([">", "del", "dup", "inv", "ins", "delins"]))
    n_least = {"inv": 2, "ins": 2}.get(kind, 1)
    n_most = {">": 1, "ins": 2, "del": 9}.get(kind, 10)
    n = draw(st.integers(n_least, n_most))
    first = draw(st.integers(1, len(bases) - n + 1))
    start, end = first - 1, first - 1 + n
    old = bases[start:end]
    new = draw(st.sampled_from("ACGT") if kind == ">" else BASES)
    stated = old if draw(st.booleans()) else ""
    where = f"{first}_{end}" if n > 1 else f"{first}"
    change, replaced = {
        ">": (f"{old}>{new}", new),
        "del": (f"del{stated}", ""),
        "dup": (f"dup{stated}", old + old),
        "inv": (f"inv{stated}", "".join({"A": "T", "C": "G", "G": "C", "T": "A"}[base] for base in reversed(old))),
        "ins": (f"ins{new}", old[:1] + new + old[1:]),
        "delins": (f"del{stated}ins{new}", new),
    }[kind]
    return f"chr1:g.{where}{change}", bases[:start] + replaced + bases[end:]


@given(changes())
def test_hgvs__alleles_make_the_sequence_that_is_described(reference, made):
    text, expected = made
    bases = CONTIGS["chr1"]
    _, pos, ref, alt, _ = parse_variant(text, reference)
    assert ref
    assert alt
    assert bases[pos - 1 : pos - 1 + len(ref)] == ref
    assert bases[: pos - 1] + alt + bases[pos - 1 + len(ref) :] == expected


@given(st.text(alphabet=st.sampled_from("chr1:g.-_>delinsupv=ACGT0123456789 ()[];?*"), max_size=30))
def test_any_text__is_read_or_told(reference, text):
    try:
        found = parse_variant(text, reference)
    except (VariantError, AssemblyError):
        return
    assert found.chrom
    assert found.ref
    assert found.alt


def test_parse_hgvs__is_told_apart_from_alleles():
    assert is_hgvs("g.100del")
    assert is_hgvs("NM_000540.3:c.-38C>T")
    assert not is_hgvs("chr19:100:C:.")
    assert not is_hgvs("in.vcf")
    with pytest.raises(VariantError, match="is not HGVS"):
        parse_hgvs("chr19:100:C:T")
