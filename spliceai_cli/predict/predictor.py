"""Base-by-base probabilities: the Python API of ``spliceai-cli predict``."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from spliceai_cli.errors import UsageError
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.resolve import annotation_for
from spliceai_cli.genes.selection import Selection, check_inputs
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.regions import RegionsFile
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.open import open_chosen
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home
from spliceai_cli.predict.open import Inputs, open_alleles, open_regions
from spliceai_cli.predict.request import AlleleRequest, RegionRequest, Request
from spliceai_cli.predict.tracks import Tracks
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.settings.checks import check_path, check_type
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import TrackSettings
from spliceai_cli.settings.words import BOTH
from spliceai_cli.summary import Summary
from spliceai_cli.text import shown


class Predictor(ProcessBound):
    """Predicts contigs, regions, genes and the surroundings of alleles. Threads may share it.

    Args:
        reference: FASTA (see ``Reference``).
        annotation: ``gencode``, ``grch37``, ``grch38``, or the path of a GTF, GFF3 or gene table; None without genes.
        selection: the genes and transcripts that are used; None for one transcript per gene.
        settings: everything that can change a probability; None for the defaults.
        compute: how to compute; ``engine`` and ``batch_size`` apply only to alleles.
        allow_foreign_genes: whether to accept an annotation of an assembly other than the FASTA's.
        warn: called with warnings about the annotation, the VCF or a cluster.

    Raises:
        UsageError: an argument is of a wrong type.
        SpliceAICliError: the reference, annotation or weights cannot be used.

    Attributes:
        reference: the FASTA.
        annotation: the genes; None without genes.
        models: networks of each model, in the order of the settings.

    Example:
        >>> predictor = Predictor(reference="chr19.fa", annotation="grch38")  # doctest: +SKIP
        >>> predictor.genes(["RYR1"]).write("ryr1.bw")  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        reference: Path | str,
        annotation: Path | str | None = None,
        selection: Selection | None = None,
        settings: TrackSettings | None = None,
        compute: Compute | None = None,
        allow_foreign_genes: bool = False,
        warn: Callable[[str], None] = warnings.warn,
    ) -> None:
        check_inputs(reference, annotation if annotation is not None else "none", selection, compute)
        check_type("settings", settings, TrackSettings, is_optional=True)
        settings, compute = settings or TrackSettings(), compute or Compute()
        home = Path(compute.home) if compute.home else default_home(os.environ)
        self.reference = Reference(reference)
        self.models: tuple[Ensemble, ...] = open_chosen(settings.models, compute.weights, home)
        self.annotation: Annotation | None = None
        if annotation is not None:
            self.annotation = annotation_for(
                self.reference,
                str(annotation),
                Store(home, SPLICEAI),
                selection,
                is_cached=compute.annotation_cache,
                allow_foreign=allow_foreign_genes,
                warn=warn,
            )
        self._inputs = Inputs(self.reference, self.annotation, self.models, settings.without_mask, compute)
        self._warn = warn

    def regions(
        self,
        regions: Iterable[str] | Path | None = None,
        *,
        strand: str = BOTH,
        context: str | None = None,
    ) -> Tracks:
        """Probabilities of whole contigs or of regions.

        Args:
            regions: one or more texts such as ``"chr19:38433691-38587564"``, 1-based and including both ends; the path
                of a BED file; None for every contig.
            strand: ``"+"``, ``"-"`` or ``"both"``.
            context: ``"genome"`` or ``"N"``: the bases that the networks see around each region; None for the genome.

        Raises:
            UsageError: a region is malformed or not in the FASTA, or ``strand`` or ``context`` has another value.
            DeviceError: the device is not available.
        """
        return self.tracks(RegionRequest(_regions(regions), None, strand, context))

    def genes(
        self,
        names: Iterable[str] | None = None,
        *,
        regions: Iterable[str] | Path | None = None,
        strand: str = BOTH,
        context: str | None = None,
    ) -> Tracks:
        """Probabilities of genes over the whole length of their transcripts, on their own strands.

        Args:
            names: one or more symbols, gene IDs or transcript IDs; None for every gene of the annotation.
            regions: only genes that overlap these regions; in the form that ``regions()`` takes.
            strand: genes on the other strand are left out.
            context: ``"genome"`` or ``"N"`` around each gene; None for the bases that the model sees in scoring.

        Raises:
            UsageError: there is no annotation, or any reason that ``regions()`` gives.
            AnnotationError: a gene is not in the annotation or not in the FASTA, or no gene is left.
            DeviceError: the device is not available.
        """
        return self.tracks(RegionRequest(_regions(regions), _names(names), strand, context))

    def alleles(
        self,
        vcf: Path | str,
        *,
        names: Iterable[str] | None = None,
        regions: Iterable[str] | Path | None = None,
        strand: str = BOTH,
        max_ref_mismatch: float | None = None,
    ) -> Tracks:
        """Probabilities of REF and ALT, and ALT minus REF, around the alleles of a VCF, on REF positions.

        With an annotation, alleles are predicted on its genes, and each model sees the same bases around a gene as in
        scoring. Without one, they are predicted on both strands of the genome.

        Args:
            vcf: path of a VCF or BCF.
            names: only on these genes; in the form that ``genes()`` takes. None for every gene of the annotation.
            regions: only alleles in these regions; in the form that ``regions()`` takes.
            strand: only on this strand.
            max_ref_mismatch: percent of REF alleles that may differ from the FASTA; None for the default.

        Raises:
            VcfError: the VCF cannot be read, or has no allele that can be predicted.
            AssemblyError: too many REF alleles differ from the FASTA.
            UsageError: memory is too little, or any reason that ``regions()`` gives.
            AnnotationError: a gene is not in the annotation.
            DeviceError: the device is not available.
        """
        check_path("vcf", vcf)
        gene_names = _names(names) if self.annotation is not None or names is not None else None
        return self.tracks(AlleleRequest(str(vcf), _regions(regions), gene_names, strand, max_ref_mismatch))

    def tracks(self, request: Request) -> Tracks:
        """The values that a request asks for; the methods above build such requests.

        Raises:
            SpliceAICliError: any of the errors that those methods raise.
        """
        summary = Summary()
        if isinstance(request, AlleleRequest):
            return Tracks(open_alleles(self._inputs, request, summary, self._warn), self._inputs, request, summary)
        return Tracks(open_regions(self._inputs, request, self._warn), self._inputs, request, summary)


def _regions(regions: Iterable[str] | Path | None) -> tuple[str, ...] | RegionsFile:
    if isinstance(regions, Path):
        return RegionsFile(regions, is_bed=True)
    return _texts("regions", regions)


def _names(names: Iterable[str] | None) -> tuple[str, ...]:
    return _texts("names", names)


def _texts(name: str, texts: Iterable[str] | None) -> tuple[str, ...]:
    """One or more texts as a tuple, which is empty for None.

    Raises:
        UsageError: the texts are given but empty, which would otherwise select everything, or are not texts.
    """
    if texts is None:
        return ()
    given = (texts,) if isinstance(texts, str) or not isinstance(texts, Iterable) else tuple(texts)
    if not given or not all(isinstance(text, str) and text.strip() for text in given):
        raise UsageError(f"{name} is {shown(texts)}; texts expected, or None for everything.")
    return given
