"""Annotation of a VCF with scores."""
