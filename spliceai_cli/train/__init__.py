"""Training networks: from a genome and its genes to weights."""
