"""Whatever an editor or an address says stays text: attacks, each refused where it stands or shown as it is."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import hostile
import pytest
from conftest import ROOT, build, serve, type_in_search
from lxml import etree, html
from playwright.sync_api import expect

from fieldguide.formats import escape_markdown
from fieldguide.guide import load_and_check
from fieldguide.render import data, metadata
from fieldguide.source.references import plain_text
from fieldguide.source.yaml import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from fieldguide.catalog import Catalog

# Where text may be anything; elsewhere it is plain or a name of something that is.
FREE = {
    "article.interest", "article.most_likely", "article.range", "article.reason", "change.after", "change.before",
    "change.note", "change.title", "claim.accurate", "claim.claim", "fact.date_kind", "fact.text", "section.other_name",
    "section.says", "stance.note",
}  # fmt: skip
NAMES = {
    "block.option", "change.entry", "claim.attribute", "claim.cite", "claim.id", "claim.verdict", "entry.about",
    "entry.built_on", "entry.checked", "entry.is_a", "entry.summary_cite", "fact.as_of", "fact.choice", "fact.choices",
    "fact.cite", "fact.confidence", "fact.date", "fact.entries", "fact.reference", "kind.plural", "page.rewrites",
    "redirect.from", "redirect.to", "section.id", "section.parent", "stance", "stance.at", "work.year",
}  # fmt: skip
SHOWN = {
    "things-{n}/thing-{n}/": "entry.title entry.summary entry.alias fact.text fact.texts fact.note fact.date_kind "
    "stance.note attribute.label.text kind.label class.label value.label",
    "things-{n}/": "kind.labels kind.description entry.title fact.text",
    "compare/sqlite-vs-thing-{n}/": "pair.summary entry.title entry.summary",
    "guide/page-{n}/": "page.title page.summary block.caption claim.claim claim.accurate",
    "sources/article-{n}/": "article.title article.publisher article.author article.interest article.range "
    "article.most_likely article.reason section.heading section.summary section.says section.other_name",
    "claims/": "claim.claim claim.accurate verdict.label verdict.description",
    "sources/references/": "work.author work.title work.journal work.keywords",
    "taxonomy/": "entry.title class.label kind.labels",
    "glossary/": "entry.title entry.summary",
}
CANARY = "window.pwned = () => ran(`pwned ${location}`)"
ALIVE = """within => [...(within ?? document).querySelectorAll('*')].filter(node => [...node.attributes].some(
  ({name, value}) => name.startsWith('on') || /^(href|xlink:href|src|action|formaction|data)$/.test(name)
    && /^(javascript|vbscript|data:text)/i.test(value.replace(/[\\x00-\\x20]/g, '')))).map(node => node.outerHTML)"""
OPENED = f"""() => [...document.querySelectorAll('.matrix td, .pair td')].flatMap(cell => {{
  cell.click()
  const dialog = document.querySelector('dialog[open]')
  if (!dialog) return ['a cell does not open']
  const found = ({ALIVE})(dialog)
  dialog.close()
  return found
}})"""
ASKED = [
    "compare/?ids={},dall-e&h={}#{}",
    "systems/dall-e/?h=model&q={}#{}",
    "systems/?sort={}&value={}&cols={}&developer={}&{}={}",
]
BAD_NAMES = [
    b'"><img src=x onerror=pwned()>', b"x' onfocus='pwned()", b"javascript:pwned()", b"a&b", b"a%2e%2e", b"a#b", b"a?b",
    b"a b", b"a\nb", b"a\x1b[2J", b"-a", b"..", b".a", b"a\\b", b"\xff\xfe", "\u202egnp".encode(), "é".encode(), b"A",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Built:
    """A guide full of attacks, and what became of it."""

    guide: hostile.Guide
    problems: list[Any]
    catalog: Catalog
    site: Path

    def accepted(self, place: str) -> Iterator[tuple[str, str]]:
        """The number and the text of each attack that was not refused in a place."""
        for number in {number for places in self.guide.places.values() for name, number in places if name == place}:
            if (place, number) not in self.guide.refused:
                yield number, hostile.attack(place, number)

    def page(self, url: str) -> Any:
        return html.document_fromstring((self.site / url / "index.html").read_bytes().decode())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The guide with attacks, settled and built strictly."""
    project = tmp_path_factory.mktemp("hostile") / "project"
    guide = hostile.Guide(docs=project / "docs")
    problems = guide.settle()
    config = (ROOT / "tests/databases/mkdocs.yml").read_text(encoding="utf-8").replace("../../", f"{ROOT}/")
    things = "".join(f"      - Things {n:02}: things-{n:02}/\n" for n in range(len(hostile.TEXTS)))
    config = config.replace("  - Claims:", f"  - Things:\n{things}  - Claims:")
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    run = build(project / "mkdocs.yml", project.parent / "site")
    assert run.returncode == 0, run.stdout + run.stderr
    return Built(guide=guide, problems=problems, catalog=load_and_check(guide.docs)[0], site=project.parent / "site")


