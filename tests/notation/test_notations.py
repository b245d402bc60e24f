"""Variants by position and alleles, in the notations of other programs; alleles by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import builders

from spliceai_cli.errors import AssemblyError, VariantError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.notation.notations import READERS
from spliceai_cli.notation.text import parse_variant
from spliceai_cli.variants.variant import Structure, Variant

CONTIGS = {
    "chr1": "ACTTACTGCC",
    "HLA-A*01:01:01:01": "ACGT",
    "chrUn_KI270302v1": "ACGTACGTACGT",
    "NC_000004.12": "ACGTRNACGT",
    "GL000220.1": "ACGTACGT",
    "chr2": "ACGTACGTACGT",
    "chr2-3": "ACGTACGTACGT",
}
GRCH38 = 58617616


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return Reference(builders.write_fasta(tmp_path_factory.mktemp("text") / "genome.fa", CONTIGS))


GRCH38_CHR19 = builders.AllC({"chr19": GRCH38})


@pytest.mark.parametrize(
    "text",
    [
        "chr19:38467722:C:T",
        "chr19-38467722-C-T",
        "chr19_38467722_C_T",
        "chr19_38467722_C/T",
        "chr19:38467722_C_T",
        "chr19:38467722 C>T",
        "chr19:38467722C>T",
        "chr19:38467722:C>T",
        "chr19:38,467,722:C:T",
        "chr19 38467722 C T",
        "chr19  38467722  C  T",
        "chr19\t38467722\tC\tT",
        "chr19:38467722 C/T",
        "chr19: 38467722 C > T",
        "chr19: 38467722 C > T (GRCh38)",
        "  chr19:38467722:C>T\n",
        # Ranges, and ANNOVAR's columns
        "chr19:38467722-38467722:C:T",
        "chr19:38467722-38467722 C>T",
        "chr19:38,467,722-38,467,722 C>T",
        "chr19-38467722-38467722-C-T",
        "chr19 38467722 38467722 C T",
        "chr19\t38467722\t38467722\tC\tT",
        "chr19\t38467722\t38467722\tC\tT\thet\t50\t20",
        "chr19 38467722 38467722 C/T",
        # Lines of a VCF
        "chr19\t38467722\t.\tC\tT",
        "chr19\t38467722\trs193922744\tC\tT\t.\tPASS\tAC=1;HGVS=NM_000540.3:c.38C>T (GRCh37)",
        "chr19\t38467722\t846933\tC\tT\t.\t.\tALLELEID=1\tGT\t0/1",
        "chr19 38467722 . C T 50 PASS AC=1",
        # With the + strand
        *("chr19 38467722 C T +", "chr19:38467722:C:T:1", "chr19 38467722 38467722 C/T +"),
        *("chr19 38467722 38467722 C T 1", "chr19\t38467722\t+\tC\tT"),
        "chr19\t38467722\t.\tC\tT\t-1\tPASS\t.",
        # With a build
        "hg38 chr19:38467722:C:T",
        "GRCh38:chr19:38467722:C:T",
        "GRCh38.p14 chr19 38467722 38467722 C T",
        "GRCh38/hg38 chr19:38467722 C>T",
        "(hg38) chr19:38467722 C>T",
        "chr19:38467722 C>T (GRCh38)",
        "chr19:38467722 C>T hg38",
        "chr19_38467722_C_T_b38",
        "hg38-chr19-38467722-C-T",
        # As papers print it
        "chr19:38467722\u2013384677\u200b22\u00a0C\uff1eT",
        "chr19:38467722C\u2192T",
        "chr19\u201138467722\u2011C\u2011T",
        "\uff43hr19\uff1a38467722\uff1aC\uff1aT",
    ],
)
def test_notations__of_one_snv_are_one_variant(text):
    assert parse_variant(text, GRCH38_CHR19) == Variant("chr19", 38467722, "C", "T")


def test_notations__of_the_documentation_are_read():
    page = (Path(__file__).parents[2] / "docs" / "score.md").read_text("utf-8")
    table = page[page.index("| notation | examples |") : page.index("- POS, REF and ALT")]
    texts = re.findall(r"`'?([^`']*38467722[^`']*|[^`']*38467721[^`']*)'?`", table)
    assert len(texts) == 13
    for text in texts:
        assert parse_variant(text, GRCH38_CHR19)[1:4] == (38467722, "C", "T"), text
    builds = re.findall(r"`'?([^`']*)'?`", page[page.index("- The name of a build") : page.index("- Full-width")])
    assert [parse_variant(text, GRCH38_CHR19)[1:4] for text in builds] == [(38467722, "C", "T")] * 4


@pytest.mark.parametrize("text", ["19:38467722:C:T", "GRCh38:19:38467722:C:T", "19_38467722_C_T", "19 38467722 . C T"])
def test_notations__keep_the_name_of_the_contig(text):
    assert parse_variant(text, GRCH38_CHR19) == Variant("19", 38467722, "C", "T")


@pytest.mark.parametrize(("name", "found"), [("Chr19", "Chr19"), ("CHR19", "CHR19"), ("nc_000019.10", "chr19")])
def test_notations__find_a_contig_in_other_case(name, found):
    assert parse_variant(f"{name}-38467722-C-T", GRCH38_CHR19) == Variant(found, 38467722, "C", "T")


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("chr1:2:CTT:C", Variant("chr1", 2, "CTT", "C")),
        ("chr1:2:c:tta", Variant("chr1", 2, "c", "tta")),
        # These bases are not the FASTA's; annotate says so.
        ("chr1:2:G:A", Variant("chr1", 2, "G", "A")),
        ("HLA-A*01:01:01:01:3:G:C", Variant("HLA-A*01:01:01:01", 3, "G", "C")),
        ("HLA-A*01:01:01:01-3-G-C", Variant("HLA-A*01:01:01:01", 3, "G", "C")),
        ("HLA-A*01:01:01:01:3-4:GT:C", Variant("HLA-A*01:01:01:01", 3, "GT", "C")),
        ("chrUn_KI270302v1:7A>G", Variant("chrUn_KI270302v1", 7, "A", "G")),
        ("chrUn_KI270302v1_7_A_C", Variant("chrUn_KI270302v1", 7, "A", "C")),
        ("chr1:2:C:*", Variant("chr1", 2, "C", "*")),
        ("chr1:2:C:.", Variant("chr1", 2, "C", ".")),
        ("chr1:2:C:<DEL>", Variant("chr1", 2, "C", "<DEL>")),
        ("chr1:2:C:R", Variant("chr1", 2, "C", "R")),
        # What INFO says is read as annotate reads it.
        ("chr1\t2\t.\tC\t<DEL>\t.\t.\tEND=4", Variant("chr1", 2, "C", "<DEL>", Structure("DEL", 2))),
        ("chr1\t2\t.\tC\t<DEL>", Variant("chr1", 2, "C", "<DEL>")),
        ("chr1\t2\t.\tC\tC[chr2:5[\t.\t.\tSVTYPE=BND", Variant("chr1", 2, "C", "C[chr2:5[")),
    ],
)
def test_alleles__are_taken_as_they_are(reference, text, variant):
    assert parse_variant(text, reference) == variant


@pytest.mark.parametrize(
    ("text", "pos", "ref", "alt"),
    [
        # Of ACTTACTGCC; - stands for no bases.
        ("chr1 3 4 TT -", 2, "CTT", "C"),
        ("chr1\t3\t4\tTT\t-", 2, "CTT", "C"),
        ("chr1:3-4:TT:-", 2, "CTT", "C"),
        ("chr1-3-4-TT--", 2, "CTT", "C"),
        ("chr1 1 2 AC -", 1, "ACT", "T"),
        ("chr1 10 10 C -", 9, "CC", "C"),
        # After the position; of two neighbours after the first, in either order.
        ("chr1 4 4 - GG", 4, "T", "TGG"),
        ("chr1:4-5:-:GG", 4, "T", "TGG"),
        ("chr1 5 4 -/GG", 4, "T", "TGG"),
        ("chr1 10 10 - GG", 10, "C", "CGG"),
        ("chr1 3 4 TT GA", 3, "TT", "GA"),
        # REF that is not the FASTA's is kept, for annotate's reason.
        ("chr1 3 4 AA -", 2, "CAA", "C"),
    ],
)
def test_ranges__become_vcf_alleles(reference, text, pos, ref, alt):
    assert parse_variant(text, reference) == Variant("chr1", pos, ref, alt)


@pytest.mark.parametrize(
    ("text", "pos", "ref", "alt"),
    [
        # Positions count from 0: of ACTTACTGCC, 1 is C. It was read as CHROM:POS:REF:ALT, and the neighbour was scored.
        ("NC_000001.11:1:C:T", 2, "C", "T"),
        ("NC_000001.11:1:1:T", 2, "C", "T"),
        ("nc_000001.11:1:c:t", 2, "C", "T"),
        ("NC_000001.11 : 1 : C : T", 2, "C", "T"),
        ("hg38 NC_000001.11:1:C:T", 2, "C", "T"),
        ("NC_000001.11:2:TT:", 2, "CTT", "C"),
        ("NC_000001.11:2:2:", 2, "CTT", "C"),
        ("NC_000001.11:2:TT:T", 3, "TT", "T"),
        ("NC_000001.11:2::GA", 2, "C", "CGA"),
        ("NC_000001.11:2:0:GA", 2, "C", "CGA"),
        ("NC_000001.11:2:TT:TTT", 3, "TT", "TTT"),
        # At the ends of the contig
        ("NC_000001.11:0:A:", 1, "AC", "C"),
        ("NC_000001.11:0::G", 1, "A", "GA"),
        ("NC_000001.11:10::G", 10, "C", "CG"),
        ("NC_000001.11:9:C:", 9, "CC", "C"),
    ],
)
def test_spdi__becomes_vcf_alleles(reference, text, pos, ref, alt):
    assert parse_variant(text, reference) == Variant("chr1", pos, ref, alt)


def test_spdi__of_a_fasta_of_accessions_is_clear_if_no_vcf_has_such_alleles(reference):
    assert parse_variant("NC_000004.12:2:1:A", reference) == Variant("NC_000004.12", 3, "G", "A")
    assert parse_variant("NC_000004.12:2:G:", reference) == Variant("NC_000004.12", 2, "CG", "C")
    assert parse_variant("GL000220.1:2::A", reference) == Variant("GL000220.1", 2, "C", "CA")
    assert parse_variant("NC_000004.12:3:G>A", reference) == Variant("NC_000004.12", 3, "G", "A")


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        # Whatever the bases are: neighbours are often equal.
        ("NC_000004.12:2:G:A", ["NC_000004.12 3 G A", "NC_000004.12 2 G A"]),
        ("NC_000004.12:2:T:A", ["NC_000004.12 3 T A", "NC_000004.12 2 T A"]),
        ("GL000220.1:2:G:A", ["GL000220.1 3 G A", "GL000220.1 2 G A"]),
        ("gl000220.1:2:G:A", ["GL000220.1 3 G A", "GL000220.1 2 G A"]),
        ("chr2-3-4-TA-C", ["chr2-3 4 TA C", "chr2 3 TA C"]),
    ],
)
def test_text_with_two_readings__is_asked_about(reference, text, ways):
    with pytest.raises(VariantError) as error:
        parse_variant(text, reference)
    assert error.value.message == f"'{text}' can be read in 2 ways."
    assert error.value.hint
    for way in ways:
        assert f"write '{way}'" in error.value.hint
        chrom, pos, ref, alt = way.split()
        assert parse_variant(way, reference) == Variant(chrom, int(pos), ref, alt)


def test_range__is_told_from_a_contig_with_a_number_by_the_contigs_there_are(reference):
    assert parse_variant("chr1-3-4-TT-C", reference) == Variant("chr1", 3, "TT", "C")
    with pytest.raises(VariantError, match="REF TTA has 3 bases for 2 positions, 3 to 4"):
        parse_variant("chr1-3-4-TTA-C", reference)


@pytest.mark.parametrize(
    "text",
    [
        *("", "rs12345", "chr19", "chr19:100", "chr19:100:C", "chr19:C:T", "19:-5:C:T", "19:38467722-38467722"),
        # Neither allele is empty, and none is a word.
        *(
            "chr1-100-AT--",
            "chr1:100:C:-",
            "chr1:100:-:C",
            "chr1:100:C:",
            "chr1:100::T",
            "chr1:100:C:del",
            "chr1:5:x:T",
        ),
        *("chr1 100 . C -", "chr1 100 . - C", "chr1\t100\t.\tC\t\t.", "chr1 100 C T A", "chr1 100 C T RYR1"),
        # No thousands
        *("chr1:1,2:C:T", "chr1:1,0000:C:T"),
        *("chr1:9999999999999999999:C:T", "chr1\t9999999999999999999\t.\tC\tT"),
        *("hg38", "hg38 C T", "chr1:100:C:hg38"),
    ],
)
def test_text__that_is_no_variant_is_refused_with_the_forms(text):
    with pytest.raises(VariantError) as error:
        parse_variant(text, GRCH38_CHR19)
    assert error.value.message == f"'{text}' is not a variant that can be read."
    for form in ("chr19:38467722:C:T", "SPDI", "HGVS", "VCF", "ANNOVAR"):
        assert form in error.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr3:5:C:T", "'chr3:5:C:T': FASTA has no contig chr3."),
        ("chr3 5 5 C T", "'chr3 5 5 C T': FASTA has no contig chr3."),
        ("chr3\t5\t.\tC\tT", "'chr3\t5\t.\tC\tT': FASTA has no contig chr3."),
        ("chr1:38 467 722:C:T", "'chr1:38 467 722:C:T': FASTA has no contig chr1:38."),
        ("chr3_5_C_T", "'chr3_5_C_T': FASTA has no contig chr3."),
        ("NC_000003.12:5:C:T", "'NC_000003.12:5:C:T': FASTA has no contig NC_000003.12."),
        ("NG_008866.1:5:C:T", "'NG_008866.1:5:C:T': FASTA has no contig NG_008866.1."),
        *(
            (
                f"{name}:38:C:T",
                f"'{name}:38:C:T': {name} is a transcript or protein, and its place in the genome is not in the text.",
            )
            for name in ("NM_000540.3", "NP_000531.2", "ENST00000359596.8", "LRG_766t1", "nm_000540.3")
        ),
        ("chr1:11:C:T", "'chr1:11:C:T': chr1 of FASTA ends at 10."),
        ("chr1:10:CA:C", "'chr1:10:CA:C': chr1 of FASTA ends at 10."),
        ("chr1:0:C:T", "'chr1:0:C:T': positions count from 1."),
        ("NC_000001.11:10:C:T", "'NC_000001.11:10:C:T': chr1 of FASTA ends at 10."),
        # That of CHROM:POS:REF:ALT
        ("NC_000001.11:2:C:T", "'NC_000001.11:2:C:T' states C, but FASTA has T at chr1:3."),
        ("NC_000001.11:2::", "'NC_000001.11:2::' is SPDI that deletes nothing and inserts nothing."),
        ("NC_000001.11:0:10:", "'NC_000001.11:0:10:': nothing of chr1 would be left."),
        # As in BED
        ("chr1 1 2 C T", "'chr1 1 2 C T': REF C has 1 base for 2 positions, 1 to 2."),
        ("chr1\t1\t2\tC\tT\t.\t.\t.", "'chr1\t1\t2\tC\tT\t.\t.\t.': REF C has 1 base for 2 positions, 1 to 2."),
        ("chr1:3-3:TT:-", "'chr1:3-3:TT:-': REF TT has 2 bases for 1 position, 3 to 3."),
        ("chr1:4-3:TT:C", "'chr1:4-3:TT:C': REF TT has 2 bases for 0 positions, 4 to 3."),
        (
            "chr1 1 11 CCGGAAGCAG -",
            "'chr1 1 11 CCGGAAGCAG -': REF CCGGAAGCAG has 10 bases for 11 positions, 1 to 11.",
        ),
        ("NC_000001:3:T:C", "'NC_000001:3:T:C': the accession NC_000001 lacks its version."),
        ("NC_000001:g.3T>C", "'NC_000001:g.3T>C': the accession NC_000001 lacks its version."),
        ("T2T chr1:2:C:T", "'T2T chr1:2:C:T': unknown build T2T."),
        ("T2T\tchr1:2:C:T", "'T2T\tchr1:2:C:T': unknown build T2T."),
        ("mm10 chr1:g.2C>T", "'mm10 chr1:g.2C>T': unknown build mm10."),
        ("chr1 3 5 - C", "'chr1 3 5 - C': an insertion stands after one position or between two neighbours."),
        ("chr1 3 3 - -", "'chr1 3 3 - -': an insertion stands after one position or between two neighbours."),
        ("chr1:2:C:T,A", "'chr1:2:C:T,A' has 2 ALT alleles: T, A."),
        ("chr1\t2\t.\tC\tT,<NON_REF>", "'chr1\t2\t.\tC\tT,<NON_REF>' has 2 ALT alleles: T, <NON_REF>."),
        (
            "chr1:2:\u0421:T",
            "'chr1:2:\u0421:T' is not a variant that can be read: it has '\u0421' (CYRILLIC CAPITAL LETTER ES).",
        ),
    ],
)
def test_text__that_does_not_fit_is_refused(reference, text, message):
    with pytest.raises(VariantError) as error:
        parse_variant(text, reference)
    assert error.value.message.replace(str(reference.path), "FASTA") == message


@pytest.mark.parametrize(
    "text",
    [
        # All but those of a dash in the sixth column were read on the + strand, or not explained.
        *("19 38467722 38467722 C T -1", "19 38467722 38467722 C T -", "19 38467722 - C T", "19 38467722 -1 C T"),
        *("19\t38467722\t38467722\tC\tT\thet\t-", "19 38467722 C T -", "19 38467722 C T -1", "19:38467722:C:T:-1"),
        *("5 140532 140532 T/C -", "19 38467722 38467722 - GG -", "19 38467722 . C T -1", "19 38467722 . C T - . ."),
    ],
)
def test_strand__minus_is_refused(text):
    with pytest.raises(VariantError) as error:
        parse_variant(text, GRCH38_CHR19)
    minus = "-1" if "-1" in text else "-"
    assert error.value.message == f"'{text}' seems to be on the - strand: it has a column '{minus}'."


def test_position__beyond_the_contig_is_perhaps_of_another_assembly(reference):
    for fasta, is_of in (GRCH38_CHR19, ", which is GRCh38"), (reference, ""):
        with pytest.raises(VariantError, match=r"ends at \d+\.$") as error:
            parse_variant(f"{next(iter(fasta.lengths))}:99999999:A:T", fasta)
        assert error.value.hint == f"Is the position of another assembly than the FASTA{is_of}?"


@pytest.mark.parametrize(
    "form",
    [
        *("{} chr19:38467722:C:T", "{}:19:38467722:C:T", "{}:chr19:g.38467722C>T", "chr19({}):g.38467722C>T"),
        *("chr19:38467722 C>T ({})", "19_38467722_C_T_{}", "{}\tchr19\t38467722\t.\tC\tT", "[{}] 19 5 5 - C"),
    ],
)
@pytest.mark.parametrize(
    "name", ["hg19", "GRCh37", "GRCh37.p13", "b37", "HG19", "hg18", "NCBI36", "T2T-CHM13v2.0", "hs1"]
)
def test_build__other_than_the_fastas_is_refused(form, name):
    text = form.format(name)
    with pytest.raises(AssemblyError) as error:
        parse_variant(text, GRCH38_CHR19)
    assert error.value.message == f"'{text}' is of {name}, but FASTA is GRCh38."


def test_build__is_taken_on_trust_where_the_fasta_does_not_tell():
    assert parse_variant("hg19 chr19:5:C:T", builders.AllC({"chr19": 1000})) == Variant("chr19", 5, "C", "T")


def test_build__is_a_contig_where_the_fasta_has_one():
    assert parse_variant("b38:5:C:T", builders.AllC({"b38": 1000})) == Variant("b38", 5, "C", "T")


def test_line_of_a_vcf__keeps_its_info():
    # A build or HGVS in INFO is not that of the variant.
    text = "chr19\t5\t.\tC\tT\t.\t.\tCLNHGVS=NC_000001.10:g.7C>T;ANN=x (GRCh37) y;SRC=hg19"
    assert parse_variant(text, GRCH38_CHR19) == Variant("chr19", 5, "C", "T")


BASES = st.text("ACGT", min_size=1, max_size=8)
# By what each notation says, with the anchor base that VCFs have and others leave out.
FORMS = {
    "colons": "{chrom}:{pos}:{ref}:{alt}",
    "dashes": "{chrom}-{pos}-{ref}-{alt}",
    "underscores": "{chrom}_{pos}_{ref}_{alt}",
    "blanks": "{chrom} {pos} {ref} {alt}",
    "arrow": "{chrom}:{pos} {ref}>{alt}",
    "arrow, joined": "{chrom}:{pos}{ref}>{alt}",
    "thousands": "{chrom}:{pos:,}:{ref}:{alt}",
    "range": "{chrom}:{pos}-{end}:{ref}:{alt}",
    "range and arrow": "{chrom}:{pos}-{end} {ref}>{alt}",
    "range with dashes": "{chrom}-{pos}-{end}-{ref}-{alt}",
    "ANNOVAR": "{chrom} {pos} {end} {ref} {alt}",
    "VCF": "{chrom}\t{pos}\trs1\t{ref}\t{alt}\t.\t.\tAC=1",
    "build": "hg38 {chrom}:{pos}:{ref}:{alt}",
    "build, GTEx": "{chrom}_{pos}_{ref}_{alt}_b38",
    "SPDI": "{accession}:{before}:{ref}:{alt}",
    "SPDI, length": "{accession}:{before}:{n_ref}:{alt}",
    "HGVS": "{accession}:g.{hgvs}delins{alt}",
}
FLAT = builders.AllC({"19": GRCH38, "HLA-A*01:01:01:01": 10**9, "chrUn_KI270302v1": 10**9, "1-2": 10**9, "a_1": 10**9})


@given(
    st.sampled_from([*FLAT.lengths, "chr19"]),
    st.integers(1, 58_000_000),
    st.integers(1, 8),
    BASES,
    st.sampled_from([*FORMS]),
)
def test_notations__round_trip(chrom, pos, n_ref, alt, form):
    is_accession = "accession" in FORMS[form]
    chrom = "19" if is_accession else chrom
    ref, end = "C" * n_ref, pos + n_ref - 1
    text = FORMS[form].format(
        chrom=chrom,
        accession="NC_000019.10",
        pos=pos,
        before=pos - 1,
        end=end,
        ref=ref,
        alt=alt,
        n_ref=n_ref,
        hgvs=f"{pos}_{end}" if n_ref > 1 else pos,
    )
    assert parse_variant(text, FLAT) == Variant(chrom, pos, ref, alt)


@given(st.integers(1, 9), st.integers(0, 3), st.sampled_from(["", "A", "CG"]), st.sampled_from("ars"))
def test_empty_alleles__make_the_sequence_that_is_described(reference, pos, n_ref, alt, form):
    bases = CONTIGS["chr1"]
    start = pos - 1
    ref = bases[start : start + n_ref]
    assume((ref or alt) and len(ref) == n_ref)
    expected = bases[:start] + alt + bases[start + n_ref :]
    if not ref:
        assume(pos > 1)
        annovar = f"chr1 {start} {start} - {alt}"
    else:
        annovar = f"chr1 {pos} {start + n_ref} {ref} {alt or '-'}"
    text = {"a": annovar, "r": f"NC_000001.11:{start}:{ref}:{alt}", "s": f"NC_000001.11:{start}:{n_ref}:{alt}"}[form]
    _, found, found_ref, found_alt, _ = parse_variant(text, reference)
    assert found_ref
    assert found_alt
    assert bases[found - 1 : found - 1 + len(found_ref)] == found_ref
    assert bases[: found - 1] + found_alt + bases[found - 1 + len(found_ref) :] == expected


PIECES = st.lists(
    st.sampled_from(
        [
            "chr2",
            "chr2-3",
            "GL000220.1",
            "NC_000004.12",
            "4",
            "1",
            "2",
            "3",
            "10",
            *"ACGT",
            *":-_ >/\t.,",
            "g.",
            "hg38",
            "del",
        ]
    ),
    min_size=5,
    max_size=12,
)


@given(PIECES)
def test_no_text__is_read_in_two_ways(reference, pieces):
    """What is read has one meaning among all notations whose contig the FASTA has, by its own name or an accession."""
    text = "".join(pieces)
    try:
        found = parse_variant(text, reference)
    except (VariantError, AssemblyError):
        return
    assert found.ref
    assert found.alt
    readings = [reading for read in READERS if (reading := read(text)) and reading.chrom in CONTIGS]
    assert len({reading[1:] for reading in readings}) <= 1
