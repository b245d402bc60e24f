"""The records of a VCF that get pictures, and the names of their files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from spliceai_cli.errors import UsageError
from spliceai_cli.genome.regions import Targets
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings import Settings
from spliceai_cli.text import counted
from spliceai_cli.variants.variant import Variant
from spliceai_cli.vcf.reader import Record

# Longer alleles are given by their length.
_NAME_BASES = 20

_NOT_IN_NAMES = re.compile(r"[^\w.+-]")


def wanted_records(records: Iterable[Record], regions: Targets | None, *, limit: int, name: str) -> list[Record]:
    """The records that overlap regions.

    Args:
        records: in the order of the file.
        regions: None for all records.
        limit: how many are allowed.
        name: name of the VCF, for the message.

    Raises:
        UsageError: there are more.
    """
    if regions is not None:
        records = (record for record in records if regions.overlaps(record.chrom, record.pos - 1, record.last_pos))
    wanted = list(islice(records, limit + 1))
    if len(wanted) > limit:
        where = "" if regions is None else " in the regions"
        raise UsageError(
            f"{name} has more than {counted(limit, 'records')}{where}, and each is a picture.",
            "Choose records with --regions, or raise --limit.",
        )
    return wanted


def file_names(target: str, records: Iterable[Record]) -> Iterator[str]:
    """A file name for each record: ``ryr1.png`` becomes ``ryr1.19-38467722-C-T.png``; a repeated name gets a number."""
    path, n_named = Path(target), dict[str, int]()
    for record in records:
        alleles = [_short(allele) for allele in (record.ref, *record.alts)]
        name = f"{path.stem}.{record.chrom}-{record.pos}-{alleles[0]}-{'+'.join(alleles[1:])}"
        name = _NOT_IN_NAMES.sub("_", name)
        n_named[name] = n_named.get(name, 0) + 1
        number = f".{n_named[name]}" if n_named[name] > 1 else ""
        yield str(path.with_name(f"{name}{number}{path.suffix}"))


def profiles_of(scorer: Scorer, variants: Iterable[Variant]) -> tuple[Profile, ...]:
    """The profiles of alleles, each with its score within the default distance if the scorer's is another."""
    variants = list(variants)
    profiles = [profile for variant in variants for profile in scorer.profiles(variant)]
    if scorer.settings.distance == Settings.distance:
        return tuple(profiles)
    outcomes = scorer.at_distance(Settings.distance).score(variants)
    near = [score for outcome in outcomes if outcome.skip is None for score in outcome.scores]
    return tuple(replace(profile, near=score) for profile, score in zip(profiles, near, strict=True))


def _short(allele: str) -> str:
    return allele if len(allele) <= _NAME_BASES else f"{len(allele)}bp"
