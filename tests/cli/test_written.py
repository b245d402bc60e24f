"""What is written beside scores: fields, layouts, indexes, counts; what becomes of old scores."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path

import pysam
import pytest
from support.records import HEADER, info, vcf_text
from support.written_fields import ALL, LARGEST, RAW, REASON, SCORES

from spliceai_cli.provenance import Provenance
from spliceai_cli.variants.variant import SkipReason

VERSION = Provenance((), {}, {}).version

OLD = "C|OLD|0.10|0.20|0.30|0.40|1|2|3|4"


def header_of(result):
    return [line for line in result.stdout.decode().splitlines() if line.startswith("##")]


@pytest.fixture
def snv(genome):
    """Rows of an SNV at a place."""

    def make(chrom, pos, *info_column):
        return (chrom, pos, genome.base(chrom, pos), genome.other(chrom, pos), *info_column)

    return make


@pytest.fixture
def mixed(genome, snv):
    """One scored, one scored in two genes, a multi-ALT with a score and a reason, one outside, one with another REF."""
    return vcf_text(
        snv("chr1", 200),
        snv("chr1", 450),
        ("chr1", 460, genome.base("chr1", 460), f"{genome.other('chr1', 460)},<DEL>,R", "AC=1,2,3"),
        snv("chr1", 950),
        ("chr2", 100, genome.other("chr2", 100), "A"),
        ("chr2", 150, genome.base("chr2", 150), "."),
    )


# --existing


@pytest.fixture
def annotated(snv, genome):
    """A record with scores, one without, one outside genes with scores, one with another key of ours alone."""
    return vcf_text(
        snv("chr1", 200, f"AC=1;SpliceAI={genome.other('chr1', 200)}{OLD[1:]}"),
        snv("chr1", 210),
        snv("chr1", 950, f"SpliceAI={OLD};SpliceAI_DS_max=0.40"),
        snv("chr1", 220, "SpliceAI_SKIP=outside"),
    )


def test_existing_overwrite__is_the_default(annotate_toy, annotated):
    default = annotate_toy(stdin=annotated)
    assert annotate_toy("--existing", "overwrite", stdin=annotated).stdout == default.stdout
    first, second, outside, fourth = map(info, default.records)
    assert first["AC"] == "1"
    assert "PLUS" in first["SpliceAI"]
    assert "OLD" not in first["SpliceAI"]
    # An old score of what now has none goes, as do our other keys.
    assert outside == {}
    assert (list(second), list(fourth)) == (["SpliceAI"], ["SpliceAI"])


def test_existing_keep__leaves_records_with_scores_as_they_came(annotate_toy, annotated):
    kept = annotate_toy("--existing", "keep", stdin=annotated)
    fresh = annotate_toy(stdin=annotated)
    lines = [line.split("\t") for line in annotated.decode().splitlines() if not line.startswith("#")]
    assert kept.code == 0
    assert [kept.records[0], kept.records[2]] == [lines[0], lines[2]]
    assert [kept.records[1], kept.records[3]] == [fresh.records[1], fresh.records[3]]
    assert "  2  scored (2 allele×gene scores)\n  2  already scored (kept)" in kept.stderr


def test_existing_keep__declares_what_it_keeps(annotate_toy, snv, tmp_path):
    """The line of a key that a kept record has used to go, so that the output could not become BCF."""
    first = annotate_toy("--ds-max", "--raw", stdin=vcf_text(snv("chr1", 200)))
    more = (
        first.stdout
        + "\t".join(map(str, (*snv("chr1", 210)[:2], ".", *snv("chr1", 210)[2:], ".", ".", ".\n"))).encode()
    )
    kept = annotate_toy("--existing", "keep", stdin=more)
    assert kept.records[0] == first.records[0]
    declared = [line for line in header_of(kept) if line.startswith("##INFO=<ID=SpliceAI")]
    assert declared == [field.header_line for field in (SCORES, LARGEST, RAW)]
    to_bcf = annotate_toy("--existing", "keep", "-O", tmp_path / "out.bcf", stdin=more)
    assert (to_bcf.code, (tmp_path / "out.bcf").exists()) == (0, True), to_bcf.stderr


def test_existing_keep__an_empty_value_is_no_score(annotate_toy, snv):
    """SpliceAI=. is VCF for a missing value; such a record used to be kept without scores."""
    result = annotate_toy("--existing", "keep", stdin=vcf_text(snv("chr1", 200, "SpliceAI=.")))
    assert "PLUS" in info(result.records[0])["SpliceAI"]


def test_existing_keep__is_not_called_unscored(annotate_toy, annotated):
    """-v names what could not be scored; it used to name every record that was kept."""
    said = annotate_toy("--existing", "keep", "-v", stdin=annotated).stderr
    assert "unscored" not in said


def test_existing_keep__of_our_own_output_is_the_same(annotate_toy, mixed):
    once = annotate_toy("--ds-max", "--explain", stdin=mixed)
    again = annotate_toy("--ds-max", "--explain", "--existing", "keep", stdin=once.stdout)
    assert again.stdout == once.stdout


def test_existing_keep__scores_anew_where_an_allele_has_no_score(annotate_toy, genome):
    """G was left without a score, and counted as kept."""
    pos, base = 200, genome.base("chr1", 200)
    first, second = [other for other in "ACGT" if other != base][:2]
    [old] = annotate_toy(stdin=vcf_text(("chr1", pos, base, first))).records
    both = annotate_toy(stdin=vcf_text(("chr1", pos, base, f"{first},{second}")))
    value = info(old)["SpliceAI"]
    again = annotate_toy(
        "--existing", "keep", stdin=vcf_text(("chr1", pos, base, f"{first},{second}", f"SpliceAI={value}"))
    )
    assert again.records == both.records
    assert "  2  scored" in again.stderr
    # What cannot be scored need not be named, and has its own reason.
    row = ("chr1", pos, base, f"{first.lower()},*,<NON_REF>", f"SpliceAI={value}")
    kept = annotate_toy("--existing", "keep", "--explain", stdin=vcf_text(row))
    assert info(kept.records[0]) == {"SpliceAI": value}
    assert "1  already scored (kept)" in kept.stderr
    assert "2  with a symbolic" in kept.stderr
    # Values that are about other alleles, as after splitting a record.
    other = annotate_toy("--existing", "keep", stdin=vcf_text(("chr1", pos, base, second, f"SpliceAI={value}")))
    assert info(other.records[0])["SpliceAI"].startswith(f"{second}|")
    # No allele can be scored: as it came.
    for alt in (".", "*"):
        row = ("chr1", pos, base, alt, f"SpliceAI={value}")
        same = annotate_toy("--existing", "keep", stdin=vcf_text(row))
        assert info(same.records[0]) == {"SpliceAI": value}
        assert "1  already scored (kept)" in same.stderr


def test_existing_error__stops_at_the_first(annotate_toy, annotated, tmp_path):
    path = tmp_path / "in.vcf"
    path.write_bytes(annotated)
    result = annotate_toy("--existing", "error", "-I", path, "-O", tmp_path / "out.vcf")
    line = annotated[: annotated.index(b"SpliceAI=")].count(b"\n") + 1
    assert result.code == 1
    assert result.stderr == (
        f"Error: {path}, line {line} already has INFO/SpliceAI.\nHint: Choose --existing overwrite or keep.\n"
    )
    assert not (tmp_path / "out.vcf").exists()


def test_existing_error__is_none_without_scores(annotate_toy, mixed):
    result = annotate_toy("--existing", "error", stdin=mixed)
    assert (result.code, result.stdout) == (0, annotate_toy(stdin=mixed).stdout)


# INFO fields


def test_ds_max__is_the_largest_of_each_alt_over_all_genes(annotate_toy, mixed):
    result = annotate_toy("--ds-max", stdin=mixed)
    assert LARGEST.header_line in header_of(result)
    for record in map(info, result.records):
        by_allele = {}
        for text in filter(None, record.get("SpliceAI", "").split(",")):
            allele, _, *numbers = text.split("|")
            by_allele.setdefault(allele, []).extend(numbers[:4])
        if not by_allele:
            assert "SpliceAI_DS_max" not in record
            continue
        expected = [max(values, key=float) for values in by_allele.values()]
        assert [value for value in record["SpliceAI_DS_max"].split(",") if value != "."] == expected
    both, multi = info(result.records[1]), info(result.records[2])
    assert both["SpliceAI"].count(",") == 1
    assert "," not in both["SpliceAI_DS_max"]
    assert multi["SpliceAI_DS_max"].split(",")[1:] == [".", "."]


def test_raw__explains_the_scores(annotate_toy, mixed):
    result = annotate_toy("--raw", stdin=mixed)
    assert RAW.header_line in header_of(result)
    n_compared = 0
    for record in map(info, result.records):
        assert ("SpliceAI_RAW" in record) == ("SpliceAI" in record)
        pairs = zip(record.get("SpliceAI", "").split(","), record.get("SpliceAI_RAW", "").split(","), strict=True)
        for score, raw in pairs:
            if not score:
                continue
            allele, symbol, *numbers = score.split("|")
            assert raw.split("|")[:2] == [allele, symbol]
            ref_alt = [float(value) for value in raw.split("|")[2:]]
            assert len(ref_alt) == 8
            for i, sign in enumerate((1, -1, 1, -1)):
                change = sign * (ref_alt[2 * i + 1] - ref_alt[2 * i])
                assert abs(max(0, change) - float(numbers[i])) <= 0.005 + 1e-4
                n_compared += 1
    assert n_compared == 4 * 5


def test_explain__says_why(annotate_toy, mixed):
    result = annotate_toy("--explain", stdin=mixed)
    assert REASON.header_line in header_of(result)
    reasons = [info(record).get("SpliceAI_SKIP") for record in result.records]
    assert reasons == [None, None, ".,symbolic,alt-letters", "outside", "ref-mismatch", "no-alt"]


def test_fields__stand_in_one_order_and_change_no_score(annotate_toy, mixed):
    plain = annotate_toy(stdin=mixed)
    full = annotate_toy("--explain", "--raw", "--ds-max", "--transcript-id", "--consequence", stdin=mixed)
    keys = [field.key for field in ALL]
    for one, other in zip(plain.records, full.records, strict=True):
        assert info(one).get("SpliceAI") == info(other).get("SpliceAI")
        assert [key for key in info(other) if key in keys] == [key for key in keys if key in info(other)]
    assert [line for line in header_of(full) if line.startswith("##INFO=<ID=SpliceAI")] == [
        field.header_line for field in ALL
    ]
    # Without the options neither the fields nor their lines are there, whatever the input had.
    assert annotate_toy(stdin=full.stdout).stdout == plain.stdout


def test_fields__are_declared_for_bcf(annotate_toy, mixed, tmp_path):
    path = tmp_path / "out.bcf"
    result = annotate_toy("--explain", "--raw", "--ds-max", "-O", path, stdin=mixed)
    assert result.code == 0, result.stderr
    with pysam.VariantFile(str(path)) as bcf:
        records = list(bcf)
    assert records[0].info["SpliceAI_DS_max"][0] >= 0
    assert records[2].info["SpliceAI_SKIP"][1:] == ("symbolic", "alt-letters")
    assert len(records[1].info["SpliceAI_RAW"]) == 2


# Layouts


def test_precomputed__is_what_was_scored_line_by_line(annotate_toy, mixed):
    usual, result = annotate_toy(stdin=mixed), annotate_toy("--layout", "precomputed", stdin=mixed)
    assert result.code == 0, result.stderr
    expected = []
    for record in usual.records:
        for score in filter(None, info(record).get("SpliceAI", "").split(",")):
            expected.append([*record[:2], ".", record[3], score.split("|")[0], ".", ".", f"SpliceAI={score}"])
    assert len(expected) == 5
    assert result.records == expected
    ours = [line for line in header_of(usual) if "SpliceAI" in line]
    contigs = [line for line in header_of(usual) if line.startswith("##contig")]
    assert header_of(result) == ["##fileformat=VCFv4.2", *contigs, *ours]
    assert result.stdout.decode().splitlines()[5] == "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


@pytest.mark.parametrize("name", ["out.vcf.gz", "out.bcf"])
def test_precomputed__can_be_looked_up(annotate_toy, mixed, tmp_path, name):
    kind = "tbi" if name.endswith(".gz") else "csi"
    result = annotate_toy("--layout", "precomputed", "--write-index", kind, "-O", tmp_path / name, stdin=mixed)
    assert result.code == 0, result.stderr
    with pysam.VariantFile(str(tmp_path / name)) as found:
        symbols = [record.info["SpliceAI"][0].split("|")[1] for record in found.fetch("chr1", 449, 450)]
    assert symbols == ["PLUS", "MINUS"]


def test_tsv__is_a_table_of_scores_and_reasons(annotate_toy, mixed):
    usual, result = annotate_toy(stdin=mixed), annotate_toy("--layout", "tsv", stdin=mixed)
    assert annotate_toy("--tsv", stdin=mixed).stdout == result.stdout
    heading, *lines = [line.split("\t") for line in result.stdout.decode().splitlines()]
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    assert heading[:9] == ["CHROM", "POS", "ID", "REF", "ALT", "SYMBOL", "GENE_ID", "TRANSCRIPT_ID", "STRAND"]
    assert heading[17:] == ["MAX_SCORE", "REASON", "MODEL_KEY"]
    scores = [score for record in usual.records for score in info(record).get("SpliceAI", "").split(",") if score]
    assert [
        "|".join((row["ALT"], row["SYMBOL"], *list(row.values())[9:17])) for row in rows if row["REASON"] == "."
    ] == scores
    assert [
        (row["POS"], row["ALT"], row["SYMBOL"], row["MAX_SCORE"], row["REASON"]) for row in rows if row["REASON"] != "."
    ] == [
        ("460", "<DEL>", ".", ".", "symbolic"),
        ("460", "R", ".", ".", "alt-letters"),
        ("950", rows[-3]["ALT"], ".", ".", "outside"),
        ("100", "A", ".", ".", "ref-mismatch"),
        ("150", ".", ".", ".", "no-alt"),
    ]
    for row in rows:
        if row["REASON"] == ".":
            assert row["MAX_SCORE"] == max((row[f"DS_{kind}"] for kind in ("AG", "AL", "DG", "DL")), key=float)


def test_tsv__by_name_is_compressed(annotate_toy, mixed, tmp_path):
    annotate_toy("--tsv", "-O", tmp_path / "out.tsv.gz", stdin=mixed)
    assert gzip.decompress((tmp_path / "out.tsv.gz").read_bytes()) == annotate_toy("--tsv", stdin=mixed).stdout


@pytest.mark.parametrize("layout", ["precomputed", "tsv"])
def test_layout__of_a_header_alone_is_its_heading(annotate_toy, layout):
    result = annotate_toy("--layout", layout, stdin=HEADER.encode())
    assert (result.code, result.stdout.splitlines()[-1].split(b"\t")[-1]) == (
        0,
        b"MODEL_KEY" if layout == "tsv" else b"INFO",
    )


# --stats


def test_stats__counts_add_up_under_stable_keys(annotate_toy, mixed, tmp_path):
    result = annotate_toy("--stats", tmp_path / "stats.json", "-D", "20", "-M", "2", stdin=mixed)
    assert result.code == 0, result.stderr
    stats = json.loads((tmp_path / "stats.json").read_text())
    assert list(stats) == ["records", "alleles", "scored", "scores", "reasons", "origins"]
    assert list(stats["reasons"]) == [reason.code for reason in SkipReason]
    assert list(stats["reasons"]) == [
        "no-alt", "symbolic", "contig", "outside", "ref-mismatch", "too-long", "alt-letters", "compat", "kept",
    ]  # fmt: skip
    assert (stats["records"], stats["alleles"], stats["scored"], stats["scores"]) == (6, 8, 3, 5)
    assert stats["scored"] + sum(stats["reasons"].values()) == stats["alleles"]
    named = {code: n for code, n in stats["reasons"].items() if n}
    assert named == {"no-alt": 1, "symbolic": 1, "outside": 1, "ref-mismatch": 1, "alt-letters": 1}
    texts = [info(record).get("SpliceAI", "").split(",") for record in result.records]
    assert stats["scores"] == len([text for of_record in texts for text in of_record if text])
    [origin] = stats["origins"]
    assert (origin["version"], origin["distance"], origin["mask"], origin["normalize"]) == (VERSION, 20, 2, False)
    provenance = next(line for line in header_of(result) if line.startswith("##spliceai-annotate="))
    assert all(f'="{value}"' in provenance for name, value in origin.items() if name.endswith("sha256"))


def test_stats__are_the_same_for_every_layout_and_count_what_was_kept(annotate_toy, mixed, annotated, tmp_path):
    found = []
    for layout in ("vcf", "precomputed", "tsv"):
        annotate_toy("--stats", tmp_path / "s.json", "--layout", layout, "-q", stdin=mixed)
        found.append((tmp_path / "s.json").read_bytes())
    assert len(set(found)) == 1
    annotate_toy("--stats", tmp_path / "s.json", "--existing", "keep", stdin=annotated)
    stats = json.loads((tmp_path / "s.json").read_text())
    assert (stats["alleles"], stats["scored"], stats["reasons"]["kept"]) == (4, 2, 2)


def test_stats__of_a_header_alone_are_zero(annotate_toy, tmp_path):
    annotate_toy("--stats", tmp_path / "s.json", stdin=HEADER.encode())
    stats = json.loads((tmp_path / "s.json").read_text())
    assert (stats["records"], stats["alleles"], stats["scored"], sum(stats["reasons"].values())) == (0, 0, 0, 0)


def test_stats__are_written_when_strict_fails(annotate_toy, mixed, tmp_path):
    result = annotate_toy("--stats", tmp_path / "s.json", "--strict", stdin=mixed)
    assert result.code == 1
    assert json.loads((tmp_path / "s.json").read_text())["reasons"]["ref-mismatch"] == 1


def test_stats__of_a_failure_are_the_older_ones(annotate_toy, annotated, tmp_path):
    (tmp_path / "s.json").write_text("older")
    result = annotate_toy("--stats", tmp_path / "s.json", "--existing", "error", stdin=annotated)
    assert (result.code, (tmp_path / "s.json").read_text()) == (1, "older")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_stats__nowhere_is_told_before_the_work(annotate_toy, mixed, tmp_path):
    """It used to be told when all was scored and the output written, and a run of hours looked failed."""
    nowhere = tmp_path / "nowhere" / "s.json"
    result = annotate_toy("--stats", nowhere, "-O", tmp_path / "out.vcf", stdin=mixed)
    assert result.code == 1
    assert f"--stats {nowhere} cannot be written: No such file or directory." in result.stderr
    assert not (tmp_path / "out.vcf").exists()


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "older"])
def test_stats__are_not_the_output(annotate_toy, mixed, tmp_path, is_there):
    """A new name given twice used to end as JSON, with the scores lost."""
    path = tmp_path / "out.vcf"
    if is_there:
        path.write_text("older")
    result = annotate_toy("--stats", path, "-O", path, stdin=mixed)
    assert result.code == 2
    assert "--stats and -O are the same file" in result.stderr
    assert path.exists() == is_there


@pytest.mark.parametrize("which", ["-I", "-R", "-A"])
def test_stats__are_not_an_input(annotate_toy, mixed, genome, tmp_path, which):
    """An input given as --stats used to be replaced by JSON."""
    path = tmp_path / "in.vcf"
    path.write_bytes(mixed)
    target = {"-I": path, "-R": genome.fasta, "-A": genome.table}[which]
    before = target.read_bytes()
    result = annotate_toy("-I", path, "--stats", target)
    assert result.code == 2
    assert target.read_bytes() == before


def test_stats__to_a_pipe_leaves_it_a_pipe(annotate_toy, mixed, tmp_path):
    """A FIFO, and as root even /dev/null, used to be replaced by a file."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    got = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()), daemon=True)
    reader.start()
    result = annotate_toy("--stats", fifo, stdin=mixed)
    reader.join(timeout=10)
    assert result.code == 0
    assert fifo.is_fifo()
    assert json.loads(got[0])["alleles"] == 8


