"""Chooses the transcripts that represent the genes of an annotation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import BoolArray
from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.gene import Gene, is_name
from spliceai_cli.genes.left_out import LeftOut
from spliceai_cli.genes.lookup import check_unambiguous, did_you_mean, find_rows
from spliceai_cli.genes.selection import NameList, Selection
from spliceai_cli.genes.transcripts import (
    ENSEMBL_CANONICAL,
    MANE_PLUS_CLINICAL,
    MANE_SELECT,
    NOT_PRINCIPAL,
    Transcripts,
)
from spliceai_cli.settings.words import ALL, CANONICAL, GENE_IDS, MANE
from spliceai_cli.text import counted

# GENCODE writes .16_8 in annotations lifted to GRCh37, and once wrote .20_PAR_Y.
_VERSION = re.compile(r"\.\d+(?:_\d+)?(?:_PAR_Y)?$")

# Rules for the transcript that represents a gene; the first that applies decides.
_RULES = ("MANE Select", "Ensembl canonical", "APPRIS principal", "longest coding sequence", "longest")


class Selected(NamedTuple):
    """Genes, and how they were chosen.

    Attributes:
        genes: in the order of the annotation.
        rules: canonical rule -> number of genes it decided.
        left_out: genes without the ID that ``--gene-id`` asks for.
        notes: messages for the user.
    """

    genes: tuple[Gene, ...]
    rules: Mapping[str, int]
    left_out: LeftOut
    notes: tuple[str, ...] = ()


def select(transcripts: Transcripts, selection: Selection, name: str) -> Selected:
    """Apply a selection to the transcripts of a GTF or GFF3 file.

    Args:
        transcripts: all transcripts of the annotation.
        selection: which to use.
        name: annotation name, for messages.

    Raises:
        AnnotationError: nothing is left, the file has no MANE tags but MANE is selected, or a listed ID is missing.
    """
    columns = _GeneColumns(transcripts.symbols, transcripts.gene_ids, transcripts.biotypes, transcripts.aliases)
    wanted_genes, notes = _wanted(columns, selection, name)
    wanted = wanted_genes[transcripts.gene]
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
        rows = np.flatnonzero(wanted & _has_listed_id(selection.transcript_list, transcripts.ids, name))
    genes = tuple(transcripts.make_gene(row) for row in rows.tolist())
    return _renamed(genes, rules, selection, name)._replace(notes=notes)


def select_rows(genes: Sequence[Gene], selection: Selection, name: str) -> Selected:
    """Like ``select``, for a gene table, whose rows are already one chosen transcript each.

    Args:
        genes: rows of the table.
        selection: which rows to use.
        name: table name, for messages.

    Raises:
        AnnotationError: as for ``select``, or the table does not have what the selection asks for.
    """
    if selection.transcripts == MANE:
        raise AnnotationError(
            f"{name} is a gene table, which has no MANE tags.",
            "Use GTF or GFF3. A table that genes build made with --transcripts mane is used without the option.",
        )
    columns = _GeneColumns(
        [gene.symbol for gene in genes],
        [gene.gene_id for gene in genes],
        [gene.biotype for gene in genes],
        [gene.aliases for gene in genes],
    )
    wanted, notes = _wanted(columns, selection, name)
    wanted &= _has_listed_id(selection.transcript_list, [gene.transcript_id for gene in genes], name)
    left = [gene for gene, is_wanted in zip(genes, wanted, strict=True) if is_wanted]
    return _renamed(left, {}, selection, name)._replace(notes=notes)


def _renamed(genes: Sequence[Gene], rules: Mapping[str, int], selection: Selection, name: str) -> Selected:
    """Set each gene's symbol to the ID that ``--gene-id`` asks for; leave out genes without it.

    Raises:
        AnnotationError: there are no genes, none has the ID, or the selection is strict and one lacks it.
    """
    if not genes:
        raise AnnotationError(
            f"--transcripts, --genes and --biotypes together leave nothing of {name}.",
            "Leave one of them out, or list names that fit together.",
        )
    if selection.gene_id == GENE_IDS[0]:
        return Selected(tuple(genes), rules, LeftOut())
    left_out = LeftOut()
    bad = [gene for gene in genes if not is_name(getattr(gene, selection.gene_id))]
    if bad and (selection.strict or len(bad) == len(genes)):
        raise AnnotationError(
            f"{name} has no {selection.gene_id} of {bad[0].symbol} that is valid in INFO: "
            f"found '{getattr(bad[0], selection.gene_id)}'.",
            "Leave --gene-id out, or use GTF or GFF3.",
        )
    for gene in bad:
        problem = f"{gene.symbol} has '{getattr(gene, selection.gene_id)}', which is not valid in INFO."
        left_out.add(f"genes without a {selection.gene_id} that is valid in INFO", 0, problem)
    named = ((gene, getattr(gene, selection.gene_id)) for gene in genes)
    renamed = tuple(replace(gene, symbol=text) for gene, text in named if is_name(text))
    return Selected(renamed, rules, left_out)


class _GeneColumns(NamedTuple):
    """Attributes by which genes can be chosen."""

    symbols: Sequence[str]
    gene_ids: Sequence[str]
    biotypes: Sequence[str]
    aliases: Sequence[Sequence[str]]


def _wanted(genes: _GeneColumns, selection: Selection, name: str) -> tuple[BoolArray, tuple[str, ...]]:
    """(genes,) whether ``--genes`` and ``--biotypes`` keep each gene; and notes for the user."""
    wanted = np.ones(len(genes.symbols), dtype=np.bool_)
    if selection.biotypes:
        wanted &= _of_biotypes(genes.biotypes, selection.biotypes, name)
    if selection.gene_list is None:
        return wanted, ()
    is_listed, notes = _is_listed(genes, selection.gene_list, name)
    return wanted & is_listed, notes


def _canonical(transcripts: Transcripts, wanted: BoolArray) -> tuple[NDArray[np.intp], dict[str, int]]:
    """One transcript per gene, and how many genes each rule decided; ties take the first in the file."""
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


def _of_biotypes(biotypes: Sequence[str], chosen: Sequence[str], name: str) -> BoolArray:
    """(genes,) whether each gene has one of the biotypes."""
    known = set(biotypes) - {""}
    unknown = next((biotype for biotype in chosen if biotype not in known), None)
    if unknown is not None:
        raise AnnotationError(
            f"{name} has no genes of biotype '{unknown}'.", f"Its biotypes: {', '.join(sorted(known)) or 'none'}."
        )
    return np.isin(np.array(biotypes), chosen)


def _is_listed(genes: _GeneColumns, listed: NameList, name: str) -> tuple[BoolArray, tuple[str, ...]]:
    """(genes,) whether a list has each gene's symbol, ID (version optional) or alias; and notes on aliases.

    Raises:
        AnnotationError: a listed name is missing, or an alias of several genes.
    """
    names = [{text, unversioned(text), symbol} for text, symbol in zip(genes.gene_ids, genes.symbols, strict=True)]
    rows = find_rows(listed.names, names, genes.aliases)
    _check_all_found(rows, listed, name, genes.symbols)
    is_listed = np.zeros(len(names), dtype=np.bool_)
    notes = []
    for text, matches in rows.items():
        is_listed[matches] = True
        if text not in names[matches[0]]:
            check_unambiguous(text, (genes.symbols[row] for row in matches), name)
            notes.append(f"{listed.path}: {text} is an alias of {genes.symbols[matches[0]]} in {name}.")
    return is_listed, tuple(notes)


def _has_listed_id(listed: NameList | None, ids: Sequence[str], name: str) -> BoolArray:
    """(ids,) whether a list has each ID, with or without its version; all True if there is no list.

    Raises:
        AnnotationError: a listed ID is missing.
    """
    if listed is None:
        return np.ones(len(ids), dtype=np.bool_)
    rows = find_rows(listed.names, [{text, unversioned(text)} for text in ids], ())
    _check_all_found(rows, listed, name, ())
    return np.isin(np.arange(len(ids)), [row for matches in rows.values() for row in matches])


def _check_all_found(rows: Mapping[str, Sequence[int]], listed: NameList, name: str, symbols: Sequence[str]) -> None:
    missing = [text for text, matches in rows.items() if not matches]
    if missing:
        n_of = f"{len(missing):,} of {counted(len(listed.names), 'names')}"
        verb = "is" if len(missing) == 1 else "are"
        raise AnnotationError(
            f"{n_of} in {listed.path} {verb} not in {name}: {', '.join(missing)}.",
            f"{did_you_mean(missing, symbols)}Take them out, or use an annotation that has them.",
        )


def unversioned(text: str) -> str:
    """An ID without its version.

    >>> [unversioned(text) for text in ("ENST00000359596.7", "NM_000540", "ENSG00000134313.16_8")]
    ['ENST00000359596', 'NM_000540', 'ENSG00000134313']
    """
    return _VERSION.sub("", text)
