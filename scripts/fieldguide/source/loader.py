"""Files under `docs/` to a catalog, and everything found wrong on the way."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fieldguide import urls
from fieldguide.catalog import Catalog
from fieldguide.memory import Made, Memory
from fieldguide.model import (
    Article,
    Change,
    Claim,
    Entry,
    Fact,
    Page,
    Reference,
    SearchPhrases,
    Section,
    Stance,
    Vocabulary,
)
from fieldguide.problem import Document, ParseError, Problem
from fieldguide.source import schema
from fieldguide.source.folder import markdown_files, other_files
from fieldguide.source.suggestions import did_you_mean, shown
from fieldguide.source.validation import Validator
from fieldguide.source.vocabulary import read as read_vocabulary
from fieldguide.source.yaml import parse_page, parse_yaml, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from pathlib import Path

VOCABULARY = "data/vocabulary.yml"
SEARCH_PHRASES = "data/asked.yml"
CLAIMS = "data/claims.yml"
CHANGES = "data/changes.yml"
REFERENCES = "data/references.bib"
REDIRECTS = "data/redirects.yml"
FINGERPRINT = "data/article-runs.txt"
LEDGER = "data/addresses.txt"
ADDRESS = re.compile(r"\s*|#.*|(?:- +)?/.*")
OPTIONAL = {CLAIMS: "claims: [...]", CHANGES: "changes: [...]", REDIRECTS: "/old/: /new/", SEARCH_PHRASES: "asked: ..."}
DATA = (VOCABULARY, REFERENCES, *OPTIONAL)
NOTHING = Catalog(
    vocabulary=Vocabulary(kinds={}, attributes={}, value_sets={}, classes={}),
    entries={},
    articles={},
    references={},
    claims={},
    pages={},
)


def load_catalog(  # noqa: C901 -- one branch for each sort of file
    docs: Path, memory: Memory | None = None
) -> tuple[Catalog, list[Problem]]:
    """The catalog of a `docs/` folder and the problems of its files; what has problems is left out of it.

    With the memory of the last reading only the files that have changed since are read.
    """
    problems: list[Problem] = []
    memory = memory or Memory()
    reading = _Reading(docs, memory, problems)
    given = reading.document(VOCABULARY, partial(parse_yaml, example="kinds: ..."))
    vocabulary = reading.made(VOCABULARY, read_vocabulary, given) if given else None
    if vocabulary is None:
        return NOTHING, problems
    readers = memory.recall("readers", (vocabulary,), partial(_Readers, vocabulary))
    entries: dict[str, Entry] = {}
    articles: dict[str, Article] = {}
    pages: dict[str, Page] = {}
    documents: dict[str, Document] = {}
    for uri in markdown_files(docs, DATA, problems):
        document = reading.document(uri, parse_page)
        if document is None:
            continue
        documents[uri] = document
        folder, _, name = uri.rpartition("/")
        slug = name.removesuffix(".md")
        if uri in urls.GENERATED or (slug == "index" and folder in vocabulary.kind_of_folder):
            continue  # the checks say that it stands where a page is generated
        if folder in vocabulary.kind_of_folder:
            if entry := reading.made(uri, readers.entry, document, vocabulary.kind_of_folder[folder], slug):
                _add(entries, slug, entry, problems)
        elif folder == "sources":
            if article := reading.made(uri, readers.article, document, slug):
                articles[slug] = article
        elif "facts" in document.data or "summary_cite" in document.data:
            problems.append(_misplaced(document, folder, vocabulary))
        elif page := reading.made(uri, readers.page, document, uri):
            pages[uri] = page
    claims, changes, redirects, phrases = (
        reading.document(uri, partial(parse_yaml, example=example)) if (docs / uri).exists() else None
        for uri, example in OPTIONAL.items()
    )
    works = reading.document(REFERENCES, _plain)
    runs = reading.document(FINGERPRINT, _plain) if (docs / FINGERPRINT).exists() else None
    if (docs / LEDGER).exists():
        reading.document(LEDGER, addresses)
    return (
        Catalog(
            vocabulary=vocabulary,
            entries=MappingProxyType(entries),
            articles=MappingProxyType(articles),
            references=reading.made(REFERENCES, _references, works) if works else {},
            claims=reading.made(CLAIMS, readers.claims, claims) if claims else {},
            claims_document=claims,
            vocabulary_document=given,
            changes=reading.made(CHANGES, readers.changes, changes) if changes else (),
            changes_document=changes,
            redirects=reading.made(REDIRECTS, readers.redirects, redirects) if redirects else {},
            redirects_document=redirects,
            search_phrases=reading.made(SEARCH_PHRASES, readers.search_phrases, phrases)
            if phrases
            else SearchPhrases(),
            search_phrases_document=phrases,
            files=frozenset(other_files(docs)),
            bibliography=f"{docs.name}/{REFERENCES}",
            fingerprint=reading.made(FINGERPRINT, _fingerprint, runs) if runs else (),
            pages=MappingProxyType(pages),
            documents=MappingProxyType(documents),
            releases=tuple(sorted(path.parent.name for path in (docs / "data").glob("*/catalog.json"))),
        ),
        problems,
    )


def _misplaced(document: Document, folder: str, vocabulary: Vocabulary) -> Problem:
    """Why an entry does not count where it stands."""
    folders = vocabulary.kind_of_folder
    if not folder:
        message = f"only an entry has facts, in the folder of its kind: {', '.join(folders)}"
        return document.problem((), "file", message)
    parent = folder.partition("/")[0]
    hint = f"entries stand directly in '{parent}/'" if parent in folders else f"expected one of {', '.join(folders)}"
    message = f"'{folder}/' is no kind's folder{did_you_mean(folder, folders) or f'; {hint}'}"
    return document.problem((), "file", message)


class _Reading:
    """Reads the files of a folder, each anew only if it changed since it was read last, and notes their problems."""

    def __init__(self, docs: Path, memory: Memory, problems: list[Problem]) -> None:
        self.docs, self.memory, self.problems = docs, memory, problems
        self.root = str(docs)

    def document(self, uri: str, reader: Callable[[str, str], Document]) -> Document | None:
        """A file's data; None if it cannot be read."""

        def make(problems: list[Problem]) -> Document | None:
            name = f"{self.docs.name}/{uri}"
            try:
                return reader(read_text(self.docs / uri, name), name)
            except ParseError as error:
                problems.extend(error.problems)
                return None

        return self._noted(("document", uri), self.memory.stamp(f"{self.root}/{uri}"), make)

    def made(self, uri: str, make: Callable[..., Made], *given: Any) -> Made:
        """What a function makes of a file's document and more, its first argument being the list of problems."""
        return self._noted(("made", uri), (make, *given), lambda problems: make(problems, *given))

    def _noted(self, key: Hashable, basis: Any, make: Callable[[list[Problem]], Made]) -> Made:
        def run() -> tuple[Made, list[Problem]]:
            found: list[Problem] = []
            return make(found), found

        made, found = self.memory.recall(key, basis, run)
        self.problems.extend(found)
        return made


