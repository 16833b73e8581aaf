"""Pages to text: one Jinja environment, what its templates may call, and a page while it is rendered."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from fieldguide import urls
from fieldguide.cache import STATES
from fieldguide.formats import long_date
from fieldguide.mentions import spell_out
from fieldguide.render import compare, diagrams, metadata
from fieldguide.source import markdown
from fieldguide.source.attribute_types import render_choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.bccache import Bucket

    from fieldguide.cache import BlobCache
    from fieldguide.catalog import Catalog
    from fieldguide.problem import Document
    from fieldguide.render.page_types import SitePage

# What a line would be broken in: a date, a short name with a hyphen.
BREAKABLE = re.compile(r"\d{4}-\d\d(-\d\d)?|(?<![\w-])\w{1,6}-\w{1,3}(?![\w-])")
# Parts are the same on every page, and made once. What depends on the page is filled in at its end; until then, these
# characters, which no content may hold, stand for it: ROOT for the way up to the site's root, two CITEs with keys
# between them for a citation, two alone for the list of references.
ROOT, CITE = "\0", "\1"
PLACEHOLDER = re.compile(f"{CITE}([^{CITE}]*){CITE}")
REFERENCES = Markup(CITE + CITE)  # noqa: S704 -- filled in at the end


class RootLinks:
    """Addresses of what parts of pages link to, from the site's root."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def to(self, target: str) -> str:
        """Return the address of an address from the site's root."""
        return ROOT + target

    def page(self, uri: str) -> str:
        """Return the address of a page from its file."""
        return ROOT + urls.url(uri)

    def node(self, slug: str) -> str:
        """Return the address of an entry or a class."""
        return ROOT + urls.node(self.catalog, slug)

    def source(self, key: str) -> str:
        """Return the address of a citation's full record."""
        return ROOT + urls.source(key)

    def pair(self, first: str, second: str) -> str:
        """Return the address of a comparison."""
        return self.page(urls.pair(first, second))


def cite(keys: Iterable[str]) -> Markup:
    """Return small numbered marks that lead to the references at the end of the page."""
    joined = ";".join(keys)
    return Markup(CITE + joined + CITE) if joined else Markup()  # noqa: S704 -- escaped when it is filled in


def no_break(text: str) -> Markup:
    """Return a text whose dates and short names with hyphens stay on one line."""
    return Markup(BREAKABLE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 -- escaped


def host_of(address: str) -> str:
    """Return a web address as readers write it."""
    return re.sub(r"^https?://(www\.)?|/$", "", address)


def front_matter(page: SitePage) -> str:
    """Return the front matter of a finished page; JSON is YAML."""
    keys = {"title": page.title, "description": page.description, "hide": page.hide}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items() if value]
    return f"---\n{''.join(lines)}---\n\n"


class PageContext:
    """One page while it is rendered: the numbers of its citations, and the ids it has."""

    def __init__(self, renderer: Renderer, uri: str) -> None:
        self.renderer, self.uri, self.url = renderer, uri, urls.url(uri)
        self.numbers: dict[str, int] = {}
        self.ids: set[str] = set()

    def is_first(self, anchor: str) -> bool:
        """Return whether the page has not shown an id before: a node has it where it stands first."""
        is_new = anchor not in self.ids
        self.ids.add(anchor)
        return is_new

    def finish(self, text: str) -> str:
        """Return the page with its links and citations filled in, blank runs folded, so that HTML stays whole."""
        text = PLACEHOLDER.sub(self._fill_in, text)
        root = self.renderer.root or "../" * self.url.count("/") or "./"
        text = text.replace(f"{ROOT}{self.url}#", "#").replace(ROOT, root)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def _fill_in(self, placeholder: re.Match[str]) -> str:
        if keys := placeholder[1]:
            return f'<sup class="cite">[{", ".join(map(self._mark, keys.split(";")))}]</sup>'
        if not self.numbers:
            return ""
        items = Markup("\n").join(self.renderer.cached_macro("cited", key) for key in self.numbers)
        return PLACEHOLDER.sub(self._fill_in, str(self.renderer.parts.references(items)))

    def _mark(self, key: str) -> str:
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        return f'<a href="#{escape(urls.anchor(key))}">{number}</a>'

    def prose(self, document: Document) -> Markup:
        """Return hand-written Markdown with its citations and blocks made."""
        body = spell_out(self.renderer.catalog, document.body)
        if self.renderer.root:
            body = markdown.absolute(body, f"{self.renderer.root}{self.url}")
        text = markdown.expand(replace(document, body=body), cite, self._render_block)
        return Markup(text.strip())  # noqa: S704 -- it is the author's Markdown

    def _render_block(self, block: markdown.Block) -> str:
        """Return the HTML of a block, free of blank lines."""
        catalog, macros, options = self.renderer.catalog, self.renderer.blocks, block.document.data
        entries = [catalog.entries[slug] for slug in options.get("entries", ())]
        match block.name:
            case "matrix":
                attributes = [catalog.vocabulary.attributes[key] for key in options["attributes"]]
                html = macros.matrix(entries, attributes, block.caption, anchors=False)
            case "taxonomy":
                drawing = diagrams.draw_tree(catalog, diagrams.build_tree(catalog, **options))
                html = macros.taxonomy(self, drawing, block.caption)
            case "timeline":
                html = macros.timeline(self, diagrams.draw_timeline(catalog, entries), block.caption)
            case "claims":
                html = macros.claims([catalog.claims[name] for name in options["ids"]], block.caption)
        return re.sub(r"\n\s*\n", "\n", f"\n{html}\n")


