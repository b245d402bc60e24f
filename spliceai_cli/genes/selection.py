"""The user's choice of genes and transcripts of an annotation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from spliceai_cli.errors import AnnotationError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.settings.checks import check_path, check_texts, check_type, check_word, put
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.words import CANONICAL, GENE_IDS, TRANSCRIPTS


def word_or_path(transcripts: Path | str) -> Path | str:
    """One of ``TRANSCRIPTS``, accepted in any case unless a file has that exact name; else the path."""
    word = str(transcripts).lower()
    return word if word in TRANSCRIPTS and (transcripts == word or not Path(transcripts).is_file()) else transcripts


def check_inputs(reference: object, annotation: object, selection: object, compute: object) -> None:
    """Refuse arguments of a wrong type that a ``Scorer`` or ``Predictor`` was given.

    Raises:
        UsageError: an argument is of a wrong type.
    """
    check_path("reference", reference)
    check_path("annotation", annotation)
    check_type("selection", selection, Selection, is_optional=True)
    check_type("compute", compute, Compute, is_optional=True)


@dataclass(frozen=True)
class NameList:
    """The names listed in a file.

    Attributes:
        path: the file.
        names: the distinct names.
        sha256: digest of the file.
    """

    path: str
    names: frozenset[str]
    sha256: str

    @classmethod
    def read(cls, path: Path | str) -> NameList:
        """Read one name per line; blank lines and lines that begin with # are skipped.

        Raises:
            AnnotationError: the file is unreadable, or has no names.
            EncodingError: the file is UTF-16 or UTF-32.
        """
        try:
            raw = Path(path).read_bytes()
        except OSError as error:
            raise AnnotationError(
                f"{path} cannot be read: {error.strerror}.",
                f"--transcripts takes {', '.join(TRANSCRIPTS)}, or a file; --genes takes a file.",
            ) from error
        lines = (line.strip() for line in drop_mark(raw, str(path)).decode("utf-8", "replace").splitlines())
        names = frozenset(line for line in lines if line and not line.startswith("#"))
        if not names:
            raise AnnotationError(f"{path} lists no names.", "Write one per line.")
        return cls(str(path), names, hashlib.sha256(raw).hexdigest())


@dataclass(frozen=True)
class Selection:
    """Which parts of an annotation are used, and under which names. Files are read once, at construction.

    Attributes:
        transcripts: ``"canonical"``: one per gene; ``"mane"``: MANE Select and Plus Clinical; ``"all"``; or the path of
            a file with one transcript ID per line.
        genes: path of a file with one symbol or gene ID per line, or None for all genes.
        biotypes: biotypes of genes to use; empty for all.
        gene_id: name or ID printed as SYMBOL; one of ``settings.words.GENE_IDS``.
        strict: whether to refuse a file with unusable parts, rather than leave them out.
        transcript_list, gene_list: contents of the files; None if no file is given.

    Raises:
        AnnotationError: a file cannot be read, or lists nothing.
        UsageError: ``gene_id`` is not one of ``settings.words.GENE_IDS``, or a value is of a wrong type.
    """

    transcripts: Path | str = CANONICAL
    genes: Path | str | None = None
    biotypes: tuple[str, ...] = ()
    gene_id: str = GENE_IDS[0]
    strict: bool = False
    transcript_list: NameList | None = field(init=False, default=None)
    gene_list: NameList | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        check_word("gene id", self.gene_id, GENE_IDS)
        check_path("transcripts", self.transcripts)
        check_texts("biotypes", self.biotypes)
        check_type("strict", self.strict, bool)
        put(self, "transcripts", word_or_path(self.transcripts))
        if self.transcripts not in TRANSCRIPTS:
            put(self, "transcript_list", NameList.read(self.transcripts))
        if self.genes is not None:
            check_path("genes", self.genes)
            put(self, "gene_list", NameList.read(self.genes))

    @property
    def origin(self) -> dict[str, str]:
        """Settings that can change scores, for the provenance; files are given by digest."""
        return {
            "transcripts": self.transcript_list.sha256 if self.transcript_list else str(self.transcripts),
            "genes": self.gene_list.sha256 if self.gene_list else "all",
            "biotypes": "+".join(sorted(self.biotypes)) or "all",
            "gene_id": self.gene_id,
        }
