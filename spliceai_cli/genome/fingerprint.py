"""A digest by which two machines find out that they read different genomes."""

from __future__ import annotations

import hashlib

from spliceai_cli.genome.fasta import Reference

# A genome is read at this many places, evenly spaced: 4 MB, where all of it would take minutes on a shared disk.
_N_SAMPLES = 1024
_SAMPLE_BP = 4096


def fingerprint(reference: Reference) -> str:
    """Digest of the names and lengths of all contigs, and of bases at many places.

    Other assemblies, masked copies and patched ones differ in it. A FASTA that was changed at a few bases may not.

    Args:
        reference: the FASTA.
    """
    digest = hashlib.sha256()
    starts: list[tuple[str, int]] = []
    total = sum(reference.lengths.values())
    end = 0
    for name, length in reference.lengths.items():
        digest.update(f"{name}\t{length}\n".encode())
        # Samples that lie on this contig, of places that are evenly spaced over all.
        first, last = -(-end * _N_SAMPLES // max(1, total)), -(-(end + length) * _N_SAMPLES // max(1, total))
        starts += [(name, i * total // _N_SAMPLES - end) for i in range(first, last)]
        end += length
    for name, start in starts:
        digest.update(reference.read(name, start, min(start + _SAMPLE_BP, reference.lengths[name])))
    return digest.hexdigest()
