"""A variant as a picture."""
