"""Files under `docs/` to a catalog, and everything found wrong on the way."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fieldguide import urls
from fieldguide.catalog import Catalog
from fieldguide.model import SearchPhrases, Vocabulary
from fieldguide.problem import Document, ParseError, Problem
from fieldguide.source.document_cache import DocumentCache
from fieldguide.source.records import RecordBuilder, build_vocabulary
from fieldguide.source.suggestions import did_you_mean
from fieldguide.source.yaml import parse_page, parse_yaml, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from fieldguide.model import Reference

VOCABULARY = "data/vocabulary.yml"
SEARCH_PHRASES = "data/asked.yml"
CLAIMS = "data/claims.yml"
CHANGES = "data/changes.yml"
REFERENCES = "data/references.bib"
REDIRECTS = "data/redirects.yml"
FINGERPRINT = "data/article-runs.txt"
LEDGER = "data/addresses.txt"
OPTIONAL = {CLAIMS: "claims: [...]", CHANGES: "changes: [...]", REDIRECTS: "/old/: /new/", SEARCH_PHRASES: "asked: ..."}
DATA = (VOCABULARY, REFERENCES, *OPTIONAL)
LEDGER_LINE = re.compile(r"\s*|#.*|(?:- +)?/.*")
MARKDOWN = (".md", ".markdown")
DIALECTS = (".mdx", ".mkd", ".mdown")
BACKUPS = ("~", ".orig", ".bak", ".rej")
DATA_ENDINGS = (".yml", ".yaml", ".bib")
EMPTY = Catalog(
    vocabulary=Vocabulary(kinds={}, attributes={}, value_sets={}, classes={}),
    entries={},
    articles={},
    references={},
    claims={},
    pages={},
)


def load_catalog(docs: Path, cache: DocumentCache | None = None) -> tuple[Catalog, list[Problem]]:
    """Return the catalog of a `docs/` folder and the problems of its files; what has problems is left out of it.

    With a cache only the files that have changed since are read.
    """
    reader = _Reader(docs, cache or DocumentCache())
    vocabulary_document = reader.parse(VOCABULARY, partial(parse_yaml, example="kinds: ..."))
    vocabulary: Vocabulary | None = reader.build(build_vocabulary, vocabulary_document)
    if vocabulary is None:
        return EMPTY, reader.problems
    builder = reader.cache.get_or_make("builder", (vocabulary,), partial(RecordBuilder, vocabulary))
    parsers = {uri: partial(parse_yaml, example=example) for uri, example in OPTIONAL.items()}
    given = {uri: reader.parse_optional(uri, parse) for uri, parse in parsers.items()}
    reader.parse_optional(LEDGER, parse_ledger)
    catalog = Catalog(
        vocabulary=vocabulary,
        vocabulary_document=vocabulary_document,
        **_load_pages(reader, builder),
        references=reader.build(_build_references, reader.parse(REFERENCES, _parse_plain), default={}),
        claims=reader.build(builder.build_claims, given[CLAIMS], default={}),
        claims_document=given[CLAIMS],
        changes=reader.build(builder.build_changes, given[CHANGES], default=()),
        changes_document=given[CHANGES],
        redirects=reader.build(builder.build_redirects, given[REDIRECTS], default={}),
        redirects_document=given[REDIRECTS],
        search_phrases=reader.build(builder.build_search_phrases, given[SEARCH_PHRASES], default=SearchPhrases()),
        search_phrases_document=given[SEARCH_PHRASES],
        bibliography=f"{docs.name}/{REFERENCES}",
        fingerprint=reader.build(_build_fingerprint, reader.parse_optional(FINGERPRINT, _parse_plain), default=()),
        releases=tuple(sorted(path.parent.name for path in (docs / "data").glob("*/catalog.json"))),
    )
    return catalog, reader.problems


class _Reader:
    """Parses files and builds records, each anew only if what it is made from has changed; collects problems."""

    def __init__(self, docs: Path, cache: DocumentCache) -> None:
        self.docs, self.cache = docs, cache
        self.problems: list[Problem] = []

    def parse(self, uri: str, parser: Callable[[str, str], Document]) -> Document | None:
        """Return what a parser makes of a file's text and its name; None if it cannot be read."""
        name = f"{self.docs.name}/{uri}"
        stamp = self.cache.stamp(f"{self.docs}/{uri}")
        read = self._keep(("document", uri), stamp, lambda _: parser(read_text(self.docs / uri, name), name), None)
        return cast("Document | None", read)

    def parse_optional(self, uri: str, parser: Callable[[str, str], Document]) -> Document | None:
        """Return what a parser makes of a file; None if there is none."""
        return self.parse(uri, parser) if (self.docs / uri).exists() else None

    def build(self, build: Callable[..., Any], document: Document | None, *given: str, default: Any = None) -> Any:
        """Return what is built from a document; the default if there is none or it is no good."""
        if document is None:
            return default
        basis = build, document, *given
        return self._keep(("record", document.path), basis, lambda found: build(found, document, *given), default)

    def _keep(self, key: Hashable, basis: Any, make: Callable[[list[Problem]], Any], default: Any) -> Any:
        def run() -> tuple[Any, list[Problem]]:
            found: list[Problem] = []
            try:
                return make(found), found
            except ParseError as error:
                return default, [*found, *error.problems]

        made, found = self.cache.get_or_make(key, basis, run)
        self.problems += found
        return made


