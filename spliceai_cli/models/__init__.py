"""Networks' weights and built-in gene tables: what they are, fetching, converting, where they are kept."""
