"""Files under `docs/` to a catalog, and everything found wrong on the way."""

from __future__ import annotations

import os
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import bibliography, links, schema
from .catalog import Catalog
from .located import Document, Malformed, decode, front_matter, parse
from .model import (
    Article,
    Change,
    Claim,
    Entry,
    Fact,
    Page,
    Problem,
    Section,
    Stance,
    Vocabulary,
)
from .violations import Validator, did_you_mean
from .vocabulary import read as read_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

VOCABULARY = "data/vocabulary.yml"
CLAIMS = "data/claims.yml"
CHANGES = "data/changes.yml"
REFERENCES = "data/references.bib"
REDIRECTS = "data/redirects.yml"
FINGERPRINT = "data/article-runs.txt"
OPTIONAL = {CLAIMS: "claims: [...]", CHANGES: "changes: [...]", REDIRECTS: "/old/: /new/"}
NOTHING = Catalog(
    vocabulary=Vocabulary(kinds={}, attributes={}, value_sets={}, classes={}),
    entries={},
    articles={},
    references={},
    claims={},
    pages={},
)


def read(docs: Path) -> tuple[Catalog, list[Problem]]:  # noqa: C901 -- one branch for each sort of file
    """The catalog of a `docs/` folder and the problems of its files; what has problems is left out of it."""
    problems: list[Problem] = []
    given = _document(docs, VOCABULARY, partial(parse, example="kinds: ..."), problems)
    vocabulary = read_vocabulary(problems, given) if given else None
    if vocabulary is None:
        return NOTHING, problems
    readers = _Readers(vocabulary, problems)
    entries: dict[str, Entry] = {}
    articles: dict[str, Article] = {}
    pages: dict[str, Page] = {}
    documents: dict[str, Document] = {}
    for uri in _markdown_files(docs, problems):
        document = _document(docs, uri, front_matter, problems)
        if document is None:
            continue
        documents[uri] = document
        folder, _, name = uri.rpartition("/")
        slug = name.removesuffix(".md")
        if uri in links.GENERATED or (slug == "index" and folder in vocabulary.kind_of_folder):
            continue  # the checks say that it stands where a page is generated
        if folder in vocabulary.kind_of_folder:
            if entry := readers.entry(document, vocabulary.kind_of_folder[folder], slug):
                _add(entries, slug, entry, problems)
        elif folder == "sources":
            if article := readers.article(document, slug):
                articles[slug] = article
        elif "facts" in document.data or "summary_cite" in document.data:
            problems.append(_misplaced(document, folder, vocabulary))
        elif page := readers.page(document, uri):
            pages[uri] = page
    claims, changes, redirects = (_optional(docs, uri, example, problems) for uri, example in OPTIONAL.items())
    return (
        Catalog(
            vocabulary=vocabulary,
            entries=MappingProxyType(entries),
            articles=MappingProxyType(articles),
            references=_one(docs, REFERENCES, None, problems, partial(bibliography.read, problems=problems)) or {},
            claims=readers.claims(claims) if claims else {},
            claims_document=claims,
            vocabulary_document=given,
            changes=tuple(readers.changes(changes)) if changes else (),
            changes_document=changes,
            redirects=readers.redirects(redirects) if redirects else {},
            redirects_document=redirects,
            bibliography=f"{docs.name}/{REFERENCES}",
            fingerprint=_fingerprint(docs / FINGERPRINT),
            pages=MappingProxyType(pages),
            documents=MappingProxyType(documents),
        ),
        problems,
    )


def _misplaced(document: Document, folder: str, vocabulary: Vocabulary) -> Problem:
    """Why an entry does not count where it stands."""
    folders = vocabulary.kind_of_folder
    parent = folder.partition("/")[0]
    hint = f"entries stand directly in '{parent}/'" if parent in folders else f"expected one of {', '.join(folders)}"
    message = f"'{folder}/' is no kind's folder{did_you_mean(folder, folders) or f'; {hint}'}"
    return document.problem((), "file", message)


def _markdown_files(docs: Path, problems: list[Problem]) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        path = str(error.filename or docs)
        problems.append(Problem(path=path, line=1, column=1, rule="file", message=f"cannot be read: {error.strerror}"))

    for folder, folders, names in os.walk(docs, onerror=refuse):
        folders.sort()
        base = os.path.relpath(folder, docs).replace(os.sep, "/")
        for name in sorted(names):
            uri = name if base == "." else f"{base}/{name}"
            if name.endswith(".md"):
                yield uri
            elif name.lower().endswith((".md", ".markdown")):
                message = "expected the file name to end in '.md'; rename it"
                problems.append(Problem(path=f"{docs.name}/{uri}", line=1, column=1, rule="file", message=message))


