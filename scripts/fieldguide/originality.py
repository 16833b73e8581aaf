"""Runs of words that a text shares with the source articles, told by salted hashes of the articles' runs."""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .catalog import Catalog

RUN = 7
HEADING = 14
DIGITS = 12
SALT = b"field guide"
ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def words(text: str) -> list[tuple[str, int]]:
    """The lower-case words of a text, each with its offset."""
    plain = ADDRESS.sub(lambda m: " " * len(m[0]), text.lower().replace("’", "'"))
    return [(match[0], match.start()) for match in WORD.finditer(plain)]


def runs(text: str) -> list[tuple[str, int]]:
    """The hash of every run of seven words, with the offset of its first word."""
    found = words(text)
    return [(_hash(" ".join(word for word, _ in found[i : i + RUN])), found[i][1]) for i in range(len(found) - RUN + 1)]


def _hash(run: str) -> str:
    return hashlib.blake2b(run.encode(), key=SALT, digest_size=DIGITS // 2).hexdigest()


def marks_of(catalog: Catalog) -> set[str]:
    """The fingerprint that a catalog was read with, without the names of its entries."""
    names = (name for entry in catalog.entries.values() for name in (entry.title, *entry.aliases))
    return set(catalog.fingerprint) - {mark for name in names for mark, _ in runs(name)}


def fingerprint(texts: Iterable[str]) -> list[str]:
    """The sorted hashes of the runs of some texts, without those inside titles and headings, which citations name."""
    marks: set[str] = set()
    headings: set[str] = set()
    for text in texts:
        marks |= {mark for mark, _ in runs(text)}
        for line in text.splitlines():
            if len(line.split()) <= HEADING:
                headings |= {mark for mark, _ in runs(line)}
    return sorted(marks - headings)


def shared(marks: set[str], text: str, path: str) -> Iterator[Problem]:
    """A problem for each passage of a text that shares a run with the fingerprinted texts."""
    end = -1
    found = runs(text)
    for index, (mark, offset) in enumerate(found):
        if mark in marks and index > end:
            before = text[:offset]
            column = offset - before.rfind("\n")
            message = f"{RUN} words or more in a row stand in a source article; say it in other words"
            yield Problem(path=path, line=before.count("\n") + 1, column=column, rule="originality", message=message)
        if mark in marks:
            end = index + 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the fingerprint of some texts to a file."""
    parser = argparse.ArgumentParser(prog="fieldguide.originality", description=main.__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    marks = fingerprint(path.read_text(encoding="utf-8") for path in options.texts)
    options.target.write_text("\n".join(marks) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
