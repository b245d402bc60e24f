"""Base-by-base probabilities of contigs, regions and genes, and around alleles."""