# --write-index


@pytest.fixture
def sorted_vcf(genome, snv):
    """Records over both contigs, one of which reaches further by its REF."""
    rows = [snv("chr1", pos) for pos in range(110, 890, 60)]
    rows.insert(3, ("chr1", 240, genome.base("chr1", 240, 40), genome.base("chr1", 240)))
    return vcf_text(*rows, snv("chr2", 100), snv("chr2", 200))


def pos_between(path, first, last):
    with pysam.VariantFile(str(path)) as found:
        return [record.pos for record in found.fetch("chr1", first - 1, last)]


@pytest.mark.parametrize(("name", "kind"), [("out.vcf.gz", "tbi"), ("out.vcf.gz", "csi"), ("out.bcf", "csi")])
def test_write_index__is_beside_the_file_and_finds_records(annotate_toy, sorted_vcf, tmp_path, name, kind):
    path = tmp_path / name
    result = annotate_toy("--write-index", kind, "-O", path, stdin=sorted_vcf)
    assert result.code == 0, result.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(("out", "."))) == [name, f"{name}.{kind}"]
    # 240 deletes up to 279.
    assert pos_between(path, 270, 300) == [240, 290]
    assert pos_between(path, 1, 100) == []
    with pysam.VariantFile(str(path)) as found:
        assert [record.pos for record in found.fetch("chr2")] == [100, 200]
        assert all("SpliceAI" in record.info for record in found.fetch("chr1"))
    if name.endswith(".gz"):
        with pysam.TabixFile(str(path), index=f"{path}.{kind}") as tabix:
            lines = list(tabix.fetch("chr1", 269, 300))
        assert [line.split("\t")[1] for line in lines] == ["240", "290"]
        assert gzip.decompress(path.read_bytes()) == annotate_toy(stdin=sorted_vcf).stdout


