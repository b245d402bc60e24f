"""Reads variants in the notations that people write."""
