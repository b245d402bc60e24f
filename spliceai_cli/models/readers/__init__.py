"""Weights in each of the forms that they are published in."""
