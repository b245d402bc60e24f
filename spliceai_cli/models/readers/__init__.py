"""Readers of weights, one for each published format."""
