"""References: made from BibTeX, and where each is cited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from pylatexenc.latex2text import LatexNodes2Text

from fieldguide import links, prose
from fieldguide.formats import is_address
from fieldguide.model import Problem, Reference
from fieldguide.reading import bibtex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.reading.bibtex import Work
    from fieldguide.reading.located import Document

VENUES = ("journal", "journaltitle", "booktitle", "publisher", "howpublished", "institution", "venue")
# Looking for LaTeX where there is none would take a millisecond an entry.
LATEX = re.compile(r"[\\$%&~`^]|--|''")
DECODER = LatexNodes2Text(keep_braced_groups=True)
ESCAPED = re.compile(r"\\(?=[_&%#~$])|\\url\b|[{}\s]")
DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
ARXIV = re.compile(r"(?:arxiv:)?([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})", re.IGNORECASE)
YEAR = re.compile(r"[0-9]{4}")
CITED: WeakKeyDictionary[Document, tuple[str, ...]] = WeakKeyDictionary()


def read(problems: list[Problem], document: Document) -> dict[str, Reference]:
    """References by key; problems of the file are added to `problems`."""
    references = {}
    for work in bibtex.parse(document.body, document.path, problems):
        try:
            flaws = list(_flaws(work))
            if not flaws:
                references[work.key] = _reference(work)
        except RecursionError:
            flaws = [(work.line, "bibtex", "its LaTeX is nested too deep to be read; write plain text")]
        problems += [
            Problem(path=document.path, line=line, column=1, rule=rule, message=f"'{work.key}': {message}")
            for line, rule, message in flaws
        ]
    return references


def _flaws(work: Work) -> Iterator[tuple[int, str, str]]:
    """What an entry lacks or states wrongly: line, rule and message."""
    if not _people(work):
        line = work.lines.get("author", work.line)
        yield line, "bibtex", "expected 'author' or 'editor'; add one, an institution in double braces"
    if not plain(work.fields.get("title", "")):
        yield work.lines.get("title", work.line), "bibtex", "expected 'title'; add it"
    url = _address(work)
    if not url:
        yield work.line, "bibtex", "expected 'url', 'doi' or an arXiv 'eprint'; add one, so that readers find the work"
    elif not is_address(url):
        message = f"expected an address that begins with https:// or http://, got '{url}'"
        yield work.lines.get("url", work.line), "link", message
    archived = _archived(work)
    if archived and not is_address(archived):
        message = f"expected an archived address that begins with https:// or http://, got '{archived}'"
        yield work.lines["archiveurl"], "link", message
    for field in ("year", "date"):
        given = work.fields.get(field, "").strip("{} ")
        if given and not YEAR.match(given):
            yield work.lines[field], "date", f"expected a year such as 1970, got '{given}'"


def _address(work: Work) -> str:
    """Where a work is found: its address, or that of its DOI or arXiv number."""
    fields = work.fields
    if url := ESCAPED.sub("", fields.get("url", "")):
        return url
    if "\\url" in fields.get("howpublished", ""):
        return ESCAPED.sub("", fields["howpublished"].partition("\\url")[2].partition("}")[0])
    if doi := _doi(work):
        return f"https://doi.org/{doi}"
    number = ARXIV.fullmatch(fields.get("eprint", "").strip())
    return f"https://arxiv.org/abs/{number[1]}" if number else ""


def _archived(work: Work) -> str:
    return ESCAPED.sub("", work.fields.get("archiveurl", ""))


def _doi(work: Work) -> str:
    return DOI.sub("", ESCAPED.sub("", work.fields.get("doi", "")))


def _people(work: Work) -> tuple[str, ...]:
    """Family names of the authors, or of the editors where no author is given."""
    given = work.fields.get("author", "").strip() or work.fields.get("editor", "").strip()
    names = (parse_single_name_into_parts(n, strict=False) for n in split_multiple_persons_names(_decoded(given)))
    people = (_unbraced(" ".join([*name.von, *name.last, *name.jr])) for name in names)
    return tuple(filter(None, people)) if given.strip("{} ") != "others" else ()


def _decoded(text: str) -> str:
    return DECODER.latex_to_text(text) if LATEX.search(text) else text


def _unbraced(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").split())


def plain(text: str) -> str:
    """A field as plain text: LaTeX decoded, braces dropped, white space folded."""
    return _unbraced(_decoded(text))


def _reference(work: Work) -> Reference:
    fields = {name: plain(text) for name, text in work.fields.items() if name not in {"author", "editor", "url"}}
    return Reference(
        key=work.key,
        authors=_people(work),
        title=fields["title"],
        venue=next((fields[name] for name in VENUES if fields.get(name) and "://" not in fields[name]), ""),
        year=(fields.get("year") or fields.get("date", ""))[:4],
        url=_address(work),
        archived=_archived(work),
        kind=fields.get("keywords", ""),
        note=fields.get("note", ""),
        doi=_doi(work),
        eprint=fields.get("eprint", ""),
        line=work.line,
    )


def cited(catalog: Catalog) -> set[str]:
    """Every key that an editor cites."""
    found = {key for claim in catalog.claims.values() for key in claim.cite}
    for entry in catalog.entries.values():
        found.update(entry.summary_cite, in_prose(entry.doc), *(fact.cite for fact in entry.facts.values()))
    for page in catalog.pages.values():
        found.update(in_prose(page.doc))
    for article in catalog.articles.values():
        found.update(article.date_estimate.get("cite", ()))
    return found


def in_prose(document: Document) -> tuple[str, ...]:
    """The keys that a file's prose cites, found once."""
    found = CITED.get(document)
    if found is None:
        found = CITED[document] = tuple(key for key, _ in prose.citations(document))
    return found


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
        note(in_prose(entry.doc), uri, title)
    for page in catalog.pages.values():
        pair = catalog.pair_of(page.uri)
        title = " vs. ".join(catalog.title(slug) for slug in pair) if pair else page.title
        note(in_prose(page.doc), page.uri, title)
    for claim in catalog.claims.values():
        note(claim.cite, links.CLAIMS, "Claims, checked")
    for article in catalog.articles.values():
        note(article.date_estimate.get("cite", []), f"sources/{article.id}.md", article.publisher)
    return {key: list(pages.items()) for key, pages in found.items()}