@pytest.mark.parametrize("name", ["out.vcf.gz", "out.bcf"])
@pytest.mark.parametrize("words", [("--write-index",), ("--write-index=csi",)], ids=["alone", "="])
def test_write_index__without_a_word_is_csi_as_in_bcftools(annotate_toy, sorted_vcf, tmp_path, name, words):
    # "Option '--write-index' requires an argument."
    path = tmp_path / name
    result = annotate_toy(*words, "-O", path, stdin=sorted_vcf)
    assert result.code == 0, result.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("out")) == [name, f"{name}.csi"]
    assert pos_between(path, 270, 300) == [240, 290]


def test_write_index__is_used_by_regions(annotate_toy, sorted_vcf, tmp_path):
    path = tmp_path / "out.vcf.gz"
    annotate_toy("--write-index", "tbi", "-O", path, stdin=sorted_vcf)
    (path.with_name("copy.vcf")).write_bytes(gzip.decompress(path.read_bytes()))
    by_index = annotate_toy("-I", path, "-r", "chr1:270-300")
    assert [record[1] for record in by_index.records] == ["240", "290"]
    assert by_index.stdout == annotate_toy("-I", path.with_name("copy.vcf"), "-r", "chr1:270-300").stdout


def test_write_index__replaces_an_older_one(annotate_toy, sorted_vcf, tmp_path):
    path, index = tmp_path / "out.vcf.gz", tmp_path / "out.vcf.gz.tbi"
    path.write_text("older")
    index.write_text("older")
    assert annotate_toy("--write-index", "tbi", "-O", path, stdin=sorted_vcf).code == 0
    assert pos_between(path, 270, 300) == [240, 290]
    assert index.stat().st_mtime_ns >= path.stat().st_mtime_ns


