"""Exit codes that belong to no error of ``errors``."""

#: After Ctrl-C: 128 + signal number, as shells have it.
INTERRUPTED = 130
