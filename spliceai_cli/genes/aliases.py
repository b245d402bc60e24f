"""Other names of a gene among the attributes of GTF and GFF3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_HGNC = "HGNC:"

#: Attributes that have other names: older symbols, and cross-references with the HGNC ID among them.
ALIAS_KEYS = ("gene_synonym", "gene_alias", "Alias", "hgnc_id", "Dbxref", "db_xref")
_CROSS_REFERENCES = ALIAS_KEYS[-3:]


def read_aliases(values: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Aliases in the order of ``ALIAS_KEYS``, each once.

    >>> read_aliases({"Dbxref": ["GeneID:6261", "HGNC:HGNC:10483", "MIM:180901"], "gene_synonym": ["CCO", "MHS"]})
    ('CCO', 'MHS', 'HGNC:10483')

    Args:
        values: of those of ``ALIAS_KEYS`` that the gene has.
    """
    found: dict[str, None] = {}
    for key in ALIAS_KEYS:
        for text in values.get(key, ()):
            if key not in _CROSS_REFERENCES:
                found[text.strip()] = None
            elif text.startswith(_HGNC):
                # RefSeq writes the prefix of the database, and that of the ID once more.
                found[_HGNC + text.removeprefix(_HGNC).removeprefix(_HGNC)] = None
    found.pop("", None)
    return tuple(found)
