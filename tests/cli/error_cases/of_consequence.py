"""Options of consequences."""

from __future__ import annotations

from cli.error_cases import Case, Folder

from spliceai_cli.cli.consequence_options import NAMES

OPTION = "Invalid value for --consequence-with"
EVERY = ", ".join(NAMES)


def threshold(text: str, message: str) -> Case:
    return Case(lambda _: ["--consequence", "profile", "--consequence-with", text], 2, message)


def fasta_is(*names: str) -> list:
    def options(f: Folder) -> list:
        return ["--consequence", "sai10k", *(f.path / name if "." in name else name for name in names)]

    return options


CASES = {
    "thresholds-alone": Case(lambda _: ["--consequence-with", "reach=3"], 2, "--consequence-with needs --consequence."),
    "fasta-alone": Case(
        lambda f: ["--consequence-fasta", f.path / "x.fa"], 2, "--consequence-fasta needs --consequence."
    ),
    "threshold-without-value": threshold("reach", f"{OPTION}: 'reach' is not NAME=VALUE with one of {EVERY}."),
    "threshold-unknown": threshold("size=3", f"{OPTION}: 'size=3' is not NAME=VALUE with one of {EVERY}."),
    "threshold-half": threshold("reach=1.5", f"{OPTION}: reach is '1.5'; a whole number expected."),
    "threshold-text": threshold("min-gain=x", f"{OPTION}: min-gain is 'x'; a number expected."),
    "threshold-nan": threshold("min-gain=nan", "min-gain is nan; -1 to 1 expected."),
    "threshold-large": threshold("rest-factor=11", "rest-factor is 11; 0 to 10 expected."),
    "threshold-negative": threshold("reach=-1", "reach is -1; a whole number, 0 or more, expected."),
    "consequence-precomputed": Case(
        lambda _: ["--consequence", "profile", "--layout", "precomputed"],
        2,
        "--consequence adds INFO fields; it cannot be combined with --layout precomputed.",
    ),
    "fasta-is-output": Case(
        fasta_is("-O", "out.vcf", "--consequence-fasta", "out.vcf"),
        2,
        "--consequence-fasta and -O are the same file: DIR/out.vcf.",
    ),
    "fasta-is-stats": Case(
        fasta_is("--stats", "x.json", "--consequence-fasta", "x.json"),
        2,
        "--consequence-fasta and --stats are the same file: DIR/x.json.",
    ),
    "fasta-is-index": Case(
        fasta_is("-O", "x.vcf.gz", "--write-index", "tbi", "--consequence-fasta", "x.vcf.gz.tbi"),
        2,
        "--consequence-fasta and the index of -O are the same file: DIR/x.vcf.gz.tbi.",
    ),
    "fasta-is-input": Case(
        fasta_is("--consequence-fasta", "good.vcf"),
        2,
        "-I and --consequence-fasta are the same file: DIR/good.vcf.",
        "Write to another name.",
    ),
}
