"""References, made from BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.formats import is_address, is_date
from fieldguide.model import Reference
from fieldguide.problem import Problem
from fieldguide.source import bibtex, names
from fieldguide.source.latex import plain, unescaped, unknown
from fieldguide.source.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.problem import Document
    from fieldguide.source.bibtex import Work

VENUES = ("journal", "journaltitle", "booktitle", "publisher", "howpublished", "institution", "venue")
SHOWN = ("author", "editor", "title", *VENUES, "year", "date", "keywords", "note")
READ = (*SHOWN, "url", "doi", "eprint", "archiveurl")
# Fields that others write, which are like those that are read here.
OTHERS = {"urldate", "edition", "pages", "subtitle", "shorttitle", "annote", "day", "eprintclass", "eprinttype", "issn"}
ESCAPED = re.compile(r"\\(?=[_&%#~$])|\\url\b|[{}]")
DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
ARXIV = re.compile(r"(?:arxiv:)?([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})", re.IGNORECASE)
NUMBER = re.compile(r"10\.[0-9]{4,}/\S+")
Flaw = tuple[tuple[int, int], str, str]
YEAR = re.compile(r"[0-9]{4}")


def build_references(problems: list[Problem], document: Document) -> dict[str, Reference]:
    """References by key; problems of the file are added to `problems`."""
    references = {}
    for work in bibtex.parse(document.body, document.path, problems):
        try:
            flaws = list(_untold(work)) or list(_flaws(work))
            if not flaws:
                references[work.key] = _reference(work)
        except RecursionError:
            flaws = [((work.line, 1), "bibtex", "its LaTeX is nested too deep to be read; write plain text")]
        except (IndexError, TypeError, ValueError):
            flaws = [((work.line, 1), "bibtex", "its LaTeX lacks a part, so that it cannot be read; write plain text")]
        problems += [
            Problem(path=document.path, line=line, column=column, rule=rule, message=f"'{work.key}': {message}")
            for (line, column), rule, message in flaws
        ]
    return references


def _untold(work: Work) -> Iterator[Flaw]:
    """LaTeX that plain text cannot tell."""
    for field in SHOWN:
        if macro := unknown(work.fields.get(field, "")):
            yield work.place(field, macro), "bibtex", f"'{macro}' says nothing in plain text; write what it stands for"


def _flaws(work: Work) -> Iterator[Flaw]:
    """What an entry lacks or states wrongly: place, rule and message."""
    people = work.fields.get("author", "").strip() or work.fields.get("editor", "").strip()
    if not _people(work):
        yield _lacking(work, "author", "'author' or 'editor'", "; add one, an institution in double braces")
    for part, message in names.flaws(people):
        yield work.place("author" if work.fields.get("author", "").strip() else "editor", part), "bibtex", message
    if not plain(work.fields.get("title", "")):
        yield _lacking(work, "title", "'title'", "; add it")
    yield from _flaws_of_links(work)
    years, dates = ("year", YEAR.fullmatch, "a year such as 1970"), ("date", _is_span, "a date such as 1970-06")
    for field, real, example in (years, dates):
        given = work.fields.get(field, "").strip("{} ")
        if given and not real(given):
            yield work.place(field, given), "date", f"expected {example}, got '{given}'"
    if "crossref" in work.fields:
        message = "'crossref' is not read here; copy the fields of the entry that it names, and remove it"
        yield work.place("crossref"), "bibtex", message


def _is_span(text: str) -> bool:
    """Whether a text is a date, or two with a slash between them, of which one may be open."""
    first, _, last = text.partition("/")
    return is_date(first) and (last in {"", ".."} or is_date(last))


def _lacking(work: Work, field: str, what: str, mend: str) -> Flaw:
    """What to say of a field that is not there, or is under a misspelt name."""
    for given in work.fields:
        if given not in {*READ, *OTHERS} and nearest(given, READ) == [field]:
            return work.place(given), "bibtex", f"expected {what}, got '{given}'; did you mean '{field}'?"
    return work.place(field), "bibtex", f"expected {what}{mend}"


def _flaws_of_links(work: Work) -> Iterator[Flaw]:
    """What an entry states wrongly about where its work is found."""
    url, archived, doi = _address(work), _archived(work), _doi(work)
    if doi and not NUMBER.fullmatch(doi):
        yield work.place("doi", doi), "link", f"expected a DOI such as 10.1145/362384.362685, got '{doi}'"
    elif not url:
        mend = "; add one, so that readers find the work"
        yield _lacking(work, "url", "'url', 'doi' or an arXiv 'eprint'", mend)
    elif not is_address(url):
        yield work.place("url", url), "link", f"expected {_wanted(url)}, got '{url}'"
    if archived and not is_address(archived):
        message = f"expected {_wanted(archived)} in 'archiveurl', got '{archived}'"
        yield work.place("archiveurl", archived), "link", message


def _wanted(address: str) -> str:
    if len(address.split()) > 1:
        return "one address without spaces"
    return "an address that begins with https:// or http://"


def _address(work: Work) -> str:
    """Where a work is found: its address, or that of its DOI or arXiv number."""
    fields = work.fields
    if url := _link(fields.get("url", "")):
        return url
    if "\\url" in fields.get("howpublished", ""):
        return _link(fields["howpublished"].partition("\\url")[2].partition("}")[0])
    if doi := _doi(work):
        return f"https://doi.org/{doi}"
    number = ARXIV.fullmatch(fields.get("eprint", "").strip())
    archive = fields.get("eprinttype") or fields.get("archiveprefix") or "arxiv"
    return f"https://arxiv.org/abs/{number[1]}" if number and archive.lower() == "arxiv" else ""


def _link(text: str) -> str:
    """An address as it is meant, without what LaTeX and HTML ask for."""
    return unescaped(ESCAPED.sub("", text)).strip()


def _archived(work: Work) -> str:
    return _link(work.fields.get("archiveurl", ""))


def _doi(work: Work) -> str:
    return DOI.sub("", _link(work.fields.get("doi", "")))


def _people(work: Work) -> tuple[str, ...]:
    """Family names of the authors, or of the editors where no author is given."""
    given = work.fields.get("author", "").strip() or work.fields.get("editor", "").strip()
    return names.family(given) if given.strip("{} ") != "others" else ()


def _reference(work: Work) -> Reference:
    fields = {name: plain(work.fields[name]) for name in (*SHOWN[2:], "eprint") if name in work.fields}
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
