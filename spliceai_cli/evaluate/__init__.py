"""How well models find annotated splice sites, and variants that affect splicing."""
