"""Copied runs of words are found from hashes alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command import run_command
from conftest import ROOT

from fieldguide.checks import originality
from fieldguide.guide import load_and_check

SOURCE = """A heading of several words that stands alone

The heron waits at the edge of the shallow water until a small fish comes within reach of its beak.
It doesn't move for minutes, and then it strikes faster than the eye can follow.
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A sound guide that was given the fingerprint of the source."""
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "tests/databases/docs", docs)
    source = tmp_path / "source.txt"
    source.write_text(SOURCE, encoding="utf-8")
    assert run_command("fingerprint", docs / "data/article-runs.txt", source) == 0
    return docs


def found(docs: Path, prose: str) -> list[tuple[int, int]]:
    page = docs / "index.md"
    page.write_text(page.read_text(encoding="utf-8").rstrip() + f"\n{prose}\n", encoding="utf-8")
    _, problems = load_and_check(docs)
    return [(p.line, p.column) for p in problems if p.rule == "originality"]


@pytest.mark.parametrize(
    "copied",
    [
        "the edge of the shallow water until",
        "Waits at the Edge — of the shallow water",
        "it doesn’t move for minutes and then it strikes faster than the eye can follow",
        "minutes, and then\nit strikes faster than",
    ],
)
@pytest.mark.parametrize("before", range(5))
def test_seven_words_in_a_row_are_found_wherever_they_stand(docs: Path, copied: str, before: int) -> None:
    lines = len((docs / "index.md").read_text(encoding="utf-8").rstrip().splitlines())
    ahead = "word " * before
    assert found(docs, ahead + copied) == [(lines + 1, len(ahead) + 1)]


def test_six_words_and_headings_are_nobody_s(docs: Path) -> None:
    assert found(docs, "the edge of the shallow water where a heron stands") == []
    assert found(docs, "A heading of several words that stands alone") == []


@pytest.mark.own
def test_the_guide_carries_the_fingerprint_of_its_articles() -> None:
    catalog, _ = load_and_check(ROOT / "docs")
    marks = originality.marks(catalog.fingerprint, [])
    assert len(marks.runs) > 4000
    assert len(marks.pieces) > 4000
