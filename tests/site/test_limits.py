"""Files that would exhaust or trap a program: each is refused, or read, within two seconds of work and 500 MB.

What is read may take a build two seconds more than the guide takes without it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from guides import copy_small_guide

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS, MEMORY, PATIENCE = 2, 500, 120
PAGE = "guide/server-or-library.md"
ENTRY = "databases/redis.md"
DEEP = 5000
BOMB = "a: &a [x]\n" + "".join(f"{chr(b)}: &{chr(b)} [{', '.join([f'*{chr(b - 1)}'] * 9)}]\n" for b in range(98, 107))


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a command said and took: seconds of a processor, and megabytes at its peak."""

    status: int
    text: str
    seconds: float
    megabytes: float


def run(*command: str) -> Run:
    """A command under limits that spare the machine."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=limit,  # noqa: PLW1509 -- no thread runs in the child
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "scripts")},
    )
    assert process.stdout
    late = Timer(PATIENCE, process.kill)
    late.start()
    with process.stdout:
        text = process.stdout.read().decode("utf-8", "replace")
    late.cancel()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        status=process.returncode, text=text, seconds=used.ru_utime + used.ru_stime, megabytes=used.ru_maxrss / 1024
    )


def front(name: str, line: str) -> Callable[[Path], None]:
    """Adds a line to a page's front matter, or to a data file."""

    def lay(docs: Path) -> None:
        path = docs / name
        text = path.read_text(encoding="utf-8")
        page = name.endswith(".md")
        path.write_text(text.replace("\nchecked:", f"\n{line}\nchecked:", 1) if page else f"{line}\n{text}")

    return lay


def prose(text: str, name: str = PAGE) -> Callable[[Path], None]:
    """Adds prose to a page."""

    def lay(docs: Path) -> None:
        with (docs / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return lay


def work(field: str) -> Callable[[Path], None]:
    """Puts a text into a field of the bibliography."""

    def lay(docs: Path) -> None:
        path = docs / "data/references.bib"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("title = {Licenses}", f"title = {{{field}}}"), encoding="utf-8")

    return lay


