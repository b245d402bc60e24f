"""Values by position as files: bigWig, bedGraph, TSV, Parquet."""