@pytest.fixture
def victim(browser: Browser, built: Built) -> Iterator[Page]:
    """A reader's page on the site with attacks, without its policy; the test fails if anything runs or is loaded."""
    with serve(built.site) as address:
        context = browser.new_context(base_url=address, bypass_csp=True)
        page = context.new_page()
        found = watch(page, address)
        yield page
        context.close()
    assert found == []


def watch(page: Page, address: str) -> list[str]:
    """A list that fills with what runs, fails or is loaded from elsewhere on a page."""
    found: list[str] = []
    page.expose_function("ran", lambda what: found.append(what))  # noqa: PLW0108 -- no builtin is taken
    page.add_init_script(CANARY)
    page.on("dialog", lambda dialog: found.append(dialog.message))
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on("console", lambda told: found.append(f"{told.text} {told.location}") if told.type == "error" else None)
    page.on("request", lambda r: found.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    return found


def folded(text: str) -> str:
    return " ".join(text.split())


def test_there_are_enough_attacks() -> None:
    assert len({*hostile.TEXTS, *hostile.PROSE}) >= 130


def test_each_attack_is_refused_where_it_stands_or_not_at_all(built: Built) -> None:
    assert built.problems == []
    assert [problem for problem in built.guide.refused.values() if not str(problem).isprintable()] == []


def test_names_refuse_every_attack_and_free_text_only_characters_that_nobody_sees(built: Built) -> None:
    accepted = {place: dict(built.accepted(place)) for place in {n for v in built.guide.places.values() for n, _ in v}}
    assert {place for place, attacks in accepted.items() if not attacks} == NAMES
    harmless = [text for text in hostile.TEXTS if not CONTROL.search(text)]
    assert {place for place, attacks in accepted.items() if len(attacks) == len(harmless)} == FREE


@pytest.mark.parametrize("url", SHOWN)
def test_text_is_shown_as_text_where_it_stood(built: Built, url: str) -> None:
    texts: dict[str, str] = {}
    missing = []
    for place in SHOWN[url].split():
        for number, attack in built.accepted(place):
            here = url.format(n=number)
            if here not in texts:
                texts[here] = folded(built.page(here).text_content())
            wanted = plain_text(attack) if place.startswith("work.") else attack
            if folded(wanted) not in texts[here]:
                missing.append((place, number, attack))
    assert missing == []


def test_heads_hold_the_text_and_nothing_else(built: Built) -> None:
    for number, attack in built.accepted("entry.title"):
        page = built.page(f"things-{number}/thing-{number}")
        [title] = page.xpath("//meta[@property='og:title']/@content")
        [data] = [json.loads(text) for text in page.xpath("//script[@type='application/ld+json']/text()")]
        assert folded(title) == folded(data["@graph"][0]["name"]) == folded(attack)
        assert folded(page.xpath("//title/text()")[0]).startswith(folded(attack))
    for number, attack in built.accepted("entry.summary"):
        page = built.page(f"things-{number}/thing-{number}")
        for key in ("description", "og:description", "twitter:description"):
            [summary] = page.xpath(f"//meta[@name='{key}' or @property='{key}']/@content")
            assert folded(summary) == folded(attack)


def test_files_for_programs_hold_the_text(built: Built) -> None:
    entries = {e["slug"]: e for e in json.loads((built.site / "data/catalog.json").read_text("utf-8"))["entries"]}
    feed = etree.parse(str(built.site / "feed.xml")).getroot().xpath("string()")
    for number, attack in built.accepted("fact.text"):
        stripped = attack.strip()
        assert entries[f"thing-{number}"]["facts"][f"text_{number}"]["value"] == stripped
        table = (built.site / f"data/things-{number}.csv").read_bytes().decode()
        [row] = csv.DictReader(io.StringIO(table, newline=""))
        assert row[f"text_{number}"] == data.escape_formula(stripped)
        assert not row[f"text_{number}"].startswith(data.FORMULA_STARTS)
    for number, attack in built.accepted("change.note"):
        assert folded(attack) in folded(feed), number


def test_twins_hold_the_text_as_markdown_that_is_text(built: Built) -> None:
    for place in ("fact.text", "entry.summary"):
        for number, attack in built.accepted(place):
            twin = (built.site / f"things-{number}/thing-{number}/index.md").read_text("utf-8")
            assert folded(escape_markdown(attack.strip())) in folded(twin), (place, number)


def test_each_card_is_drawn(built: Built) -> None:
    for number, _ in built.accepted("entry.title"):
        assert (built.site / metadata.card_file(f"things-{number}/thing-{number}.md")).stat().st_size > 1000


@pytest.mark.browser
@pytest.mark.parametrize("alive", ["<img src=assets/none.png onerror=pwned()>", "<img src=//evil.example/x.png>"])
def test_what_runs_or_is_loaded_is_seen(browser: Browser, address: str, alive: str) -> None:
    page = browser.new_page(base_url=address, bypass_csp=True)
    found = watch(page, address)
    page.goto("")
    assert found == []
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", alive)
    page.wait_for_load_state("networkidle")
    assert any("pwned" in told or "evil.example" in told for told in found)
    assert bool(page.evaluate(ALIVE)) == ("onerror" in alive)
    page.close()


@pytest.mark.browser
def test_nothing_runs_on_any_page_nor_in_an_opened_cell(built: Built, victim: Page) -> None:
    for path in sorted(built.site.rglob("index.html")):
        if b'http-equiv="refresh"' in path.read_bytes():
            continue
        victim.goto(f"{path.parent.relative_to(built.site).as_posix()}/", wait_until="domcontentloaded")
        assert victim.evaluate(ALIVE) == [], path
        assert victim.evaluate(OPENED) == [], path


@pytest.mark.browser
def test_search_shows_attacks_as_text(victim: Page) -> None:
    victim.goto("")
    type_in_search(victim, "pwned")
    results = victim.locator(".md-search-result__link")
    expect(results.first).to_be_visible()
    shown = folded(" ".join(results.all_inner_texts()))
    assert "pwned()" in shown
    assert victim.evaluate(ALIVE) == []


@pytest.mark.browser
@pytest.mark.parametrize("asked", ASKED)
def test_addresses_stay_text(browser: Browser, address: str, asked: str) -> None:
    context = browser.new_context(base_url=address, bypass_csp=True)
    page = context.new_page()
    found = watch(page, address)
    for attack in hostile.TEXTS:
        page.goto(asked.replace("{}", quote(attack, safe="")), wait_until="domcontentloaded")
        assert page.evaluate(ALIVE) == [], attack
    context.close()
    assert found == []


@pytest.mark.parametrize("name", BAD_NAMES)
def test_file_names_that_are_no_addresses_are_refused(tmp_path: Path, name: bytes) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(hostile.BASE, docs)
    for folder in ("guide", "databases", "sources", "compare", "new"):
        (docs / folder).mkdir(exist_ok=True)
        path = os.fsencode(docs / folder) + b"/" + name + b".md"
        with open(path, "wb") as file:  # noqa: PTH123 -- the name need not be text
            file.write(b"---\ntitle: A\nsummary: B.\n---\n")
        problems = [str(problem) for problem in load_and_check(docs)[1]]
        os.unlink(path)  # noqa: PTH108 -- the name need not be text
        assert len(problems) >= 1
        assert all(problem.isprintable() and problem.encode() for problem in problems)
