"""Plans what must be computed for a variant."""
