"""Broken files, thousands of them: each is read or refused with its place, and none breaks the checks."""

from __future__ import annotations

import random
import re
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldguide.cache import BlobCache
from fieldguide.guide import load_and_check
from fieldguide.render.pages import Outputs
from fieldguide.render.renderer import TemplateCache
from fieldguide.source.document_cache import DocumentCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem

BASE = ROOT / "tests/databases/docs"
PAGE = "databases/redis.md"
FILES = (PAGE, "data/claims.yml", "data/references.bib", "data/vocabulary.yml", "sources/postgresql-about.md")
SHOWN_ON = {
    "data/claims.yml": "claims.md",
    "data/references.bib": "sources/references.md",
    "data/vocabulary.yml": "databases/index.md",
}
MUTATIONS = 1100
# Files of the real guide that are broken at once: it takes longer to check a guide than to read a file.
TOGETHER = 40
FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What YAML, BibTeX and Markdown mind, among what they do not.
SIGNS = [
    *"-:,#&*!|>'\"%@`{}[]()?=~<\\ \n\r\t\x00\x07\x85\u2028\ufeff\ud800é語a1",
    "---", "...", ": ", "- ", "\n  ", "\n- ", "<<", "{{", "}}", "[@",
    "]]", "@article{", "= {", "///", "```", "<!--", "\n\n",
]  # fmt: skip
SEPARATOR = re.compile(r"^---[^\S\n]*$", re.MULTILINE)


class Laboratory:
    """A guide in which one file at a time is broken; what did not change is not read again."""

    def __init__(self, source: Path, target: Path) -> None:
        shutil.copytree(source, target / "docs", ignore=shutil.ignore_patterns("article-runs.txt"))
        self.docs, self.memory, self.codes = (
            target / "docs",
            DocumentCache(),
            TemplateCache(BlobCache(target / "codes", "templates")),
        )
        self.stamps = {str(path): (0,) for path in self.docs.rglob("*") if path.is_file()}

    def problems(self, broken: Mapping[str, bytes]) -> list[Problem]:
        """The problems with the bytes of some files replaced; what passes the checks is made into pages too."""
        sound = {self.docs / name: (self.docs / name).read_bytes() for name in broken}
        self.memory.stamps = self.stamps | {str(path): () for path in sound}  # without a stamp, a file is read
        try:
            for name, data in broken.items():
                (self.docs / name).write_bytes(data)
            catalog, problems = load_and_check(self.docs, self.memory)
            if not problems:
                self._make(catalog, [SHOWN_ON.get(name, name) for name in broken])
            for problem in problems:
                self._placed(problem)
        except Exception as error:
            error.add_note(f"with {broken!r}")
            raise
        finally:
            for path, data in sound.items():
                path.write_bytes(data)
        return problems

    def _make(self, catalog: Catalog, uris: Iterable[str]) -> None:
        made = Outputs(catalog)
        made.renderer.environment.bytecode_cache = self.codes
        for make in map(made.files.get, uris):
            assert make is None or make()

    def _placed(self, problem: Problem) -> None:
        """Asserts that a problem's file has its line, and the line its column."""
        assert str(problem).isprintable(), problem
        path = self.docs.parent / problem.path
        assert path.exists(), problem
        lines = re.split("\r\n|\r|\n", path.read_bytes().decode("utf-8-sig", "replace")) if path.is_file() else [""]
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= max(len(lines[problem.line - 1].encode()), 1) + 1, problem


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory with the guide to databases."""
    return Laboratory(BASE, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory with the real guide."""
    return Laboratory(ROOT / "docs", tmp_path_factory.mktemp("real"))


