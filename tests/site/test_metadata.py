"""What pages say of themselves: their heads, schema.org data, cards, citations and links to their sources."""

from __future__ import annotations

import json
import re
import shutil
import struct
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import yaml
from bibtexparser.entrypoint import parse_string
from conftest import ROOT, build
from guides import copy_small_guide
from lxml import html

from fieldguide import urls
from fieldguide.formats import is_date
from fieldguide.guide import load_and_check
from fieldguide.render import cards, compare, metadata
from fieldguide.render.pages import Outputs
from fieldguide.report import format_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from fieldguide.catalog import Catalog

VOCABULARY = yaml.safe_load((ROOT / "tests/data/schema-org.yml").read_text(encoding="utf-8"))
SITE = metadata.Site(name="The Guide", url="https://guide.example/")
GUIDES = {"real": "docs", "databases": "tests/databases/docs"}
OVERLAPS = """svgs => svgs.flatMap(svg => {
  const card = document.createElement('div')
  card.innerHTML = svg
  document.body.append(card)
  const texts = [...card.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()])
  const outside = b => b.x < 71 || b.x + b.width > 1129 || b.y < 16 || b.y + b.height > 600
  const found = texts.filter(([_, b]) => b.width && outside(b))
  for (const [i, [_, a]] of texts.entries())
    found.push(...texts.slice(0, i).filter(([_, b]) => a.x < b.x + b.width && b.x < a.x + a.width
      && a.y + a.height * .25 < b.y + b.height * .75 && b.y + b.height * .25 < a.y + a.height * .75))
  card.remove()
  return found.map(([text]) => text)
})"""


@pytest.fixture(scope="module", params=GUIDES)
def outputs(request: pytest.FixtureRequest) -> Outputs:
    """The outputs of a guide."""
    found, problems = load_and_check(ROOT / GUIDES[request.param])
    assert not problems, format_text(problems)
    return Outputs(found, SITE)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the guide to databases, with a name and a summary full of characters that HTML minds."""
    project = tmp_path_factory.mktemp("small") / "project"
    config = copy_small_guide(project).read_text(encoding="utf-8")
    config = re.sub(r"(?m)^site_name: .*$", """site_name: 'Q&A "on" </script>'""", config)
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    entry = project / "docs/databases/sqlite.md"
    text = re.sub(r"(?m)^summary: .*$", """summary: 'A "small" library & a file; it''s in C.'""", entry.read_text())
    entry.write_text(re.sub(r"(?m)^title: .*$", "title: SQLite & Co", text))
    run = build(project / "mkdocs.yml", project.parent / "site")
    assert run.returncode == 0, run.stdout + run.stderr
    return project.parent / "site"


def head(outputs: Outputs, uri: str) -> metadata.Metadata:
    return outputs.head(uri)


def heads(outputs: Outputs) -> list[metadata.Metadata]:
    return [head(outputs, uri) for uri in outputs.pages]


def wider(name: str) -> set[str]:
    """A type and everything it is a kind of."""
    return {name}.union(*map(wider, VOCABULARY["types"][name]))


def faults(node: dict[str, Any]) -> Iterator[str]:
    """What in a node schema.org's vocabulary does not allow."""
    if node.get("@type") not in VOCABULARY["types"]:
        yield f"no type {node.get('@type')}"
        return
    for key, values in node.items():
        if key == "@id" and not urlsplit(values).netloc:
            yield f"@id {values}"
        elif not key.startswith("@"):
            yield from _property_faults(node["@type"], key, values if isinstance(values, list) else [values])


def _property_faults(owner: str, key: str, values: list[Any]) -> Iterator[str]:
    rule = VOCABULARY["properties"].get(key, {"of": [], "is": []})
    if not wider(owner) & set(rule["of"]):
        yield f"{owner} has no {key}"
    for value in values:
        if not _types(value) & set(rule["is"]):
            yield f"{key}: {value}"
        if isinstance(value, dict):
            yield from faults(value)


def _types(value: Any) -> set[str]:
    if isinstance(value, dict):
        return wider(value["@type"]) if value.get("@type") in VOCABULARY["types"] else set()
    if isinstance(value, int):
        return {"Integer"}
    kinds = {"URL": urlsplit(value).netloc, "Date": is_date(value) and len(value) == len("2026-01-01"), "Text": value}
    return {kind for kind, holds in kinds.items() if holds}


