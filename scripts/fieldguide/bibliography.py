"""BibTeX, as people paste it, to references."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from bibtexparser import middlewares as mw
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock
from pylatexenc.latex2text import LatexNodes2Text

from . import links, prose
from .model import Problem, Reference
from .schema import is_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtexparser.model import Entry

    from .catalog import Catalog
    from .located import Document

REQUIRED = ("author", "title", "url")
VENUES = ("journal", "booktitle", "publisher", "howpublished", "institution", "venue")
# Looking for LaTeX where there is none would take a millisecond an entry.
LATEX = re.compile(r"[\\$%&~`^]|--|''")
DECODER = LatexNodes2Text()
ESCAPED = re.compile(r"\\([_&%#~])|\\url\{([^}]*)\}")
KEY = re.compile(r"[^\s#@;,\[\]{}]+")
YEAR = re.compile(r"[0-9]{4}")
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


def read(document: Document, problems: list[Problem]) -> dict[str, Reference]:
    """References by key; problems of the file are added to `problems`."""
    library = mw.NormalizeFieldKeys().transform(parse_string(document.body))
    if not library.entries and not library.failed_blocks:
        message = "holds no entry; paste BibTeX such as '@article{key, author = {...}, title = {...}, url = {...}}'"
        problems.append(Problem(path=document.path, line=1, column=1, rule="bibtex", message=message))
    addresses = {entry.key: _address(entry) for entry in library.entries}
    for layer in (mw.SeparateCoAuthors(), mw.SplitNameParts()):
        library = layer.transform(library)
    problems += [_failure(document.path, block) for block in library.failed_blocks]
    references = {}
    for entry in library.entries:
        fields = {field.key: field.value for field in entry.fields} | {"url": addresses[entry.key]}
        fields["author"] = fields.get("author") or fields.get("editor")
        if found := _problem(document.path, entry, fields):
            problems.append(found)
        else:
            references[entry.key] = _reference(entry, fields, (entry.start_line or 0) + 1)
    return references


def _address(entry: Entry) -> str:
    """Where a work is found: its address, or that of its DOI or arXiv number."""
    if "url" in entry:
        return ESCAPED.sub(lambda m: m[1] or m[2], entry["url"].strip())
    if "doi" in entry:
        return f"https://doi.org/{entry['doi'].removeprefix('https://doi.org/')}"
    archive = "archiveprefix" in entry and entry["archiveprefix"].lower() == "arxiv"
    return f"https://arxiv.org/abs/{entry['eprint']}" if archive and "eprint" in entry else ""


def _problem(path: str, entry: Entry, fields: Mapping[str, Any]) -> Problem | None:
    """What is wrong with an entry, if anything."""
    missing = [name for name in REQUIRED if not fields.get(name)]
    year = str(fields.get("year", fields.get("date", "")))
    field = None
    if not KEY.fullmatch(entry.key):
        rule, message = "bibtex", f"expected a key without spaces, brackets or '#', got '{entry.key}'"
    elif missing:
        hint = "; add url = {https://...}, doi, or eprint with archiveprefix = {arXiv}" if "url" in missing else ""
        rule, message = "bibtex", f"'{entry.key}' lacks {', '.join(missing)}{hint}"
    elif not is_address(fields["url"]):
        rule, field = "link", "url"
        message = f"'{entry.key}': expected an address that begins with https:// or http://, got '{fields['url']}'"
    elif year and not YEAR.match(year):
        rule, field = "date", "year" if "year" in fields else "date"
        message = f"'{entry.key}': expected a year such as 2021, got '{year}'"
    else:
        return None
    start = entry.fields_dict[field].start_line if field in entry.fields_dict else entry.start_line
    return Problem(path=path, line=(start or 0) + 1, column=1, rule=rule, message=message)


def _text(value: object) -> str:
    """A field as plain text: LaTeX decoded, braces dropped, white space folded."""
    text = str(value)
    text = DECODER.latex_to_text(text) if LATEX.search(text) else text
    return " ".join(text.replace("{", "").replace("}", "").split())


def _reference(entry: Entry, fields: Mapping[str, Any], line: int) -> Reference:
    text = {key: _text(value) for key, value in fields.items() if key not in ("author", "editor", "url")}
    return Reference(
        key=entry.key,
        authors=tuple(_text(" ".join([*person.von, *person.last, *person.jr])) for person in fields["author"]),
        title=text["title"],
        venue=next((text[name] for name in VENUES if name in text), ""),
        year=text.get("year", text.get("date", ""))[:4],
        url=fields["url"],
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
