"""Gene annotations: reading them, choosing the right one, finding the genes that an allele lies in."""