class Renderer:
    """Turns a catalog's pages into text, one at a time; with a root, a path, links begin there, not at their page."""

    def __init__(self, catalog: Catalog, site: metadata.Site = metadata.UNNAMED, root: str = "") -> None:
        self.catalog, self.root = catalog, root
        self._made: dict[tuple[str, object], Markup] = {}
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
            "long_date": long_date,
            "join_words": compare.join_words,
            "pluralize": compare.pluralize,
            "no_break": no_break,
            "host": host_of,
        }
        links = RootLinks(catalog)
        self.environment.globals |= {
            "catalog": catalog,
            "vocabulary": catalog.vocabulary,
            "site": site,
            "urls": urls,
            "link": links,
            "cite": cite,
            "references": REFERENCES,
            "cached": self.cached_macro,
            "cell": compare.cell,
            "heading": partial(compare.heading, catalog),
            "render_value": partial(compare.render_value, links),
            "render_choice": lambda set_name, key: render_choice(catalog.vocabulary.value_sets[set_name][key]),
            "bibtex": partial(metadata.format_bibtex, site),
        }

    def render_page(self, page: SitePage) -> str:
        """Return a page as Markdown."""
        context = PageContext(self, page.uri)
        template = self.environment.get_template(page.template)
        body = template.render(page=page, context=context, **page.build_context())
        return context.finish(front_matter(page) + body)

    def render_file(self, template: str, **context: Any) -> str:
        """Return a file that is not a page."""
        return self.environment.get_template(template).render(**context)

    def cached_macro(self, macro: str, *arguments: Any, key: object = None) -> Markup:
        """Return what a macro of the parts draws, made once for each thing; `key` stands for what has no hash."""
        known = macro, key or arguments
        if known not in self._made:
            self._made[known] = cast("Markup", getattr(self.parts, macro)(*arguments))
        return self._made[known]

    @cached_property
    def parts(self) -> Any:
        """Return the macros that draw what every page is made of."""
        return self.environment.get_template("parts.html.j2").module

    @cached_property
    def blocks(self) -> Any:
        """Return the macros that draw blocks."""
        return self.environment.get_template("blocks.html.j2").module


class TemplateCache(BytecodeCache):
    """The compiled code of Jinja templates, kept for the next environment of this process and for later processes."""

    def __init__(self, blobs: BlobCache) -> None:
        self._blobs = blobs
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of a template whose text is the same."""
        key = f"{bucket.key} {bucket.checksum}"
        if key in self._code:
            bucket.code = self._code[key]
        elif data := self._blobs.get(key):
            bucket.bytecode_from_string(data)
            self._code[key] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        key = f"{bucket.key} {bucket.checksum}"
        self._code[key] = bucket.code
        self._blobs.put(key, bucket.bytecode_to_string())

    def prune(self) -> None:
        """Delete the code of templates that are no more."""
        self._blobs.prune(STATES * len(self._code))
