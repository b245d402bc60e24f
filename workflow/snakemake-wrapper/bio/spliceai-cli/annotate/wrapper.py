"""Snakemake wrapper for spliceai-cli annotate."""

__author__ = "The authors of spliceai-cli"
__license__ = "MIT"

from snakemake.shell import shell

log = snakemake.log_fmt_shell(stdout=False, stderr=True)
extra = snakemake.params.get("extra", "")

annotation = snakemake.input.get("annotation", snakemake.params.get("annotation", ""))
if annotation:
    annotation = f"--annotation {annotation}"

index = snakemake.output.get("index", "")
if index:
    index = f"--write-index {index.rsplit('.', 1)[1]}"

stats = snakemake.output.get("stats", "")
if stats:
    stats = f"--stats {stats}"

memory = snakemake.resources.get("mem_mb", "")
if memory:
    memory = f"--memory {memory}M"

shell(
    "spliceai-cli annotate"
    " --input {snakemake.input.vcf}"
    " --reference {snakemake.input.fasta}"
    " {annotation}"
    " --threads {snakemake.threads}"
    " {memory}"
    " --no-progress"
    " {extra}"
    " {index}"
    " {stats}"
    " --output {snakemake.output.vcf}"
    " {log}"
)