def test_write_index__removes_one_of_the_other_kind(annotate_toy, sorted_vcf, tmp_path):
    """htslib prefers a .csi, so the one of the file that was there before was used on the new file."""
    path = tmp_path / "out.vcf.gz"
    for kind, other in (("csi", "tbi"), ("tbi", "csi")):
        assert annotate_toy("--write-index", kind, "-O", path, stdin=sorted_vcf).code == 0
        assert (Path(f"{path}.{kind}").exists(), Path(f"{path}.{other}").exists()) == (True, False)


def test_write_index__of_a_header_alone(annotate_toy, tmp_path):
    path = tmp_path / "out.vcf.gz"
    assert annotate_toy("--write-index", "tbi", "-O", path, stdin=HEADER.encode()).code == 0
    assert Path(f"{path}.tbi").exists()


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "older"])
@pytest.mark.parametrize(("name", "kind"), [("out.vcf.gz", "tbi"), ("out.vcf.gz", "csi"), ("out.bcf", "csi")])
@pytest.mark.parametrize("how", ["positions", "contigs"])
def test_write_index__of_unsorted_records_fails_and_leaves_nothing(
    annotate_toy, snv, tmp_path, name, kind, how, is_there
):
    places = [("chr1", 300), ("chr1", 200)] if how == "positions" else [("chr1", 300), ("chr2", 5), ("chr1", 400)]
    path = tmp_path / name
    index = Path(f"{path}.{kind}")
    if is_there:
        path.write_text("older")
        index.write_text("older index")
    result = annotate_toy("--write-index", kind, "-O", path, stdin=vcf_text(*(snv(*place) for place in places)))
    assert result.code == 1
    assert result.stdout == b""
    assert result.stderr.startswith(f"Error: htslib cannot make a .{kind} index: the records are not sorted")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    if is_there:
        assert (path.read_text(), index.read_text()) == ("older", "older index")
    else:
        assert (path.exists(), index.exists()) == (False, False)