def _load_pages(reader: _Reader, builder: RecordBuilder) -> Mapping[str, Any]:
    """Return the entries by slug, the articles by id, the pages and the documents of all by file, and other files."""
    folders = builder.vocabulary.kind_of_folder
    entries, articles, pages, documents = dict[str, Any](), dict[str, Any](), dict[str, Any](), dict[str, Document]()
    files = list(_find_files(reader.docs, reader.problems))
    for uri in files:
        document = reader.parse(uri, parse_page) if uri.endswith(".md") else None
        if document is None:
            continue
        documents[uri] = document
        folder, _, name = uri.rpartition("/")
        slug = name.removesuffix(".md")
        if uri in urls.GENERATED or (slug == "index" and folder in folders):
            continue  # the checks say that it stands where a page is generated
        if folder in folders:
            entry = reader.build(builder.build_entry, document, folders[folder], slug)
            if entry and slug in entries:
                message = f"'{slug}' is {entries[slug].doc.path} already; an entry's file name is its one id"
                reader.problems.append(document.problem((), "clash", message))
            elif entry:
                entries[slug] = entry
        elif folder == "sources":
            articles[slug] = reader.build(builder.build_article, document, slug)
        elif "facts" in document.data or "summary_cite" in document.data:
            reader.problems.append(document.problem((), "file", _explain_folder(folder, folders)))
        else:
            pages[uri] = reader.build(builder.build_page, document, uri)
    found = {"entries": entries, "articles": articles, "pages": pages}
    whole = {name: {key: record for key, record in group.items() if record} for name, group in found.items()}
    others = frozenset(uri for uri in files if not uri.endswith(".md"))
    return {**whole, "documents": documents, "files": others}


def _explain_folder(folder: str, folders: Mapping[str, str]) -> str:
    """Return why an entry does not count where it stands."""
    if not folder:
        return f"only an entry has facts, in the folder of its kind: {', '.join(folders)}"
    parent = folder.partition("/")[0]
    hint = f"entries stand directly in '{parent}/'" if parent in folders else f"expected one of {', '.join(folders)}"
    return f"'{folder}/' is no kind's folder{did_you_mean(folder, folders) or f'; {hint}'}"


def _build_references(problems: list[Problem], document: Document) -> dict[str, Reference]:
    from fieldguide.source import references  # noqa: PLC0415 -- it loads slowly, and is needed when references change

    return references.build_references(problems, document)


def _parse_plain(text: str, name: str) -> Document:
    return Document(path=name, body=text)


def parse_ledger(text: str, name: str) -> Document:
    """Return the ledger of addresses; raise ParseError."""
    strange = [number for number, line in enumerate(text.split("\n"), 1) if not LEDGER_LINE.fullmatch(line)]
    if strange:
        message = "expected an address such as '/guide/a-page/' and its ids, '- ' and one that is given up, or '# ...'"
        raise ParseError(*(Problem(path=name, line=n, column=1, rule="address", message=message) for n in strange))
    return _parse_plain(text, name)


def _build_fingerprint(_: list[Problem], document: Document) -> tuple[str, ...]:
    return tuple(document.body.split())


def _find_files(docs: Path, problems: list[Problem]) -> Iterator[str]:
    """Yield the files below a folder, in order; `problems` gets what is not read though it might be meant to be."""

    def refuse(path: str, message: str) -> None:
        problems.append(Problem(path=f"{docs.name}/{path}", line=1, column=1, rule="file", message=message))

    folders = [""]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(docs / prefix) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            refuse(prefix, f"cannot be read: {error.strerror}")
            continue
        for item in items:
            path = prefix + item.name
            if flaw := _find_flaw(item) or _find_use(prefix, item.name):
                refuse(path, flaw)
            if not Path(item).is_dir() and not (flaw and path.endswith(MARKDOWN)):  # a link may lead to itself
                yield path
        folders += [f"{prefix}{item.name}/" for item in reversed(items) if item.is_dir(follow_symlinks=False)]


def _find_flaw(item: os.DirEntry[str]) -> str:
    """Return why something cannot stand under `docs/`; empty if it can."""
    flaw, name = "", item.name
    folder = item.is_dir(follow_symlinks=False)
    if item.is_symlink():
        flaw = "expected a file, got a symbolic link; put the file itself here"
    elif folder and name.endswith(MARKDOWN):
        flaw = "expected a file, got a folder"
    elif not folder and not item.is_file(follow_symlinks=False):
        flaw = "expected a file, got a pipe, a socket or a device"
    elif not name.isprintable():
        flaw = "expected a file name that can be printed; rename it"
    elif name.lower().endswith((*MARKDOWN, *DIALECTS)) and not name.endswith(".md"):
        flaw = "expected the file name to end in '.md'; rename it"
    return flaw


def _find_use(folder: str, name: str) -> str:
    """Return why a file would be published that was hardly meant to be; empty if it is not so."""
    if name.startswith("."):
        return ""  # MkDocs leaves it out
    if name.endswith(BACKUPS):
        return "a backup would be published beside the guide; remove it"
    if folder in {"", "data/"} and name.endswith(DATA_ENDINGS) and folder + name not in DATA:
        hint = did_you_mean(folder + name, DATA) or "; remove it, or put it under 'assets/'"
        return f"nothing reads '{folder}{name}' here, and it would be published{hint}"
    return ""
