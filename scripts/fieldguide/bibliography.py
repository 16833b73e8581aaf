"""BibTeX, as people paste it, to references."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from bibtexparser import middlewares as mw
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock

from . import links, prose
from .model import Problem, Reference
from .schema import is_address

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry

    from .catalog import Catalog
    from .located import Document

REQUIRED = ("author", "title", "url")
VENUES = ("journal", "booktitle", "publisher", "howpublished", "institution", "venue")
LATEX = re.compile(r"[\\$%&~`^]|--|''")
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


class Decoding(mw.LatexDecodingMiddleware):
    """Decodes the LaTeX of entries that have any: looking for it takes a millisecond an entry."""

    def transform_entry(self, entry: Entry, library: Library) -> Block:
        if not any(LATEX.search(str(field.value)) for field in entry.fields):
            return entry
        return super().transform_entry(entry, library)


def read(document: Document, problems: list[Problem]) -> dict[str, Reference]:
    """References by key; problems of the file are added to `problems`."""
    library = parse_string(document.body)
    addresses = {entry.key: entry["url"] for entry in library.entries if "url" in entry}
    for layer in (mw.SeparateCoAuthors(), mw.SplitNameParts(), Decoding()):
        library = layer.transform(library)
    problems += [_failure(document.path, block) for block in library.failed_blocks]
    references = {}
    for entry in library.entries:
        fields = {field.key: field.value for field in entry.fields} | {"url": addresses.get(entry.key, "")}
        line = (entry.start_line or 0) + 1
        missing = [name for name in REQUIRED if not fields.get(name)]
        if missing:
            message = f"'{entry.key}' lacks {', '.join(missing)}"
            problems.append(Problem(path=document.path, line=line, column=1, rule="bibtex", message=message))
        elif not is_address(fields["url"]):
            line = (entry.fields_dict["url"].start_line or 0) + 1
            message = f"expected an address that begins with https:// or http://, got '{fields['url']}'"
            problems.append(Problem(path=document.path, line=line, column=1, rule="link", message=message))
        else:
            references[entry.key] = _reference(entry, fields, line)
    return references


def _reference(entry: Entry, fields: dict[str, object], line: int) -> Reference:
    people = fields["author"] if isinstance(fields["author"], list) else []
    text = {key: " ".join(str(value).replace("{", "").replace("}", "").split()) for key, value in fields.items()}
    return Reference(
        key=entry.key,
        authors=tuple(" ".join([*person.von, *person.last, *person.jr]).strip("{}") for person in people),
        title=text["title"],
        venue=next((text[name] for name in VENUES if name in text), ""),
        year=text.get("year", text.get("date", ""))[:4],
        url=text["url"],
        kind=text.get("keywords", ""),
        note=text.get("note", ""),
        doi=text.get("doi", ""),
        eprint=text.get("eprint", ""),
        line=line,
    )


def _failure(path: str, block: ParsingFailedBlock) -> Problem:
    line = (block.start_line or 0) + 1
    match block:
        case DuplicateBlockKeyBlock():
            message = f"the key '{block.key}' was used already; keys are unique"
        case DuplicateFieldKeyBlock():
            message = f"fields given twice: {', '.join(sorted(block.duplicate_keys))}"
        case _:
            message = " ".join(str(block.error).split()) or "cannot be read"
    return Problem(path=path, line=line, column=1, rule="bibtex", message=message)


def citing(catalog: Catalog) -> dict[str, list[tuple[str, str]]]:
    """Reference to the pages on which an editor cites it, as file and title."""
    found: dict[str, dict[str, str]] = {key: {} for key in catalog.references}

    def note(keys: tuple[str, ...] | list[str], uri: str, title: str) -> None:
        for key in keys:
            if key in found:
                found[key][uri] = title

    for entry in sorted(catalog.entries.values(), key=lambda e: e.title.casefold()):
        uri, title = (links.entry(catalog, entry), entry.title) if entry.page else (links.GLOSSARY, "Glossary")
        note(entry.summary_cite, uri, title)
        for fact in entry.facts.values():
            note(fact.cite, uri if entry.page else links.matrix(catalog, entry.kind), title)
        note([key for key, _ in prose.citations(entry.doc)], uri, title)
    for page in catalog.pages.values():
        pair = catalog.pair_of(page.uri)
        title = " vs. ".join(catalog.title(slug) for slug in pair) if pair else page.title
        note([key for key, _ in prose.citations(page.doc)], page.uri, title)
    for claim in catalog.claims.values():
        note(claim.cite, links.CLAIMS, "Claims, checked")
    for article in catalog.articles.values():
        note(article.date_estimate.get("cite", []), f"sources/{article.id}.md", article.publisher)
    return {key: list(pages.items()) for key, pages in found.items()}