def test_write_index__of_a_link_is_found_through_the_link(annotate_toy, sorted_vcf, tmp_path):
    """The index used to lie beside the file that the link leads to, where nothing looks for it."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "real.vcf.gz").touch()
    link = tmp_path / "link.vcf.gz"
    link.symlink_to(tmp_path / "store" / "real.vcf.gz")
    assert annotate_toy("--write-index", "tbi", "-O", link, stdin=sorted_vcf).code == 0
    assert link.is_symlink()
    assert pos_between(link, 270, 300) == [240, 290]


def test_write_index__of_a_pipe_is_wrong_usage(annotate_toy, sorted_vcf, tmp_path):
    """No index was written, and nothing said so."""
    fifo = tmp_path / "out.vcf.gz"
    os.mkfifo(fifo)
    # Held open at both ends, so that opening it waits for nobody; the output fits in the pipe.
    held = os.open(fifo, os.O_RDWR)
    try:
        result = annotate_toy("--write-index", "tbi", "-O", fifo, stdin=sorted_vcf)
    finally:
        os.close(held)
    assert result.code == 2
    assert "--write-index needs" in result.stderr


# Combinations that make no sense: wrong usage, nothing read or written.
WRONG = {
    "ds-max-precomputed": (["--ds-max", "--layout", "precomputed"], "--ds-max adds an INFO field"),
    "raw-precomputed": (["--raw", "--layout", "precomputed"], "--raw adds an INFO field"),
    "explain-precomputed": (["--explain", "--layout", "precomputed"], "--explain adds an INFO field"),
    "tsv-bcf": (["--tsv", "--output-type", "b"], "a table cannot be BCF"),
    "tsv-bare-bcf": (["--tsv", "--output-type", "u"], "a table cannot be BCF"),
    "tsv-bcf-name": (["--tsv", "-O", "DIR/out.bcf"], "is the name of BCF, but --tsv is given."),
    "tsv-precomputed": (["--tsv", "--layout", "precomputed"], "--tsv"),
    "index-stdout": (["--write-index", "tbi", "--output-type", "z"], "--write-index needs a compressed"),
    "index-dev-stdout": (["--write-index", "tbi", "-O", "/dev/stdout", "--output-type", "z"], "--write-index needs"),
    "index-text": (["--write-index", "tbi", "-O", "DIR/out.vcf"], "--write-index needs a compressed"),
    "index-bare-bcf": (["--write-index", "csi", "-O", "DIR/out.bcf", "--output-type", "u"], "--write-index needs"),
    "index-tsv": (["--write-index", "tbi", "-O", "DIR/out.gz", "--tsv"], "--write-index needs a compressed"),
    "tbi-bcf": (["--write-index", "tbi", "-O", "DIR/out.bcf"], "csi"),
    "index-kind": (["--write-index", "bai", "-O", "DIR/out.vcf.gz"], "'bai' is not one of"),
    "existing": (["--existing", "merge"], "'merge' is not one of"),
    "layout": (["--layout", "csv"], "'csv' is not one of"),
    "normalize-compat": (["--normalize", "--compat", "1.3.1"], "normalize or compat, not both"),
    "max-sv-length": (["--max-sv-length", "-1"], "'-1' is not a whole number, 0 or more."),
}


@pytest.mark.parametrize(("options", "said"), WRONG.values(), ids=WRONG)
def test_wrong_combination__is_wrong_usage(annotate_toy, mixed, tmp_path, options, said):
    options = [option.replace("DIR", str(tmp_path)) for option in options]
    before = sorted(tmp_path.iterdir())
    result = annotate_toy(*options, stdin=mixed)
    assert (result.code, result.stdout) == (2, b"")
    assert said in result.stderr
    assert [path for path in sorted(tmp_path.iterdir()) if path.suffix != ".fai"] == before
