"""Genes of another assembly than the FASTA: every command refuses them alike, and uses them where told to."""

from __future__ import annotations

import pytest
from support import builders, spliced

from spliceai_cli import Compute, Scorer
from spliceai_cli.cli.main import annotate
from spliceai_cli.errors import AssemblyError

GENES = spliced.genes(20)
CONTIG = spliced.bases(GENES, ["GT-AG"])
FOREIGN = [
    builders.gene(g.symbol, "1", g.strand, g.start + 7, g.end + 7, *((a + 7, b + 7) for a, b in g.exons)) for g in GENES
]


def gtf(genes):
    """As GTF has them, 1-based."""
    return "".join(
        f'1\ttoy\texon\t{start + 1}\t{end}\t.\t{g.strand}\t.\tgene_id "{g.symbol}"; transcript_id "{g.symbol}.1";\n'
        for g in genes
        for start, end in g.exons
    )


def gff3(genes):
    lines = []
    for g in genes:
        place = f"{g.strand}\t.\t"
        lines.append(f"1\ttoy\tgene\t{g.start + 1}\t{g.end}\t.\t{place}ID={g.symbol};Name={g.symbol}\n")
        lines += [f"1\ttoy\texon\t{start + 1}\t{end}\t.\t{place}Parent={g.symbol}\n" for start, end in g.exons]
    return "##gff-version 3\n" + "".join(lines)


@pytest.fixture
def fasta(tmp_path):
    return builders.write_fasta(tmp_path / "spliced.fa", {"chr1": CONTIG})


@pytest.fixture
def annotation(cli, tmp_path, home):
    def write(kind, genes):
        if kind == "table":
            return builders.write_table(tmp_path / "t.txt", genes)
        path = tmp_path / f"a.{kind}"
        path.write_text(gff3(genes) if kind == "gff3" else gtf(genes))
        if kind == "built":
            assert cli("genes", "build", path, tmp_path / "built.txt.gz").code == 0
            return tmp_path / "built.txt.gz"
        return path

    return write


REF = CONTIG[300]
COMMANDS = {
    "annotate": ("annotate", "-I", "in.vcf", "-O", "out"),
    "score": ("score", f"1:301:{REF}:N"),
    "plot": ("plot", f"1:301:{REF}:N", "-o", "out.svg", "-D", "20"),
    "predict": ("predict", "-O", "out.tsv"),
    "predict-gene": ("predict", "-g", "G1", "-O", "out.tsv"),
    "predict-alt": ("predict", "--alt", "in.vcf", "-D", "5", "-O", "out.tsv"),
}


@pytest.fixture
def run(cli, fasta, toy_weights, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    builders.write_vcf(tmp_path / "in.vcf", [("1", 301, REF, "N")])

    def call(command, genes, *options):
        fixed = ("-R", fasta, "-A", genes, "--weights", toy_weights, "--device", "cpu")
        return cli(*COMMANDS[command], *fixed, *options)

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_foreign_genes__are_an_error_of_every_command(run, annotation, tmp_path, command):
    """They used to be scored, on whatever gene lay there."""
    result = run(command, annotation("table", FOREIGN))
    assert (result.code, result.stdout) == (1, b"")
    assert " introns looked at begin and end with GT-AG, GC-AG or AT-AC (" in result.stderr
    assert "Hint: Use an annotation of the reference's assembly, or --allow-foreign-genes" in result.stderr
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith((".out", "out"))]


@pytest.mark.parametrize("command", COMMANDS)
def test_foreign_genes__pass_where_they_are_allowed(run, annotation, command):
    genes = annotation("table", FOREIGN)
    result = run(command, genes, "--allow-foreign-genes")
    assert result.code == 0, result.stderr
    assert result.stderr.count(f"Warning: -A {genes} does not fit ") == 1
    assert " introns looked at begin and end with " in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_own_genes__pass(run, annotation, command):
    result = run(command, annotation("table", GENES))
    assert result.code == 0, result.stderr
    assert "Warning" not in result.stderr


@pytest.mark.parametrize("kind", ["table", "gtf", "gff3", "built"])
def test_foreign_genes__are_an_error_in_every_format(run, annotation, kind):
    genes = annotation(kind, FOREIGN)
    first = run("annotate", genes)
    assert first.code == 1
    # The second time from the cache.
    assert run("annotate", genes).stderr == first.stderr
    assert run("annotate", annotation(kind, GENES)).code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_doubtful_genes__are_a_warning(run, annotation, command):
    half = [*GENES[:14], *FOREIGN[14:]]
    genes = annotation("table", half)
    result = run(command, genes)
    assert result.code == 0, result.stderr
    assert result.stderr.count(f"Warning: -A {genes} may not fit ") == 1
    assert "Warning" not in run(command, genes, "-q").stderr
    assert "Warning" not in run(command, genes, "--allow-foreign-genes").stderr


