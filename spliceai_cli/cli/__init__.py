"""The command line: one file per command, options declared once in ``options``."""
