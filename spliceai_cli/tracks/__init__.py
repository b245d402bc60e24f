"""Files of base-by-base values: bigWig, bedGraph, TSV, Parquet."""
