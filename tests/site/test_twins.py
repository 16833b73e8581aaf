"""The Markdown twins of built pages: the same facts and citations as the pages, as Markdown."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag

import pytest
from conftest import ROOT
from lxml import html

from fieldguide import urls
from fieldguide.guide import load_and_check
from fieldguide.render import compare
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.site import links as built

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASES = ROOT / "tests/databases/docs"
GUIDES = {
    name: Outputs(load_and_check(docs)[0], Site(name=f"The {name} guide", url="https://guide.example/"))
    for name, docs in (("databases", DATABASES), ("real", ROOT / "docs"))
}
CATALOGS = {name: outputs.catalog for name, outputs in GUIDES.items()}
LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\(([^)\s]+)\)")
DIFFERS = "an article differs", "another differs"
DISPUTED = re.compile(rf"; \[(?:{'|'.join(DIFFERS)})\]\([^)]*\)")
APART = ("cite", "aside", "disputed")
MARK = re.compile(r" \[(\d+(?:, \d+)*)\]")


def cases(*groups: str) -> list[Any]:
    """One case a page of either guide: entries, comparisons or matrices."""
    found = []
    for name, catalog in CATALOGS.items():
        uris = {
            "entries": [urls.entry(catalog, e) for e in catalog.entries.values() if e.page],
            "comparisons": [urls.pair(*pair) for pair in catalog.pairs],
            "matrices": [urls.matrix(catalog, kind) for kind in catalog.vocabulary.kinds],
        }
        found += [pytest.param(name, uri, id=f"{name}:{uri}") for group in groups for uri in uris[group]]
    return found


def plain(markdown: str) -> str:
    """What a line of a twin shows."""
    return re.sub(r"\\(.)", r"\1", LINK.sub(r"\1", markdown)).strip()


def absolute(address: str, url: str) -> str:
    """A link as written on a page, from the site's root, the twin of a page counting as the page."""
    if re.match("https?:", address):
        return unquote(address)
    path, fragment = urldefrag(address)
    found = posixpath.normpath(posixpath.join(f"/{url}", path))
    return f"{found.removesuffix('/index.md').rstrip('/')}#{fragment}"


class HtmlPage:
    """The facts and references that a page shows."""

    def __init__(self, text: str, url: str) -> None:
        self.tree, self.url = html.fromstring(f"<div>{text}</div>"), url
        items = self.tree.xpath("//ol[@class='references']/li")
        self.references = {li.get("id"): absolute(li.xpath(".//a/@href")[0], url) for li in items}

    def cell(self, key: str) -> tuple[str, str, list[str]]:
        """The value of a fact, what qualifies it, and the addresses it is cited to."""
        found = self.tree.xpath("//*[@id=$key]/descendant-or-self::td", key=key)[0]
        asides = [" ".join(aside.text_content().split()) for aside in found.xpath(".//*[@class='aside']")]
        cites = [self.references[href[1:]] for href in found.xpath(".//sup[@class='cite']/a/@href")]
        disputes = [absolute(href, self.url) for href in found.xpath(".//a[@class='disputed']/@href")]
        for extra in found.xpath(f".//*[{' or '.join(f'@class={name!r}' for name in APART)}] | .//details | .//button"):
            extra.drop_tree()
        return " ".join(found.text_content().split()), "; ".join(asides), cites + disputes