def big(name: str, size: int, byte: bytes = b"a") -> Callable[[Path], None]:
    """Appends to a file."""

    def lay(docs: Path) -> None:
        with (docs / name).open("ab") as file:
            file.write(b"\n" + byte * (size // len(byte)))

    return lay


def links(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    """Adds symbolic links."""

    def lay(docs: Path) -> None:
        for name, target in pairs:
            (docs / name).symlink_to(target)

    return lay


def instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Puts something else in the place of a file."""

    def lay(docs: Path) -> None:
        (docs / name).unlink(missing_ok=True)
        make(docs / name)

    return lay


REFUSED = {
    "a YAML bomb": front(ENTRY, BOMB),
    "a YAML bomb in the vocabulary": front("data/vocabulary.yml", BOMB),
    "deep YAML in brackets": front(ENTRY, f"x: {'[' * DEEP}{']' * DEEP}"),
    "deep YAML in braces": front(ENTRY, f"x: {'{a: ' * DEEP}{'}' * DEEP}"),
    "deep YAML in lines": front(ENTRY, "x:\n" + "\n".join(" " * n + "a:" for n in range(1, 1300))),
    "deep YAML in dashes": front(ENTRY, f"x:\n  {'- ' * DEEP}a"),
    "deep YAML in claims": front("data/claims.yml", f"x: {'[' * DEEP}{']' * DEEP}"),
    "deep YAML never closed": front(ENTRY, f"x: {'[' * DEEP}"),
    "deep YAML in a block": prose(f"/// claims | x\n    ids: {'[' * DEEP}\n///"),
    "deep braces in BibTeX never closed": work("{" * DEEP),
    "deep LaTeX": work("\\emph{" * DEEP + "x" + "}" * DEEP),
    "deep quotations": prose(">" * DEEP + " x"),
    "deep quotations with spaces": prose("> " * DEEP + "x"),
    "deep lists": prose("\n".join(" " * 4 * n + "- x" for n in range(400))),
    "deep lists on a line": prose("- " * DEEP + "x"),
    "deep emphasis": prose("*a **b " * DEEP + "x" + "** c*" * DEEP),
    "deep links": prose("[" * DEEP + "x" + "](y)" * DEEP),
    "many pictures never closed": prose("![" * DEEP),
    "many backticks": prose(" ".join("`" * n for n in range(1, 300))),
    "many comments": prose("<!-- " * DEEP),
    "deep brackets": prose("[" * DEEP + "x" + "]" * DEEP),
    "a page of 50 MB": big(PAGE, 50_000_000),
    "a page of 200 kB": big(PAGE, 200_000),
    "many headings": prose("# a\n" * DEEP),
    "claims of 50 MB": big("data/claims.yml", 50_000_000),
    "a bibliography of 50 MB": big("data/references.bib", 50_000_000),
    "a vocabulary of 50 MB": big("data/vocabulary.yml", 50_000_000),
    "a fingerprint of 50 MB": big("data/article-runs.txt", 50_000_000),
    "a fingerprint of bytes": big("data/article-runs.txt", 100, b"\xff"),
    "a million lines": big(PAGE, 2_000_000, b"a\n"),
    "NUL bytes": big(PAGE, 100, b"\0"),
    "NUL bytes in claims": big("data/claims.yml", 100, b"\0"),
    "NUL bytes in BibTeX": big("data/references.bib", 100, b"\0"),
    "a loop of links": links(("a", "b"), ("b", "a")),
    "a loop of folders": links(("guide/up", ".."), ("compare/up", ".."), ("models/up", "..")),
    "a link to itself": links(("guide/x.md", "x.md")),
    "a link out of docs": links(("assets/passwd.txt", "/etc/passwd")),
    "a page out of docs": links(("guide/x.md", "/etc/passwd")),
    "a link to nothing": links(("guide/x.md", "nothing.md")),
    "a folder named as a page": instead("guide/x.md", Path.mkdir),
    "a folder in the place of claims": instead("data/claims.yml", Path.mkdir),
    "a pipe named as a page": instead("guide/x.md", os.mkfifo),
    "a pipe": instead("assets/pipe", os.mkfifo),
    "a pipe in the place of claims": instead("data/claims.yml", os.mkfifo),
    "a name that is not UTF-8": instead(os.fsdecode(b"guide/\xff\xfe.md"), Path.touch),
    "a picture's name that is not UTF-8": instead(os.fsdecode(b"assets/\xe9.png"), Path.touch),
}
READ = {
    "deep braces in BibTeX": work("{" * DEEP + "x" + "}" * DEEP),
    "deep parentheses": prose("[x](" + "(" * DEEP + ")" * DEEP),
    "many stars": prose("*" * 500 + "a" + "_" * 500),
    "many emphases never closed": prose("*a _b " * 500),
    "deep emphasis within bounds": prose("*a **b " * 80 + "x" + "** c*" * 80),
    "deep LaTeX within bounds": work("\\emph{" * 20 + "x" + "}" * 20),
    "many links": prose("[a](../index.md) " * 900),
    "many brackets": prose("[" * 999),
    "many signs": prose("<" * DEEP + "&" * DEEP + "{" * DEEP),
    "many fences": prose("```\n" * DEEP),
    "a very long line": prose("word " * 18_000),
    "a very long word": prose("w" * 90_000),
    "many short lines": prose("a\n" * 45_000),
    "many short paragraphs": prose("a\n\n" * 3_000),
}


def copied(target: Path) -> Path:
    """A copy of the guide to databases that can be built, without cards."""
    config = copy_small_guide(target).read_text(encoding="utf-8")
    (target / "mkdocs.yml").write_text(config + "\nplugins: {fieldguide: {cards: false}}\n", encoding="utf-8")
    return target


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the guide to databases."""
    return copied(tmp_path / "project")


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> float:
    """The seconds that building the sound guide takes."""
    project = copied(tmp_path_factory.mktemp("usual") / "project")
    return run("-m", "mkdocs", "build", "-f", str(project / "mkdocs.yml"), "-d", str(project / "site")).seconds


def assert_within_limits(done: Run, usual: float = 0) -> None:
    assert "Traceback" not in done.text, done.text[-2000:]
    assert done.seconds < usual + SECONDS, done
    assert done.megabytes < MEMORY, done


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(project: Path, case: str) -> None:
    REFUSED[case](project / "docs")
    checked = run("-m", "fieldguide.cli", "check", str(project / "docs"))
    assert checked.status == 1
    assert "docs/" in checked.text
    assert_within_limits(checked)
    built = run("-m", "mkdocs", "build", "-f", str(project / "mkdocs.yml"), "-d", str(project / "site"))
    assert built.status == 1
    assert checked.text.splitlines()[0] in built.text
    assert_within_limits(built)


@pytest.mark.parametrize("case", READ)
def test_what_is_read(project: Path, usual: float, case: str) -> None:
    READ[case](project / "docs")
    checked = run("-m", "fieldguide.cli", "check", str(project / "docs"))
    assert checked.status == 0, checked.text
    assert_within_limits(checked)
    built = run("-m", "mkdocs", "build", "-f", str(project / "mkdocs.yml"), "-d", str(project / "site"))
    assert built.status == 0, built.text
    assert_within_limits(built, usual)
