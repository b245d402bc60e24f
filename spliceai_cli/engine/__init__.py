"""Engines, which compute the class probabilities of REF and ALT for edits."""
