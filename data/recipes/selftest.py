"""The known answers of ``spliceai-cli selftest``, computed by the published Keras networks.

Needs TensorFlow with Keras 2 and NumPy, not this package, so that the answers are independent of it:

    python data/recipes/selftest.py FASTA TABLE KERAS

FASTA is what ``data/recipes/chr19.py`` prints; TABLE the ``grch38.txt`` and KERAS the folder of ``spliceai{1..5}.h5``
of spliceai 1.3.1. Writes ``selftest.fa`` with its index, ``selftest.genes.txt`` and ``selftest.json`` into
``spliceai_cli/resources``, and ``selftest.vcf`` with the same variants into the current folder, to put before spliceai
1.3.1 itself:

    spliceai -I selftest.vcf -R selftest.fa -A selftest.genes.txt -D 50 -M 0
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

RESOURCES = Path(__file__).resolve().parents[2] / "spliceai_cli" / "resources"
DISTANCE = 50
FLANK = 5000  # bp that the networks need on each side of a scored base
LINE = 60
COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


class Cut(NamedTuple):
    """A piece of chr19 that becomes a contig, with the gene on it.

    ``start`` and ``end`` are 0-based half-open on chr19.
    """

    contig: str
    symbol: str
    start: int
    end: int


class Case(NamedTuple):
    """A variant in coordinates of chr19."""

    contig: str
    pos: int
    ref: str
    alt: str


class Transcript(NamedTuple):
    """A row of the gene table, in coordinates of its contig; 0-based half-open."""

    contig: str
    symbol: str
    strand: str
    start: int
    end: int
    exons: tuple[tuple[int, int], ...]


# LDLR reaches over both ends of its contig; GAMT lies inside, so that N outside a gene is tested too.
CUTS = (Cut("plus", "LDLR", 11_107_500, 11_119_500), Cut("minus", "GAMT", 1_393_600, 1_405_600))
CASES = (
    Case("plus", 11_113_307, "C", "A"),  # c.1216C>A, makes an acceptor
    Case("plus", 11_113_450, "G", "A"),  # c.1358+1G>A
    Case("plus", 11_113_767, "G", "A"),  # c.1586+5G>A, weak
    Case("plus", 11_113_530, "CTCAG", "C"),  # takes the acceptor of exon 10 away
    Case("plus", 11_113_449, "G", "GGTAAGT"),  # a second donor in tandem
    Case("minus", 1_399_793, "C", "T"),  # c.327G>A, last base of an exon
    Case("minus", 1_399_587, "C", "CTA"),  # moves an acceptor away from its exon
    Case("minus", 1_399_899, "GC", "G"),  # inside an exon, weak
)


def main(fasta: Path, table: Path, keras: Path) -> None:
    """Write the four files."""
    chromosome = "".join(fasta.read_text("ascii").split("\n")[1:]).upper()
    contigs = {cut.contig: chromosome[cut.start : cut.end] for cut in CUTS}
    transcripts = {cut.contig: read_transcript(table, cut) for cut in CUTS}
    # No optimiser is stored with the networks, hence compile=False.
    networks = [tf.keras.models.load_model(keras / f"spliceai{i}.h5", compile=False) for i in range(1, 6)]

    answers, records = [], []
    for case in CASES:
        start = next(cut.start for cut in CUTS if cut.contig == case.contig)
        local = case._replace(pos=case.pos - start)
        scores, offsets = score(contigs[local.contig], transcripts[local.contig], local, networks)
        answers.append({"variant": list(local), "scores": scores, "offsets": offsets})
        records.append("\t".join((local.contig, str(local.pos), ".", local.ref, local.alt, ".", ".", ".")))

    write_fasta(contigs)
    write_table(list(transcripts.values()))
    provenance = (
        "Cut from GRCh38 chr19: "
        + ", ".join(f"{cut.contig} = {cut.start + 1}-{cut.end} ({cut.symbol})" for cut in CUTS)
        + ". Scores by the five Keras networks of spliceai 1.3.1, mean of float32 outputs, TensorFlow "
        f"{tf.__version__} on a CPU, negative ones set to 0; made by data/recipes/selftest.py. Rounded, they are what "
        "spliceai 1.3.1 prints."
    )
    write_json(provenance, answers)
    header = "##fileformat=VCFv4.2\n" + "".join(f"##contig=<ID={n},length={len(s)}>\n" for n, s in contigs.items())
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    Path("selftest.vcf").write_text(header + columns + "\n".join(records) + "\n", "ascii")


def read_transcript(table: Path, cut: Cut) -> Transcript:
    """The gene of ``cut``, clipped to it; an exon that is not wholly inside goes."""
    row = next(fields for fields in map(str.split, table.read_text("utf-8").splitlines()) if fields[0] == cut.symbol)
    starts, ends = ([int(pos) for pos in column.rstrip(",").split(",")] for column in row[5:7])
    inside = [(s, e) for s, e in zip(starts, ends, strict=True) if s >= cut.start and e <= cut.end]
    return Transcript(
        contig=cut.contig,
        symbol=cut.symbol,
        strand=row[2],
        start=max(int(row[3]), cut.start) - cut.start,
        end=min(int(row[4]), cut.end) - cut.start,
        exons=tuple((s - cut.start, e - cut.start) for s, e in inside),
    )


def score(
    contig: str, transcript: Transcript, case: Case, networks: Sequence[tf.keras.Model]
) -> tuple[list[float], list[int]]:
    """Acceptor gain and loss, donor gain and loss of an SNV, an insertion or a deletion, each with its offset."""
    centre = case.pos - 1
    assert contig[centre : centre + len(case.ref)] == case.ref, case
    sequence = "".join(base if transcript.start <= i < transcript.end else "N" for i, base in enumerate(contig))
    reach = FLANK + DISTANCE
    left, right = sequence[centre - reach : centre], sequence[centre + len(case.ref) : centre + reach + 1]
    assert len(left) == reach, case
    ref = predict(left + case.ref + right, transcript.strand, networks)
    alt = predict(left + case.alt + right, transcript.strand, networks)

    # Lay ALT on the positions of REF: POS is at DISTANCE in both.
    n_ref, n_alt = len(case.ref), len(case.alt)
    tail = alt[DISTANCE + n_alt :]
    if n_alt > 1:
        middle = alt[DISTANCE : DISTANCE + n_alt].max(axis=0, keepdims=True)
    else:
        middle = np.concatenate([alt[DISTANCE : DISTANCE + 1], np.zeros((n_ref - 1, 3), np.float32)])
    aligned = np.concatenate([alt[:DISTANCE], middle, tail])
    assert aligned.shape == ref.shape == (2 * DISTANCE + 1, 3), case

    scores, offsets = [], []
    for channel in (1, 2):
        for difference in (aligned[:, channel] - ref[:, channel], ref[:, channel] - aligned[:, channel]):
            # argmax takes the first of equals, which is the lowest coordinate.
            i = int(difference.argmax())
            scores.append(round(max(float(difference[i]), 0.0), 7))
            offsets.append(i - DISTANCE)
    return scores, offsets


def predict(sequence: str, strand: str, networks: Sequence[tf.keras.Model]) -> np.ndarray:
    """Mean probabilities (scored bases, 3) of a window in genomic order, for a gene on ``strand``."""
    transcribed = sequence if strand == "+" else sequence.translate(COMPLEMENT)[::-1]
    one_hot = np.array([[base == letter for letter in "ACGT"] for base in transcribed], np.float32)
    mean = np.mean([network.predict(one_hot[None], verbose=0)[0] for network in networks], axis=0)
    return mean if strand == "+" else mean[::-1]


def write_fasta(contigs: dict[str, str]) -> None:
    """``selftest.fa`` with an index as samtools makes it."""
    text, index = "", ""
    for name, sequence in contigs.items():
        text += f">{name}\n"
        index += f"{name}\t{len(sequence)}\t{len(text)}\t{LINE}\t{LINE + 1}\n"
        text += "".join(f"{sequence[i : i + LINE]}\n" for i in range(0, len(sequence), LINE))
    (RESOURCES / "selftest.fa").write_text(text, "ascii")
    (RESOURCES / "selftest.fa.fai").write_text(index, "ascii")


def write_table(transcripts: Sequence[Transcript]) -> None:
    """``selftest.genes.txt`` with the trailing commas that spliceai 1.3.1 needs."""
    lines = ["\t".join(("#NAME", "CHROM", "STRAND", "TX_START", "TX_END", "EXON_START", "EXON_END"))]
    for gene in transcripts:
        starts = "".join(f"{start}," for start, _ in gene.exons)
        ends = "".join(f"{end}," for _, end in gene.exons)
        lines.append("\t".join((gene.symbol, gene.contig, gene.strand, str(gene.start), str(gene.end), starts, ends)))
    (RESOURCES / "selftest.genes.txt").write_text("\n".join(lines) + "\n", "ascii")


def write_json(provenance: str, answers: Sequence[dict[str, list]]) -> None:
    """``selftest.json``, one case a line."""
    cases = ",\n".join(f"    {json.dumps(answer)}" for answer in answers)
    (RESOURCES / "selftest.json").write_text(
        f'{{\n  "provenance": {json.dumps(provenance)},\n  "distance": {DISTANCE},\n  "cases": [\n{cases}\n  ]\n}}\n',
        "ascii",
    )


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: python data/recipes/selftest.py FASTA TABLE KERAS")
    main(*map(Path, sys.argv[1:]))
