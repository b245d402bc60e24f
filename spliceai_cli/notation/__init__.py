"""Variants as people write them."""
