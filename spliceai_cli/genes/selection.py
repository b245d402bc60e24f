"""Which genes and transcripts of an annotation are wanted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from spliceai_cli.errors import AnnotationError, UsageError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.settings import CANONICAL, GENE_IDS, TRANSCRIPTS


def word_or_path(transcripts: Path | str) -> Path | str:
    """One of ``TRANSCRIPTS`` where it is written in any case, unless a file has that name in other capitals."""
    word = str(transcripts).lower()
    return word if word in TRANSCRIPTS and (transcripts == word or not Path(transcripts).is_file()) else transcripts


@dataclass(frozen=True)
class NameList:
    """Names that a file lists.

    Attributes:
        path: the file.
        names: each once.
        sha256: of the file.
    """

    path: str
    names: frozenset[str]
    sha256: str

    @classmethod
    def read(cls, path: Path | str) -> NameList:
        """Read one name per line, without blank lines and lines that begin with #.

        Raises:
            AnnotationError: unreadable, or without names.
            EncodingError: it is UTF-16.
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
    """What of an annotation is used, and under which names. Files are read once, when it is made.

    Attributes:
        transcripts: ``"canonical"``: one a gene; ``"mane"``: MANE Select and Plus Clinical; ``"all"``; or the path of a
            file with one transcript ID a line.
        genes: path of a file with one symbol or gene ID a line, or None for all genes.
        biotypes: of the genes, or empty for all.
        gene_id: what is printed as SYMBOL; one of ``settings.GENE_IDS``.
        strict: whether a file with anything that cannot be used is refused, rather than used without it.
        transcript_list, gene_list: what the files list; None where none was given.

    Raises:
        AnnotationError: a file that cannot be read, or lists nothing.
        UsageError: ``gene_id`` is none of them.
    """

    transcripts: Path | str = CANONICAL
    genes: Path | str | None = None
    biotypes: tuple[str, ...] = ()
    gene_id: str = GENE_IDS[0]
    strict: bool = False
    transcript_list: NameList | None = field(init=False, default=None)
    gene_list: NameList | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.gene_id not in GENE_IDS:
            raise UsageError(f"there is no gene id '{self.gene_id}'; choose from {', '.join(GENE_IDS)}.")
        # The dataclass is frozen for everybody else.
        object.__setattr__(self, "transcripts", word_or_path(self.transcripts))
        if self.transcripts not in TRANSCRIPTS:
            object.__setattr__(self, "transcript_list", NameList.read(self.transcripts))
        if self.genes is not None:
            object.__setattr__(self, "gene_list", NameList.read(self.genes))

    @property
    def origin(self) -> dict[str, str]:
        """What can change scores, for the header; files by their content."""
        return {
            "Transcripts": self.transcript_list.sha256 if self.transcript_list else str(self.transcripts),
            "Genes": self.gene_list.sha256 if self.gene_list else "all",
            "Biotypes": "+".join(sorted(self.biotypes)) or "all",
            "GeneID": self.gene_id,
        }
