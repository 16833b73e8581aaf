"""The Markdown twin of each page, for readers that are programs: the same makers with other templates and no HTML."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

from fieldguide import urls
from fieldguide.formats import long_date
from fieldguide.render import taxonomy, timeline
from fieldguide.render.renderer import OPEN, ROOT, Renderer, Sheet
from fieldguide.source.markdown import CODE, Block, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.model import Claim, Fact
    from fieldguide.problem import Document
    from fieldguide.render.compare import Cell

SPECIAL = re.compile(r"[\\`*\[\]<|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
# What hand-written Markdown has that a twin has not: attribute lists, links to files of `docs/`, HTML.
PART = re.compile(
    CODE
    + r"""
  | (?P<attributes> [^\S\n]* \{ :? [^\S\n]* [#.] [^}\n]* \})
  | (?P<before> \]\( | ^\[[^\]]+\]:[^\S\n]*) (?P<link> [^\s)]+)
  | <(?P<close> /?) (?P<tag> [a-z][a-z0-9]*) (?P<rest> [^>]*)>""",
    re.MULTILINE | re.VERBOSE,
)
HREF = re.compile(r"""\bhref\s*=\s*["']?([^\s"'>]+)""")
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
STARTS = {"li": "- ", "br": "\n", "p": "\n"}


def markdown(value: object) -> Markup:
    """Plain text as one line of Markdown that shows just that text."""
    return value if isinstance(value, Markup) else _escaped(str(value))


@lru_cache(maxsize=10_000)
def _escaped(text: str) -> Markup:
    return Markup(SPECIAL.sub(r"\\\g<0>", re.sub(r"\s*\n\s*", " ", text)))  # noqa: S704 -- it is escaped for Markdown


def address(url: str) -> Markup:
    """A web address that can stand in the parentheses of a link."""
    return Markup(re.sub(r"[()|<>\s]", lambda char: f"%{ord(char[0]):02X}", url))  # noqa: S704 -- nothing of Markdown is left


def _link(text: str, target: str) -> Markup:
    return Markup(f"[{markdown(text)}]({target})")  # noqa: S704 -- the text is escaped, the target is an address


def _asides(fact: Fact) -> Iterator[str]:
    """What qualifies a fact, in the order in which pages say it."""
    if fact.note:
        yield fact.note
    if fact.attributed:
        yield "as its source reports"
    if fact.confidence != "high":
        yield f"{fact.confidence} confidence"
    if fact.as_of:
        yield f"as of {long_date(fact.as_of)}"


class TwinSheet(Sheet):
    """One twin while it is written: links to other twins, or to an id of a page, and citations by number."""

    renderer: TwinRenderer

    def to(self, target: str) -> Markup:
        """The address of a twin, by way of the root; of a page where an id is named, for Markdown has none."""
        file = "" if "#" in target or (target and not target.endswith("/")) else "index.md"
        return Markup(f"{ROOT}{target}{file}")  # noqa: S704 -- made of ids and file names

    def close(self, text: str) -> str:
        """The twin with its links and citations made."""
        return OPEN.sub(self._closed, text).replace(ROOT, "../" * self.url.count("/"))

    def marks(self, keys: Iterable[str]) -> str:
        """The numbers of citations in brackets, after a space."""
        return f" [{', '.join(str(self.number(key)) for key in keys)}]"

    def listed(self) -> str:
        """The list of what is cited, by number."""
        items = "\n".join(f"{n}. {self.renderer.once('reference', key, key)}" for key, n in self.cited.items())
        return str(self.renderer.parts.references(Markup(items)))  # noqa: S704 -- drawn by once

    def link(self, slug: str) -> Markup:
        """An entry or a class of the taxonomy by its title."""
        return _link(self.catalog.title(slug), self.node(slug))

    def links(self, slugs: Iterable[str]) -> Markup:
        """Entries and classes by their titles."""
        return Markup(", ".join(self.renderer.once("link", slug, slug) for slug in slugs))  # noqa: S704 -- made of links

    def pair(self, first: str, second: str) -> Markup:
        """A comparison by the titles of its two sides."""
        title = f"{self.catalog.title(first)} vs. {self.catalog.title(second)}"
        return _link(title, self.page(urls.pair(first, second)))

    def claim(self, claim: Claim) -> Markup:
        """A claim, its verdict, what is accurate, and who says it."""
        verdict = self.catalog.vocabulary.value_sets["verdict"][claim.verdict].label
        sentences = [f"“{markdown(claim.claim)}” **{markdown(verdict)}.**"]
        sentences += [f"{markdown(claim.accurate)}{self.cite(claim.cite)}"]
        against = f"; contradicted by {self.sections(claim.contradicted_by)}" if claim.contradicted_by else ""
        sentences += [f"Said by {self.sections(claim.said_by)}{against}. About {self.links(claim.about)}."]
        if claim.confidence != "high":
            sentences += [f"{claim.confidence.capitalize()} confidence."]
        sentences += [_link("Address of this claim", self._claim(claim))]
        return Markup(" ".join(sentences))  # noqa: S704 -- each part is escaped

    def content(self, cell: Cell) -> Markup:
        """What a cell says: the value, its citations, and in parentheses what qualifies it."""
        fact = cell.fact
        if fact is None:
            return markdown("not stated" if cell.applies else "not applicable")
        said = "; ".join(_asides(fact))
        qualified = markdown(f" ({said})") if said else ""
        of = markdown(f" ({fact.date_kind})") if fact.date_kind else ""
        parts = self._value(cell, fact), of, self.cite(fact.cite), qualified, *self._disputes(cell)
        return Markup("".join(parts))  # noqa: S704 -- each part is escaped

    def _disputes(self, cell: Cell) -> Iterator[str]:
        about = self.catalog.claims_about.get(cell.entry.slug, ())
        for i, claim in enumerate(claim for claim in about if claim.disputes(cell.attribute.key)):
            yield f"; {_link('another differs' if i else 'an article differs', self._claim(claim))}"

    def _claim(self, claim: Claim) -> Markup:
        return self.to(f"{urls.url(urls.CLAIMS)}#{claim.id}")

    def _value(self, cell: Cell, fact: Fact) -> Markup:
        values = (fact.value,) if isinstance(fact.value, str) else fact.value
        match cell.value_type:
            case "choice" | "choices":
                labels = self.catalog.vocabulary.value_sets[cell.attribute.values]
                return markdown(", ".join(labels[value].label for value in values))
            case "entries":
                return self.links(values)
            case "date":
                return markdown(", ".join(map(long_date, values)))
            case "reference":
                work = self.catalog.references[values[0]]
                return _link(work.short, self.source(work.key))
        return markdown("; ".join(values))

    def reference(self, key: str) -> Markup:
        """The full record of a citation."""
        if key in self.catalog.references:
            return self.renderer.works[key]
        article, section = self.catalog.sections[key]
        named = f", section “{section.heading}”" if section.heading != article.title else ""
        return markdown(f"{article.publisher}, ") + _link(article.title, self.source(key)) + markdown(f"{named}.")

    def sections(self, keys: Iterable[str]) -> Markup:
        """Sections of articles by publisher and heading."""
        found = ((key, *self.catalog.sections[key]) for key in keys)
        heads = ((key, a, s.heading if s.heading != a.title else "title and introduction") for key, a, s in found)
        said = ", ".join(_link(f"{a.publisher}: {head}", self.source(key)) for key, a, head in heads)
        return Markup(said)  # noqa: S704 -- made of links

    def prose(self, document: Document) -> Markup:
        """Hand-written Markdown with its citations and blocks made, its links led to twins and its HTML undone."""
        plain = replace(document, body=self._plain(document.body))
        text = expand(plain, self.cite, partial(self.renderer.block, self))
        return Markup(text.strip())  # noqa: S704 -- it is the author's Markdown

    def _plain(self, body: str) -> str:
        targets: list[str] = []
        closed = -1

        def part(token: re.Match[str]) -> str:
            nonlocal closed
            if token["code"]:
                return "" if token["code"].startswith("<!--") else token[0]
            if token["link"]:
                return token["before"] + self._written(token["link"])
            if token["tag"]:
                apart = " " if token.start() == closed and not token["close"] else ""
                closed = token.end() if token["close"] else closed
                return apart + self._tag(token, targets)
            return ""

        return PART.sub(part, body)

    def _tag(self, token: re.Match[str], targets: list[str]) -> str:
        name, href = token["tag"], HREF.search(token["rest"])
        if href:
            targets.append(self._linked(href[1]))
            return "["
        if name == "a" and token["close"] and targets:
            return f"]({targets.pop()})"
        return MARKS.get(name) or ("" if token["close"] else STARTS.get(name, ""))

    def _written(self, target: str) -> str:
        """A link that Markdown makes, from file to file."""
        if not target or re.match(r"[a-z][a-z0-9+.-]*:|//|#", target, re.IGNORECASE):
            return f"./{target}" if target.startswith("#") else target
        file, mark, fragment = urls.resolve(target, self.uri), *target.partition("#")[1:]
        return self.to((urls.url(file) if file.endswith(".md") else file) + mark + fragment)

    def _linked(self, target: str) -> str:
        """A link that HTML makes, from page to page."""
        if re.match(r"[a-z][a-z0-9+.-]*:|//|#", target, re.IGNORECASE):
            return f"./{target}" if target.startswith("#") else target
        path, mark, fragment = target.partition("#")
        found = posixpath.normpath(posixpath.join(f"/{self.url}", path)).lstrip("/")
        return self.to((f"{found}/" if found and path.endswith("/") else found) + mark + fragment)


class TwinRenderer(Renderer):
    """Renders the twin of a page from what the page is rendered from; texts are escaped for Markdown."""

    def __init__(self, pages: Renderer) -> None:
        self.catalog, self.names, self.made = pages.catalog, pages.names, {}
        self.environment = pages.environment.overlay(finalize=markdown)
        self.environment.filters = {**self.environment.filters, "address": address, "once": self.once}

    def page(self, template: str, uri: str, **context: Any) -> str:
        """A page's twin."""
        return self.finished(f"twin/{template}", TwinSheet(self, uri), context)

    @cached_property
    def anywhere(self) -> TwinSheet:
        """A twin to write on what is the same on all of them."""
        return TwinSheet(self, "")

    def draw(self, macro: str, *arguments: Any) -> Markup:
        """What a method of a twin writes."""
        return cast("Markup", getattr(self.anywhere, macro)(*arguments))

    @cached_property
    def parts(self) -> Any:
        """The macros that all twins share."""
        return self.environment.get_template("twin/parts.md.j2").module

    @cached_property
    def works(self) -> dict[str, Markup]:
        """The record of every reference, which is the same on every page."""
        return {key: self.parts.work(work) for key, work in self.catalog.references.items()}

    @cached_property
    def macros(self) -> Any:
        """The macros that write blocks."""
        return self.environment.get_template("twin/blocks.md.j2").module

    def block(self, sheet: Sheet, block: Block) -> str:
        """A block in prose as a table or a list."""
        catalog, options = self.catalog, block.document.data
        entries = [catalog.entries[slug] for slug in options.get("entries", ())]
        match block.name:
            case "matrix":
                attributes = [catalog.vocabulary.attributes[key] for key in options["attributes"]]
                text = self.macros.matrix(sheet, entries, attributes)
            case "taxonomy":
                text = self.macros.outline(sheet, taxonomy.tree(catalog, **options))
            case "timeline":
                text = self.macros.timeline(sheet, timeline.events_of(catalog, entries))
            case "claims":
                text = self.parts.claims(sheet, [catalog.claims[name] for name in options["ids"]])
        return f"\n{block.caption}:\n\n{text}\n"
