"""Every error text of the command line, in one table."""

from __future__ import annotations

import hashlib
import random
import resource
from pathlib import Path

import pytest
from cli.error_cases import (
    HEADER,
    Folder,
    of_consequence,
    of_fasta,
    of_genes,
    of_input,
    of_options,
    of_output,
    of_weights,
)

from spliceai_cli.cli.main import annotate
from spliceai_cli.models.published import SPLICEAI

OLD = "an older result\n"

TABLES = (of_input, of_fasta, of_genes, of_weights, of_output, of_consequence, of_options)
CASES = {name: case for table in TABLES for name, case in table.CASES.items()}


@pytest.fixture
def folder(tmp_path, toy_weights, home, genome, monkeypatch):
    made = Folder(tmp_path, genome, monkeypatch)
    made.write("good.vcf", HEADER + made.rows(3))
    made.write("result/out.vcf", OLD)
    (tmp_path / "weights").symlink_to(toy_weights)
    return made


def test_tables__name_no_case_twice():
    assert len(CASES) == sum(len(table.CASES) for table in TABLES)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_error__is_told_and_leaves_no_output(cli, folder, case):
    options = case.options(folder)
    usual = {"-I": "good.vcf", "-O": "result/out.vcf", "-R": "genome.fa", "-A": "genes.txt", "--weights": "weights"}
    usual.pop(case.without, None)
    arguments = [text for name, file in usual.items() for text in (name, folder.path / file)]
    before = set(folder.path.iterdir())

    result = cli(*arguments, "--device", "cpu", *options, command=annotate)

    said = result.stderr.replace(str(folder.path), "DIR")
    expected = f"Error: {case.message}\n" + (f"Hint: {case.hint}\n" if case.hint else "")
    usage = "Usage: annotate [OPTIONS] [VCF]\nTry 'annotate --help' for help.\n\n"
    assert (result.code, said.removeprefix(usage), result.stdout) == (case.code, expected, b"")
    assert files(folder.path / "result") == {"out.vcf": OLD.encode()}
    assert {path.name for path in set(folder.path.iterdir()) - before} <= {"genome.fa.fai", "my.fa.fai"}


