"""GRCh38 chromosome 19, from the package index.

``python data/recipes/chr19.py`` prints the path of the FASTA, which examples, golden tests and benchmarks use. The
sequence is Ensembl 91's (contig ``19``), shipped as test data by the package intronIC; nothing is installed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import sys
import tempfile
from pathlib import Path

from spliceai_cli.errors import SpliceAICliError
from spliceai_cli.models.published import Member
from spliceai_cli.models.wheel import check_wheel, download_wheel, read_members

PACKAGE, VERSION = "intronIC", "3.0.0"
WHEEL_SHA256 = "0b4bd600f96103c5c821f429e201f2b3086b23698d7b1b0e853b833be5b27a0d"
MEMBER = Member(
    "intronIC/data/test_data/Homo_sapiens.Chr19.Ensembl_91.fa.gz",
    "d2f03acbc5e67be391933e9ed0141b897519a27c04336a1738af9d0a00d4fdd4",
)
FASTA_SHA256 = "0b59fbfbdde7feb8f9f60680fc2074a6fe58c792cfe0cb2f601460c0b9b77cef"
CACHE = Path(__file__).resolve().parents[1] / "cache"


def fetch(folder: Path) -> Path:
    """Put ``GRCh38.chr19.fa`` (plain FASTA, 60 MB) into ``folder``.

    A file that is there is kept if its SHA-256 is right, else replaced; it is whole at any moment it can be seen.

    Args:
        folder: made if missing.

    Returns:
        Path of the FASTA.

    Raises:
        WeightsError: no pip, no network, or another file than the published one.
    """
    fasta = folder / "GRCh38.chr19.fa"
    if _is_complete(fasta):
        return fasta
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the rename is atomic.
    with tempfile.TemporaryDirectory(prefix=".chr19-", dir=folder) as scratch:
        _say(f"fetching the wheel of {PACKAGE} {VERSION} (56 MB)")
        wheel = download_wheel(PACKAGE, VERSION, Path(scratch))
        check_wheel(wheel, WHEEL_SHA256)
        (packed,) = read_members(wheel, [MEMBER])
        _say(f"unpacking to {fasta}")
        partial = Path(scratch) / fasta.name
        with gzip.open(io.BytesIO(packed)) as source, partial.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        # An index of an earlier file would point at the wrong bytes.
        fasta.with_name(f"{fasta.name}.fai").unlink(missing_ok=True)
        partial.replace(fasta)
    return fasta


def _is_complete(fasta: Path) -> bool:
    if not fasta.is_file():
        return False
    digest = hashlib.sha256()
    with fasta.open("rb") as handle:
        while data := handle.read(1 << 20):
            digest.update(data)
    return digest.hexdigest() == FASTA_SHA256


def _say(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    try:
        print(fetch(CACHE))
    except SpliceAICliError as error:
        sys.exit(f"Error: {error}")
