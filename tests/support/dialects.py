"""One gene in the dialects of those who publish and make annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from spliceai_cli.genes.gene import Gene

Isoforms = Sequence[Gene]
Rows = list[tuple[str, int, int, str, str]]


def _text(isoforms: Isoforms, rows: Rows, *, contig: str | None = None, head: str = "") -> str:
    """``rows`` are (kind, start, end, phase, attributes), 0-based half-open."""
    chrom, strand = contig or isoforms[0].chrom, isoforms[0].strand
    lines = [
        f"{chrom}\tx\t{kind}\t{start + 1}\t{end}\t.\t{strand}\t{phase}\t{attributes}"
        for kind, start, end, phase, attributes in rows
    ]
    return "\n".join([*([head] if head else []), *lines, ""])


def _span(isoforms: Isoforms) -> tuple[int, int]:
    return min(one.start for one in isoforms), max(one.end for one in isoforms)


def _phased(gene: Gene) -> list[tuple[int, int, str]]:
    """Coding parts with their phases."""
    parts = gene.coding if gene.strand == "+" else gene.coding[::-1]
    phase, phased = gene.phase, []
    for start, end in parts:
        phased.append((start, end, str(phase)))
        phase = (phase - (end - start)) % 3
    return phased


def _gff3(
    isoforms: Isoforms,
    gene: Callable[[str], str] | None,
    transcript: Callable[[Gene, int], str],
    part: Callable[[Gene, int], str],
    *,
    kinds: tuple[str, str] = ("gene", "mRNA"),
    exons: bool = True,
    coding: Callable[[Gene, int], str] | None = None,
    more: Callable[[Gene, int], Rows] = lambda gene, i: [],
    **options: str,
) -> str:
    rows: Rows = [] if gene is None else [(kinds[0], *_span(isoforms), ".", gene(isoforms[0].symbol))]
    for i, one in enumerate(isoforms, 1):
        rows.append((kinds[1], one.start, one.end, ".", transcript(one, i)))
        rows += more(one, i)
        if exons:
            rows += [("exon", start, end, ".", part(one, i)) for start, end in one.exons]
        rows += [("CDS", start, end, phase, (coding or part)(one, i)) for start, end, phase in _phased(one)]
    return _text(isoforms, rows, head="##gff-version 3", **options)


def _gtf(
    isoforms: Isoforms,
    attributes: Callable[[Gene, int], str],
    *,
    gene: str | None = None,
    transcript: Callable[[Gene, int], str] | None = None,
    numbered: str | None = None,
    coding: Callable[[Gene, int], str] | None = None,
    **options: str,
) -> str:
    rows: Rows = [] if gene is None else [("gene", *_span(isoforms), ".", gene)]
    for i, one in enumerate(isoforms, 1):
        if transcript is not None:
            rows.append(("transcript", one.start, one.end, ".", transcript(one, i)))
        exons = one.exons if one.strand == "+" else one.exons[::-1]
        for n, (start, end) in enumerate(exons, 1):
            rows.append(("exon", start, end, ".", attributes(one, i) + (numbered.format(n) if numbered else "")))
        rows += [("CDS", start, end, phase, (coding or attributes)(one, i)) for start, end, phase in _phased(one)]
    return _text(isoforms, rows, **options)


def _usual(one: Gene, i: int) -> str:
    return f'gene_id "G1"; transcript_id "T{i}"; gene_name "{one.symbol}";'


def _tair(isoforms: Isoforms, **options: str) -> str:
    return _gff3(
        isoforms,
        lambda name: f"ID=G1;Note=protein_coding_gene;Name={name}",
        lambda one, i: f"ID=G1.{i};Parent=G1;Name=G1.{i};Index=1",
        lambda one, i: f"Parent=G1.{i}",
        coding=lambda one, i: f"Parent=G1.{i},G1.{i}-Protein;",
        more=lambda one, i: [
            ("protein", one.start, one.end, ".", f"ID=G1.{i}-Protein;Name=G1.{i};Derives_from=G1.{i}")
        ],
        **options,
    )


#: Name -> a text that has all isoforms under the symbol of their gene.
DIALECTS: dict[str, Callable[[Isoforms], str]] = {
    "gffread": lambda isoforms: _gff3(
        isoforms,
        None,
        lambda one, i: f"ID=T{i};geneID=G1;gene_name={one.symbol}",
        lambda one, i: f"Parent=T{i}",
        kinds=("gene", "transcript"),
    ),
    "gffread-gtf": lambda isoforms: _gtf(isoforms, _usual, transcript=_usual),
    "gmap": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=G1.path1;Name={name};Dir=sense",
        lambda one, i: f"ID=T{i}.mrna1;Name={one.symbol};Parent=G1.path1;coverage=100.0;identity=100.0",
        lambda one, i: f"ID=T{i}.mrna1.x;Name={one.symbol};Parent=T{i}.mrna1;Target=T{i} 1 9 +",
    ),
    "stringtie": lambda isoforms: _gtf(
        isoforms,
        lambda one, i: f'gene_id "STRG.1"; transcript_id "STRG.1.{i}"; ref_gene_name "{one.symbol}"; ',
        transcript=lambda one, i: (
            f'gene_id "STRG.1"; transcript_id "STRG.1.{i}"; ref_gene_name "{one.symbol}"; cov "1";'
        ),
        numbered='exon_number "{}";',
    ),
    "braker": lambda isoforms: _gtf(
        isoforms,
        lambda one, i: f'transcript_id "{one.symbol}.t{i}"; gene_id "{one.symbol}";',
        gene=isoforms[0].symbol,
        transcript=lambda one, i: f"{one.symbol}.t{i}",
    ),
    "augustus-gff3": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID={name}",
        lambda one, i: f"ID={one.symbol}.t{i};Parent={one.symbol}",
        lambda one, i: f"ID={one.symbol}.t{i}.exon;Parent={one.symbol}.t{i}",
        kinds=("gene", "transcript"),
    ),
    "maker": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=maker-1-gene-0.1;Name={name}",
        lambda one, i: f"ID=maker-1-gene-0.1-mRNA-{i};Parent=maker-1-gene-0.1;Name={one.symbol}-mRNA-{i};_AED=0.05",
        lambda one, i: f"ID=x;Parent=maker-1-gene-0.1-mRNA-{i}",
    ),
    "liftoff": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=gene:E1;Name={name};biotype=protein_coding;gene_id=E1;coverage=1.0;extra_copy_number=0",
        lambda one, i: f"ID=transcript:T{i};Parent=gene:E1;transcript_id=T{i};matches_ref_protein=True",
        lambda one, i: f"ID=x_{i};Parent=transcript:T{i};extra_copy_number=0",
    ),
    "apollo": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"owner=me@x.org;ID=9f-{name};date_creation=2020-01-01;Name={name}",
        lambda one, i: f"owner=me@x.org;Parent=9f-{one.symbol};ID=1a-{i};Name={one.symbol}-0000{i}",
        lambda one, i: f"Parent=1a-{i};ID=2b-{i};Name=2b",
    ),
    # Coding parts name a model alone.
    "jgi": lambda isoforms: _gtf(
        isoforms[:1],
        lambda one, i: f'name "{one.symbol}"; transcriptId {12344 + i}',
        coding=lambda one, i: f'name "{one.symbol}"; proteinId {22344 + i}; exonNumber 1',
    ),
    "jgi-ids": lambda isoforms: _gtf(isoforms, lambda one, i: f'name "{one.symbol}"; transcriptId {12344 + i}'),
    "jgi-gff3": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=gene_1;Name={name};portal_id=X;proteinId=22345;transcriptId=12345",
        lambda one, i: f"ID=mRNA_{i};Name=m{i};Parent=gene_1;proteinId=22345;transcriptId=12345",
        lambda one, i: f"ID=exon_{i};Parent=mRNA_{i}",
    ),
    "flybase": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=FBgn01;Name={name};fullname=x",
        lambda one, i: f"ID=FBtr0{i};Name={one.symbol}-R{i};Parent=FBgn01",
        lambda one, i: f"Parent=FBtr0{i}",
        more=lambda one, i: [
            ("protein", *(one.coding[0] if one.coding else one.exons[0]), ".", f"ID=FBpp{i};Derives_from=FBtr0{i}")
        ],
    ),
    "wormbase": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=Gene:WBGene01;Name={name};biotype=protein_coding",
        lambda one, i: f"ID=Transcript:Y74.{i};Parent=Gene:WBGene01;Name=Y74.{i}",
        lambda one, i: f"ID=x;Parent=Transcript:Y74.{i}",
    ),
    "sgd": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=YAL01W;Name={name};gene={name};orf_classification=Verified",
        lambda one, i: f"ID=YAL01W_id00{i};Name=YAL01W_id00{i};Parent=YAL01W",
        lambda one, i: f"Parent=YAL01W_id00{i};Name=YAL01W_CDS",
    ),
    "ncbi": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=gene-{name};Dbxref=GeneID:1;Name={name};gbkey=Gene;gene={name};gene_biotype=protein_coding",
        lambda one, i: (
            f"ID=rna-NM_{i}.4;Parent=gene-{one.symbol};Name=NM_{i}.4;gene={one.symbol};transcript_id=NM_{i}.4"
        ),
        lambda one, i: f"ID=x;Parent=rna-NM_{i}.4;gbkey=mRNA;gene={one.symbol}",
    ),
    "ncbi-without-genes": lambda isoforms: _gff3(
        isoforms,
        None,
        lambda one, i: f"ID=rna-NM_{i}.4;Name=NM_{i}.4;gene={one.symbol};transcript_id=NM_{i}.4",
        lambda one, i: f"ID=x;Parent=rna-NM_{i}.4;gbkey=mRNA;gene={one.symbol}",
    ),
    "phytozome": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=G1.v2.1;Name={name}",
        lambda one, i: f"ID=G1.{i}.v2.1;Name={one.symbol}.{i};pacid=37{i};longest=1;Parent=G1.v2.1",
        lambda one, i: f"ID=G1.{i}.v2.1.exon.1;Parent=G1.{i}.v2.1;pacid=37{i}",
    ),
    "tair": _tair,
    "tair-contigs": lambda isoforms: _tair(isoforms, contig=f"Chr{isoforms[0].chrom}"),
    "chado": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=G1;Name={name}",
        lambda one, i: f"ID=T{i};Parent=G1",
        lambda one, i: f"Parent=T{i}",
        coding=lambda one, i: f"Parent=P{i}",
        more=lambda one, i: [("polypeptide", *one.exons[0], ".", f"ID=P{i};Derives_from=T{i}")],
    ),
    "chado-of-three-levels": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=G1;Name={name}",
        lambda one, i: f"ID=T{i};Parent=G1",
        lambda one, i: f"Parent=T{i}",
        coding=lambda one, i: f"Parent=Q{i}",
        more=lambda one, i: [
            ("mature_protein_region", *one.exons[0], ".", f"ID=Q{i};Parent=P{i}"),
            ("polypeptide", *one.exons[0], ".", f"ID=P{i};Derives_from=C{i}"),
            ("biological_region", *one.exons[0], ".", f"ID=C{i};Parent=T{i}"),
        ],
    ),
    "one-id-for-gene-and-transcript": lambda isoforms: _gff3(
        isoforms[:1],
        lambda name: f"ID={name};Name={name}",
        lambda one, i: f"ID={one.symbol};Parent={one.symbol}",
        lambda one, i: f"Parent={one.symbol}",
    ),
    "operon": lambda isoforms: _gff3(
        isoforms,
        lambda name: f"ID=G1;Name={name};Parent=O1",
        lambda one, i: f"ID=T{i};Parent=G1",
        lambda one, i: f"Parent=T{i}",
        more=lambda one, i: [("operon", *_span(isoforms), ".", "ID=O1;Name=OP")] if i == 1 else [],
    ),
    "gtf-by-name": lambda isoforms: _gtf(isoforms, lambda one, i: f'transcript_id "T{i}"; gene_name "{one.symbol}";'),
    "gtf-of-ids-alone": lambda isoforms: _gtf(
        isoforms, lambda one, i: f'gene_id "T{i}"; transcript_id "T{i}"; gene_name "{one.symbol}";'
    ),
    "gtf-without-gene-id-in-transcripts": lambda isoforms: _gtf(
        isoforms, _usual, transcript=lambda one, i: f'transcript_id "T{i}"; note "x";'
    ),
}
