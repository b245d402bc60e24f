"""A VCF of another assembly than the FASTA, or that looks like one."""

from __future__ import annotations

import pytest
from cli.error_cases import HEADER
from support import builders

from spliceai_cli.files.bgzf import EOF_BLOCK
from spliceai_cli.plan import windows
from spliceai_cli.scores.sites import KEY


def rows(genome, n_right, n_wrong):
    """SNVs in a gene; those with another REF come last."""
    bases = [genome.base("chr1", 105)] * n_right + [genome.other("chr1", 105)] * n_wrong
    return [("chr1", 105, base, "ACGT"[("ACGT".index(base) + 2) % 4]) for base in bases]


@pytest.fixture
def vcf(genome, tmp_path):
    def write(n_right, n_wrong, contig=""):
        return builders.write_vcf(tmp_path / "in.vcf", rows(genome, n_right, n_wrong), contig + HEADER)

    return write


STALE = "##contig=<ID=chr1,length=249250621>\n"


@pytest.mark.parametrize(
    ("n_right", "n_wrong", "contig", "options"),
    [
        (97, 3, "", ()),
        (24, 2, "", ()),
        (92, 8, "", ("--max-ref-mismatch", "8%")),
        (4, 1, "", ()),
        (92, 8, "", ("--max-ref-mismatch", "8")),
        (0, 30, "", ("--max-ref-mismatch", "100")),
        (4, 1, STALE, ("--max-ref-mismatch", "20")),
    ],
)
def test_annotate__passes_few_mismatches_and_counts_them(annotate_toy, vcf, n_right, n_wrong, contig, options):
    result = annotate_toy("-I", vcf(n_right, n_wrong, contig), *options)
    assert result.code == 0, result.stderr
    assert f"{n_right}  scored" in result.stderr or not n_right
    assert f"{n_wrong}  with a REF that differs from the FASTA (first: chr1:105" in result.stderr
    assert result.stderr.count("Warning: ") == bool(contig)


def test_annotate__a_stale_header_with_the_right_bases_warns_once(annotate_toy, vcf):
    result = annotate_toy("-I", vcf(150, 0, STALE))
    assert result.code == 0
    assert result.stderr.count("Warning: ") == 1
    assert "150  scored" in result.stderr


def test_annotate__one_record_of_many_alts_is_one_mismatch(annotate_toy, genome, tmp_path):
    """Three ALTs of one record with a wrong REF used to refuse the file: "3 of 3"."""
    wrong = genome.other("chr1", 105)
    alts = ",".join(base for base in "ACGT" if base != wrong)
    path = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 105, wrong, alts)])
    result = annotate_toy("-I", path)
    assert result.code == 0, result.stderr
    assert "3  with a REF that differs from the FASTA" in result.stderr


@pytest.mark.parametrize("header", ["##contig=<ID=chr1>\n", ""])
def test_annotate__warns_where_no_record_lies_on_a_known_contig(annotate_toy, genome, tmp_path, header):
    """The header lists chr1, so that nothing was said; without it, it is an error."""
    table = [("chr9", 105, "A", "C"), ("chr9", 106, "A", "<DEL>"), ("chr9", 107, "A", ".")]
    path = builders.write_vcf(tmp_path / "in.vcf", table, header + HEADER)
    result = annotate_toy("-I", path)
    assert result.code == (0 if header else 1)
    said = f"(VCF: chr9; FASTA: {', '.join(genome.contigs)}; genes: "
    assert said in result.stderr
    assert ("Warning: no allele of " in result.stderr) == bool(header)
    stream = annotate_toy(stdin=path.read_bytes())
    assert ("Warning: no allele of standard input lies on a contig" in stream.stderr) == bool(header)
    assert "Warning" not in annotate_toy("-I", path, "--allow-missing-contigs").stderr
    # One allele on a known contig is enough, and so is none at all.
    for rows_ in ([*table, ("chr1", 105, genome.base("chr1", 105), "N")], table[1:2], []):
        path = builders.write_vcf(tmp_path / "in.vcf", rows_, "##contig=<ID=chr1>\n" + HEADER)
        assert "Warning" not in annotate_toy("-I", path).stderr


