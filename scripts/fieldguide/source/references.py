"""BibTeX to the references of the model: people, LaTeX and links as readers see them, and what is wrong with them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from pylatexenc.latex2text import LatexNodes2Text

from fieldguide.formats import is_address, is_date
from fieldguide.model import Reference
from fieldguide.problem import Problem
from fieldguide.source.bibtex import parse_bibtex
from fieldguide.source.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.problem import Document
    from fieldguide.source.bibtex import Work

Flaw = tuple[tuple[int, int], str, str]
VENUES = ("journal", "journaltitle", "booktitle", "publisher", "howpublished", "institution", "venue")
PLAIN = ("title", *VENUES, "year", "date", "keywords", "note")
SHOWN = ("author", "editor", *PLAIN)
READ = (*SHOWN, "url", "doi", "eprint", "archiveurl")
# Fields that others write, which are like those that are read here.
OTHERS = {"urldate", "edition", "pages", "subtitle", "shorttitle", "annote", "day", "eprintclass", "eprinttype", "issn"}

ESCAPED = re.compile(r"\\(?=[_&%#~$])|\\url\b|[{}]")
DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
DOI_NUMBER = re.compile(r"10\.[0-9]{4,}/\S+")
ARXIV = re.compile(r"(?:arxiv:)?([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})", re.IGNORECASE)
YEAR = re.compile(r"[0-9]{4}")

# Looking for LaTeX where there is none would take a millisecond an entry.
LATEX = re.compile(r"[\\$%&~`^]|--|''")
DECODER = LatexNodes2Text(keep_braced_groups=True)
MACRO = re.compile(r"\\([A-Za-z]+)")
ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-fA-F]+|\w+);")
# A formula, which is left alone, or a sign that stands for itself outside one.
BARE_SIGN = re.compile(r"(?<!\\)\$(?=\S)[^$]*(?<=\S)\$(?![0-9])|(?<!\\)\$")
BARE = re.compile(r"(?<!\\)[%&]")
# Styles, which leave their text as it is.
STYLES = {
    *("em", "it", "bf", "rm", "sc", "sf", "sl", "tt", "mbox", "protect", "relax", "textsubscript", "textsuperscript"),
    *("texttt", "textsf", "textup", "textmd", "textnormal", "uppercase", "lowercase"),
}
# What the decoder knows and makes no text of its own from.
TEXTLESS = {
    *("author", "date", "href", "include", "input", "item", "maketitle", "title", "today", "footnote"),
    *(macro.macroname for macro in DECODER.latex_context.iter_macro_specs(["latex-placeholders"])),
}

GROUP = re.compile(r"\{[^{}]*\}")
WRONG_SEPARATOR = re.compile(r";|\\?&(?:amp;)?|\bet\.?\s+al\b\.?", re.IGNORECASE)
LONE_AND = re.compile(r"^\s*and\b|\band\s+and\b|\band\s*$")
JUNIOR = re.compile(r"(?:jr|sr|[ivx]+)\.?", re.IGNORECASE)
INSTITUTION = re.compile(
    r"\b(?:of|for|the|inc|ltd|llc|gmbh|corporation|university|institute|foundation|laboratory|association|"
    r"organization|commission|committee|consortium|company|council|agency|department)\b",
    re.IGNORECASE,
)


def build_references(problems: list[Problem], document: Document) -> dict[str, Reference]:
    """Return the references by key; `problems` gets those of the file."""
    references = {}
    for work in parse_bibtex(document.body, document.path, problems):
        try:
            flaws = list(_find_textless(work)) or list(_find_flaws(work))
            if not flaws:
                references[work.key] = _build_reference(work)
        except RecursionError:
            flaws = [((work.line, 1), "bibtex", "its LaTeX is nested too deep to be read; write plain text")]
        except (IndexError, TypeError, ValueError):
            flaws = [((work.line, 1), "bibtex", "its LaTeX lacks a part, so that it cannot be read; write plain text")]
        problems += [
            Problem(path=document.path, line=line, column=column, rule=rule, message=f"'{work.key}': {message}")
            for (line, column), rule, message in flaws
        ]
    return references


def _build_reference(work: Work) -> Reference:
    fields = {name: plain_text(work.fields[name]) for name in (*PLAIN, "eprint") if name in work.fields}
    return Reference(
        key=work.key,
        authors=_list_people(work),
        title=fields["title"],
        venue=next((fields[name] for name in VENUES if fields.get(name) and "://" not in fields[name]), ""),
        year=(fields.get("year") or fields.get("date", ""))[:4],
        url=_find_address(work),
        archived=_clean_link(work.fields.get("archiveurl", "")),
        kind=fields.get("keywords", ""),
        note=fields.get("note", ""),
        doi=_clean_doi(work),
        eprint=fields.get("eprint", ""),
        line=work.line,
    )


def _find_textless(work: Work) -> Iterator[Flaw]:
    """Yield the first macro of each field that cannot be told in plain text."""
    for field in SHOWN:
        for macro in MACRO.finditer(work.fields.get(field, "")):
            name = macro[1]
            if name in TEXTLESS or (name not in STYLES and DECODER.latex_context.get_macro_spec(name) is None):
                message = f"'{macro[0]}' says nothing in plain text; write what it stands for"
                yield work.place(field, macro[0]), "bibtex", message
                break


def _find_flaws(work: Work) -> Iterator[Flaw]:
    """Yield what an entry lacks or states wrongly: place, rule and message."""
    field = "author" if work.fields.get("author", "").strip() else "editor"
    if not _list_people(work):
        yield _explain_missing(work, "author", "'author' or 'editor'", "; add one, an institution in double braces")
    for part, message in _find_misread_names(work.fields.get(field, "").strip()):
        yield work.place(field, part), "bibtex", message
    if not plain_text(work.fields.get("title", "")):
        yield _explain_missing(work, "title", "'title'", "; add it")
    yield from _find_bad_links(work)
    year, date = work.fields.get("year", "").strip("{} "), work.fields.get("date", "").strip("{} ")
    if year and not YEAR.fullmatch(year):
        yield work.place("year", year), "date", f"expected a year such as 1970, got '{year}'"
    if date and not _is_span(date):
        yield work.place("date", date), "date", f"expected a date such as 1970-06, got '{date}'"
    if "crossref" in work.fields:
        message = "'crossref' is not read here; copy the fields of the entry that it names, and remove it"
        yield work.place("crossref"), "bibtex", message


def _is_span(text: str) -> bool:
    """Whether a text is a date, or two with a slash between them, of which one may be open."""
    first, _, last = text.partition("/")
    return is_date(first) and (last in {"", ".."} or is_date(last))


def _explain_missing(work: Work, field: str, what: str, mend: str) -> Flaw:
    """Return what to say of a field that is not there, or is under a misspelt name."""
    for given in work.fields:
        if given not in {*READ, *OTHERS} and nearest(given, READ) == [field]:
            return work.place(given), "bibtex", f"expected {what}, got '{given}'; did you mean '{field}'?"
    return work.place(field), "bibtex", f"expected {what}{mend}"


def _find_bad_links(work: Work) -> Iterator[Flaw]:
    """Yield what an entry states wrongly about where its work is found."""
    url, archived, doi = _find_address(work), _clean_link(work.fields.get("archiveurl", "")), _clean_doi(work)
    if doi and not DOI_NUMBER.fullmatch(doi):
        yield work.place("doi", doi), "link", f"expected a DOI such as 10.1145/362384.362685, got '{doi}'"
    elif not url:
        mend = "; add one, so that readers find the work"
        yield _explain_missing(work, "url", "'url', 'doi' or an arXiv 'eprint'", mend)
    elif not is_address(url):
        yield work.place("url", url), "link", f"expected {_wanted(url)}, got '{url}'"
    if archived and not is_address(archived):
        message = f"expected {_wanted(archived)} in 'archiveurl', got '{archived}'"
        yield work.place("archiveurl", archived), "link", message


def _wanted(address: str) -> str:
    many = len(address.split()) > 1
    return "one address without spaces" if many else "an address that begins with https:// or http://"


def _find_address(work: Work) -> str:
    """Return where a work is found: its address, or that of its DOI or arXiv number."""
    fields = work.fields
    if url := _clean_link(fields.get("url", "")):
        return url
    if "\\url" in fields.get("howpublished", ""):
        return _clean_link(fields["howpublished"].partition("\\url")[2].partition("}")[0])
    if doi := _clean_doi(work):
        return f"https://doi.org/{doi}"
    number = ARXIV.fullmatch(fields.get("eprint", "").strip())
    archive = fields.get("eprinttype") or fields.get("archiveprefix") or "arxiv"
    return f"https://arxiv.org/abs/{number[1]}" if number and archive.lower() == "arxiv" else ""


def _clean_link(text: str) -> str:
    """Return an address as it is meant, without what LaTeX and HTML ask for."""
    return _unescape_html(ESCAPED.sub("", text)).strip()


def _clean_doi(work: Work) -> str:
    return DOI.sub("", _clean_link(work.fields.get("doi", "")))


def _list_people(work: Work) -> tuple[str, ...]:
    """Return the family names of the authors, or of the editors where no author is given."""
    given = work.fields.get("author", "").strip() or work.fields.get("editor", "").strip()
    if given.strip("{} ") == "others":
        return ()
    separate = split_multiple_persons_names(_decode_latex(given))
    people = [parse_single_name_into_parts(name, strict=False) for name in separate]
    return tuple(filter(None, (_drop_braces(" ".join([*name.von, *name.last, *name.jr])) for name in people)))


def _find_misread_names(given: str) -> Iterator[tuple[str, str]]:
    """Yield the first part of a field that BibTeX would misread, and how to mend it; braced parts are left alone."""
    outer = given
    while (shorter := GROUP.sub(lambda group: "x" * len(group[0]), outer)) != outer:
        outer = shorter
    if mark := WRONG_SEPARATOR.search(outer):
        mend = "end with 'and others'" if mark[0][0] in "eE" else "separate names with ' and '"
        yield mark[0], f"'{mark[0]}' separates no names; {mend}, or put an institution in double braces"
        return
    if lone := LONE_AND.search(outer):
        yield lone[0].strip(), "expected a name on both sides of 'and'; add the one that is missing, or remove 'and'"
        return
    for name in map(str.strip, re.split(r"\s+and\s+", outer)):
        parts = [part.strip() for part in name.split(",")]
        if len(parts) > 3 or (len(parts) == 3 and not JUNIOR.fullmatch(parts[1])):
            yield name, "expected 'Family, Given' for each name; separate names with ' and ', not with a comma"
            return
        if len(parts) == 1 and INSTITUTION.search(name):
            yield name, f"'{name}' reads as a person; put an institution in double braces: {{{{...}}}}"
            return


def plain_text(text: str) -> str:
    """Return a field as plain text: LaTeX decoded, braces dropped, white space folded."""
    return _drop_braces(_decode_latex(text))


def _decode_latex(text: str) -> str:
    """Return a text without LaTeX; a bare %, & or lone $ stands for itself."""
    if not LATEX.search(text):
        return text
    safe = BARE_SIGN.sub(lambda sign: r"\$" if sign[0] == "$" else sign[0], _unescape_html(text))
    return str(DECODER.latex_to_text(BARE.sub(r"\\\g<0>", safe)))


def _drop_braces(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").split())


def _unescape_html(text: str) -> str:
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text
