"""VCF text: lines, records, and the INFO fields that are written into them."""
