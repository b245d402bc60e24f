"""A transcript as the annotation has it, with its sequence and the names of its bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.frame import NONCODING, UNKNOWN, Reading, read, with_stop
from spliceai_cli.consequence.rna import RnaNames
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.accession import is_mitochondrial
from spliceai_cli.genome.builds import accession_of
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.sequence import GeneSequence


class Annotated(NamedTuple):
    """A transcript as the annotation has it, with its sequence.

    Attributes:
        transcript: the transcript.
        spliced: its sequence.
        names: names of its bases; None if they are counted from a start codon that is not known.
        accession: accession of the chromosome and ID of the transcript, for HGVS; empty without an ID.
        unread: the frame that is stated where none can be read, because the transcript has no coding part, or the
            contig another genetic code; empty where frames are read.
    """

    transcript: Transcript
    spliced: Spliced
    names: RnaNames | None
    accession: str
    unread: str

    @classmethod
    def of(cls, gene: Gene, sequence: GeneSequence, *, has_coding: bool, build: str | None) -> Annotated:
        """The transcript of a gene.

        Args:
            gene: the gene.
            sequence: its bases.
            has_coding: whether the annotation says what is coding.
            build: the human build of the FASTA, for accessions; None if it is none.
        """
        transcript = Transcript.of(gene)
        spliced = Spliced.of(transcript.exons, sequence.codes)
        unread = NONCODING if has_coding else UNKNOWN
        if transcript.coding:
            transcript = replace(transcript, coding=with_stop(spliced, transcript.coding, gene.phase))
            unread = UNKNOWN if is_mitochondrial(gene.chrom) else ""
        names = RnaNames(transcript, spliced) if transcript.coding or has_coding else None
        chromosome = accession_of(build, gene.chrom) if build else None
        accession = f"{chromosome}({gene.transcript_id})" if chromosome else gene.transcript_id
        return cls(transcript, spliced, names, accession if gene.transcript_id else "", unread)

    def read(self, chain: Sequence[Interval], edit: Edit, change: Change) -> tuple[Reading, Spliced]:
        """What a transcript of ALT says, and its sequence.

        Args:
            chain: its exons in ALT, transcript order.
            edit: gives the bases of ALT.
            change: the allele.
        """
        spliced = Spliced.of(chain, edit.alt_codes)
        if self.unread or self.transcript.coding is None:
            return Reading(self.unread), spliced
        return read(self.spliced, spliced, self.transcript.coding, self.transcript.gene.phase, change), spliced
