"""``spliceai-cli selftest``: test this machine against known scores."""

from __future__ import annotations

import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.stdout import echo_results
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.settings.compute import Compute


@cloup.command(name="selftest")
@options.device
@options.threads
@options.kernels
@options.verbose
@options.quiet
def selftest(device: str, threads: int | None, kernels: str, *, verbose: bool) -> None:
    """Score variants with known answers on this machine; exit 1 on any mismatch.

    The answers were computed with the original networks in Keras. Wrong drivers, TF32 and faulty hardware show here.
    The first line says which kernels ran, and why.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.selftest import check_known_answers

    use_threads(threads, is_verbose=verbose)
    echo_results(check_known_answers(Compute(device=device, kernels=kernels, home=installed_store().home)))
