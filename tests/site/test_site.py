"""The built site: whole, free of broken links, and left alone by a build that fails."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from conftest import ROOT, build
from guides import copy_small_guide
from lxml import etree

from fieldguide import urls
from fieldguide.formats import slug
from fieldguide.guide import load_and_check
from fieldguide.render import diagrams
from fieldguide.site import links as built

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog


class Nested(HTMLParser):
    """The edges of a nested list, by the `data-node` of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.nodes: set[str] = set()
        self.edges: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = dict(attrs).get("data-node")
        if tag == "li" and node:
            if self.stack:
                self.edges.add((self.stack[-1], node))
            self.nodes.add(node)
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag == "li" and self.stack:
            self.stack.pop()


def html(site: Path, url: str) -> str:
    return (site / url / "index.html").read_text(encoding="utf-8")


def test_every_link_image_and_anchor_leads_somewhere(site: Path) -> None:
    assert built.check_links(site, built.read_pages(site)) == []


def test_what_is_broken_on_many_pages_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for path, target in (("index.html", "gone/"), ("a/index.html", "../gone/"), ("a/other.html", "../gone/#x")):
        (tmp_path / path).write_text(f'<a href="{target}">x</a> <a href="{target}">x</a>', encoding="utf-8")
    found = sorted(map(str, built.check_links(tmp_path, built.read_pages(tmp_path))))
    assert found == [
        "site/a/index.html:1:1: broken-link: '../gone/' leads to no file, here and on 1 other page",
        "site/a/other.html:1:1: broken-link: '../gone/#x' leads to no file",
    ]


def test_settings_that_name_what_is_not_there_fail_the_build_before_it_begins(tmp_path: Path) -> None:
    project = tmp_path / "project"
    config = copy_small_guide(project).read_text(encoding="utf-8")
    config = config.replace("claims.md", "clams.md").replace("theme:\n", "theme:\n  logo: gone.svg\n")
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    run = build(project / "mkdocs.yml", tmp_path / "site")
    said = run.stdout + run.stderr
    assert run.returncode == 1
    assert re.findall(r"(?m)^(mkdocs\.yml:\d+:\d+: settings: .*)$", said) == [
        str(problem) for problem in load_and_check(project / "docs")[1]
    ]
    assert "2 problems" in said
    assert "WARNING" not in said


def test_a_link_that_leaves_the_path_of_the_site_is_broken(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "index.html").write_text("x")
    (tmp_path / "c/index.html").write_text('<a href="/a/b/">y</a><a href="../">y</a><a href="/a/b/c">y</a>')
    assert built.check_links(tmp_path, built.read_pages(tmp_path), "/a/b/") == []
    (tmp_path / "c/index.html").write_text('<a href="../../">y</a> <a href="/">y</a> <a href="/a/bc/">y</a>')
    problems = built.check_links(tmp_path, built.read_pages(tmp_path), "/a/b/")
    assert [p.message for p in problems] == [f"'{link}' leads to no file" for link in ("../../", "/", "/a/bc/")]


def test_an_id_that_no_page_has_is_found_at_the_line_of_the_link(tmp_path: Path) -> None:
    project = tmp_path / "project"
    copy_small_guide(project)
    page = project / "docs/databases/redis.md"
    text = page.read_text(encoding="utf-8")
    prose = "Its [license](sqlite.md#licence), its [name](../glossary.md#sqlit), [this](#nowhere).\n"
    sound = "[One](mysql.md#license), [two](../glossary.md#sqlite), [three](index.md#sqlite.license).\n"
    page.write_text(f"{text}\n{prose}\n{sound}", encoding="utf-8")
    run = build(project / "mkdocs.yml", tmp_path / "site")
    line = text.count("\n") + 2
    assert run.returncode == 1
    assert re.findall(r"(?m)^docs/databases/redis\.md:(\d+):(\d+): broken-link: (.*)$", run.stdout + run.stderr) == [
        (str(line), str(prose.index(message[1:9]) + 1), message)
        for message in (
            "'sqlite.md#licence': databases/sqlite.md has no id 'licence'; did you mean 'license'?",
            "'../glossary.md#sqlit': glossary.md has no id 'sqlit'; did you mean 'sqlite'?",
            "'#nowhere': databases/redis.md has no id 'nowhere'",
        )
    ]
    assert "3 problems" in run.stdout + run.stderr


