"""Several models in one run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from support import builders, toy_networks
from support.records import HEADER, info, vcf_text
from support.unannotated import header_and_body
from support.written_fields import SCORES

from spliceai_cli.cli.main import annotate
from spliceai_cli.models.spec import BlockSpec
from spliceai_cli.provenance import Provenance
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.vcf.fields import CONSEQUENCE, INCLUSION, fields_of

VERSION = Provenance((), {}, {}).version

WIDER = replace(toy_networks.RANDOM_SPEC, blocks=(BlockSpec(3, 2), BlockSpec(7, 6, is_tapped=True)), norm_eps=1e-5)
TISSUE_SPEC = replace(
    toy_networks.RANDOM_SPEC,
    key="Tissues",
    scoring=TISSUES.name,
    classes=("neither", "splice"),
    groups=("liver", "brain"),
    n_networks=4,
)
OLD = "C|OLD|0.10|0.20|0.30|0.40|1|2|3|4"


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """Paths of three toy models: of sites with 10 bp and with 40 bp on either side, and of tissues."""
    folder = tmp_path_factory.mktemp("models")
    for seed, (name, spec) in enumerate(
        {"near": toy_networks.RANDOM_SPEC, "far": WIDER, "tissues": TISSUE_SPEC}.items()
    ):
        toy_networks.save(folder / name, spec, toy_networks.random_tensors(spec, seed))
    return folder


@pytest.fixture
def run(cli, genome, weights, home):
    """Annotate with toy models given as KEY=NAME."""

    def call(*arguments, models=(), stdin: bytes = b""):
        texts = [f"{key}={weights / name}" for key, _, name in (model.partition("=") for model in models)]
        chosen = [text for model in texts for text in ("--model", model)]
        fixed = ("-R", genome.fasta, "-A", genome.table, "--device", "cpu", "--no-progress")
        return cli(*fixed, *chosen, *arguments, stdin=stdin, command=annotate)

    return call


@pytest.fixture
def mixed(genome):
    """Alleles of all kinds, in one gene and in two, scored and not."""

    def snv(chrom, pos, *rest):
        return (chrom, pos, genome.base(chrom, pos), genome.other(chrom, pos), *rest)

    return vcf_text(
        snv("chr1", 200, "AC=1"),
        snv("chr1", 450),
        ("chr1", 460, genome.base("chr1", 460), f"{genome.other('chr1', 460)},<DEL>,{genome.base('chr1', 460)}TT"),
        ("chr1", 480, genome.base("chr1", 480, 7), genome.base("chr1", 480)),
        snv("chr1", 950),
        ("chr2", 100, genome.other("chr2", 100), "A"),
        snv("chr2", 299),
    )


def header_of(result) -> list[str]:
    return [line.decode().rstrip() for line in header_and_body(result.stdout)[0]]


EXTRA = ("--transcript-id", "--ds-max", "--raw", "--explain")


# One pass


@pytest.mark.parametrize(
    "models", [("A=near", "B=far"), ("B=far", "A=near"), ("T=tissues", "A=near"), ("A=near", "B=far", "T=tissues")]
)
@pytest.mark.parametrize("options", [(), ("-D", "10", "-M", "1"), ("-M", "2", "--normalize"), ("--engine", "plain")])
def test_several_models__have_the_values_of_a_run_of_each(run, mixed, models, options):
    together = run(*options, *EXTRA, models=models, stdin=mixed)
    assert together.code == 0, together.stderr
    alone = {model.partition("=")[0]: run(*options, *EXTRA, models=[model], stdin=mixed) for model in models}
    n_values = 0
    for i, record in enumerate(together.records):
        for key, one in alone.items():
            ours = {k: value for k, value in info(record).items() if k.startswith(key) and k != "AC"}
            theirs = {k: value for k, value in info(one.records[i]).items() if k.startswith(key) and k != "AC"}
            assert ours == theirs
            n_values += len(ours)
        assert record[:7] == alone[models[0].partition("=")[0]].records[i][:7]
    assert n_values > 4 * len(models)


def test_several_models__stand_in_the_order_asked_for(run, mixed):
    [first, *_] = run(*EXTRA, models=["B=far", "T=tissues", "A=near"], stdin=mixed).records
    keys = [f"{key}{end}" for key in "BTA" for end in ("", "_TX", "_DS_max", "_RAW")]
    assert list(info(first)) == ["AC", *keys]


def test_several_models__declare_their_fields_and_origins(run, mixed):
    lines = header_of(run(*EXTRA, models=["T=tissues", "A=near"], stdin=mixed))
    ours = [line for line in lines if line.startswith(("##INFO=<ID=T", "##INFO=<ID=A,", "##INFO=<ID=A_", "##spl"))]
    known = (*fields_of("T", TISSUES), *fields_of("A"))
    declared = [field.header_line for field in known if field.kind not in (CONSEQUENCE, INCLUSION)]
    assert ours[:10] == declared
    assert [line.partition(",Model=")[0] for line in ours[10:]] == [
        f'##spliceai-annotate=<ID={key},Version="{VERSION}"' for key in "TA"
    ]
    # Where the old lines were or before the columns; nothing else moves.
    assert [line for line in lines if line not in ours] == HEADER.splitlines()


def test_several_models__count_alleles_once_and_scores_each(run, mixed, tmp_path):
    one = run("--stats", tmp_path / "one.json", models=["A=near"], stdin=mixed)
    three = run("--stats", tmp_path / "three.json", models=["A=near", "B=far", "T=tissues"], stdin=mixed)
    first, all_three = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "three.json"))
    assert [origin["model_name"] for origin in all_three["origins"]] == ["toy", "toy", "toy"]
    assert [origin["model_key"] for origin in all_three["origins"]] == ["A", "B", "T"]
    assert len({origin["weights_sha256"] for origin in all_three["origins"]}) == 3
    for counted in ("records", "alleles", "scored", "reasons"):
        assert all_three[counted] == first[counted]
    assert all_three["scores"] == 3 * first["scores"]
    assert f"({first['scores']} allele×gene scores)" in one.stderr
    assert f"({all_three['scores']} allele×gene×model scores)" in three.stderr


def test_tissues__are_written_as_pangolin_writes_them(run, mixed):
    result = run(models=["Pangolin=tissues"], stdin=mixed)
    values = [info(record).get("Pangolin") for record in result.records]
    assert values[0].split("|")[0] == "PLUS"
    assert [part.count(":") for part in values[0].split("|")] == [0, 1, 1, 1]
    assert "ALT=" not in values[0]
    # Where a record has several alleles each says which it is of.
    named = [text.rpartition("Warnings:")[2] for text in values[2].split(",")]
    alts = result.records[2][4].split(",")
    assert named == [f"ALT={alt}" for alt in (alts[0], alts[0], alts[2], alts[2])]


# What other runs have left


@pytest.fixture
def both(run, mixed):
    """Scores of A and of B, from two runs one after the other."""
    first = run(*EXTRA, models=["A=near"], stdin=mixed)
    return run(*EXTRA, models=["B=far"], stdin=first.stdout)


def test_runs_one_after_the_other__keep_each_others_fields(run, mixed, both):
    together = run(*EXTRA, models=["A=near", "B=far"], stdin=mixed)
    assert [info(record) for record in both.records] == [info(record) for record in together.records]
    assert sorted(header_of(both)) == sorted(header_of(together))


def test_run_of_one_model__replaces_its_own_fields_alone(run, both):
    again = run(models=["A=far"], stdin=both.stdout)
    for before, after in zip(both.records, again.records, strict=True):
        kept = {key: value for key, value in info(after).items() if not key.startswith("A") or key == "AC"}
        assert kept == {key: value for key, value in info(before).items() if not key.startswith("A") or key == "AC"}
        assert info(after).get("A") == info(before).get("B")
        assert not {"A_DS_max", "A_RAW", "A_SKIP"} & set(info(after))
    lines = [line for line in header_of(both) if not line.startswith(("##INFO=<ID=A_", "##spliceai-annotate=<ID=A,"))]
    assert [line for line in header_of(again) if not line.startswith("##spliceai-annotate=<ID=A,")] == lines
    assert sum(line.startswith("##spliceai-annotate=<ID=A,") for line in header_of(again)) == 1


def test_default_key__is_that_of_another_models_prefix(run, genome):
    """A model called SpliceAI_2 must not lose its values to a run of SpliceAI, nor its header lines."""
    text = vcf_text(("chr1", 200, genome.base("chr1", 200), genome.other("chr1", 200), f"SpliceAI={OLD}"))
    second = run(models=["SpliceAI_2=far"], stdin=text)
    assert info(second.records[0])["SpliceAI"] == OLD
    first = run(models=["SpliceAI=near"], stdin=second.stdout)
    found = info(first.records[0])
    assert found["SpliceAI_2"] == info(second.records[0])["SpliceAI_2"]
    assert "PLUS" in found["SpliceAI"]
    ids = [line.partition(",")[0] for line in header_of(first) if line.startswith("##spliceai-annotate")]
    assert sorted(ids) == ["##spliceai-annotate=<ID=SpliceAI", "##spliceai-annotate=<ID=SpliceAI_2"]
    assert SCORES.header_line in header_of(first)


# --existing


def test_existing_keep__keeps_what_has_scores_of_every_model(run, mixed, both):
    kept = run("--existing", "keep", models=["A=far", "B=near"], stdin=both.stdout)
    scored = [record for record in both.records if "A" in info(record)]
    assert [record for record in kept.records if "A" in info(record)] == scored
    # A record with scores of one of the two is scored by both.
    only_a = run(models=["A=near"], stdin=mixed)
    fresh = run("--existing", "keep", models=["A=far", "B=near"], stdin=only_a.stdout)
    expected = run(models=["A=far", "B=near"], stdin=mixed)
    assert [info(record) for record in fresh.records] == [info(record) for record in expected.records]


def test_existing_keep__declares_what_is_kept(run, both, tmp_path):
    kept = run("--existing", "keep", "-O", tmp_path / "out.bcf", models=["A=far", "B=near"], stdin=both.stdout)
    assert (kept.code, (tmp_path / "out.bcf").exists()) == (0, True), kept.stderr


def test_existing_error__names_the_key(run, both):
    assert run("--existing", "error", models=["C=near"], stdin=both.stdout).code == 0
    result = run("--existing", "error", models=["C=near", "B=far"], stdin=both.stdout)
    assert result.code == 1
    assert "already has INFO/B.\n" in result.stderr


def test_key_of_another_program__is_refused(run, genome):
    """Its values would have been replaced."""
    csq = '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP">\n'
    alleles = (genome.base("chr1", 200), genome.other("chr1", 200))
    text = HEADER.replace("#CHROM", f"{csq}#CHROM", 1) + f"chr1\t200\t.\t{alleles[0]}\t{alleles[1]}\t.\t.\tCSQ=x\n"
    result = run(models=["CSQ=near"], stdin=text.encode())
    assert result.code == 2
    assert result.stdout == b""
    assert "Error: standard input already has INFO/CSQ, which does not hold splice scores.\n" in result.stderr


# Layouts


def test_tsv__has_a_line_for_each_allele_gene_and_model(run, mixed):
    together = run("--tsv", models=["A=near", "B=far"], stdin=mixed)
    assert together.code == 0, together.stderr
    heading, *lines = [line.split("\t") for line in together.stdout.decode().splitlines()]
    assert heading[-1] == "MODEL_KEY"
    for key, name in (("A", "near"), ("B", "far")):
        alone = run("--tsv", models=[f"{key}={name}"], stdin=mixed).stdout.decode().splitlines()
        assert [line for line in lines if line[-1] in (key, ".")] == [line.split("\t") for line in alone[1:]]
    assert {line[-1] for line in lines} == {"A", "B", "."}


def test_tsv__of_tissues_has_their_columns(run, mixed):
    heading, first, *_ = run("--tsv", models=["T=tissues"], stdin=mixed).stdout.decode().splitlines()
    assert heading.split("\t")[9:] == ["GAIN", "LOSS", "POS_GAIN", "POS_LOSS", "MAX_SCORE", "REASON", "MODEL_KEY"]
    symbol, _, _, _, gain, loss, _, _, most, reason, model = first.split("\t")[5:]
    assert (symbol, reason, model) == ("PLUS", ".", "T")
    assert float(most) == max(float(gain), -float(loss))


def test_precomputed__is_for_one_model_of_any_key(run, mixed):
    result = run("--layout", "precomputed", models=["B=far"], stdin=mixed)
    assert result.code == 0, result.stderr
    assert {record[7].partition("=")[0] for record in result.records} == {"B"}
    assert fields_of("B")[0].header_line in header_of(result)


REFUSED = {
    "precomputed": (
        ("--layout", "precomputed"),
        ("A=near", "B=far"),
        "--layout precomputed takes one model, not 2.",
        "Choose --layout vcf or tsv.",
    ),
    "tsv": (
        ("--tsv",),
        ("A=near", "T=tissues"),
        "models of sites and of tissues cannot share a table: they have different columns.",
        "Choose --layout vcf.",
    ),
    "compat": (
        ("--compat", "1.3.1"),
        ("A=near", "T=tissues"),
        "--compat 1.3.1 applies to SpliceAI's scores; toy has others.",
        None,
    ),
    "one key": (
        (),
        ("A=near", "A=far"),
        "models 'A=DIR/near' and 'A=DIR/far' would both write INFO/A.",
        "Give one of them another key, e.g. A_2=PATH.",
    ),
    "a further field": ((), ("A=near", "A_RAW=far"), "INFO/A_RAW belongs to the model of INFO/A.", None),
    "key of VCF": ((), ("END=near",), "INFO/END has a meaning of its own in VCF.", None),
    "no key": ((), ("a-b=near",), "'a-b' is not a valid INFO key: ", None),
}


@pytest.mark.parametrize(("options", "models", "message", "hint"), REFUSED.values(), ids=REFUSED)
def test_refused__is_told_and_leaves_no_output(run, mixed, weights, tmp_path, options, models, message, hint):
    result = run(*options, "-O", tmp_path / "out", models=models, stdin=mixed)
    said = result.stderr.replace(str(weights), "DIR")
    assert (result.code, result.stdout) == (2, b"")
    assert f"Error: {message}" in said
    if hint:
        assert f"Hint: {hint}\n" in said
    assert not (tmp_path / "out").exists()


def test_weights_option__stands_for_one_model(cli, genome, weights, mixed):
    fixed = ("-R", genome.fasta, "-A", genome.table, "--device", "cpu", "--weights", weights / "near")
    result = cli(*fixed, "--model", "spliceai", "--model", "pangolin", stdin=mixed, command=annotate)
    assert result.code == 2
    assert "weights given by path replace one model, not several." in result.stderr


def test_unknown_model__is_told(cli, genome, mixed, home):
    fixed = ("-R", genome.fasta, "-A", genome.table, "--device", "cpu")
    result = cli(*fixed, "--model", "splicai", stdin=mixed, command=annotate)
    assert result.code == 2
    assert "Error: there is no model 'splicai'.\nHint: Choose from spliceai, cispliceai, " in result.stderr


# --compat with another key


def test_compat__names_what_it_leaves_out_under_the_models_key(run, tmp_path):
    """1.3.1 prints dots for an MNV: with another key there were none, and the table called the model SpliceAI."""
    bases = builders.random_bases(12_000, seed=3)
    fasta = builders.write_fasta(tmp_path / "long.fa", {"chr1": bases})
    table = builders.write_table(tmp_path / "long.txt", [builders.gene("G", "1", "+", 5000, 7000)])
    ref, alt, dots = bases[5999:6001], bases[5999:6001].translate(str.maketrans("ACGT", "CGTA")), ".|.|.|.|.|.|.|."
    text = vcf_text(("chr1", 6000, ref, alt))
    options = ("--compat", "1.3.1", "-R", fasta, "-A", table)
    for models in (["SpliceAI=near"], ["A=near"], ["A=near", "B=far"]):
        keys = [model.partition("=")[0] for model in models]
        [record] = run(*options, models=models, stdin=text).records
        assert info(record) == {key: f"{alt}|G|{dots}" for key in keys}
        table = run(*options, "--tsv", models=models, stdin=text).stdout.decode().splitlines()
        assert [line.split("\t")[-1] for line in table[1:]] == keys
