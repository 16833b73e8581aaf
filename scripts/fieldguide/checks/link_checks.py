"""Links in hand-written prose: each leads to a page, an id or a file that is there, and is written as a link."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from functools import cache, partial
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from fieldguide import urls
from fieldguide.source import markdown
from fieldguide.source.suggestions import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.checks.places import Places
    from fieldguide.problem import Document, Problem

    # Offset, rule, message, and what the link is about.
    Found = Iterator[tuple[int, str, str, str]]

TARGET = r"(?: <(?P<angle>[^<>\n]*)> | (?P<link>(?:[^\s()<>]|\([^\s()<>]*\))*)(?=[\s)]) )"
LINK = rf"""
    (?P<opening> (?<!\\)\]\( \s* {TARGET} )
  | ^[ ]{{0,3}}\[(?P<label>[^\[\]\n^@][^\[\]\n]*)\]: [^\S\n]* \n? [^\S\n]* <? (?P<defined>[^\s<>]+)
  | <[a-z][^<>]*? \s(?:href|src) \s*=\s* (?P<quote>["']) (?P<html>[^"'\n]*) (?P=quote)"""
# What is meant as a link and would be printed as text.
LOOSE = r"""
    (?P<spaced> \[[^\[\]\n]+\][^\S\n]+\([^\s()]+\.md(?:\#[^\s()]*)?\) )
  | (?P<turned> \([^()\n]+\)\[[^\[\]\s]+\.md(?:\#[^\[\]\s]*)?\] )
  | (?P<wiki> \[\[[^\[\]\n]+\]\] )
  | (?P<named> (?<![\]\\])\[[^\[\]\n@]+\]\[[^\[\]\n@]+\] )"""
LINKS, ANY_LINKS = (
    re.compile(pattern, re.MULTILINE | re.IGNORECASE | re.VERBOSE) for pattern in (LINK, f"{markdown.CODE}|{LINK}")
)
LOOSES = re.compile(f"{markdown.CODE}|{LOOSE}", re.MULTILINE | re.IGNORECASE | re.VERBOSE)
MAYBE = re.compile(r"\]\(|\]:|<")
MAYBE_LOOSE = re.compile(r"\]\s*\[|\[\[|\][^\S\n]+\(|\)\[")
LABELS = re.compile(r"^[ ]{0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
NAMELESS = re.compile(r"(?<!\\)!?\[\s*$")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# Browsers skip control characters and white space in the scheme of an address.
SKIPPED = re.compile(r"[\x00-\x20]+")
SCHEMES = ("https", "http", "mailto", "tel", "ftp")
HERE = re.compile(r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0)\b", re.IGNORECASE)
# Their addresses are said to be harmful elsewhere.
HARMFUL = {"javascript", "vbscript", "data"}


def check(places: Places, uri: str, document: Document, *, raw: bool = True) -> Found:
    """The offset, rule and message of each link of a page that leads nowhere, or is none; those of HTML if `raw`."""
    body, flaw = document.body, cache(partial(_flaw, places, uri))
    for token in (LINKS if markdown.plain(body) else ANY_LINKS).finditer(body) if MAYBE.search(body) else ():
        group = next((name for name in ("angle", "link", "defined", "html") if token[name] is not None), "")
        if not group or (group == "html" and not raw):
            continue
        if token["opening"] and NAMELESS.search(body, max(0, token.start() - 80), token.start()):
            yield from _nameless(body, token)
        elif message := flaw(unescape(token[group]), html=group == "html"):
            yield token.start(group), *message
    yield from _loose(places.catalog, uri, body) if MAYBE_LOOSE.search(body) else ()


def _nameless(body: str, token: re.Match[str]) -> Found:
    """A link that has no text; a picture without one is decoration, and may be."""
    opening = body.rindex("[", 0, token.start() + 1)
    if body[opening - 1 : opening] != "!":
        yield (
            opening,
            "link",
            "a link without text cannot be seen; write it between the brackets: '[text](address)'",
            "",
        )


def _flaw(places: Places, uri: str, address: str, *, html: bool) -> tuple[str, str, str] | None:
    """The rule that an address breaks, why, and what it is about; None if it leads somewhere, or cannot be decided."""
    scheme = SCHEME.match(SKIPPED.sub("", address))
    if not address.strip():
        return "link", "expected an address, got nothing; write '[text](page.md)' or '[text](https://example.org/)'", ""
    if scheme or address.startswith("//"):
        flaw = _outside(scheme[1].lower(), address) if scheme else ""
        return ("link", flaw, "") if flaw else None
    path, mark, name = address.partition("#")
    path = path.partition("?")[0]
    target = uri if not path else (_of_html if html else _of_markdown)(places, uri, unquote(path))
    if target is None:
        message = f"{shown(address)} leads to no file{_meant(places, uri, unquote(path), html=html)}"
        return "broken-link", message, posixpath.basename(path.rstrip("/")).removesuffix(".md")
    if mark and target in places.pages and not places.has(target, unquote(name)):
        known = sorted(places.ids(target) - {""})
        return "broken-link", f"{shown(address)}: {target} has no id {shown(name)}{did_you_mean(name, known)}", name
    return None


def _outside(scheme: str, address: str) -> str:
    """What is wrong with an address that has a scheme; empty if nothing is."""
    if scheme in HARMFUL:
        return ""
    if scheme == "file":
        return f"{shown(address)} is a file of this computer; put it under docs/ and link to that"
    if scheme not in SCHEMES:
        hint = did_you_mean(scheme, SCHEMES[:2]) or "; expected https://"
        return f"'{scheme}:' is no scheme that a browser knows{hint}"
    if scheme in SCHEMES[:2] and not re.match(r"https?://[^/\s]", address, re.IGNORECASE):
        return f"expected '{scheme}://' and a host, got {shown(address)}"
    if HERE.match(address):
        return f"{shown(address)} is this computer; link to the page's file, such as ../guide/a-page.md"
    return ""


def _of_markdown(places: Places, uri: str, path: str) -> str | None:
    """The file that a path in Markdown leads to from a page; None if there is none."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(uri), path))
    if path.startswith("/") or path.endswith("/"):
        return None
    return target if target in places.pages or target in places.files or places.may_be(target) else None


def _of_html(places: Places, uri: str, path: str) -> str | None:
    """The file that a path in HTML leads to from the address of a page; None if there is none."""
    joined = posixpath.normpath(posixpath.join("/", urls.url(uri), path)).lstrip("/")
    page = places.urls.get(f"{joined}/" if joined else "")
    if page or path.startswith("/"):
        return page or ""  # what stands before the guide's own root is not known here
    return joined if joined in places.files or places.may_be(joined) or joined.endswith("/index.md") else None


def _meant(places: Places, uri: str, path: str, *, html: bool) -> str:
    """A hint at the nearest file that there is, as it is written on a page."""
    here = posixpath.dirname(uri)
    wanted = path.strip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(here, path))
    page = places.urls.get(f"{wanted.removeprefix('../')}/", "")
    names = [page] if page else _nearest(places, wanted)
    slug = posixpath.basename(wanted).removesuffix(".md")
    hidden = places.catalog.entries.get(slug)
    if hidden and not hidden.page:
        return f"; '{slug}' has no page of its own: link to {_written(uri, urls.GLOSSARY, html=html)}#{slug}"
    return f"; did you mean '{_written(uri, names[0], html=html)}'?" if names else ""


def _nearest(places: Places, wanted: str) -> list[str]:
    """The file most like one that is wanted: of the same name, or of nearly the same name or path."""
    known, name = places.named, posixpath.basename(wanted)
    same = [*known.get(name, ()), *known.get(f"{name}.md", ())]
    if not same and (near := nearest(name, known.keys() - {"index.md"})):
        same = known[near[0]]
    return nearest(wanted, same)[:1] or same[:1] or nearest(wanted, chain.from_iterable(known.values()))


def _written(uri: str, target: str, *, html: bool) -> str:
    """How a page links to a file."""
    if html:
        return urls.relative(urls.url(target) if target.endswith(".md") else target, urls.url(uri))
    return posixpath.relpath(target, posixpath.dirname(uri) or ".")


def _loose(catalog: Catalog, uri: str, body: str) -> Found:
    """What looks like a link and is none."""
    labels = {label.casefold() for label in LABELS.findall(body)}
    for token in LOOSES.finditer(body):
        text = token[0]
        if token["spaced"]:
            yield token.start(), "link", f"{shown(text)} is no link; write it without the space after ']'", ""
        elif token["turned"]:
            yield token.start(), "link", f"{shown(text)} is no link; write '[text](address)'", ""
        elif token["wiki"]:
            slug = text[2:-2].partition("|")[0].strip().lower().replace(" ", "-")
            close = nearest(slug, [*catalog.entries])
            way = f"[text]({urls.file_of(catalog, close[0], uri)})" if close else "[text](../folder/page.md)"
            yield token.start(), "link", f"{shown(text)} is no link here; write '{way}'", ""
        elif token["named"] and (label := text[:-1].rpartition("[")[2]).casefold() not in labels:
            message = f"no line '[{label}]: address' says where {shown(text)} leads{did_you_mean(label, labels)}"
            yield token.start(), "link", message, ""


def sourced(catalog: Catalog, name: str) -> Callable[[Problem], Problem]:
    """A function that moves a problem of the built site to the line of the source that makes it, where there is one."""
    sources = {f"site/{urls.url(uri)}index.html": uri for uri in catalog.documents}

    def move(problem: Problem) -> Problem:
        uri, target = sources.get(problem.path, ""), problem.message.partition("'")[2].partition("'")[0]
        document = catalog.documents.get(uri)
        if document is None or not target:
            return problem
        for token in ANY_LINKS.finditer(document.body):
            group = next((g for g in ("angle", "link", "defined", "html") if token[g]), "")
            if group and target in (token[group], _published(uri, unescape(token[group]))):
                line, column = markdown.place(document, token.start(group))
                return replace(problem, path=f"{name}/{uri}", line=line, column=column)
        return problem

    return move


def _published(uri: str, address: str) -> str:
    """A link of Markdown as MkDocs writes it into the page."""
    path, mark, name = address.partition("#")
    target = urls.resolve(path, uri) if path else uri
    end = urls.url(target) if target.endswith(".md") else target
    return quote(urls.relative(end + mark + name, urls.url(uri)), safe="/#.%")