def rejected(name: str, data: bytes) -> bool:
    """Whether the reference reader of YAML rejects a file's data."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        if name.endswith(".md"):
            _, text, _ = SEPARATOR.split(text, 2)
        # YAML lets tabs separate and stand in empty lines, and a value in brackets end with "?"; PyYAML alone does not.
        text = re.sub(r"(?<=\S)[ \t]+|^[ \t]+$", " ", text, flags=re.MULTILINE)
        yaml.safe_load(re.sub(r"(?<=\w)\?(?=[,\]}])", "", text))
    except (ValueError, yaml.YAMLError):
        return True
    return False


def judge(laboratory: Laboratory, name: str, data: bytes) -> None:
    """Asserts that a file is read or refused as it must be."""
    judge_together(laboratory, {name: data})


def judge_together(laboratory: Laboratory, broken: Mapping[str, bytes]) -> None:
    """Asserts that files are read or refused as they must be.

    Those that are read among others that are refused are judged again without them, so that their pages are made.
    """
    mistaken = {name for name, data in broken.items() if not name.endswith(".bib") and rejected(name, data)}
    while broken:
        problems = laboratory.problems(broken)
        refused = broken.keys() & {problem.path.removeprefix("docs/") for problem in problems}
        assert {name: broken[name] for name in mistaken - refused} == {}
        read, mistaken = {name: data for name, data in broken.items() if name not in refused}, set()
        if problems and not refused and len(read) > 1:  # one of them is why another file is refused
            for name, data in read.items():
                judge(laboratory, name, data)
        broken = read if refused else {}


def _lines(change: Callable[[random.Random, list[str]], object]) -> Callable[[random.Random, str], str]:
    def apply(chance: random.Random, text: str) -> str:
        lines = text.split("\n")
        change(chance, lines)
        return "\n".join(lines)

    return apply


def _at(change: Callable[[random.Random, str, int], str]) -> Callable[[random.Random, str], str]:
    return lambda chance, text: change(chance, text, chance.randrange(len(text)))


def _swap(chance: random.Random, lines: list[str]) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _indent(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((" ", "  ", "\t", "    ")) + lines[at] if chance.random() < 0.6 else lines[at].lstrip()


ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-7", "shift_jis", "utf-32")
BREAKS: dict[str, Callable[[random.Random, str], str]] = {
    "a line less": _lines(lambda chance, lines: lines.pop(chance.randrange(len(lines)))),
    "a line twice": _lines(lambda c, lines: lines.insert(c.randrange(len(lines)), c.choice(lines))),
    "lines swapped": _lines(_swap),
    "a line indented": _lines(_indent),
    "a character less": _at(lambda _, text, at: text[:at] + text[at + 1 :]),
    "a character twice": _at(lambda _, text, at: text[:at] + text[at] + text[at:]),
    "characters swapped": _at(lambda _, text, at: text[:at] + text[at : at + 2][::-1] + text[at + 2 :]),
    "a sign more": _at(lambda chance, text, at: text[:at] + chance.choice(SIGNS) + text[at:]),
    "another sign": _at(lambda chance, text, at: text[:at] + chance.choice(SIGNS) + text[at + 1 :]),
    "an end too early": _at(lambda _, text, at: text[:at]),
    "a part less": _at(lambda chance, text, at: text[:at] + text[at + chance.randrange(200) :]),
    "quotes lost": lambda chance, text: text.replace(chance.choice("'\"[]{}:,#-"), "", chance.randrange(1, 4)),
    "other quotes": lambda chance, text: text.replace(chance.choice("'\"[{:"), chance.choice("'\"[{:`*&!"), 1),
    "another line end": lambda chance, text: text.replace("\n", chance.choice(("\r", "\r\n", "\u2028", "\x85")), 5),
}


def mutations(names: list[str], docs: Path, count: int) -> Iterator[tuple[str, bytes]]:
    """As many broken files as asked for, always the same."""
    chance = random.Random(6)  # noqa: S311 -- the same broken files at each run
    ways = [*BREAKS, "another encoding", "bytes"]
    for number in range(count):
        name = names[number % len(names)]
        text = (docs / name).read_text(encoding="utf-8")
        way = ways[number % len(ways)]
        if way == "another encoding":
            yield name, text.encode(chance.choice(ENCODINGS), "replace")
        elif way == "bytes":
            data = bytearray(text.encode())
            data[chance.randrange(len(data))] = chance.randrange(256)
            yield name, bytes(data)
        else:
            yield name, BREAKS[way](chance, text).encode("utf-8", "surrogatepass")


@pytest.mark.slow
def test_broken_files_of_the_real_guide(real: Laboratory) -> None:
    names = sorted(path.relative_to(real.docs).as_posix() for path in real.docs.rglob("*.md"))
    broken = list(mutations(names, real.docs, MUTATIONS))
    for start in range(0, len(broken), TOGETHER):
        judge_together(real, dict(broken[start : start + TOGETHER]))


def test_broken_files_of_every_sort(laboratory: Laboratory) -> None:
    for name, data in mutations(list(FILES), laboratory.docs, 700):
        judge(laboratory, name, data)


@FUZZ
@given(st.lists(st.sampled_from(SIGNS) | st.text(max_size=8), max_size=20).map("".join))
@pytest.mark.parametrize("name", FILES)
def test_any_text_for_a_file(laboratory: Laboratory, name: str, text: str) -> None:
    judge(laboratory, name, text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(st.lists(st.sampled_from(SIGNS) | st.text(max_size=8), max_size=12).map("".join))
@pytest.mark.parametrize(
    ("name", "place"),
    [
        (PAGE, "title: Redis"),
        (PAGE, "{value: Redis Ltd."),
        (PAGE, "checked: 2025-06-30\n---\n"),
        ("data/claims.yml", "confidence: medium"),
        ("data/references.bib", "{Licenses"),
        ("data/vocabulary.yml", "label: Developer"),
    ],
)
def test_any_text_in_a_place(laboratory: Laboratory, name: str, place: str, text: str) -> None:
    sound = (laboratory.docs / name).read_text(encoding="utf-8")
    assert place in sound
    judge(laboratory, name, sound.replace(place, place + text, 1).encode("utf-8", "surrogatepass"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@FUZZ
@given(
    value=VALUES, key=st.sampled_from(["title", "summary", "aliases", "is_a", "facts", "checked", "page", "nonsense"])
)
def test_any_value_of_a_key(laboratory: Laboratory, key: str, value: object) -> None:
    front = yaml.safe_load((BASE / PAGE).read_text(encoding="utf-8").split("---")[1]) | {key: value}
    text = f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n"
    judge(laboratory, PAGE, text.encode("utf-8", "surrogatepass"))