def test_stream__of_another_assembly_has_no_end(annotate_toy, genome, vcf, monkeypatch):
    """It begins like the right one: as builds agree over the first megabases of a contig."""
    monkeypatch.setattr(windows, "MAX_EDITS", 1024)  # The records of a block are written together.
    result = annotate_toy("-I", vcf(1500, 600), "--output-type", "z")
    assert result.code == 1
    assert "500 of the first 2,000 REF alleles (25 %) do not match the FASTA" in result.stderr
    assert result.stdout
    assert not result.stdout.endswith(EOF_BLOCK)


@pytest.mark.parametrize("output_type", ["v", "z", "b"])
def test_file__of_another_assembly_does_not_appear(annotate_toy, vcf, tmp_path, output_type):
    target = tmp_path / "out"
    result = annotate_toy("-I", vcf(1500, 600), "-O", target, "--output-type", output_type)
    assert (result.code, result.stdout) == (1, b"")
    assert not target.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_kept_and_unwanted_records__are_not_compared(annotate_toy, genome, tmp_path):
    wrong = genome.other("chr1", 105)
    kept = "".join(f"chr1\t105\t.\t{wrong}\tN\t.\t.\t{KEY}=N|G|0|0|0|0|1|1|1|1\n" for _ in range(30))
    (tmp_path / "kept.vcf").write_text(HEADER + kept)
    assert annotate_toy("-I", tmp_path / "kept.vcf", "--existing", "keep").code == 0
    assert annotate_toy("-I", tmp_path / "kept.vcf", "-r", "chr1:1-50").code == 0
    assert annotate_toy("-I", tmp_path / "kept.vcf").code == 1


@pytest.mark.parametrize("value", ["-1", "100.1", "nan", "many", "101%", "%", "5%%"])
@pytest.mark.parametrize("command", ["annotate", "predict"])
def test_limit__is_a_percentage(annotate_toy, predict_toy, vcf, tmp_path, command, value):
    if command == "annotate":
        result = annotate_toy("-I", vcf(1, 0), "--max-ref-mismatch", value)
    else:
        result = predict_toy("--alt", vcf(1, 0), "-O", tmp_path / "o.tsv", "--max-ref-mismatch", value)
    assert result.code == 2
    assert "Invalid value for '--max-ref-mismatch'" in result.stderr


@pytest.mark.parametrize("genes", [True, False], ids=["genes", "contigs"])
@pytest.mark.parametrize(
    ("n_right", "n_wrong", "contig", "options", "said"),
    [
        (97, 3, "", (), None),
        (4, 1, "", (), None),
        (92, 8, "", (), "8 of the first 100 REF"),
        (4, 1, STALE, (), "(GRCh37) and"),
        (92, 8, "", ("--max-ref-mismatch", "8"), None),
        (1500, 600, "", (), "500 of the first 2,000 REF"),
    ],
)
def test_predict_alt__judges_alike(predict_toy, genome, vcf, tmp_path, n_right, n_wrong, contig, options, said, genes):
    more = ("-A", genome.table) if genes else ()
    target = tmp_path / "o.tsv"
    result = predict_toy("--alt", vcf(n_right, n_wrong, contig), "-D", "1", "-O", target, *more, *options)
    if said is None:
        assert result.code == 0, result.stderr
        return
    assert result.code == 1
    assert said in result.stderr
    assert not target.exists()


def test_predict_alt__warns_of_a_stale_header(predict_toy, vcf, tmp_path):
    options = ("--alt", vcf(4, 0, STALE), "-D", "1", "-O", tmp_path / "o.tsv")
    assert predict_toy(*options).stderr.count("Warning: ") == 1
    assert predict_toy(*options, "-q").stderr == ""


@pytest.mark.weights
def test_vcf_of_grch37_on_grch38__is_an_error(cli, chr19, store, shared, tmp_path, monkeypatch):
    """Four of 14 records within genes agree by chance (1228432, 35, 37, 44), and were scored on the wrong sequence."""
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    vcf = shared / "golden" / "batch.GRCh37.chr19.vcf"
    target = tmp_path / "out.vcf"
    result = cli("annotate", "-I", vcf, "-R", chr19, "-A", "grch38", "--device", "cpu", "-O", target, "--no-progress")
    assert result.code == 1
    assert (
        f"{vcf} (GRCh37) and {chr19} (GRCh38) are different assemblies: 10 of 14 REF alleles (71.4 %)" in result.stderr
    )
    assert not target.exists()
