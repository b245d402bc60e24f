"""From changed splice sites to the transcripts, and proteins, that they predict."""
