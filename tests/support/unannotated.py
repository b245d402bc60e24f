"""A VCF without what we add to it, told without any of our own code: what must be equal before and after."""

from __future__ import annotations

import io

KEYS = tuple(f"SpliceAI{end}".encode() for end in ("", "_TX", "_DS_max", "_RAW", "_SKIP", "_CSQ", "_EXON"))


def unannotated(text: bytes) -> bytes:
    """Without our header lines and INFO keys; an INFO without any key is a dot."""
    header, body = header_and_body(text)
    kept, is_left_out = [], False
    for line in header:
        # A blank line goes with the line before it.
        is_left_out = is_left_out if is_blank(line) else _is_ours(line)
        kept += [] if is_left_out else [line]
    kept += [line if is_blank(line) else _without_keys(line) for line in body]
    return b"".join(kept)


def header_and_body(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """Lines up to ``#CHROM``, and those after it."""
    lines = list(io.BytesIO(text))
    n_header = next(i for i, line in enumerate(lines) if line.startswith(b"#CHROM")) + 1
    return lines[:n_header], lines[n_header:]


def record_lines(text: bytes) -> list[bytes]:
    return [line for line in header_and_body(text)[1] if not is_blank(line)]


def is_blank(line: bytes) -> bool:
    return line in (b"\n", b"\r\n")


def columns(line: bytes) -> list[bytes]:
    """Eight columns, INFO without line end; or nine, the last with all that follows INFO."""
    found = line.split(b"\t", 8)
    if len(found) == 8:
        found[7] = found[7].rstrip(b"\r\n")
    return found


def info(line: bytes) -> dict[bytes, bytes]:
    """INFO by key."""
    pairs = (item.partition(b"=") for item in columns(line)[7].split(b";"))
    return {key: value for key, _, value in pairs}


def alts(line: bytes) -> list[bytes]:
    return columns(line)[4].split(b",")


def _is_ours(line: bytes) -> bool:
    if line.startswith(b"##INFO=<"):
        parts = line[8:].partition(b'"')[0].partition(b">")[0].split(b",")
        return any(b"ID=" + key in parts for key in KEYS)
    return line.startswith((b"##spliceai-annotate=<ID=SpliceAI,", b"##spliceai-annotate=<ID=SpliceAI>"))


def _without_keys(line: bytes) -> bytes:
    found = columns(line)
    end = line[len(b"\t".join(found)) :]
    items = [item for item in found[7].split(b";") if item.partition(b"=")[0] not in KEYS]
    found[7] = b";".join(items) or b"."
    return b"\t".join(found) + end
