"""The real content, one case a page: its length, its citations, its links."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from fieldguide.guide import list_advice, load_and_check
from fieldguide.report import format_text
from fieldguide.source import markdown

pytestmark = pytest.mark.own

DOCS = ROOT / "docs"
CATALOG, PROBLEMS = load_and_check(DOCS)
WARNINGS = list_advice(CATALOG, warnings=True)
ENTRIES = {slug: entry for slug, entry in CATALOG.entries.items() if entry.page}
GUIDES = {uri: page for uri, page in CATALOG.pages.items() if uri.startswith("guide/")}
SHORT_KINDS = {"technique": (100, 300), "application": (100, 300)}
RIGHT_CLAIMS = 12


def words(body: str) -> int:
    """The number of words a reader sees in prose."""
    text = re.sub(r"^///[\s\S]*?^///$|\[@[^\]]*\]|\]\([^)]*\)|\{#[^}]*\}|[#*|`\[-]", " ", body, flags=re.MULTILINE)
    return len(text.split())


def test_no_problems() -> None:
    assert not PROBLEMS, format_text(PROBLEMS)


@pytest.mark.parametrize("slug", ENTRIES)
def test_entry(slug: str) -> None:
    entry = ENTRIES[slug]
    fewest, most = SHORT_KINDS.get(entry.kind, (150, 450))
    assert fewest <= words(entry.doc.body) <= most
    assert list(markdown.citations(entry.doc)), "prose without a citation"
    assert not re.match(rf"{re.escape(entry.title)} (is|are) ", entry.summary)
    assert [w for w in WARNINGS if w.path == entry.doc.path] == []


@pytest.mark.parametrize("uri", GUIDES)
def test_explainer(uri: str) -> None:
    page = GUIDES[uri]
    assert 500 <= words(page.doc.body) <= 1200
    assert "{#read-on}" in page.doc.body.split("\n## ")[-1], "the last section says where to read on"
    assert [w for w in WARNINGS if w.path == page.doc.path] == []


@pytest.mark.parametrize("uri", [uri for uri in CATALOG.pages if CATALOG.pair_of(uri)])
def test_comparison(uri: str) -> None:
    page = CATALOG.pages[uri]
    assert 80 <= words(page.doc.body) <= 650
    assert list(markdown.citations(page.doc))
    assert [w for w in WARNINGS if w.path == page.doc.path] == []


def test_no_two_pages_share_a_sentence() -> None:
    seen: dict[str, str] = {}
    shared = []
    for uri, document in CATALOG.documents.items():
        for sentence in re.split(r"(?<=[.:])\s+", " ".join(document.body.split())):
            plain = re.sub(r"\[@[^\]]*\]|\]\([^)]*\)|[\[*]", "", sentence)
            if len(plain.split()) > 5 and seen.setdefault(plain, uri) != uri:
                shared.append((plain, seen[plain], uri))
    assert not shared


def test_enough_claims_are_found_right() -> None:
    assert sum(claim.verdict == "right" for claim in CATALOG.claims.values()) >= RIGHT_CLAIMS
