"""Which transcripts of an annotation stand for its genes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.errors import AnnotationError, UsageError
from spliceai_cli.gene import Gene, is_name
from spliceai_cli.genes.transcripts import (
    ENSEMBL_CANONICAL,
    MANE_PLUS_CLINICAL,
    MANE_SELECT,
    NOT_PRINCIPAL,
    Transcripts,
)

CANONICAL, MANE, ALL = "canonical", "mane", "all"

#: ``--gene-id`` values: what is printed in SYMBOL.
GENE_IDS = ("symbol", "gene_id", "transcript_id")

# GENCODE writes .16_8 in what it lifted to GRCh37, and once wrote .20_PAR_Y.
_VERSION = re.compile(r"\.\d+(?:_\d+)?(?:_PAR_Y)?$")

# Rules for the transcript that stands for a gene, the first that applies.
_RULES = ("MANE Select", "Ensembl canonical", "APPRIS principal", "longest coding sequence", "longest")


@dataclass(frozen=True)
class Selection:
    """What of an annotation is used, and under which names.

    Attributes:
        transcripts: ``canonical``: one a gene; ``mane``: MANE Select and Plus Clinical; ``all``; or the path of a file
            with one transcript ID a line.
        genes: path of a file with one symbol or gene ID a line, or None for all genes.
        biotypes: of the genes, or empty for all.
        gene_id: what is printed as SYMBOL; one of ``GENE_IDS``.

    Raises:
        UsageError: ``gene_id`` is none of them.
    """

    transcripts: str = CANONICAL
    genes: Path | str | None = None
    biotypes: tuple[str, ...] = ()
    gene_id: str = GENE_IDS[0]

    def __post_init__(self) -> None:
        if self.gene_id not in GENE_IDS:
            raise UsageError(f"there is no gene id '{self.gene_id}'; choose from {', '.join(GENE_IDS)}.")

    def origin(self) -> dict[str, str]:
        """What can change scores, for the header; files by their content."""
        chosen = self.transcripts if self.transcripts in (CANONICAL, MANE, ALL) else _digest(self.transcripts)
        return {
            "Transcripts": chosen,
            "Genes": _digest(self.genes) if self.genes is not None else "all",
            "Biotypes": "+".join(sorted(self.biotypes)) or "all",
            "GeneID": self.gene_id,
        }


class Selected(NamedTuple):
    """Genes, and how they were chosen.

    Attributes:
        genes: in the order of the annotation.
        rules: rule of ``canonical`` -> genes that it decided.
    """

    genes: tuple[Gene, ...]
    rules: Mapping[str, int]


def select(transcripts: Transcripts, selection: Selection, name: str) -> Selected:
    """The genes that a selection leaves.

    Args:
        transcripts: of the annotation.
        selection: what is wanted.
        name: of the annotation.

    Raises:
        AnnotationError: nothing is left, MANE is wanted where nothing is tagged so, or IDs that are nowhere.
    """
    wanted = _wanted_genes(transcripts, selection, name)[transcripts.gene]
    rules: dict[str, int] = {}
    if selection.transcripts == CANONICAL:
        rows, rules = _canonical(transcripts, wanted)
    elif selection.transcripts == MANE:
        is_mane = transcripts.tags & (MANE_SELECT | MANE_PLUS_CLINICAL) != 0
        if not is_mane.any():
            raise AnnotationError(
                f"{name} has no MANE tags, so --transcripts mane finds nothing.",
                "Use one that has them (MANE, a recent GENCODE, Ensembl or RefSeq), or --transcripts canonical.",
            )
        rows = np.flatnonzero(wanted & is_mane)
    elif selection.transcripts == ALL:
        rows = np.flatnonzero(wanted)
    else:
        listed = _listed(selection.transcripts, transcripts.ids, name, "transcripts")
        rows = np.flatnonzero(wanted & listed)
    genes = tuple(transcripts.make_gene(row) for row in rows.tolist())
    return Selected(renamed(genes, selection, name), rules)


def select_rows(genes: Sequence[Gene], selection: Selection, name: str) -> Selected:
    """As ``select``, of a gene table: its rows are transcripts that were chosen before.

    Raises:
        AnnotationError: as for ``select``, or the table does not have what the selection asks for.
    """
    if selection.transcripts == MANE:
        raise AnnotationError(
            f"{name} is a gene table, which has no MANE tags.",
            "Use GTF or GFF3, or make the table with --transcripts mane.",
        )
    wanted = np.ones(len(genes), dtype=np.bool_)
    if selection.transcripts not in (CANONICAL, ALL):
        wanted &= _listed(selection.transcripts, [gene.transcript_id for gene in genes], name, "transcripts")
    if selection.biotypes:
        wanted &= _of_biotypes([gene.biotype for gene in genes], selection.biotypes, name)
    if selection.genes is not None:
        names = [*(gene.symbol for gene in genes), *(gene.gene_id for gene in genes)]
        listed = _listed(selection.genes, names, name, "genes")
        wanted &= listed[: len(wanted)] | listed[len(wanted) :]
    left = [gene for gene, is_wanted in zip(genes, wanted, strict=True) if is_wanted]
    return Selected(renamed(left, selection, name), {})


def renamed(genes: Sequence[Gene], selection: Selection, name: str) -> tuple[Gene, ...]:
    """Genes whose symbol is what ``--gene-id`` asks for.

    Raises:
        AnnotationError: no genes, or one without such an ID.
    """
    if not genes:
        raise AnnotationError(
            f"nothing of {name} is left by --transcripts, --genes and --biotypes together.",
            "Leave one of them out, or let the files name what fits together.",
        )
    if selection.gene_id == GENE_IDS[0]:
        return tuple(genes)
    bad = next((gene for gene in genes if not is_name(getattr(gene, selection.gene_id))), None)
    if bad is not None:
        raise AnnotationError(
            f"{name} has no {selection.gene_id} of {bad.symbol} that can stand in INFO: "
            f"found '{getattr(bad, selection.gene_id)}'.",
            "Leave --gene-id out, or use GTF or GFF3.",
        )
    return tuple(replace(gene, symbol=getattr(gene, selection.gene_id)) for gene in genes)


def _wanted_genes(transcripts: Transcripts, selection: Selection, name: str) -> NDArray[np.bool_]:
    """(genes,) what ``--genes`` and ``--biotypes`` leave."""
    wanted = np.ones(len(transcripts.gene_ids), dtype=np.bool_)
    if selection.biotypes:
        wanted &= _of_biotypes(transcripts.biotypes, selection.biotypes, name)
    if selection.genes is not None:
        names = [*transcripts.symbols, *transcripts.gene_ids]
        listed = _listed(selection.genes, names, name, "genes")
        wanted &= listed[: len(wanted)] | listed[len(wanted) :]
    return wanted


def _canonical(transcripts: Transcripts, wanted: NDArray[np.bool_]) -> tuple[NDArray[np.intp], dict[str, int]]:
    """One transcript a gene, and how many genes each rule decided. Of equal ones the first in the file."""
    n_coding, n_exonic = transcripts.coding.lengths(), transcripts.exons.lengths()
    not_select = transcripts.tags & MANE_SELECT == 0
    not_canonical = transcripts.tags & ENSEMBL_CANONICAL == 0
    # The last key is the first to decide.
    order = np.lexsort((-n_exonic, -n_coding, transcripts.appris, not_canonical, not_select, transcripts.gene))
    _, first = np.unique(transcripts.gene[order], return_index=True)
    best = np.sort(order[first])
    best = best[wanted[best]]
    decided = np.select(
        [~not_select[best], ~not_canonical[best], transcripts.appris[best] < NOT_PRINCIPAL, n_coding[best] > 0],
        range(len(_RULES) - 1),
        default=len(_RULES) - 1,
    )
    return best, {rule: n for i, rule in enumerate(_RULES) if (n := int((decided == i).sum()))}


def _of_biotypes(biotypes: Sequence[str], chosen: Sequence[str], name: str) -> NDArray[np.bool_]:
    """(genes,) which genes have one of the biotypes."""
    known = set(biotypes) - {""}
    unknown = next((biotype for biotype in chosen if biotype not in known), None)
    if unknown is not None:
        raise AnnotationError(
            f"{name} has no genes of biotype '{unknown}'.", f"Its biotypes: {', '.join(sorted(known)) or 'none'}."
        )
    return np.isin(np.array(biotypes), chosen)


def _listed(path: Path | str, names: Sequence[str], name: str, what: str) -> NDArray[np.bool_]:
    """(names,) which of the names a file lists, with or without their versions."""
    lines = (line.strip() for line in _read(path).decode("utf-8-sig", "replace").splitlines())
    listed = {line for line in lines if line and not line.startswith("#")}
    if not listed:
        raise AnnotationError(f"{path} lists no {what}.", "Write one a line.")
    missing = sorted(listed.difference(names, map(unversioned, names)))
    if missing:
        raise AnnotationError(
            f"{len(missing)} of {len(listed)} {what} in {path} are not in {name} (first: {missing[0]}).",
            "Take them out, or use an annotation that has them.",
        )
    return np.array([text in listed or unversioned(text) in listed for text in names], dtype=np.bool_)


def unversioned(text: str) -> str:
    """An ID without its version.

    >>> [unversioned(text) for text in ("ENST00000359596.7", "NM_000540", "ENSG00000134313.16_8")]
    ['ENST00000359596', 'NM_000540', 'ENSG00000134313']
    """
    return _VERSION.sub("", text)


def _digest(path: Path | str) -> str:
    return hashlib.sha256(_read(path)).hexdigest()


def _read(path: Path | str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise AnnotationError(
            f"{path} cannot be read: {error.strerror}.",
            "--transcripts takes canonical, mane, all, or a file; --genes takes a file.",
        ) from error
