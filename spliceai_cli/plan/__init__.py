"""What has to be computed for a variant."""
