"""Probabilities base by base: of contigs, regions and genes, and around alleles."""
