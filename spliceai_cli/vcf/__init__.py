"""VCF text: lines, records, and the fields that are written into them."""
