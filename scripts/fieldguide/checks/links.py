"""Checks of links in hand-written prose: each leads to a page or a file that is there, and is written as a link."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from html import unescape
from itertools import chain, groupby
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fieldguide import urls
from fieldguide.checks.markup import find_harm
from fieldguide.checks.registry import check
from fieldguide.problem import Document, once
from fieldguide.source import markdown
from fieldguide.source.suggestions import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem

TARGET = r"(?: <(?P<angle>[^<>\n]*)> | (?P<link>(?:[^\s()<>]|\([^\s()<>]*\))*)(?=[\s)]) )"
LINK = rf"""
    (?P<nameless> (?<!\\)!?\[\s*\]\( )
  | (?<!\\)\]\( \s* {TARGET}
  | ^[ ]{{0,3}}\[(?P<label>[^\[\]\n^@][^\[\]\n]*)\]: [^\S\n]* \n? [^\S\n]* <? (?P<defined>[^\s<>]+)
  | <[a-z][^<>]*? \s(?:href|src) \s*=\s* (?P<quote>["']) (?P<html>[^"'\n]*) (?P=quote)"""
# What is meant as a link and would be printed as text.
LOOSE = r"""(?=[\[(])
  (?: (?P<spaced> \[[^\[\]\n]+\][^\S\n]+\([^\s()]+\.md(?:\#[^\s()]*)?\) )
  | (?P<turned> \([^()\n]+\)\[[^\[\]\s]+\.md(?:\#[^\[\]\s]*)?\] )
  | (?P<wiki> \[\[[^\[\]\n]+\]\] )
  | (?P<named> (?<![\]\\])\[[^\[\]\n@]+\]\[[^\[\]\n@]+\] ) )"""
KINDS = ("nameless", "angle", "link", "defined", "html")
LOOSE_LINKS = {
    "spaced": "{} is no link; write it without the space after ']'",
    "turned": "{} is no link; write '[text](address)'",
}
LABELS = re.compile(r"^[ ]{0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# Browsers skip control characters and white space in the scheme of an address.
SKIPPED = re.compile(r"[\x00-\x20]+")
SCHEMES = ("https", "http", "mailto", "tel", "ftp")
SCRIPTS = {"javascript", "vbscript", "data"}
# A picture without a text is decoration, and may be.
NAMELESS = {"[": "a link without text cannot be seen; write it between the brackets: '[text](address)'"}
# Where a page has none of these, no address of it can be a script, however it is spelled.
MAYBE_SCRIPT = re.compile(r"(?:p[\x00-\x20]*t|t[\x00-\x20]*a)[\x00-\x20]*:|&", re.IGNORECASE)
HERE = re.compile(r"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0)\b", re.IGNORECASE)
# Files that a build adds beside the pages.
BUILT = ("assets/stylesheets/", "assets/javascripts/", "assets/images/", "feed.xml", "llms.txt", "sitemap.xml")
DATA = ("catalog", "index", "entry", "vocabulary", "claims", "changes", "asked")
find_tokens = markdown.prose_finder(LINK, re.IGNORECASE)
find_loose = markdown.prose_finder(LOOSE, re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkTargets:
    """What a link may lead to: pages by their addresses, all files, and those in sight by the last part of a path."""

    pages: Mapping[str, str]
    files: frozenset[str]
    named: Mapping[str, list[str]]

    def has(self, uri: str) -> bool:
        """Return whether there is a file, or a build may add it."""
        return uri in self.files or uri.startswith(BUILT)


@once
def link_targets(catalog: Catalog) -> LinkTargets:
    """Return what the links of a guide may lead to."""
    pages = urls.list_pages(catalog)
    files = sorted(catalog.files.union(pages), key=posixpath.basename)
    names = (*DATA, *catalog.vocabulary.kind_of_folder)
    data = [f"data/{name}{ending}" for name in names for ending in (".csv", ".json", ".schema.json")]
    return LinkTargets(
        pages={urls.url(uri): uri for uri in pages},
        files=frozenset((*files, *data)),
        named={name: sorted(same) for name, same in groupby(files, posixpath.basename)},
    )


def find_links(document: Document) -> list[tuple[str, str, int]]:
    """Return the links of a page: of which kind each is, its address and its offset.

    The kind of a link without a text is `nameless`. Where markup does harm, raw HTML is not looked at.
    """
    kinds = KINDS[:-1] if find_harm(document) else KINDS
    return [
        (kind, document.body[slice(*token.span(kind))], token.start(kind))
        for token in find_tokens(document)
        for kind in kinds
        if token[kind] is not None
    ]


@check("broken-link", per="document")
def check_targets(catalog: Catalog, uri: str, document: Document) -> Iterator[Problem]:
    """Report links to files that are not there; ids are looked for in the built pages.

    Why: A link that leads nowhere costs each reader who follows it. It is looked for in prose, and in the built pages.
    Wrong: a link to ../glossary.md#no-such-term
    Right: a link to ../glossary.md#a-term-of-the-glossary
    """
    targets = link_targets(catalog)
    for kind, written, offset in find_links(document):
        address, is_html = unescape(written), kind == "html"
        path = unquote(address.partition("#")[0].partition("?")[0])
        if kind == "nameless" or not path.strip() or address.startswith("//") or find_scheme(address):
            continue
        if not (_html_leads if is_html else _markdown_leads)(targets, uri, path):
            message = f"{shown(address)} leads to no file{_suggest(catalog, uri, path, is_html=is_html)}"
            subject = posixpath.basename(path.rstrip("/")).removesuffix(".md")
            yield document.problem_at(offset, "broken-link", message, subject=subject)


def find_scheme(address: str) -> str:
    """Return the scheme of an address as a browser reads it; empty for an address within the guide."""
    match = SCHEME.match(SKIPPED.sub("", address))
    return match[1].lower() if match else ""


def _markdown_leads(targets: LinkTargets, uri: str, path: str) -> bool:
    """Return whether a path in Markdown leads from a page to a file."""
    return not (path.startswith("/") or path.endswith("/")) and targets.has(urls.resolve(path, uri))


def _html_leads(targets: LinkTargets, uri: str, path: str) -> bool:
    """Return whether a path in HTML leads from the address of a page to a file."""
    joined = posixpath.normpath(posixpath.join("/", urls.url(uri), path)).lstrip("/")
    if path.startswith("/"):
        return True  # what stands before the guide's own root is not known here
    is_page = (f"{joined}/" if joined else "") in targets.pages
    return is_page or (not joined.endswith(".md") and targets.has(joined)) or joined.endswith("/index.md")


def _suggest(catalog: Catalog, uri: str, path: str, *, is_html: bool) -> str:
    """Return a hint at the nearest file that there is, as it is written on a page."""

    def write(target: str) -> str:
        if is_html:
            return urls.relative(urls.url(target) if target.endswith(".md") else target, urls.url(uri))
        return posixpath.relpath(target, posixpath.dirname(uri) or ".")

    targets = link_targets(catalog)
    wanted = path.strip("/") if path.startswith("/") else urls.resolve(path, uri)
    slug = posixpath.basename(wanted).removesuffix(".md")
    hidden = catalog.entries.get(slug)
    if hidden and not hidden.page:
        return f"; '{slug}' has no page of its own: link to {write(urls.GLOSSARY)}#{slug}"
    page = targets.pages.get(f"{wanted.removeprefix('../')}/", "")
    names = [page] if page else _nearest(targets, wanted)
    return f"; did you mean '{write(names[0])}'?" if names else ""


def _nearest(targets: LinkTargets, wanted: str) -> list[str]:
    """Return the file most like one that is wanted: of the same name, or of nearly the same name or path."""
    known, name = targets.named, posixpath.basename(wanted)
    same = [*known.get(name, ()), *known.get(f"{name}.md", ())]
    if not same and (near := nearest(name, known.keys() - {"index.md"})):
        same = known[near[0]]
    return nearest(wanted, same)[:1] or same[:1] or nearest(wanted, chain.from_iterable(known.values()))


@check("link", per="document")
def check_addresses(_: Catalog, __: str, document: Document) -> Iterator[Problem]:
    """Report addresses that no browser can follow, and links without a text.

    Why: An address of another scheme, such as javascript, runs in the reader's browser; one without a scheme leads
    nowhere.
    Wrong: a link to javascript:alert(1)
    Right: a link to https://example.org/
    """
    yield from find_scripts(document)
    for kind, address, offset in find_links(document):
        flaw = NAMELESS.get(address[0], "") if kind == "nameless" else _explain_address(unescape(address))
        if flaw:
            yield document.problem_at(offset, "link", flaw)


@once
def find_scripts(document: Document) -> list[Problem]:
    """Return the addresses of a page that would run as scripts."""
    found = []
    for address, offset in markdown.addresses(document) if MAYBE_SCRIPT.search(document.body) else ():
        if find_scheme(unescape(address)) in SCRIPTS:
            shut = address.removesuffix(")") if address.count(")") > address.count("(") else address
            message = f"{shown(shut)} would run in the reader's browser; link to https:// or to a page"
            found.append(document.problem_at(offset, "link", message))
    return found


def _explain_address(address: str) -> str:
    """Return why no browser can follow an address; empty if one can, or if the address is reported as harmful."""
    if not address.strip():
        return "expected an address, got nothing; write '[text](page.md)' or '[text](https://example.org/)'"
    scheme = find_scheme(address)
    if not scheme or scheme in SCRIPTS:
        return ""
    if scheme not in SCHEMES:
        if scheme == "file":
            return f"{shown(address)} is a file of this computer; put it under docs/ and link to that"
        hint = did_you_mean(scheme, SCHEMES[:2]) or "; expected https://"
        return f"'{scheme}:' is no scheme that a browser knows{hint}"
    if scheme in SCHEMES[:2] and not re.match(r"https?://[^/\s]", address, re.IGNORECASE):
        return f"expected '{scheme}://' and a host, got {shown(address)}"
    here = f"{shown(address)} is this computer; link to the page's file, such as ../guide/a-page.md"
    return here if HERE.match(address) else ""


@check("link", per="document")
def check_loose_links(catalog: Catalog, uri: str, document: Document) -> Iterator[Problem]:
    """Report what is meant as a link and would be printed as text."""
    tokens = find_loose(document)
    labels = {label.casefold() for label in LABELS.findall(document.body)} if tokens else ()
    for token in tokens:
        sort, text = token.lastgroup, document.body[slice(*token.span())]
        message = LOOSE_LINKS.get(sort or "", "").format(shown(text))
        if sort == "wiki":
            slug = text[2:-2].partition("|")[0].strip().lower().replace(" ", "-")
            close = nearest(slug, catalog.entries)
            way = f"[text]({urls.file_of(catalog, close[0], uri)})" if close else "[text](../folder/page.md)"
            message = f"{shown(text)} is no link here; write '{way}'"
        elif sort == "named" and (label := text[:-1].rpartition("[")[2]).casefold() not in labels:
            message = f"no line '[{label}]: address' says where {shown(text)} leads{did_you_mean(label, labels)}"
        if message:
            yield document.problem_at(token.start(), "link", message)