def cells(line: str) -> list[str]:
    """The cells of a row of a table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


class Twin:
    """The facts and references that a twin states."""

    def __init__(self, text: str, url: str) -> None:
        self.text, self.url = text, url
        body = text.partition("\n## References\n")[2]
        self.references = [
            absolute(LINK.findall(line)[0][1], url) for line in re.findall(r"^\d+\. (.+)", body, re.MULTILINE)
        ]

    def cell(self, text: str) -> tuple[str, str, list[str]]:
        disputes = [absolute(address, self.url) for label, address in LINK.findall(text) if label in DIFFERS]
        found = re.fullmatch(rf"(.*?){MARK.pattern}(?: \((.*)\))?", re.sub(DISPUTED, "", text).strip())
        if not found:
            return plain(text), "", []
        cites = [self.references[int(number) - 1] for number in found[2].split(", ")]
        return plain(found[1]), plain(found[3] or ""), cites + disputes

    def rows(self) -> Iterator[list[str]]:
        """The cells of each row of its tables, and the name and value of each fact of its list."""
        for line in self.text.splitlines():
            if line.startswith("| "):
                yield cells(line)
            elif line.startswith("- ") and ": " in line:
                yield list(line[2:].partition(": ")[::2])


@pytest.fixture(scope="module")
def sites(small_site: Path, site: Path) -> dict[str, Path]:
    """The built site of each guide."""
    return {"databases": small_site, "real": site}


def both(sites: dict[str, Path], name: str, uri: str) -> tuple[HtmlPage, Twin]:
    url = urls.url(uri)
    twin = (sites[name] / url / "index.md").read_text(encoding="utf-8")
    return HtmlPage(GUIDES[name].files[uri](), url), Twin(twin, url)


@pytest.mark.parametrize(("name", "uri"), cases("entries"))
def test_twin_of_an_entry_has_its_facts_and_citations(sites: dict[str, Path], name: str, uri: str) -> None:
    catalog = CATALOGS[name]
    entry = catalog.entries[posixpath.basename(uri).removesuffix(".md")]
    page, twin = both(sites, name, uri)
    rows = dict(row for row in twin.rows() if len(row) == 2)
    for attribute in catalog.vocabulary.attributes_of(entry.kind) if entry.facts else ():
        assert twin.cell(rows[attribute.label]) == page.cell(attribute.key)
    assert set(twin.references) == set(page.references.values())
    assert twin.text.startswith(f"# {entry.title}\n\n> {entry.summary}")
    for claim in catalog.claims_about.get(entry.slug, []):
        assert plain(claim.claim) in plain(twin.text)


@pytest.mark.parametrize(("name", "uri"), cases("comparisons"))
def test_twin_of_a_comparison_has_its_facts_and_citations(sites: dict[str, Path], name: str, uri: str) -> None:
    catalog = CATALOGS[name]
    page, twin = both(sites, name, uri)
    pair = compare.pair(catalog, *(catalog.pair_of(uri) or ()))
    # What the articles say of an attribute stands in a later table.
    rows = {row[0]: row[1:] for row in reversed([*twin.rows()])}
    stated = [*pair.differences, *pair.one_sided, *pair.same]
    for attribute, cells in stated:
        assert [twin.cell(text) for text in rows[attribute.label]] == [page.cell(cell.id) for cell in cells]
    assert set(twin.references) == set(page.references.values())


@pytest.mark.parametrize(("name", "uri"), cases("matrices"))
def test_twin_of_a_matrix_has_its_facts_and_citations(sites: dict[str, Path], name: str, uri: str) -> None:
    catalog = CATALOGS[name]
    kind = catalog.vocabulary.kind_of_folder[posixpath.dirname(uri)]
    page, twin = both(sites, name, uri)
    rows = {plain(row[0]): row[1:] for row in twin.rows() if len(row) > 2}
    keys = [attribute.key for attribute in catalog.vocabulary.attributes_of(kind)]
    for entry in catalog.by_kind[kind]:
        for key, text in zip(keys, rows[entry.title], strict=True):
            value, _, cites = page.cell(f"{entry.slug}.{key}")
            assert (twin.cell(text)[0], twin.cell(text)[2]) == (value, cites)


@pytest.mark.parametrize("name", GUIDES)
def test_twins_are_markdown_with_numbered_references(sites: dict[str, Path], name: str) -> None:
    for path in sites[name].rglob("index.md"):
        text = path.read_text(encoding="utf-8")
        prose = re.sub(r"^```[\s\S]*?^```$|`[^`\n]*`", "", text, flags=re.MULTILINE)
        assert not re.search(r"(?<!\\)</?[a-zA-Z][^>]*>|\{[#:.]|\[@|^///", prose, re.MULTILINE), path
        assert text.startswith("# "), path
        numbers = [int(n) for n in re.findall(r"^(\d+)\. ", text.partition("\n## References\n")[2], re.MULTILINE)]
        cited = {int(n) for mark in MARK.findall(text) for n in mark.split(", ")}
        assert numbers == list(range(1, len(numbers) + 1)), path
        assert cited == set(numbers), path


@pytest.mark.parametrize("name", GUIDES)
def test_tables_of_twins_are_whole(sites: dict[str, Path], name: str) -> None:
    for path in sites[name].rglob("index.md"):
        for table in re.findall(r"(?:^\|.*\n)+", path.read_text(encoding="utf-8"), re.MULTILINE):
            head, rule, *rows = map(cells, table.splitlines())
            assert set(rule) == {"---"}, path
            assert {len(row) for row in (head, *rows)} == {len(rule)}, path


def broken(root: Path) -> Iterator[str]:
    """Links of twins and of the index that lead to no file or to no id of a page."""
    pages = built.read_pages(root)
    for path in [*root.rglob("index.md"), root / "llms.txt"]:
        for _, address in LINK.findall(path.read_text(encoding="utf-8")):
            if re.match("[a-z]+:", address):
                continue
            target, fragment = urldefrag(address)
            file = posixpath.normpath(posixpath.join(path.parent.relative_to(root).as_posix(), target))
            file = f"{file}/index.html" if (root / file).is_dir() else file
            if not (root / file).is_file() or (fragment and fragment not in pages[file].ids):
                yield f"{path.relative_to(root)}: {address}"


@pytest.mark.parametrize("name", GUIDES)
def test_links_of_twins_lead_somewhere(sites: dict[str, Path], name: str) -> None:
    assert list(broken(sites[name])) == []


def test_every_page_has_a_twin_beside_it(small_site: Path) -> None:
    pages = {name for name, page in built.read_pages(small_site).items() if name != "404.html" and not page.is_redirect}
    twins = {path.relative_to(small_site).as_posix() for path in small_site.rglob("*.md")}
    assert {name.replace("index.html", "index.md") for name in pages} == twins
