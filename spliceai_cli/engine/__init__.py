"""Engines: class probabilities of REF and ALT for edits."""