def _references(problems: list[Problem], document: Document) -> dict[str, Reference]:
    from fieldguide.source import references  # noqa: PLC0415 -- it loads slowly, and is needed when references change

    return references.read(problems, document)


def _plain(text: str, name: str) -> Document:
    return Document(path=name, body=text)


def addresses(text: str, name: str) -> Document:
    """The ledger of addresses; raises ParseError."""
    strange = [number for number, line in enumerate(text.split("\n"), 1) if not ADDRESS.fullmatch(line)]
    if strange:
        message = "expected an address such as '/guide/a-page/' and its ids, '- ' and one that is given up, or '# ...'"
        raise ParseError(*(Problem(path=name, line=n, column=1, rule="address", message=message) for n in strange))
    return _plain(text, name)


def _fingerprint(_: list[Problem], document: Document) -> tuple[str, ...]:
    return tuple(document.body.split())


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

    def __init__(self, vocabulary: Vocabulary) -> None:
        kinds = schema.entry_schema(vocabulary)["$defs"]
        self.entries = {kind: Validator(kinds[kind], _elsewhere(vocabulary, kind)) for kind in kinds}
        self.articles = Validator(schema.article_schema())
        self.claim = Validator(schema.claim_schema(vocabulary))
        self.change = Validator(schema.change_schema())
        self.pages = Validator(schema.page_schema())
        self.comparisons = Validator(schema.comparison_schema())

    @staticmethod
    def _valid(problems: list[Problem], validator: Validator, document: Document) -> bool:
        found = list(validator.problems(document))
        problems.extend(found)
        return not found

    def entry(self, problems: list[Problem], document: Document, kind: str, slug: str) -> Entry | None:
        if not self._valid(problems, self.entries[kind], document):
            return None
        data = _tuples({k: v for k, v in document.data.items() if k != "facts"})
        facts = {key: _fact(fact) for key, fact in document.data.get("facts", {}).items()}
        return Entry(slug=slug, kind=kind, doc=document, facts=facts, **data)

    def article(self, problems: list[Problem], document: Document, slug: str) -> Article | None:
        if not self._valid(problems, self.articles, document):
            return None
        data = _tuples({k: v for k, v in document.data.items() if k != "sections"})
        sections = tuple(Section(**_tuples(section)) for section in document.data["sections"])
        return Article(id=slug, doc=document, sections=sections, **data)

    def page(self, problems: list[Problem], document: Document, uri: str) -> Page | None:
        pair = Catalog.pair_of(uri)
        if uri.startswith("compare/") and not pair and "title" not in document.data:
            message = f"expected two entries as in compare/a-vs-b.md, or the title of a page; got {shown(uri)}"
            problems.append(document.problem((), "comparison", message))
            return None
        if not self._valid(problems, self.comparisons if pair else self.pages, document):
            return None
        data = {"title": "", "checked": ""} | document.data
        return Page(uri=uri, doc=document, **_tuples(data) | {"order": data.get("order", 0)})

    def claims(self, problems: list[Problem], document: Document) -> dict[str, Claim]:
        claims: dict[str, Claim] = {}
        for index, item in self._items(problems, document, "claims", self.claim):
            if item["id"] in claims:
                message = f"two claims are called '{item['id']}'"
                problems.append(document.problem(("claims", index, "id"), "clash", message))
            else:
                claims[item["id"]] = Claim(index=index, **_tuples(item))
        return claims

    def redirects(self, problems: list[Problem], document: Document) -> dict[str, str]:
        return dict(document.data) if self._valid(problems, Validator(schema.redirect_schema()), document) else {}

    def search_phrases(self, problems: list[Problem], document: Document) -> SearchPhrases:
        if not self._valid(problems, Validator(schema.asked_schema()), document):
            return SearchPhrases()
        return SearchPhrases(phrases=document.data.get("asked", {}), synonyms=document.data.get("synonyms", []))

    def changes(self, problems: list[Problem], document: Document) -> tuple[Change, ...]:
        items = self._items(problems, document, "changes", self.change)
        return tuple(Change(index=index, **_tuples(item)) for index, item in items)

    def _items(
        self, problems: list[Problem], document: Document, key: str, validator: Validator
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        if not self._valid(problems, Validator(schema.list_schema(key)), document):
            return
        for index, item in enumerate(document.data[key]):
            found = list(validator.problems(document, (key, index)))
            problems.extend(found)
            if not found:
                yield index, item


def _fact(data: Mapping[str, Any]) -> Fact:
    stances = tuple(Stance(article=article, **_tuples(stance)) for article, stance in data.get("articles", {}).items())
    return Fact(articles=stances, **_tuples({k: v for k, v in data.items() if k != "articles"}))