def read(site: Path, url: str) -> Any:
    return html.document_fromstring((site / url / "index.html").read_bytes().decode())


def meta(page: Any, key: str) -> str:
    [value] = page.xpath(f"//head/meta[@property='{key}' or @name='{key}']/@content")
    return str(value)


def linked_data(page: Any) -> dict[str, Any]:
    [text] = page.xpath("//script[@type='application/ld+json']/text()")
    data: dict[str, Any] = json.loads(text)
    return data


def test_linked_data_of_every_page_is_valid(outputs: Outputs) -> None:
    wrong = {
        h.uri: list(found)
        for h in heads(outputs)
        if (found := [f for node in h.linked_data["@graph"] for f in faults(node)])
    }
    assert not wrong


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Articel"}, "no type Articel"),
        ({"@type": "Article", "headlin": "x"}, "Article has no headlin"),
        ({"@type": "Article", "termCode": "x"}, "Article has no termCode"),
        ({"@type": "Article", "dateModified": "yesterday"}, "dateModified: yesterday"),
        ({"@type": "Article", "author": "someone"}, "author: someone"),
        ({"@type": "Review", "author": {"@type": "Person", "item": "x"}}, "Person has no item"),
        ({"@type": "Thing", "@id": "here"}, "@id here"),
    ],
)
def test_what_schema_org_does_not_allow_is_found(node: dict[str, Any], fault: str) -> None:
    assert fault in list(faults(node))


def test_each_page_has_the_type_that_suits_it(outputs: Outputs) -> None:
    catalog = outputs.catalog
    types = {h.uri: [node["@type"] for node in h.linked_data["@graph"]] for h in heads(outputs)}
    terms = {urls.entry(catalog, e) for e in catalog.entries.values() if e.page}
    guides = {uri for uri in outputs.pages if uri.startswith("guide/") and uri != urls.GUIDE}
    pairs = {urls.pair(*pair) for pair in catalog.pairs}
    assert {uri for uri, found in types.items() if "DefinedTerm" in found} == terms
    assert {uri for uri, found in types.items() if "Article" in found} == guides | pairs
    assert {uri for uri, found in types.items() if "ClaimReview" in found} == {urls.CLAIMS}
    assert {uri for uri, found in types.items() if "BreadcrumbList" not in found} == {"index.md"}


def test_breadcrumbs_lead_through_pages_by_their_titles(outputs: Outputs) -> None:
    titles = {h.address: h.title for h in heads(outputs)} | {SITE.url: SITE.name}
    for h in heads(outputs):
        for node in h.linked_data["@graph"]:
            if node["@type"] == "BreadcrumbList":
                steps = [(item["item"]["@id"], item["name"]) for item in node["itemListElement"]]
                assert steps == [(address, titles[address]) for address, _ in steps], h.uri
                assert steps[-1][0] == h.address


def test_a_claim_review_names_who_says_it_and_the_verdict(outputs: Outputs) -> None:
    catalog = outputs.catalog
    reviews = {n["@id"]: n for n in head(outputs, urls.CLAIMS).linked_data["@graph"] if n["@type"] == "ClaimReview"}
    verdicts = catalog.vocabulary.value_sets["verdict"]
    assert len(reviews) == len(catalog.claims)
    for claim in catalog.claims.values():
        review = reviews[f"{SITE.url}claims/#{claim.id}"]
        said_by = {catalog.sections[key][0].publisher for key in claim.said_by}
        assert {author["name"] for author in review["itemReviewed"]["author"]} == said_by
        assert review["reviewRating"]["alternateName"] == verdicts[claim.verdict].label


def test_a_page_is_dated_by_its_oldest_fact(outputs: Outputs) -> None:
    for pair in outputs.catalog.pairs:
        uri = urls.pair(*pair)
        if uri not in outputs.catalog.pages:
            assert outputs.pages[uri].checked == min(outputs.catalog.entries[s].checked for s in pair)


