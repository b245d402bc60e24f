"""The output and what is written beside it."""

from __future__ import annotations

from cli.error_cases import Case, Folder


def unwritable(f: Folder) -> list:
    # Root may write anywhere, so the folder is one that is not there.
    return ["-O", f.path / "nowhere" / "out.vcf"]


def link(f: Folder) -> list:
    (f.path / "link.vcf").symlink_to(f.path / "good.vcf")
    return ["-O", f.path / "link.vcf"]


def linked_stats(f: Folder) -> list:
    (f.path / "stats.json").symlink_to(f.path / "out.vcf")
    return ["-O", f.path / "out.vcf", "--stats", f.path / "stats.json"]


OPTION = "'-O' / '-o' / '--output'"
OTHER = "Give it the other ending, or none."


def of_bcftools(letter: str) -> str:
    return (
        f"Invalid value for {OPTION}: '{letter}' is a type of bcftools, but -O and -o both name the output file here. "
        f"For bcftools' -O{letter} write --output-type {letter[0]}. For a file of that name write ./{letter}."
    )


CASES = {
    "output-nowhere": Case(unwritable, 1, "output DIR/nowhere/out.vcf cannot be written: No such file or directory."),
    "output-folder": Case(lambda f: ["-O", f.path], 1, "output DIR cannot be written: Is a directory."),
    "stats-is-output": Case(
        lambda f: ["-O", f.path / "out.vcf", "--stats", f.path / "out.vcf"],
        2,
        "--stats and -O are the same file: DIR/out.vcf.",
    ),
    "stats-is-index": Case(
        lambda f: ["-O", f.path / "out.vcf.gz", "--write-index", "tbi", "--stats", f.path / "out.vcf.gz.tbi"],
        2,
        "--stats and the index of -O are the same file: DIR/out.vcf.gz.tbi.",
    ),
    "stats-links-to-output": Case(linked_stats, 2, "--stats and -O are the same file: DIR/stats.json."),
    # Both went to standard output, one after the other.
    "stats-to-stdout": Case(
        lambda _: ["-O", "-", "--stats", "/dev/stdout"], 2, "--stats and -O are the same file: /dev/stdout."
    ),
    "keep-precomputed": Case(
        lambda _: ["--existing", "keep", "--layout", "precomputed"],
        2,
        "--existing keep needs --layout vcf: precomputed has only the scores of this run.",
    ),
    "output-is-input": Case(
        lambda f: ["-O", f.path / "good.vcf"], 2, "-I and -O are the same file: DIR/good.vcf.", "Write to another name."
    ),
    "output-links-to-input": Case(link, 2, "-I and -O are the same file: DIR/good.vcf.", "Write to another name."),
    # bcftools' way to write to standard output: it wrote a file of that name, and nothing to standard output.
    **{
        f"type-{letter}": Case(lambda _, letter=letter: [f"-O{letter}"], 2, of_bcftools(letter))
        for letter in (*"zvbu", "z9")
    },
    "named-table": Case(
        lambda f: ["--layout", "vcf", "-O", f.path / "a.tsv.gz"],
        2,
        "-O DIR/a.tsv.gz is the name of a table in BGZF, but --layout is vcf.",
        OTHER,
    ),
    "named-vcf": Case(
        lambda f: ["--tsv", "-O", f.path / "a.vcf"],
        2,
        "-O DIR/a.vcf is the name of a VCF without compression, but --tsv is given.",
        OTHER,
    ),
    "named-bcf": Case(
        lambda f: ["--output-type", "z", "-o", f.path / "a.bcf"],
        2,
        "-O DIR/a.bcf is the name of BCF, but --output-type is z.",
        OTHER,
    ),
    "named-plain": Case(
        lambda f: ["--output-type", "z", "-O", f.path / "a.vcf"],
        2,
        "-O DIR/a.vcf is the name of a VCF without compression, but --output-type is z.",
        OTHER,
    ),
    "named-compressed": Case(
        lambda f: ["--output-type", "v", "-O", f.path / "a.gz"],
        2,
        "-O DIR/a.gz is the name of a file in BGZF, but --output-type is v.",
        OTHER,
    ),
    "named-json": Case(
        lambda f: ["-O", f.path / "a.json"],
        2,
        "-O DIR/a.json is the name of JSON, but a VCF is written.",
        OTHER,
    ),
    "type-and-output": Case(lambda f: ["-Oz", "-o", f.path / "out.vcf.gz"], 2, of_bcftools("z")),
    "two-target-files": Case(
        lambda f: ["-T", f.write("t.bed", "chr1\t0\t9\n"), "--bed", f.path / "t.bed"],
        2,
        "-T and --bed both give a file of regions; give one.",
    ),
    "disk-full": Case(
        lambda f: ["-O", "/dev/full"],
        1,
        "output /dev/full cannot be written: No space left on device.",
        "What came out so far is incomplete.",
    ),
    "bcf-undeclared": Case(
        lambda f: ["--output-type", "b", "-O", f.path / "result" / "new"],
        1,
        "this VCF cannot be written as BCF: its header does not declare everything that the records use.",
        "Declare every contig and every INFO, FORMAT and FILTER key (bcftools view names the first that is missing), "
        "or write VCF: -O FILE.vcf.gz",
    ),
}
