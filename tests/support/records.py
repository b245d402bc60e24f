"""VCF text for the command line, and what comes back of it."""

from __future__ import annotations

HEADER = (
    "##fileformat=VCFv4.2\n"
    '##FILTER=<ID=PASS,Description="All filters passed">\n'
    "##contig=<ID=chr1,length=1000>\n##contig=<ID=chr2,length=300>\n"
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="count">\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="end">\n'
    '##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="length">\n'
    '##INFO=<ID=SEQ,Number=1,Type=String,Description="inserted">\n'
    '##INFO=<ID=IMPRECISE,Number=0,Type=Flag,Description="imprecise">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)


def vcf_text(*rows):
    """A VCF of (CHROM, POS, REF, ALT[, INFO])."""
    lines = ["\t".join(map(str, (*row[:2], ".", *row[2:4], ".", ".", *(row[4:] or (".",))))) for row in rows]
    return (HEADER + "".join(f"{line}\n" for line in lines)).encode()


def info(fields_of_record):
    """INFO of a record as a dictionary; flags are None."""
    pairs = (field.partition("=") for field in fields_of_record[7].split(";") if field != ".")
    return {key: value if sign else None for key, sign, value in pairs}
