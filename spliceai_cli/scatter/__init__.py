"""One VCF in parts that run apart, with the output of a single run."""
