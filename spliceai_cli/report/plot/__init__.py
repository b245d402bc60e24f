"""Pictures of a variant."""
