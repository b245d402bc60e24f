"""``spliceai-cli predict --alt …``: REF and ALT around alleles."""

from __future__ import annotations

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from support import builders, toy_networks
from support.plain import profile
from support.predicted import bedgraph, by_place, names

from spliceai_cli.engine.incremental import IncrementalEngine

TOLERANCE = 2.5e-6
COLUMNS = ["acceptor_ref", "acceptor_alt", "acceptor_delta", "donor_ref", "donor_alt", "donor_delta"]

# chrom, pos, bases of REF, ALT (REF's first base where None stands for it), in no order.
CASES = {
    "ins": ("chr1", 470, 1, "{first}GTAAG"),
    "snv": ("chr1", 181, 1, None),
    "del": ("chr1", 448, 4, "{first}"),
    "long del": ("chr1", 610, 40, "{first}"),
    "mnv": ("chr1", 455, 3, "TTT"),
    "delins": ("chr1", 850, 3, "GGCTTA"),
    "first base": ("chr2", 1, 1, None),
    "last base": ("chr2", 300, 1, None),
}


@pytest.fixture(scope="module")
def ensemble():
    return toy_networks.random_ensemble()


@pytest.fixture
def rows(genome):
    """CHROM, POS, REF, ALT of ``CASES``, by name."""

    def row(chrom, pos, n_ref, alt):
        ref = genome.base(chrom, pos, n_ref)
        return chrom, pos, ref, genome.other(chrom, pos) if alt is None else alt.format(first=ref[0])

    return {name: row(*case) for name, case in CASES.items()}


@pytest.fixture
def vcf(rows, tmp_path):
    return builders.write_vcf(tmp_path / "in.vcf", rows.values())


def allele(row):
    return "{}:{}:{}:{}".format(*row)


