"""URLs where paths are taken: one text, before anything is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from spliceai_cli.cli.local_path import LocalPath
from spliceai_cli.cli.main import group

ADVICE = "download an input first, copy an output there afterwards"

# What metavars and names say is a path.
_PATHS = re.compile(r"VCF|FASTA|BED|FILE|PATH|OUT\b|IN\b|SOURCE|TARGET")


def walk(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    if isinstance(command, click.Group):
        for name, member in command.commands.items():
            yield from walk(member, (*words, name))
    else:
        for param in command.params:
            name = (param.name or "").upper() if isinstance(param, click.Argument) else ""
            # An address may stand in place of a path.
            if _PATHS.search(param.metavar or name) and "ADDRESS" not in (param.metavar or ""):
                yield words, param


PARAMS = [pytest.param(words, param, id=f"{' '.join(words)} {param.opts[0]}") for words, param in walk(group)]


def test_paths__are_found_in_all_commands():
    assert len(PARAMS) > 30
    assert {p.values[0][0] for p in PARAMS} == set(group.commands) - {"selftest"}


@pytest.mark.parametrize(("words", "param"), PARAMS)
def test_path__is_no_url(cli, words, param):
    url = "https://example.org/a.vcf.gz"
    given = (param.opts[0], url) if isinstance(param, click.Option) else (url,)
    assert isinstance(param.type, LocalPath)
    result = cli(*words, *given)
    assert (result.code, result.stdout) == (2, b"")
    said = f"'{url}' is a URL; only local files are read and written: {ADVICE}.\n"
    assert result.stderr.endswith(said)
    assert (param.opts[-1] if isinstance(param, click.Option) else "Invalid value for '") in result.stderr


@pytest.mark.parametrize(
    "url", ["http://a/b", "ftp://a/b", "s3://a/b", "gs://a/b", "HTTPS://a/b", "x-y+z.1://", "az://c"]
)
@pytest.mark.parametrize("form", ["{}", "KEY={}", "spliceai={}"])
def test_model__by_url_is_refused_with_and_without_key(cli, url, form):
    result = cli("score", "1:2:A:C", "-R", "none.fa", "--model", form.format(url))
    assert result.code == 2
    assert f"'{form.format(url)}' is a URL; only local files are read and written" in result.stderr


def test_file_url__says_to_leave_the_scheme_out(cli):
    result = cli("table", "file:///tmp/a.vcf")
    assert "'file:///tmp/a.vcf' is a URL; only local files are read and written: write the path alone." in result.stderr


@pytest.mark.parametrize("path", ["a:b.vcf", "dir/http://x.vcf", "http:/x.vcf", "C:/x.vcf", "://x", "-"])
def test_other_paths__are_taken(path):
    assert LocalPath().convert(path, None, None) == path


def test_file_that_is_called_like_a_url__is_read(cli, annotate_toy, genome, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "http:").mkdir()
    (tmp_path / "http:" / "in.vcf").write_text("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
    assert annotate_toy("-I", "http://in.vcf", "--allow-missing-contigs").code == 0
