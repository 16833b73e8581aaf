"""A guide in which an attack stands wherever an editor can write; each place that refuses it gets harmless text."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader

from fieldguide.guide import load_and_check
from fieldguide.source.document_cache import DocumentCache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
PAYLOADS = ROOT / "tests/payloads"
BASE = ROOT / "tests/databases/docs"
TYPES = ("text", "texts", "date", "choice", "choices", "entries", "reference")
# Those that no line of a text file can hold.
ESCAPED = (
    "\0@nope\0/evil\0",
    "\x02wzxhzdk:0\x03",
    "\x1b[2J\x07",
    "a\u2028b\x85c\xa0d",
    "\u202egnp.exe \u2066x",
    "one\n\n<script>pwned()</script>\n\n[x](javascript:pwned())\n\ntwo",
    "\n::error file=x::y\r\n::error::z",
)
TEXTS = [*(PAYLOADS / "texts.txt").read_text(encoding="utf-8").splitlines(), *ESCAPED]
PROSE = (PAYLOADS / "prose.txt").read_text(encoding="utf-8").split("\n%%\n")
# A place in a rendered template, until its text is known: five parts that no text holds.
EDGE = "\ue000"
MARK = re.compile(
    EDGE + "".join(f"(?P<{part}>[^{EDGE}]*){EDGE}" for part in ("form", "place", "number", "harmless", "before"))
)
ENVIRONMENT = Environment(
    loader=FileSystemLoader(PAYLOADS / "templates"),
    autoescape=False,  # noqa: S701 -- attacks must arrive whole
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    comment_start_string="{##",
    comment_end_string="##}",
)
Place = tuple[str, str]


@dataclass(kw_only=True)
class Guide:
    """A guide with attacks: where each place stands by file and line, and what was said where one was refused."""

    docs: Path
    refused: dict[Place, Problem] = field(default_factory=dict)
    places: dict[tuple[str, int], list[Place]] = field(default_factory=lambda: defaultdict(list))

    def lay(self) -> None:
        """Writes the guide: the one to databases, and what the templates make for each attack."""
        self.places.clear()
        for name, text in _templates():
            self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        lines: list[str] = []
        for line in text.split("\n"):
            filled = MARK.sub(self._filled, line).split("\n")
            for number in range(len(lines) + 1, len(lines) + len(filled) + 1):
                self.places[f"docs/{name}", number] += [(mark["place"], mark["number"]) for mark in MARK.finditer(line)]
            lines += filled
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = "\n".join(lines).encode()
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)

    def _filled(self, mark: re.Match[str]) -> str:
        place = mark["place"], mark["number"]
        text = mark["harmless"] if place in self.refused else mark["before"] + attack(*place)
        return json.dumps(text) if mark["form"] == "quoted" else text

    def settle(self) -> list[Problem]:
        """Puts harmless text where the checks refuse an attack; returns what they refuse in the end."""
        shutil.copytree(BASE, self.docs)
        memory = DocumentCache()
        while True:
            self.lay()
            memory.scan([self.docs])
            _, problems = load_and_check(self.docs, memory)
            fresh = {place: problem for problem in problems for place in self.places[problem.path, problem.line]}
            if fresh.keys() <= self.refused.keys():
                return problems
            self.refused |= fresh


def attack(place: str, number: str) -> str:
    """The attack of a number, from those on prose in a place named `prose`."""
    return (PROSE if place == "prose" else TEXTS)[int(number)]


def _mark(form: str, number: str, place: str, harmless: str, before: str = "") -> str:
    return EDGE + "".join(f"{part}{EDGE}" for part in (form, place, number, harmless, before))


def _render(template: str, number: str, **context: object) -> str:
    made = ENVIRONMENT.get_template(template).render(
        n=number,
        word="".join("abcdefghij"[int(digit)] for digit in number),
        q=partial(_mark, "quoted", number),
        r=partial(_mark, "raw", number),
        types=TYPES,
        **context,
    )
    return str(made)


@cache
def _templates() -> tuple[tuple[str, str], ...]:
    """The files of the guide with attacks, every place still open."""
    return tuple(_rendered())


def _rendered() -> Iterator[tuple[str, str]]:
    numbers = [f"{n:02}" for n in range(len(TEXTS))]
    for n in numbers:
        yield f"things-{n}/thing-{n}.md", _render("entry.md.j2", n)
        yield f"sources/article-{n}.md", _render("article.md.j2", n)
        yield f"guide/page-{n}.md", _render("page.md.j2", n)
        yield f"compare/sqlite-vs-thing-{n}.md", _render("pair.md.j2", n)
    for index in range(len(PROSE)):
        yield f"guide/prose-{index:02}.md", _render("prose.md.j2", f"{index:02}")

    def every(template: str, **context: object) -> str:
        return "".join(_render(template, n, **context) for n in numbers)

    for name, template in (
        ("data/claims.yml", "claim.yml.j2"),
        ("data/changes.yml", "change.yml.j2"),
        ("data/references.bib", "references.bib.j2"),
    ):
        yield name, (BASE / name).read_text(encoding="utf-8") + every(template)
    yield "data/redirects.yml", every("redirect.yml.j2")
    vocabulary = (BASE / "data/vocabulary.yml").read_text(encoding="utf-8")
    for part, following in (
        ("kinds", "\nattributes:"),
        ("attributes", "\nvalue_sets:"),
        ("verdicts", "\n  stance:"),
        ("value_sets", "\nclasses:"),
    ):
        vocabulary = vocabulary.replace(following, f"\n{every('vocabulary.yml.j2', part=part)}{following}")
    yield "data/vocabulary.yml", vocabulary + every("vocabulary.yml.j2", part="classes")
