"""Scores of an allele on a gene, and their text; one file per kind of score."""
