"""VCF to VCF."""