def test_alt__largest_changes_are_the_scores_of_annotate(predict_toy, annotate_toy, genome, rows, tmp_path):
    """Another way through the program, whose scores are tested against 1.3.1's own."""
    # At the ends of a contig annotate looks at positions beyond it too, which no track has.
    inner = {name: row for name, row in rows.items() if not name.endswith("base")}
    vcf = builders.write_vcf(tmp_path / "inner.vcf", inner.values())
    assert predict_toy("--alt", vcf, "-A", genome.table, "-D", "20", "-O", tmp_path / "exact.parquet").code == 0
    exact = pq.read_table(tmp_path / "exact.parquet")
    assert exact.column_names == ["chrom", "pos", "strand", "symbol", "variant", *COLUMNS]
    columns = {name: np.array(exact[name].to_pylist()) for name in exact.column_names}
    groups = sorted(set(zip(columns["variant"], columns["symbol"], strict=True)))
    n_scores = 0
    for record in annotate_toy("-I", vcf, "-D", "20", "-q").records:
        chrom, pos, _, ref, alt = record[:5]
        for score in record[7].removeprefix("SpliceAI=").split(","):
            _, gene, *expected = score.split("|")
            at = (columns["variant"] == f"{chrom}:{pos}:{ref}:{alt}") & (columns["symbol"] == gene)
            effects = [sign * columns[column][at] for column in COLUMNS[2::3] for sign in (1, -1)]
            assert [f"{max(0, effect.max()):.2f}" for effect in effects] == expected[:4]
            offsets = columns["pos"][at] - int(pos)
            assert [str(offsets[effect.argmax()]) for effect in effects] == expected[4:]
            n_scores += 1
    # Two genes see the alleles at 448, 455 and 470.
    assert n_scores == len(groups) == len(inner) + 3


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("name", ["snv", "ins", "del", "delins"])
def test_alt__equals_a_genome_that_has_the_allele(table, genome, ensemble, rows, tmp_path, name, strand):
    chrom, pos, ref, alt = rows[name]
    _, lines = table("--alt", builders.write_vcf(tmp_path / "one.vcf", [rows[name]]), "-D", "30", "--strand", strand)
    found = by_place([line[:3] + line[5:] for line in lines])
    bases = genome.contigs[chrom]
    of_ref = profile(ensemble, bases, strand)
    of_alt = profile(ensemble, bases[: pos - 1] + alt + bases[pos - 1 + len(ref) :], strand)
    common = min(len(ref), len(alt))
    for at in range(pos - 30, pos + 31):
        i = at - 1
        if at < pos + common - 1:
            expected = of_alt[i]
        elif at == pos + common - 1:
            # Bases that only ALT has stand at the last one that both have.
            expected = of_alt[i : pos - 1 + len(alt)].max(axis=0)
        elif at < pos + len(ref):
            expected = np.zeros(2)
        else:
            expected = of_alt[i + len(alt) - len(ref)]
        a_ref, a_alt, a_delta, d_ref, d_alt, d_delta = found[chrom, at, strand]
        np.testing.assert_allclose((a_ref, d_ref), of_ref[i], rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose((a_alt, d_alt), expected, rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose((a_delta, d_delta), expected - of_ref[i], rtol=0, atol=2 * TOLERANCE)
    assert len(found) == 61


def test_alt__rows_are_sorted_and_end_with_the_contig(table, vcf, rows):
    _, lines = table("--alt", vcf, "-D", "10", "--strand", "+")
    starts = {}
    for line in lines:
        starts.setdefault(line[4], (line[0], int(line[1])))
    assert list(starts) == [
        allele(rows[name]) for name in ("snv", "del", "mnv", "ins", "long del", "delins", "first base", "last base")
    ]
    assert list(starts.values()) == sorted(starts.values())
    at = {name: [int(line[1]) for line in lines if line[4] == allele(rows[name])] for name in rows}
    assert at["first base"] == list(range(1, 12))
    assert at["last base"] == list(range(290, 301))
    # To the far end of a long deletion, and 10 bases on.
    assert at["long del"] == list(range(600, 610 + 39 + 10 + 1))
    assert {line[3] for line in lines} == {"."}


def test_alt__signals_hold_the_larger_change(predict_toy, table, genome, tmp_path):
    """Alleles whose surroundings overlap; two of them are at one position."""
    pos = 300
    base = genome.base("chr1", pos)
    alts = [letter for letter in "ACGT" if letter != base][:2]
    rows = [("chr1", pos, base, alt) for alt in alts]
    rows += [
        ("chr1", 305, genome.base("chr1", 305, 3), genome.base("chr1", 305)),
        ("chr1", 340, genome.base("chr1", 340), "N"),
    ]
    vcf = builders.write_vcf(tmp_path / "near.vcf", rows)
    options = ("--alt", vcf, "-D", "8")
    _, lines = table(*options)
    best = {}
    for chrom, at, strand, _, _, *texts in lines:
        for i, track in enumerate(("acceptor", "donor")):
            three = [float(text) for text in texts[3 * i : 3 * i + 3]]
            key = track, strand, (chrom, int(at))
            if key not in best or abs(three[2]) > abs(best[key][2]):
                best[key] = three
    assert predict_toy(*options, "-O", tmp_path / "out.bedGraph").code == 0
    n_overlapping = len(lines) - len(best) // 2
    assert n_overlapping > 20
    for track in ("acceptor", "donor"):
        for strand, name in (("+", "plus"), ("-", "minus")):
            expected = {place: three for (t, s, place), three in best.items() if (t, s) == (track, strand)}
            for i, kind in enumerate(("ref", "alt", "delta")):
                found = bedgraph(tmp_path / f"out.{track}_{kind}.{name}.bedGraph")
                assert found == {place: three[i] for place, three in expected.items()}


def test_alt__bigwig_holds_losses_too(predict_toy, table, genome, rows, tmp_path):
    import pyBigWig

    vcf = builders.write_vcf(tmp_path / "one.vcf", [rows["del"]])
    assert predict_toy("--alt", vcf, "-A", genome.table, "-g", "MINUS", "-D", "5", "-O", tmp_path / "o.bw").code == 0
    _, lines = table("--alt", vcf, "-A", genome.table, "-g", "MINUS", "-D", "5")
    assert {line[3] for line in lines} == {"MINUS"}
    assert {name for name in names(tmp_path) if name.endswith(".bw")} == {f"o.{column}.minus.bw" for column in COLUMNS}
    with pyBigWig.open(str(tmp_path / "o.donor_delta.minus.bw")) as found:
        values = found.values("chr1", 442, 453)
    np.testing.assert_allclose(values, [float(line[-1]) for line in lines], rtol=0, atol=TOLERANCE)
    assert min(values) < 0


def test_alt__min_probability_asks_ref_and_alt(table, vcf):
    _, lines = table("--alt", vcf)
    _, some = table("--alt", vcf, "--min-probability", "0.62")
    wanted = [line for line in lines if max(float(line[i]) for i in (5, 6, 8, 9)) >= 0.62]
    assert some == wanted
    assert 0 < len(some) < len(lines)


def test_alt__regions_and_strand_choose_alleles(table, vcf, rows, genome):
    _, lines = table("--alt", vcf, "-r", "2:1-5,chr1:470", "--strand", "-")
    assert {line[4] for line in lines} == {allele(rows["first base"]), allele(rows["ins"])}
    assert {line[2] for line in lines} == {"-"}


def test_alt__multi_allelic_and_symbolic_records(table, predict_toy, genome, tmp_path):
    base = genome.base("chr1", 300)
    others = [letter for letter in "ACGT" if letter != base]
    header = builders.VCF_HEADER
    lines = [
        f"chr1\t300\t.\t{base}\t{others[0]},*,{others[1]}\t.\t.\t.",
        f"chr1\t600\t.\t{genome.base('chr1', 600)}\t<DEL>\t.\t.\tEND=612",
        f"chr1\t700\t.\t{genome.other('chr1', 700)}\tA\t.\t.\t.",
    ]
    path = tmp_path / "more.vcf"
    path.write_text(header + "\n".join(lines) + "\n")
    result = predict_toy("--alt", path, "-D", "3", "-O", "-", "--output-format", "tsv", "--strand", "+")
    assert result.code == 0, result.stderr
    found = list(dict.fromkeys(line.split("\t")[4] for line in result.stdout.decode().splitlines()[1:]))
    first = genome.base("chr1", 600)
    assert found == [f"chr1:300:{base}:{others[0]}", f"chr1:300:{base}:{others[1]}", f"chr1:600:{first}:<DEL>"]
    assert "3 records, 5 alleles\n  3  scored" in result.stderr
    assert "1  with a symbolic, * or breakend ALT, or without an exact sequence" in result.stderr
    assert "1  with a REF that differs from the FASTA (first: chr1:700" in result.stderr


def test_alt__a_file_beside_says_what_made_them(predict_toy, vcf, tmp_path):
    assert predict_toy("--alt", vcf, "-D", "7", "-O", tmp_path / "out.tsv.gz").code == 0
    found = json.loads((tmp_path / "out.tsv.gz.json").read_text())
    assert (found["vcf"], found["distance"], found["max_sv_length"]) == ("in.vcf", 7, 10_000)
    assert found["columns"] == COLUMNS


def test_alt__stdin(predict_toy, vcf):
    from_file = predict_toy("--alt", vcf, "-O", "-", "--output-format", "tsv", "-q")
    assert from_file.stdout.count(b"\n") > 100
    again = predict_toy("--alt", "-", "-O", "-", "--output-format", "tsv", "-q", stdin=vcf.read_bytes())
    assert again.stdout == from_file.stdout


def test_alt__several_models(cli, genome, rows, toy_weights, tissue_weights, tmp_path):
    """Largest changes are the scores of both in ``annotate``, each as its model defines them."""
    chosen = {name: rows[name] for name in ("snv", "ins", "del")}
    vcf = builders.write_vcf(tmp_path / "few.vcf", chosen.values())
    models = ("--model", f"Toy={toy_weights}", "--model", f"Tissues={tissue_weights}")
    fixed = ("-R", genome.fasta, "-A", genome.table, "-D", "12", *models, "--device", "cpu")
    assert cli("predict", "--alt", vcf, *fixed, "-O", tmp_path / "exact.parquet").code == 0
    exact = pq.read_table(tmp_path / "exact.parquet")
    columns = {name: np.array(exact[name].to_pylist()) for name in exact.column_names}
    result = cli("annotate", "-I", vcf, *fixed, "-q")
    assert result.code == 0, result.stderr
    n_scores = 0
    for record in result.records:
        chrom, pos, _, ref, alt = record[:5]
        info = dict(field.split("=") for field in record[7].split(";"))
        for score in info["Tissues"].split(","):
            gene, gain, loss, _ = score.split("|")
            at = (columns["variant"] == f"{chrom}:{pos}:{ref}:{alt}") & (columns["symbol"] == gene)
            # Pangolin looks at all of REF and 12 bp on; the tracks end 12 bp from POS.
            delta = np.stack([columns[f"Tissues_{tissue}_splice_delta"][at] for tissue in ("heart", "brain")])
            offsets = columns["pos"][at] - int(pos)
            if len(ref) == 1:
                assert gain == f"{offsets[delta.max(axis=0).argmax()]}:{max(0, delta.max()):.2f}"
                least = f"{min(0, delta.min()):.2f}".replace("-0.00", "0.00")
                assert loss == f"{offsets[delta.min(axis=0).argmin()]}:{least}"
            n_scores += 1
        for score in info["Toy"].split(","):
            _, gene, *expected = score.split("|")
            at = (columns["variant"] == f"{chrom}:{pos}:{ref}:{alt}") & (columns["symbol"] == gene)
            deltas = [columns[f"Toy_{track}_delta"][at] for track in ("acceptor", "donor")]
            found = [max(0, (sign * delta).max()) for delta in deltas for sign in (1, -1)]
            assert [f"{value:.2f}" for value in found] == expected[:4]
            n_scores += 1
    assert n_scores == 2 * 5


@pytest.mark.parametrize(("n_of_gap", "n_symbolic"), [(30, 0), (0, 30)], ids=["FASTA", "REF"])
def test_alt__n_says_nothing_of_the_assembly(predict_toy, tmp_path, n_of_gap, n_symbolic):
    """Alleles where the FASTA has N, and symbolic ones with REF N, used to count as mismatches."""
    fasta = builders.write_fasta(tmp_path / "gap.fa", {"chr1": "N" * 50 + "ACGT" * 50})
    right = [("chr1", pos, "A", "C") for pos in range(51, 131, 4)]
    rows = right + [("chr1", pos, "A", "C") for pos in range(11, 11 + n_of_gap)]
    lines = ["\t".join((chrom, str(pos), ".", ref, alt, ".", ".", ".")) for chrom, pos, ref, alt in rows]
    # The END of these is beyond the contig, so that they mismatch although N agrees with any base.
    lines += [f"chr1\t{pos}\t.\tN\t<DEL>\t.\t.\tEND=300" for pos in range(151, 151 + n_symbolic)]
    path = tmp_path / "gap.vcf"
    path.write_text(builders.VCF_HEADER + "\n".join(lines) + "\n")
    result = predict_toy("--alt", path, "-D", "3", "-O", tmp_path / "out.tsv", fasta=fasta)
    assert result.code == 0, result.stderr
    assert "50 alleles\n  20  scored" in result.stderr
    assert "30  with a REF that differs from the FASTA" in result.stderr


def test_alt__a_value_that_is_no_number_is_an_error(predict_toy, vcf, tmp_path, monkeypatch):
    """It used to be written as nan."""
    predict = IncrementalEngine.predict

    def with_nan(self, edits, *more):
        predictions = predict(self, edits, *more)
        predictions[-1].alt[-1] = np.nan
        return predictions

    monkeypatch.setattr(IncrementalEngine, "predict", with_nan)
    result = predict_toy("--alt", vcf, "-D", "5", "-O", tmp_path / "out.tsv")
    assert result.code == 1
    assert "the networks gave no number for chr2:300" in result.stderr
    assert "out.tsv" not in names(tmp_path)


def test_alt__transcripts_that_look_the_same_are_computed_once(predict_toy, genome, tmp_path, monkeypatch):
    predict, n_edits = IncrementalEngine.predict, []
    monkeypatch.setattr(
        IncrementalEngine,
        "predict",
        lambda self, edits, *more: n_edits.append(len(edits)) or predict(self, edits, *more),
    )
    # Their ends are farther from the allele than the toy networks see.
    genes = [builders.gene(f"T{i}", "chr1", "+", 100 + i, 800 - i) for i in range(4)]
    annotation = builders.write_table(tmp_path / "same.txt", genes)
    vcf = builders.write_vcf(tmp_path / "one.vcf", [("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450))])
    assert predict_toy("--alt", vcf, "-A", annotation, "-D", "5", "-O", tmp_path / "out.tsv").code == 0
    assert n_edits == [1]
    _, *lines = [line.split("\t") for line in (tmp_path / "out.tsv").read_text().splitlines()]
    assert {line[3] for line in lines} == {"T0", "T1", "T2", "T3"}
    by_gene = [[line[:3] + line[4:] for line in lines if line[3] == f"T{i}"] for i in range(4)]
    assert all(one == by_gene[0] for one in by_gene)


def test_alt__too_little_memory_is_told_before_any_work(predict_toy, vcf, tmp_path):
    result = predict_toy("--alt", vcf, "-D", "10000000", "--memory", "1G", "-O", tmp_path / "out.tsv")
    assert result.code == 2
    assert "1.0 GB is too little for -D 10000000 with alleles of up to 10,000 bp." in result.stderr
