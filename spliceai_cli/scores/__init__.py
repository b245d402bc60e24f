"""Scores of an allele on a gene, and their text; a file for each kind."""
