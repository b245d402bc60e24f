"""Reads the other names of a gene from the attributes of GTF and GFF3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_HGNC = "HGNC:"

#: Attributes that hold other names: older symbols, and cross-references, which include the HGNC ID.
ALIAS_KEYS = ("gene_synonym", "gene_alias", "Alias", "hgnc_id", "Dbxref", "db_xref")
_CROSS_REFERENCES = ALIAS_KEYS[-3:]


def read_aliases(values: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Aliases in the order of ``ALIAS_KEYS``, each once.

    >>> read_aliases({"Dbxref": ["GeneID:6261", "HGNC:HGNC:10483", "MIM:180901"], "gene_synonym": ["CCO", "MHS"]})
    ('CCO', 'MHS', 'HGNC:10483')

    Args:
        values: attribute -> its values, for those of ``ALIAS_KEYS`` that the gene has.
    """
    aliases: dict[str, None] = {}
    for key in ALIAS_KEYS:
        for text in values.get(key, ()):
            if key not in _CROSS_REFERENCES:
                aliases[text.strip()] = None
            elif text.startswith(_HGNC):
                # RefSeq writes the prefix twice: once for the database, once as part of the ID.
                aliases[_HGNC + text.removeprefix(_HGNC).removeprefix(_HGNC)] = None
    aliases.pop("", None)
    return tuple(aliases)