def test_every_real_page_has_one_address_a_title_and_its_card(site: Path, catalog: Catalog) -> None:
    [root] = read(site, "").xpath("//link[@rel='canonical']/@href")
    assert urlsplit(root).netloc
    for uri in Outputs(catalog).pages:
        page = read(site, urls.url(uri))
        [address] = page.xpath("//link[@rel='canonical']/@href")
        assert address == meta(page, "og:url") == root + urls.url(uri)
        assert page.xpath("//title/text()")[0].strip().startswith(meta(page, "og:title")) or uri == "index.md"
        others = page.xpath("//link[normalize-space(@rel)='alternate']/@href")
        assert [(site / urls.url(uri) / other).is_file() for other in others] == [True, True], uri
        assert meta(page, "description") == meta(page, "og:description") == meta(page, "twitter:description") != ""
        assert meta(page, "og:image") == meta(page, "twitter:image") == root + metadata.card_file(uri)
        png = (site / metadata.card_file(uri)).read_bytes()
        assert struct.unpack(">II", png[16:24]) == (1200, 630)
        assert len(png) < 60_000


def test_a_comparison_is_named_in_the_title(small: Path) -> None:
    [title] = read(small, "compare/postgresql-vs-sqlite").xpath("//title/text()")
    assert title.strip() == 'PostgreSQL vs. SQLite & Co · Q&A "on" </script>'


def test_no_text_can_leave_its_place_in_the_head(small: Path) -> None:
    page = read(small, "databases/sqlite")
    summary = """A "small" library & a file; it's in C."""
    assert meta(page, "description") == meta(page, "og:description") == meta(page, "twitter:description") == summary
    assert meta(page, "og:title") == "SQLite & Co"
    assert meta(page, "og:site_name") == 'Q&A "on" </script>'
    term, trail = linked_data(page)["@graph"]
    assert term["description"] == summary
    assert trail["itemListElement"][0]["name"] == 'Q&A "on" </script>'
    topic = page.xpath("//*[@data-md-component='header-topic']")[0]
    assert topic.text_content().strip() == "SQLite & Co"
    assert "&amp; Co" in html.tostring(topic).decode()


def test_a_page_can_be_cited(small: Path) -> None:
    for url, title in {
        "databases/postgresql": "PostgreSQL",
        "compare/postgresql-vs-sqlite": r"PostgreSQL vs. SQLite \& Co",
        "guide/server-or-library": "Server or library?",
        "claims": "Claims, checked",
    }.items():
        [cite] = read(small, url).xpath("//details[@id='cite-this-page']")
        address = f"https://databases.example/{url}/"
        assert f"{address}\n" in cite.xpath("string(p)") + "\n"
        [work] = parse_string(cite.xpath("string(pre)")).entries
        fields = {field.key: field.value for field in work.fields}
        assert fields["title"] == f"{{{title}}}"
        assert fields["url"] == address
        assert fields["author"].startswith(r"{Q\&A")
        assert re.fullmatch(r"Facts checked 20\d\d-\d\d-\d\d", fields["note"])
        assert fields["year"] == fields["note"].split()[-1][:4]
    assert not read(small, "databases").xpath("//details[@id='cite-this-page']")


def test_a_page_with_a_source_file_can_be_edited(small: Path) -> None:
    source = "https://code.example/databases/edit/main/docs/"
    for uri in ("databases/sqlite.md", "compare/postgresql-vs-sqlite.md", "guide/server-or-library.md", "index.md"):
        assert read(small, urls.url(uri)).xpath("//a[@rel='edit']/@href") == [source + uri]
    for url in ("databases", "compare/mysql-vs-postgresql", "taxonomy", "claims"):
        assert not read(small, url).xpath("//a[@rel='edit']"), url


@pytest.fixture(scope="module")
def press(outputs: Outputs, tmp_path_factory: pytest.TempPathFactory) -> cards.CardRenderer:
    """A press with a fresh cache."""
    root = tmp_path_factory.mktemp("press")
    (root / "assets").mkdir()
    shutil.copy(ROOT / "overrides" / cards.FONT, root / cards.FONT)
    shutil.copy(ROOT / "docs/assets/logo.svg", root / "assets/logo.svg")
    return cards.CardRenderer(outputs.renderer, root, "assets/logo.svg", root / "cache")


