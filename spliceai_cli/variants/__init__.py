"""Variants, and conversion between representations of the same change."""