def _document(docs: Path, uri: str, reader: Callable[[str, str], Document], problems: list[Problem]) -> Document | None:
    name = f"{docs.name}/{uri}"
    try:
        return reader(decode(docs / uri, name), name)
    except Malformed as error:
        problems.extend(error.problems)
        return None


def _optional(docs: Path, uri: str, example: str, problems: list[Problem]) -> Document | None:
    """A data file that a guide may do without."""
    return _document(docs, uri, partial(parse, example=example), problems) if (docs / uri).exists() else None


def _one(
    docs: Path,
    uri: str,
    reader: Callable[[str, str], Document] | None,
    problems: list[Problem],
    build: Callable[[Document], Any],
) -> Any:
    document = _document(docs, uri, reader or (lambda text, name: Document(path=name, body=text)), problems)
    return build(document) if document else None


def _fingerprint(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="ascii").split()) if path.is_file() else ()


def _add(entries: dict[str, Entry], slug: str, entry: Entry, problems: list[Problem]) -> None:
    if slug in entries:
        message = f"'{slug}' is {entries[slug].doc.path} already; an entry's file name is its one id"
        problems.append(entry.doc.problem((), "clash", message))
    else:
        entries[slug] = entry


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of a record: lists become tuples, numbers where text is meant become text."""
    return {key: _frozen(value) for key, value in data.items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(str(item).strip() for item in value)
    return value if isinstance(value, bool | dict) else str(value).strip()


def _elsewhere(vocabulary: Vocabulary, kind: str) -> dict[str, str]:
    """The attributes that a kind lacks, and what they are attributes of."""
    lacking = (a for a in vocabulary.attributes.values() if kind not in a.types)
    return {a.key: f"an attribute of {' and '.join(a.types)}, not of {kind}" for a in lacking}


class _Readers:
    """Builds records from documents that satisfy their schemas."""

    def __init__(self, vocabulary: Vocabulary, problems: list[Problem]) -> None:
        self.problems = problems
        kinds = schema.entry_schema(vocabulary)["$defs"]
        self.entries = {kind: Validator(kinds[kind], _elsewhere(vocabulary, kind)) for kind in kinds}
        self.articles = Validator(schema.article_schema())
        self.claim = Validator(schema.claim_schema(vocabulary))
        self.change = Validator(schema.change_schema())
        self.pages = Validator(schema.page_schema())
        self.comparisons = Validator(schema.comparison_schema())

    def _valid(self, validator: Validator, document: Document) -> bool:
        found = list(validator.problems(document))
        self.problems.extend(found)
        return not found

    def entry(self, document: Document, kind: str, slug: str) -> Entry | None:
        if not self._valid(self.entries[kind], document):
            return None
        data = _tuples({k: v for k, v in document.data.items() if k != "facts"})
        facts = {key: _fact(fact) for key, fact in document.data.get("facts", {}).items()}
        return Entry(slug=slug, kind=kind, doc=document, facts=facts, **data)

    def article(self, document: Document, slug: str) -> Article | None:
        if not self._valid(self.articles, document):
            return None
        data = _tuples({k: v for k, v in document.data.items() if k != "sections"})
        sections = tuple(Section(**_tuples(section)) for section in document.data["sections"])
        return Article(id=slug, doc=document, sections=sections, **data)

    def page(self, document: Document, uri: str) -> Page | None:
        pair = Catalog.pair_of(uri)
        if not self._valid(self.comparisons if pair else self.pages, document):
            return None
        data = {"title": "", "checked": ""} | document.data
        return Page(uri=uri, doc=document, **_tuples(data) | {"order": data.get("order", 0)})

    def claims(self, document: Document) -> dict[str, Claim]:
        claims: dict[str, Claim] = {}
        for index, item in self._items(document, "claims", self.claim):
            if item["id"] in claims:
                message = f"two claims are called '{item['id']}'"
                self.problems.append(document.problem(("claims", index, "id"), "clash", message))
            else:
                claims[item["id"]] = Claim(index=index, **_tuples(item))
        return claims

    def redirects(self, document: Document) -> dict[str, str]:
        return dict(document.data) if self._valid(Validator(schema.redirect_schema()), document) else {}

    def changes(self, document: Document) -> Iterator[Change]:
        for index, item in self._items(document, "changes", self.change):
            yield Change(index=index, **_tuples(item))

    def _items(self, document: Document, key: str, validator: Validator) -> Iterator[tuple[int, dict[str, Any]]]:
        if not self._valid(Validator(schema.list_schema(key)), document):
            return
        for index, item in enumerate(document.data[key]):
            found = list(validator.problems(document, (key, index)))
            self.problems.extend(found)
            if not found:
                yield index, item


def _fact(data: Mapping[str, Any]) -> Fact:
    stances = tuple(Stance(article=article, **_tuples(stance)) for article, stance in data.get("articles", {}).items())
    return Fact(articles=stances, **_tuples({k: v for k, v in data.items() if k != "articles"}))
