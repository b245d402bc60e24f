"""Gene annotations: reading them, choosing the right one, finding the genes of an allele."""
