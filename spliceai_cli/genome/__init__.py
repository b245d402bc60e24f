"""The reference genome: its contigs, their names, and bases on them."""
