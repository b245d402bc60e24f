"""Parses column 9 of a GTF file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genes.lines import not_utf8

#: Hint for a line without the attributes of GTF.
IS_GFF3 = 'GTF has transcript_id "…"; gene_id "…"; in column 9. Is this GFF3 with another first line?'

_ATTRIBUTE = re.compile(r'(\w+)\s+(?:"([^"]*)"|([^;"\s]+))')


def attributes_of(raw: bytes) -> dict[str, list[str]]:
    """Values by key; a key may occur several times.

    Raises:
        OddError: there are no attributes.
    """
    try:
        pairs = _ATTRIBUTE.findall(raw.decode())
    except UnicodeDecodeError as error:
        raise not_utf8() from error
    if not pairs:
        raise OddError("lines without attributes of GTF", "column 9 has no attributes of GTF.", IS_GFF3)
    attributes: dict[str, list[str]] = {}
    for key, quoted, bare in pairs:
        attributes.setdefault(key, []).append(quoted or bare)
    return attributes


def versioned(attributes: Mapping[str, Sequence[str]], feature: str) -> str:
    """An ID with its version, which Ensembl writes separately."""
    text = first(attributes, (f"{feature}_id",))
    version = first(attributes, (f"{feature}_version",))
    return f"{text}.{version}" if text and version and not text.endswith(f".{version}") else text


def first(attributes: Mapping[str, Sequence[str]], keys: Iterable[str]) -> str:
    """The first value of the first key that has one."""
    return next((value for key in keys if (value := attributes.get(key, ("",))[0])), "")
