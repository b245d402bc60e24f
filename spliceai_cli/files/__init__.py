"""Files of any content: written whole or not at all, compressed, indexed."""
