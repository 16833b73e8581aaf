"""Runs of words that a text shares with the source articles, told by salted hashes of the articles' runs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from fieldguide.checks.registry import check
from fieldguide.problem import Document, Problem, once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.catalog import Catalog

RUN = 7
# Any seven words in a row hold four that begin at a place divisible by four: only those few are looked up.
PIECE = 4
HEADING = 14
DIGITS, PIECE_DIGITS = 12, 6
SALT = b"field guide"
ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(rb"[a-z0-9']+")
GAPS = bytes(byte if byte in b"abcdefghijklmnopqrstuvwxyz0123456789" else 32 for byte in range(256))


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """The hashes of runs of words, and of the shorter pieces that tell where to look for them."""

    runs: frozenset[str]
    pieces: frozenset[int]


def _plain(text: str) -> bytes:
    """A text of the same length in lower-case ASCII, without its addresses."""
    text = ADDRESS.sub(lambda m: " " * len(m[0]), text) if "://" in text else text
    return text.replace("’", "'").encode("ascii", "replace").lower()


def words(text: str) -> list[bytes]:
    """The lower-case words of a text, without apostrophes."""
    return _plain(text).translate(GAPS, b"'").split()


def runs(text: str) -> list[str]:
    """The hash of every run of seven words."""
    found = words(text)
    return [_hash(found[i : i + RUN]) for i in range(len(found) - RUN + 1)]


def _hash(run: Sequence[bytes]) -> str:
    return hashlib.blake2b(b" ".join(run), key=SALT, digest_size=DIGITS // 2).hexdigest()


def _piece(piece: Iterable[bytes]) -> int:
    return crc32(b" ".join(piece)) & 0xFFFFFF


def marks(given: Sequence[str], names: Iterable[str]) -> Marks:
    """The marks of a fingerprint, without those of names, which anyone may use."""
    own = {mark for name in names for mark in runs(name)}
    return Marks(
        runs=frozenset(mark for mark in given if len(mark) == DIGITS and mark not in own),
        pieces=frozenset(int(mark, 16) for mark in given if len(mark) == PIECE_DIGITS),
    )


def fingerprint(texts: Iterable[str]) -> list[str]:
    """The sorted hashes of the runs of some texts, without those inside titles and headings, which citations name."""
    marks: set[str] = set()
    headings: set[str] = set()
    pieces: set[str] = set()
    for text in texts:
        marks |= set(runs(text))
        found = words(text)
        pieces |= {f"{_piece(found[i : i + PIECE]):0{PIECE_DIGITS}x}" for i in range(len(found) - PIECE + 1)}
        for line in text.splitlines():
            if len(line.split()) <= HEADING:
                headings |= set(runs(line))
    return sorted((marks - headings) | pieces)


@check("originality", per="document")
def check_prose(catalog: Catalog, _: str, document: Document) -> Iterator[Problem]:
    """Report passages that share a run of words with a source article.

    Why: Sentences are our own; a run of seven words from an article is theirs.
    Wrong: a sentence carried over from an article
    Right: the same fact in other words
    """
    return find_shared(marks_of(catalog), document)


@check("originality")
def check_claims(catalog: Catalog) -> Iterator[Problem]:
    """Report passages of the claims that share a run of words with a source article."""
    if document := catalog.claims_document:
        yield from find_shared(marks_of(catalog), document)


@once
def marks_of(catalog: Catalog) -> Marks:
    """Return the marks of a guide's articles."""
    own = [name for entry in catalog.entries.values() for name in (entry.title, *entry.aliases)]
    return marks(catalog.fingerprint, own)


def find_shared(marks: Marks, document: Document) -> Iterator[Problem]:
    """Yield a problem for each passage of a file that shares a run with the fingerprinted texts."""
    end, whole = -1, Document(path=document.path, body=document.text)
    for index in _hits(marks, words(whole.body)):
        if index > end:
            offset = [match.start() for match in WORD.finditer(_plain(whole.body)) if match[0].strip(b"'")][index]
            message = f"{RUN} words or more in a row stand in a source article; say it in other words"
            yield whole.problem_at(offset, "originality", message)
        end = index + 1


def _hits(marks: Marks, found: list[bytes]) -> Iterator[int]:
    """Where the shared runs of some words begin, in order."""
    pieces = zip(*(found[i::PIECE] for i in range(PIECE)), strict=False)
    for number, piece in enumerate(pieces):
        if _piece(piece) in marks.pieces:
            last = PIECE * number
            for start in range(max(0, last + PIECE - RUN), last + 1):
                if _hash(found[start : start + RUN]) in marks.runs:
                    yield start