def test_a_broken_link_in_raw_html_is_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="gone/">x</a>\n<p id="here"><a href="#there">y</a><img src="no.png">')
    problems = built.check_links(tmp_path, built.read_pages(tmp_path))
    assert [(p.line, p.message) for p in problems] == [
        (1, "'gone/' leads to no file"),
        (2, "'#there': index.html has no id 'there'; did you mean 'here'?"),
        (2, "'no.png' leads to no file"),
    ]


def test_every_entry_comparison_and_matrix_has_its_page(site: Path, catalog: Catalog) -> None:
    expected = [urls.node(catalog, e.slug) for e in catalog.entries.values() if e.page]
    expected += [urls.url(urls.pair(*pair)) for pair in catalog.pairs]
    expected += [f"compare/{b}-vs-{a}/" for a, b in catalog.pairs]
    expected += [f"{kind.plural}/" for kind in catalog.vocabulary.kinds.values()]
    missing = [url for url in expected if not (site / url / "index.html").is_file()]
    assert not missing


def test_every_fact_has_an_anchor_in_matrix_and_page(site: Path, catalog: Catalog) -> None:
    for kind in catalog.vocabulary.kinds.values():
        matrix = html(site, kind.plural)
        for entry in catalog.by_kind[kind.key]:
            for key in entry.facts:
                assert f'id="{entry.slug}.{key}"' in matrix
                assert not entry.page or f'id="{key}"' in html(site, urls.node(catalog, entry.slug))


def test_tables_have_captions_and_scopes(site: Path) -> None:
    for path in site.rglob("*.html"):
        for table in re.findall(r"<table class=[\s\S]*?</table>", path.read_text(encoding="utf-8")):
            assert "<caption>" in table, path
            assert 'scope="' in table, path
            assert not re.search(r"<th(?![^>]*scope=)[ >]", table), path


def test_diagram_and_list_have_the_same_nodes_and_edges(site: Path, catalog: Catalog) -> None:
    page = html(site, "taxonomy")
    nested = Nested()
    nested.feed(page[page.index('class="outline"') :])
    drawn = {(m[1], m[2]) for m in re.finditer(r'data-edge="(\S+) (\S+)"', page)}
    boxes = set(re.findall(r'<a class="node[^>]*data-node="(\S+?)"', page))
    assert nested.edges == drawn
    assert nested.nodes == boxes == set(catalog.nodes)
    assert drawn == {(parent, slug) for slug in catalog.nodes for parent in catalog.parents(slug)}


def test_boxes_do_not_overlap(catalog: Catalog) -> None:
    boxes = diagrams.draw_tree(catalog, diagrams.build_tree(catalog)).boxes
    overlaps = [
        (a.slug, b.slug)
        for i, a in enumerate(boxes)
        for b in boxes[:i]
        if a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
    ]
    assert not overlaps


def test_catalog_json_holds_every_fact(site: Path, catalog: Catalog) -> None:
    data: dict[str, Any] = json.loads((site / "data/catalog.json").read_text(encoding="utf-8"))
    facts = {(e["slug"], key): tuple(fact["cite"]) for e in data["entries"] for key, fact in e["facts"].items()}
    assert facts == {(e.slug, key): fact.cite for e in catalog.entries.values() for key, fact in e.facts.items()}
    assert {c["id"] for c in data["claims"]} == set(catalog.claims)


def test_published_schema_accepts_every_entry_and_refuses_a_misspelt_one(site: Path, catalog: Catalog) -> None:
    schema = json.loads((site / "data/entry.schema.json").read_text(encoding="utf-8"))
    for kind, entries in catalog.by_kind.items():
        validator = jsonschema_rs.Draft202012Validator({**schema["$defs"][kind]})
        for entry in entries:
            assert validator.is_valid(entry.doc.data), entry.slug
            assert not validator.is_valid({**entry.doc.data, "titel": "x"})


