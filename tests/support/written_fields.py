"""What a run with the default model adds to a VCF."""

from __future__ import annotations

from spliceai_cli.vcf.fields import Field, OwnKeys, fields_of
from spliceai_cli.vcf.writer import OutputFields

ALL = fields_of("SpliceAI")
SCORES, TRANSCRIPT, LARGEST, RAW, REASON, *_ = ALL
OWN_KEYS = OwnKeys(ALL)
PROVENANCE = '##spliceai-annotate=<ID=SpliceAI,Version="test">'


def written(*fields: Field, keeps: bool = False) -> OutputFields:
    """What is written with these fields, by default with the scores alone."""
    return OutputFields((PROVENANCE,), fields or (SCORES,), ALL, keeps)
