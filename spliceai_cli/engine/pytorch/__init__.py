"""Passes by PyTorch's kernels: on GPUs, and on CPUs where native kernels cannot run."""