def test_option__is_for_genes(run, cli, fasta, toy_weights, tmp_path):
    result = cli("predict", "-R", fasta, "--weights", toy_weights, "-O", tmp_path / "o.tsv", "--allow-foreign-genes")
    assert result.code == 2
    assert "--allow-foreign-genes needs genes: give -A, -g, --genes or --biotypes, too." in result.stderr


def test_genes_check__reports_on_foreign_genes(cli, fasta, annotation, tmp_path):
    """What the error recommends has to work where the error comes up."""
    path = annotation("gff3", FOREIGN)
    path.write_text(path.read_text().replace("version 3\n", f"version 3\n##sequence-region 1 1 {len(CONTIG) + 1}\n"))
    result = cli("genes", "check", "-A", path, "-R", fasta)
    assert result.code == 0, result.stderr
    report = result.stdout.decode().splitlines()
    assert report[:2] == ["transcripts\t20", "introns\t120"]
    assert report[-1] == "verdict\tanother assembly"


@pytest.mark.parametrize(
    ("n_own", "n_foreign", "verdict"),
    [(20, 0, "fits"), (14, 6, "doubtful"), (0, 1, "another assembly"), (0, 0, "too few introns to tell")],
)
def test_genes_check__ends_with_a_verdict(cli, fasta, annotation, n_own, n_foreign, verdict):
    genes = [builders.gene("ONE", "1", "+", 10, 50), *GENES[:n_own], *FOREIGN[20 - n_foreign :]]
    result = cli("genes", "check", "-A", annotation("table", genes), "-R", fasta)
    assert result.stdout.decode().splitlines()[-1] == f"verdict\t{verdict}"


def test_annotation_of_other_contigs__is_an_error(run, annotation):
    genes = annotation("table", spliced.genes(3, chrom="22"))
    result = run("annotate", genes)
    assert result.code == 1
    assert f"-A {genes} and " in result.stderr
    assert " share no contig (genes: 22; FASTA: chr1)." in result.stderr
    assert run("annotate", genes, "--allow-foreign-genes", "--allow-missing-contigs").code == 0


def test_scorer__refuses_foreign_genes(fasta, annotation, toy_weights):
    fixed = {"reference": fasta, "compute": Compute(device="cpu", weights=toy_weights)}
    with pytest.raises(AssemblyError, match="introns looked at"):
        Scorer(annotation=annotation("table", FOREIGN), **fixed)
    with pytest.warns(UserWarning, match="does not fit"):
        Scorer(annotation=annotation("table", FOREIGN), allow_foreign_genes=True, **fixed)


def test_scorer__warns_of_doubtful_genes(fasta, annotation, toy_weights):
    genes = annotation("table", [*GENES[:14], *FOREIGN[14:]])
    fixed = {"reference": fasta, "annotation": genes, "compute": Compute(device="cpu", weights=toy_weights)}
    with pytest.warns(UserWarning, match=f"-A {genes} may not fit "):
        Scorer(**fixed)
    said = []
    Scorer(**fixed, warn=said.append)
    assert len(said) == 1


# Real data


@pytest.mark.weights
def test_genes_of_grch37_on_grch38__are_an_error(cli, chr19, store, tmp_path, monkeypatch):
    """RYR1's variant was annotated as one in SIPA1L3, whose place on GRCh37 it is."""
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    table = tmp_path / "mine.txt"
    table.write_bytes(store.table("grch37").read_bytes())
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("19", 38467722, "C", "T")])
    fixed = ("-I", vcf, "-R", chr19, "--device", "cpu", "--no-progress")
    result = cli(*fixed, "-A", table, command=annotate)
    assert result.code == 1
    assert f"-A {table} does not fit {chr19} (GRCh38): " in result.stderr
    assert "and 23 of 1,461 transcripts end beyond their contig (first: ZNF329, 19:58,637,619-" in result.stderr
    assert f"-A grch37 does not fit {chr19}: " in cli(*fixed, "-A", "grch37", command=annotate).stderr
    for name in (table, "grch37"):
        allowed = cli(*fixed, "-A", name, "--allow-foreign-genes", command=annotate)
        assert allowed.code == 0, allowed.stderr
        assert allowed.records[0][7].startswith("SpliceAI=T|SIPA1L3|")
    report = cli("genes", "check", "-A", "grch37", "-R", chr19)
    assert report.code == 0
    assert "\nGT-AG\t" in report.stdout.decode()


@pytest.mark.weights
def test_genes_of_grch38_on_grch38__pass(cli, chr19, store, shared, tmp_path, monkeypatch):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("19", 38467722, "C", "T")])
    ensembl = shared / "annotation" / "GRCh38.chr19.ensembl91.gff3.gz"
    for genes in ("gencode", ensembl):
        result = cli("annotate", "-I", vcf, "-R", chr19, "--device", "cpu", "-A", genes, "--no-annotation-cache")
        assert "Warning" not in result.stderr
        assert result.records[0][7] == "SpliceAI=T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"