def test_a_failing_build_says_why_and_leaves_the_last_site(tmp_path: Path) -> None:
    project = tmp_path / "project"
    copy_small_guide(project)
    site = tmp_path / "site"
    first = build(project / "mkdocs.yml", site)
    assert first.returncode == 0, first.stderr
    before = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    catalog, _ = load_and_check(project / "docs")
    victim = project / "docs" / urls.entry(catalog, next(iter(catalog.entries.values())))
    victim.write_text(victim.read_text(encoding="utf-8").replace("title:", "titel:", 1), encoding="utf-8")
    second = build(project / "mkdocs.yml", site)
    assert second.returncode == 1
    assert re.search(r"docs/\S+:2:1: unknown-key: 'titel' .* did you mean 'title'\?", second.stdout)
    assert "Traceback" not in second.stdout + second.stderr
    assert {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["project", "site"]


@pytest.mark.parametrize(
    "flaw", ["[nowhere](../nowhere.md)", "[no anchor](../index.md#nothing)", '<a href="gone/">x</a>']
)
def test_a_broken_link_fails_the_build(tmp_path: Path, flaw: str) -> None:
    project = tmp_path / "project"
    copy_small_guide(project)
    catalog, _ = load_and_check(project / "docs")
    victim = project / "docs" / urls.entry(catalog, next(e for e in catalog.entries.values() if e.page))
    victim.write_text(victim.read_text(encoding="utf-8") + f"\n{flaw}\n", encoding="utf-8")
    run = build(project / "mkdocs.yml", tmp_path / "site")
    assert run.returncode == 1, run.stderr
    assert not (tmp_path / "site").exists()


def test_no_page_is_an_orphan(site: Path) -> None:
    pages = built.read_pages(site)
    reached, todo = {"index.html"}, ["index.html"]
    while todo:
        here = todo.pop()
        for target in pages[here].links:
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(here), target.partition("#")[0]))
            name = path.lstrip("/") if path.endswith(".html") else posixpath.join(path.lstrip("/"), "index.html")
            if name in pages and name not in reached:
                reached.add(name)
                todo.append(name)
    orphans = {name for name, page in pages.items() if not page.is_redirect and name != "404.html"} - reached
    assert not orphans


def test_a_diagram_and_its_list_begin_with_the_same_branches(catalog: Catalog) -> None:
    branches = diagrams.build_tree(catalog)
    places = {box.slug: box.y for box in diagrams.draw_tree(catalog, branches).boxes}
    roots = [branch.slug for branch in branches]
    assert sorted(roots, key=places.__getitem__) == roots


def test_of_a_very_long_section_each_page_lists_those_near_it_and_leads_to_all(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/databases/docs", tmp_path / "docs")
    config = (ROOT / "tests/databases/mkdocs.yml").read_text(encoding="utf-8").replace("../../", f"{ROOT}/")
    (tmp_path / "mkdocs.yml").write_text(config + "\nplugins: {fieldguide: {cards: false}}\n", encoding="utf-8")
    names = [f"Store {number:03}" for number in range(130)]
    for name, parent in zip(names, ["relational-database", *map(slug, names)], strict=False):
        page = f"---\ntitle: {name}\nsummary: A database.\nsummary_cite: [sqlite_about]\nis_a: [{parent}]\n"
        file = tmp_path / f"docs/databases/{slug(name)}.md"
        file.write_text(f"{page}checked: 2025-06-30\n---\nIt stores.\n", encoding="utf-8")
    run = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert run.returncode == 0, run.stdout + run.stderr
    for name in (names[0], names[70], names[-1]):
        page = etree.HTML(html(tmp_path / "site", f"databases/{slug(name)}"))
        [section] = page.xpath("//nav[@id='__nav']//li[ul//*[@aria-current='page']][not(.//li[ul])]")
        listed = section.xpath("ul//a/text()")
        beside = names.index(name)
        assert len(listed) < 105
        assert listed[-1] == f"All {len(list((tmp_path / 'docs/databases').iterdir()))}"
        assert set(names[max(0, beside - 40) : beside + 40]) <= set(listed)
        assert section.xpath("string(ul/li[last()]/a/@href)") == "../"
