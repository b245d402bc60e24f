"""Variants: what they are, and the other ways to write the same change."""
