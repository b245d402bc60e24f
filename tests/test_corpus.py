"""VCFs of other tools' test suites: each goes through unchanged, or ends in one clear error."""

from __future__ import annotations

import gzip

import pytest
import torch
from support import builders, toy_networks
from support.unannotated import unannotated

from spliceai_cli import Compute, Scorer
from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.run import annotate
from spliceai_cli.errors import SpliceAICliError, VcfError
from spliceai_cli.scoring.watcher import NoWatcher

# What each file that is no VCF is told, by the end of its path; any other goes through.
REFUSED = {
    "failed_empty.vcf": "is not a VCF: it begins with '\\n'",
    "failed_empty_sample.vcf": "is empty: not even a VCF header",
    "failed_meta_002.vcf": "comes before the #CHROM header line: 'linebreak\">'",  # a line break in a description
    "failed_meta_004.vcf": "comes before the #CHROM header line",
    "failed_meta_005.vcf": "comes before the #CHROM header line",
    "failed_header_000.vcf": "is malformed: line",  # POSITION for POS
    "failed_body_pos_000.vcf": "POS is '.', a whole number expected",
    "failed_body_pos_001.vcf": "abc', a whole number expected",
    "failed_body_pos_002.vcf": "POS is '-",
    "mangledBaseVariants.vcf": "is not a VCF: it begins with '!##fileformat",
    "baseVariants.mangled.vcf.gz": "is not a VCF: it begins with",
}


@pytest.fixture(scope="module")
def scorer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    genome = builders.small_genome(folder)
    weights = toy_networks.save(folder / "weights", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield Scorer(
        reference=genome.fasta, annotation=genome.table, distance=5, compute=Compute(device="cpu", weights=weights)
    )
    torch.set_num_threads(n_threads)


def test_corpus__goes_through_unchanged_or_is_refused(shared, scorer, tmp_path, monkeypatch):
    # A thousand small files: waiting for the disk would take most of the time.
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    corpus = shared / "vcf" / "corpus"
    paths = [path for path in sorted(corpus.rglob("*")) if path.suffix in (".vcf", ".gz")]
    n_passed, refused, wrong = 0, {}, {}
    for path in paths:
        target = tmp_path / "out.vcf"
        job = AnnotateOptions(str(path), str(target), allow_missing_contigs=True, max_ref_mismatch=100)
        try:
            annotate(job, lambda: scorer, NoWatcher(), lambda text: None)
        except SpliceAICliError as error:
            refused[path] = error
            assert not target.exists()
            continue
        raw = path.read_bytes()
        text = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        n_passed += 1
        if unannotated(target.read_bytes()) != unannotated(text):
            wrong[path] = "changed"
        target.unlink()
    for path, error in refused.items():
        if type(error) is not VcfError or REFUSED.get(path.name, "?") not in error.message:
            wrong[path] = error.message
    assert not wrong
    assert n_passed + len(refused) == len(paths)
    assert not [path for path in refused if "passed" in path.parts]
    print(f"{n_passed} of {len(paths)} files unchanged, {len(refused)} refused")