def test_a_comparisons_card_shows_both_names_and_three_differences(outputs: Outputs, press: cards.CardRenderer) -> None:
    for pair in outputs.catalog.pairs:
        uri = urls.pair(*pair)
        drawn = cards.draw_card(press.face, outputs.pages[uri])
        shown = " ".join(line.text for line in drawn.lines)
        names = [word for slug in pair for word in outputs.catalog.title(slug).split()]
        assert [word for word in names if word not in shown] == [], uri
        differing = compare.pair(outputs.catalog, *pair).differences
        assert len(drawn.rules) >= min(cards.ROWS, len(differing)), uri


def test_the_font_of_the_cards_has_every_character(outputs: Outputs, press: cards.CardRenderer) -> None:
    texts = [line.text for page in outputs.pages.values() for line in cards.draw_card(press.face, page).lines]
    assert {char for text in texts for char in text if ord(char) not in press.face.advances} == set()


def test_a_card_is_drawn_once_and_always_the_same(
    outputs: Outputs, press: cards.CardRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = {uri: outputs.pages[uri] for uri in ("index.md", urls.CLAIMS)}
    press.write(some, tmp_path / "first")
    monkeypatch.setattr(press, "png", lambda _: pytest.fail("drawn again"))
    press.write(some, tmp_path / "second")
    monkeypatch.undo()
    for uri, page in some.items():
        file = metadata.card_file(uri)
        first, second = ((tmp_path / name / file).read_bytes() for name in ("first", "second"))
        assert first == second == press.png(press.svg(page))


@pytest.mark.parametrize("mark", ["", "assets/logo.png", "assets/gone.svg"])
def test_a_card_needs_no_mark(outputs: Outputs, press: cards.CardRenderer, tmp_path: Path, mark: str) -> None:
    (tmp_path / "assets").mkdir()
    shutil.copy(ROOT / "overrides" / cards.FONT, tmp_path / cards.FONT)
    (tmp_path / "assets/logo.png").write_bytes(b"\x89PNG")
    plain = cards.CardRenderer(outputs.renderer, tmp_path, mark, None)
    drawn = plain.svg(outputs.pages["index.md"])
    assert f'<text x="{cards.MARGIN}" y="{cards.FOOT}"' in drawn
    assert plain.png(drawn) != press.png(press.svg(outputs.pages["index.md"]))


@pytest.mark.parametrize("logo", ["assets/logo.png", ""])
def test_a_site_without_cards_or_drawn_logo_announces_what_it_has(tmp_path: Path, logo: str) -> None:
    project = tmp_path / "project"
    config = copy_small_guide(project).read_text(encoding="utf-8")
    config = config.replace("theme:\n", f"theme:\n  logo: {logo or 'null'}\n")
    (project / "mkdocs.yml").write_text(
        config + f"\nplugins: {{fieldguide: {{cards: {bool(logo)}}}}}\n", encoding="utf-8"
    )
    (project / "docs/assets/logo.png").write_bytes(b"\x89PNG")
    run = build(project / "mkdocs.yml", tmp_path / "site")
    assert run.returncode == 0, run.stdout + run.stderr
    announced = read(tmp_path / "site", "").xpath("//meta[contains(@property, 'og:image') or @name='twitter:image']")
    assert bool(announced) == bool(logo) == (tmp_path / "site/assets/cards").exists()
    assert meta(read(tmp_path / "site", ""), "twitter:card") == ("summary_large_image" if logo else "summary")


def test_a_card_is_drawn_within_40_milliseconds(outputs: Outputs, press: cards.CardRenderer) -> None:
    def cost(uri: str) -> float:
        start = process_time()
        press.png(press.svg(outputs.pages[uri]))
        return process_time() - start

    assert {uri: t for uri in list(outputs.pages)[::5] if (t := min(cost(uri) for _ in range(3))) > 0.04} == {}


@pytest.mark.browser
def test_no_text_of_a_card_leaves_it_or_covers_another(
    outputs: Outputs, press: cards.CardRenderer, browser: Browser, site: Path, address: str
) -> None:
    page = browser.new_page(base_url=address, bypass_csp=True)  # a card is no page: its styles stand in it
    page.goto("")
    [font] = site.glob("assets/source-serif-4-600.*.woff2")
    page.evaluate(
        f"new FontFace('{press.face.family}', 'url(/assets/{font.name})').load().then(f => document.fonts.add(f))"
    )
    assert page.evaluate(OVERLAPS, [press.svg(shown) for shown in outputs.pages.values()]) == []
    page.close()
