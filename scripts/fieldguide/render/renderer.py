"""Records to text: one Jinja environment, and what its templates may ask of a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from fieldguide import urls
from fieldguide.formats import long_date
from fieldguide.mentions import spell_out
from fieldguide.render import compare, metadata, taxonomy, timeline
from fieldguide.render.values import render_value
from fieldguide.source import markdown
from fieldguide.source.attribute_types import render_choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.catalog import Catalog

END = "\n---\n"


def front(**keys: Any) -> Markup:
    """Front matter of a finished page; JSON is YAML."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items() if value]
    return Markup("---\n" + "\n".join(lines) + END)  # noqa: S704 -- json.dumps quotes each value


def keys(text: str) -> dict[str, str]:
    """The keys that `front` wrote at the beginning of a text."""
    lines = text[: text.find(END)].split("\n")[1:]
    return {key: json.loads(value) for key, _, value in (line.partition(": ") for line in lines)}


# What a line would be broken in: a date, a short name with a hyphen.
BROKEN = re.compile(r"\d{4}-\d\d(-\d\d)?|(?<![\w-])\w{1,6}-\w{1,3}(?![\w-])")


def whole(text: str) -> Markup:
    """A text whose dates and short names with hyphens stay on one line."""
    return Markup(BROKEN.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 -- escaped


# What depends on the page is left open while it is drawn, by characters that no content may hold: ROOT stands for the
# way up to the site's root, a citation between two CITEs for its keys; two alone stand for the list of references.
ROOT, CITE = "\0", "\1"
OPEN = re.compile(f"{CITE}([^{CITE}]*){CITE}")


class Sheet:
    """One page while it is written: its relative links and its numbered citations."""

    def __init__(self, renderer: Renderer, uri: str) -> None:
        self.renderer, self.catalog = renderer, renderer.catalog
        self.uri, self.url = uri, urls.url(uri)
        self.cited: dict[str, int] = {}
        self.ids: set[str] = set()

    def to(self, target: str) -> str:
        """The relative address of an address from the site's root."""
        return ROOT + target

    def page(self, uri: str) -> str:
        """The relative address of a page's file."""
        return self.to(urls.url(uri))

    def node(self, slug: str) -> str:
        """The relative address of an entry or a class."""
        return self.to(urls.node(self.catalog, slug))

    def source(self, key: str) -> str:
        """The relative address of a citation's full record."""
        return self.to(urls.source(key))

    def number(self, key: str) -> int:
        """The number of a citation on this page, given at first use."""
        return self.cited.setdefault(key, len(self.cited) + 1)

    def first(self, anchor: str) -> bool:
        """Whether the page has not shown an id before: a node has it where it stands first."""
        new = anchor not in self.ids
        self.ids.add(anchor)
        return new

    def cite(self, keys: Iterable[str]) -> Markup:
        """Small numbered marks that lead to the references at the end of the page."""
        joined = ";".join(keys)
        return Markup(CITE + joined + CITE) if joined else Markup()  # noqa: S704 -- escaped when it is closed

    @property
    def references(self) -> Markup:
        """The list of what the page cites above."""
        return Markup(CITE + CITE)  # noqa: S704 -- drawn when it is closed

    def close(self, text: str) -> str:
        """The page with its links and citations made."""
        text = OPEN.sub(self._closed, text)
        root = self.renderer.root or "../" * self.url.count("/") or "./"
        return text.replace(f"{ROOT}{self.url}#", "#").replace(ROOT, root)

    def _closed(self, token: re.Match[str]) -> str:
        if keys := token[1]:
            return self.marks(keys.split(";"))
        return OPEN.sub(self._closed, self.listed()) if self.cited else ""

    def marks(self, keys: Iterable[str]) -> str:
        """What stands where some works are cited."""
        return f'<sup class="cite">[{", ".join(map(self._mark, keys))}]</sup>'

    def _mark(self, key: str) -> str:
        return f'<a href="#{escape(urls.anchor(key))}">{self.number(key)}</a>'

    def listed(self) -> str:
        """The list of what is cited, in the order of its numbers."""
        items = "\n".join(self.renderer.once("cited", key, key) for key in self.cited)
        return str(self.renderer.parts.references(Markup(items)))  # noqa: S704 -- drawn by once

    def prose(self, document: Any) -> Markup:
        """Hand-written Markdown with its citations and blocks made."""
        body = spell_out(self.renderer.catalog, document.body)
        if self.renderer.root:
            body = markdown.absolute(body, f"{self.renderer.root}{self.url}")
        spelled = replace(document, body=body)
        text = markdown.expand(spelled, self.cite, partial(self.renderer.block, self))
        return Markup(text.strip())  # noqa: S704 -- it is the author's Markdown


class Renderer:
    """Turns a catalog's pages into text, one at a time; with a root, a path, links begin there, not at their page."""

    def __init__(self, catalog: Catalog, site: metadata.Site = metadata.UNNAMED, root: str = "") -> None:
        self.catalog, self.root = catalog, root
        self.made: dict[tuple[str, object], Markup] = {}
        self.environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            comment_start_string="{##",
            comment_end_string="##}",
        )
        self.environment.filters |= {
            "front": front,
            "long_date": long_date,
            "lower_first": compare.lower,
            "listed": compare.listed,
            "counted": compare.counted,
            "once": self.once,
            "whole": whole,
            "host": lambda address: re.sub(r"^https?://(www\.)?|/$", "", address),
        }
        self.environment.globals |= {
            "catalog": catalog,
            "vocabulary": catalog.vocabulary,
            "front": front,
            "anchor": urls.anchor,
            "cell": compare.cell,
            "render_value": render_value,
            "render_choice": render_choice,
            "pair_file": urls.pair,
            "heading": partial(compare.heading, catalog),
            "site": site,
            "checked": partial(metadata.checked, catalog),
            "bibtex": metadata.bibtex,
        }

    def page(self, template: str, uri: str, **context: Any) -> str:
        """A page's Markdown; blank runs are folded, so that HTML blocks stay whole."""
        return self.finished(template, Sheet(self, uri), context)

    def finished(self, template: str, sheet: Sheet, context: dict[str, Any]) -> str:
        """What a template writes on a sheet."""
        text = sheet.close(self.environment.get_template(template).render(sheet=sheet, **context))
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
        return text.strip() + "\n"

    def text(self, template: str, **context: Any) -> str:
        """A file that is not a page."""
        return self.environment.get_template(template).render(**context)

    def once(self, macro: str, key: object, *arguments: Any) -> Markup:
        """What a macro of the parts draws for a thing, the same on every page; made once."""
        made = self.made.get((macro, key))
        if made is None:
            made = self.made[macro, key] = self.draw(macro, *arguments)
        return made

    def draw(self, macro: str, *arguments: Any) -> Markup:
        """What a macro of the parts draws."""
        return cast("Markup", getattr(self.parts, macro)(self.anywhere, *arguments))

    @cached_property
    def anywhere(self) -> Sheet:
        """A page to draw on what is the same on all of them."""
        return Sheet(self, "")

    @cached_property
    def parts(self) -> Any:
        """The macros that draw what every page is made of."""
        return self.environment.get_template("parts.html.j2").module

    @cached_property
    def macros(self) -> Any:
        """The macros that draw blocks."""
        return self.environment.get_template("blocks.html.j2").module

    def block(self, sheet: Sheet, block: markdown.Block) -> str:
        """The HTML of a block in prose, free of blank lines."""
        options = block.document.data
        match block.name:
            case "matrix":
                entries = [self.catalog.entries[slug] for slug in options["entries"]]
                attributes = [self.catalog.vocabulary.attributes[key] for key in options["attributes"]]
                html = self.macros.matrix(sheet, entries, attributes, block.caption, anchors=False)
            case "taxonomy":
                branches = taxonomy.tree(self.catalog, **options)
                html = self.macros.taxonomy(sheet, taxonomy.draw(self.catalog, branches), block.caption)
            case "timeline":
                entries = [self.catalog.entries[slug] for slug in options["entries"]]
                html = self.macros.timeline(sheet, timeline.draw(self.catalog, entries), block.caption)
            case "claims":
                html = self.macros.claims(sheet, [self.catalog.claims[i] for i in options["ids"]], block.caption)
        return re.sub(r"\n\s*\n", "\n", f"\n{html}\n")
