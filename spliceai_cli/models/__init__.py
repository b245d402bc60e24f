"""Networks' weights and built-in gene tables: definition, download, conversion, storage."""
