"""What is sent between processes arrives as it was, without the genome."""

from __future__ import annotations

import pytest
import torch
from support import builders

from spliceai_cli import Variant
from spliceai_cli.errors import UsageError, WorkerError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.parallel.messages import WorkerBug, packed, packed_error, packed_result, result_in, sendable, unpacked
from spliceai_cli.plan.planner import ModelInput, Planner
from spliceai_cli.plan.rules import Rules


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    return builders.small_genome(tmp_path_factory.mktemp("genome"))


def test_plans__arrive_with_the_reference_of_the_receiver(genome):
    sender, receiver = Reference(genome.fasta), Reference(genome.fasta)
    rules = Rules(distance=20, max_allele_length=100, max_sv_length=0)
    planner = Planner(sender, builders.GeneIndex(genome.genes, sender.lengths), [ModelInput(rules)])
    plans = [
        planner.plan(Variant("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos))) for pos in (150, 151)
    ]
    assert all(plan.jobs for plan in plans)
    message = packed(plans)
    assert genome.contigs["chr1"][:50].encode() not in message
    found = unpacked(message, receiver)
    for before, after in zip(plans, found, strict=True):
        assert after.variant == before.variant
        for sent, got in zip(before.jobs, after.jobs, strict=True):
            assert (got.gene, got.alignment, got.edit.replaced) == (sent.gene, sent.alignment, sent.edit.replaced)
            assert got.edit.alt.tobytes() == sent.edit.alt.tobytes()
            assert got.edit.sequence.reference is receiver
    # Edits of one gene share one sequence, or they would not share a REF pass.
    assert found[0].jobs[0].edit.sequence is found[1].jobs[0].edit.sequence


def test_known_failure__arrives_with_its_hint(genome):
    message = packed_error(UsageError("what", "do"))
    with pytest.raises(UsageError, match="what") as caught:
        result_in(message, Reference(genome.fasta))
    assert caught.value.hint == "do"
    assert result_in(packed_result(["done"]), Reference(genome.fasta)) == ["done"]


def test_bug__arrives_with_its_traceback():
    try:
        raise KeyError("here")
    except KeyError as error:
        sent = sendable(error)
    assert isinstance(sent, WorkerBug)
    assert "test_messages.py" in str(sent)
    assert "KeyError: 'here'" in str(sent)


@pytest.mark.parametrize("allocate", [lambda: bytearray(1 << 62), lambda: torch.empty(1 << 50)])
def test_lack_of_memory__is_a_known_failure(allocate):
    """PyTorch's allocator raises a bare RuntimeError."""
    with pytest.raises((MemoryError, RuntimeError)) as caught:
        allocate()
    sent = sendable(caught.value)
    assert isinstance(sent, WorkerError)
    assert (sent.message, sent.hint[:18]) == ("a worker failed: memory ran out.", "Use fewer workers.")
