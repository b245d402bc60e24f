"""Validates JSON against ``docs/schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


def read_schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))


def validate(name: str, data: str | bytes) -> Any:
    """The data as Python values, if a schema describes them and every one of their keys.

    Raises:
        ValidationError: a value does not fit, or has a key that the schema does not name.
    """
    value = json.loads(data, parse_constant=_refuse)
    Draft202012Validator(_closed(read_schema(name))).validate(value)
    return value


def _closed(schema: Any) -> Any:
    """A schema that allows no further keys: outputs may have some in a later version, but not undocumented ones."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    extra = {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {}
    return {**extra, **{key: _closed(value) for key, value in schema.items()}}


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