# A name without an ending, which goes with every type.
@pytest.mark.parametrize("output_type", ["v", "z", "b", "u"])
def test_file_size_limit__leaves_the_older_file(cli, folder, output_type):
    # What a full disk does to a regular file, without a disk: the first write past the limit fails.
    header = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n" + HEADER.split("\n")[1] + "\n"
    noise = random.Random(0).randbytes(60_000).hex()
    folder.write("result/out", OLD)
    vcf = folder.write("in.vcf", header + f"chr1\t2\t{noise}\tA\t.\t.\t.\t.\n")
    options = (
        "-I",
        vcf,
        "-O",
        folder.path / "result" / "out",
        "-R",
        folder.genome.fasta,
        "-A",
        folder.genome.table,
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        weights = ("--weights", folder.path / "weights", "--device", "cpu")
        result = cli(*options, *weights, "--output-type", output_type, command=annotate)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    path = folder.path / "result" / "out"
    assert result.stderr == (
        f"Error: output {path} cannot be written: File too large.\nHint: Any existing file is unchanged.\n"
    )
    assert result.code == 1
    assert files(folder.path / "result") == {"out.vcf": OLD.encode(), "out": OLD.encode()}


WEIGHTS_CASES = {
    "no-wheel": (
        ["install", "--wheel", "none.whl"],
        "wheel none.whl cannot be read: No such file or directory.",
    ),
    "other-wheel": (
        ["install", "--wheel", "other.whl"],
        "other.whl is not the published wheel: SHA-256 is "
        f"{hashlib.sha256(b'other').hexdigest()}, {SPLICEAI.source.sha256} expected.",
    ),
    # Any text was a folder in the home, with exit code 0.
    "path-unknown": (["path", "nosuch"], "there is no model 'nosuch'."),
    "path-elsewhere": (["path", "../../etc"], "there is no model '../../etc'."),
    "not-installed": (
        ["verify"],
        "the weights of spliceai are not installed (no DIR/home/spliceai/weights.safetensors).",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), WEIGHTS_CASES.values(), ids=WEIGHTS_CASES)
def test_weights_error__is_told_and_installs_nothing(cli, tmp_path, home, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.whl").write_bytes(b"other")
    result = cli("weights", *arguments)
    assert result.code == 1
    assert f"Error: {message}\n" in result.stderr.replace(str(tmp_path), "DIR")
    assert not home.exists()


SNV = "chr1:200:C:T"
FORMS = (
    "Write chr19:38467722:C:T or chr19-38467722-C-T, chr19:38467722 C>T, SPDI (NC_000019.10:38467721:C:T), HGVS "
    "(NC_000019.10:g.38467722C>T), a line of a VCF, or ANNOVAR's columns (chr19 38467722 38467722 C T). "
    "Alleles are as in a VCF, so neither is empty; only after a range, - means no bases. "
    "rsIDs, and positions in a transcript (c.) or protein (p.), are not looked up."
)
HGVS = (
    "Only genomic HGVS (g. or m.) is supported, after a contig or an accession such as NC_000019.10: g.100C>T, "
    "g.100del, g.100_105del, g.100_101insACG, g.100_105dup, g.100_105delinsTTA, g.100_105inv, g.100=."
)
STRAND = "Is -R the assembly of the variant, and is it written for the + strand? HGVS counts from 1, SPDI from 0."
SCORE_CASES = {
    "no-variant": (["chr1:200:C"], b"", 1, "'chr1:200:C' is not a variant that can be read.", FORMS),
    "second": ([SNV, "rs1"], b"", 1, "'rs1' is not a variant that can be read.", FORMS),
    "line": (
        [],
        b"# mine\n\nchr1:200:C:T\nrs1\n",
        1,
        "standard input, line 4: 'rs1' is not a variant that can be read.",
        FORMS,
    ),
    "binary": (
        ["-"],
        b"\xff\x00\n",
        1,
        "standard input, line 1: '\ufffd\0' is not a variant that can be read: "
        "it has '\ufffd' (REPLACEMENT CHARACTER).",
        FORMS,
    ),
    "transcript": (["NM_1.2:c.38C>T"], b"", 1, "'NM_1.2:c.38C>T' is HGVS of coding DNA (c.).", HGVS),
    "uncertain": (["1:g.(1_2)del"], b"", 1, "'1:g.(1_2)del': 'g.(1_2)del' is not a supported form.", HGVS),
    "no-contig": (["chrX:g.2C>T"], b"", 1, "'chrX:g.2C>T': DIR/genome.fa has no contig chrX.", "It has chr1, chr2."),
    "stated": (["1:g.200G>T"], b"", 1, "'1:g.200G>T' states G, but DIR/genome.fa has C at chr1:200.", STRAND),
    "beyond": (
        ["1:g.1001del"],
        b"",
        1,
        "'1:g.1001del': chr1 of DIR/genome.fa ends at 1000.",
        "Is the position of another assembly?",
    ),
    "no-fasta": (
        [SNV, "-R", "none.fa"],
        b"",
        1,
        "reference FASTA none.fa cannot be read: No such file or directory.",
        None,
    ),
    "no-genes": (
        [SNV, "-A", "none.txt"],
        b"",
        1,
        "there is no annotation 'none.txt'.",
        "-A takes gencode, grch37, grch38, hg19, hg38, or the path of GTF, GFF3 or a gene table.",
    ),
    "settings": (
        [SNV, "--normalize", "--compat", "1.3.1"],
        b"",
        2,
        "spliceai 1.3.1 does not left-align: choose normalize or compat, not both.",
        None,
    ),
    "distance": (
        [SNV, "-D", "-1"],
        b"",
        2,
        "Invalid value for '-D' / '--distance': '-1' is not a whole number, 0 or more.",
        None,
    ),
}


@pytest.mark.parametrize(("arguments", "stdin", "code", "message", "hint"), SCORE_CASES.values(), ids=SCORE_CASES)
def test_score_error__is_told_and_nothing_is_scored(cli, folder, arguments, stdin, code, message, hint):
    fixed = ("-R", folder.genome.fasta, "-A", folder.genome.table, "--weights", folder.path / "weights")
    result = cli("score", *fixed, "--device", "cpu", *arguments, stdin=stdin)
    usage = "Usage: spliceai-cli score [OPTIONS] [VARIANT]...\nTry 'spliceai-cli score --help' for help.\n\n"
    expected = f"Error: {message}\n" + (f"Hint: {hint}\n" if hint else "")
    assert (result.code, result.stdout) == (code, b"")
    assert result.stderr.replace(str(folder.path), "DIR").removeprefix(usage) == expected
