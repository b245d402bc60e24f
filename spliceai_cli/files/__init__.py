"""Files of any content: written whole or not at all, scratch files, BGZF, BCF and indexes."""
