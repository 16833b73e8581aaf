"""`scripts/rename`: gives an entry another name, mends whatever refers to it, and leads on from its old addresses."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide import files, urls
from fieldguide.checks import excerpt
from fieldguide.formats import unfit
from fieldguide.guide import load_and_check
from fieldguide.problem import ParseError
from fieldguide.site import ledger
from fieldguide.source import markdown
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.loader import REDIRECTS, SEARCH_PHRASES
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Document, Where

ROOT = Path(__file__).resolve().parents[3]
# Keys whose values name entries, wherever they stand; facts do so where their type says it.
REFERRING = {"is_a", "built_on", "about", "names", "describes", "section_of", "entry", "entries", "root"}


class Renaming:
    """One entry's old and new name in a catalog, and what follows from it."""

    def __init__(self, catalog: Catalog, old: str, new: str) -> None:
        self.catalog, self.old, self.new = catalog, old, new
        self.files = {urls.entry(catalog, catalog.entries[old]): self._file(new)}
        self.pairs = {pair: self._pair(pair) for pair in catalog.pairs_of.get(old, ())}
        self.files |= {urls.pair(*pair): urls.pair(*moved) for pair, moved in self.pairs.items()}
        self.identity = re.compile(rf"(node-)?{re.escape(old)}(\..+)?")

    def _file(self, slug: str) -> str:
        return f"{self.catalog.vocabulary.kinds[self.catalog.entries[self.old].kind].plural}/{slug}.md"

    def _pair(self, pair: tuple[str, str]) -> tuple[str, str]:
        first, second = sorted(self.new if slug == self.old else slug for slug in pair)
        return first, second

    def anchor(self, name: str) -> str:
        """An id with the new name in it."""
        return name.replace(self.old, self.new, 1) if self.identity.fullmatch(name) else name

    def edits(self, uri: str, document: Document) -> Iterator[tuple[int, str, str]]:
        """Each place of a file that names the entry: its offset, what stands there, and what shall."""
        starts = [0]
        starts += [match.end() for match in re.finditer("\n", document.text)]
        yield from self._values(document, document, starts)
        for block in markdown.blocks(document) if document.body else ():
            if not isinstance(block, ParseError):
                yield from self._values(block.document, document, starts)
        shift = starts[document.body_line - 1] if document.body else 0
        for written, offset in markdown.addresses(document) if document.body else ():
            address = written.partition(")")[0]
            if (moved := self.link(address, uri)) != address:
                yield shift + offset, address, moved

    def _values(self, data: Document, file: Document, starts: list[int]) -> Iterator[tuple[int, str, str]]:
        for where, (line, column) in data.values.items():
            if value_at(data.data, where) == self.old and self._refers(data, where):
                at = starts[line - 1] + column - 1
                at += file.text[at] in "'\""
                yield at, self.old, self.new

    def _refers(self, data: Document, where: Where) -> bool:
        if any(part in REFERRING for part in where):
            return True
        attributes = self.catalog.vocabulary.attributes
        key = str(where[1] if where[0] == "facts" else value_at(data.data, (*where[:2], "attribute")))
        return key in attributes and any(ATTRIBUTE_TYPES[name].has_entries for name in attributes[key].types.values())

    def link(self, address: str, uri: str) -> str:
        """A link written in the page `uri`, led to where its target will stand."""
        path, mark, fragment = address.partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE):
            return address
        target = urls.resolve(path, uri) if path else uri
        if target in self.files:
            path = path.removesuffix(Path(target).name) + Path(self.files[target]).name if path else path
        return path + mark + self.anchor(fragment)

    def redirects(self) -> dict[str, str]:
        """Old addresses to new ones: the entry's page, its comparisons, and their reverse."""
        moved = {f"/{urls.url(old)}": f"/{urls.url(new)}" for old, new in self.files.items()}
        for (a, b), pair in self.pairs.items():
            moved[f"/compare/{b}-vs-{a}/"] = f"/{urls.url(urls.pair(*pair))}"
        now = {old: moved.get(new, new) for old, new in self.catalog.redirects.items()}
        fresh = {f"/compare/{b}-vs-{a}/" for a, b in self.pairs.values()} | {
            f"/{urls.url(f)}" for f in self.files.values()
        }
        return {old: new for old, new in {**now, **moved}.items() if old not in fresh}

    def lost(self, docs: Path) -> list[str]:
        """The published ids that name the entry, on pages that stay."""
        gone = self.redirects()
        live = ledger.read(docs).live
        return [
            f"{page}#{i}" for page, ids in live.items() if page not in gone for i in ids if self.identity.fullmatch(i)
        ]


def value_at(data: Any, where: Where) -> Any:
    """The value at a place of data; None where there is none."""
    for part in where:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def edited(text: str, edits: Sequence[tuple[int, str, str]]) -> str:
    """A text with its edits made, from the last to the first."""
    for at, old, new in sorted(set(edits), reverse=True):
        if text.startswith(old, at):
            text = text[:at] + new + text[at + len(old) :]
    return text


def _asked(docs: Path, renaming: Renaming) -> str:
    """What people ask for, under the new names of the entry and of its comparisons; empty where there is none."""
    path = docs / SEARCH_PHRASES
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    moved = {old.removesuffix(".md"): new.removesuffix(".md") for old, new in renaming.files.items()}
    for old, new in {renaming.old: renaming.new, **moved}.items():
        text = re.sub(rf"(?m)^( +){re.escape(old)}:", rf"\g<1>{new}:", text)
    return text


def rename(docs: Path, renaming: Renaming) -> list[str]:
    """Makes the change in a `docs/` folder, or none of it; the files it touched."""
    catalog = renaming.catalog
    single = (catalog.vocabulary_document, catalog.claims_document, catalog.changes_document)
    documents = {**catalog.documents, **{d.path.partition("/")[2]: d for d in single if d}}
    texts = {uri: edited(d.text, list(renaming.edits(uri, d))) for uri, d in documents.items()}
    changed = [uri for uri, text in texts.items() if text != documents[uri].text or uri in renaming.files]
    written: dict[str, str | None] = dict.fromkeys(changed)
    written |= {renaming.files.get(uri, uri): texts[uri] for uri in changed}
    if asked_keys := _asked(docs, renaming):
        written[SEARCH_PHRASES] = asked_keys
    written[REDIRECTS] = "".join(f"{old}: {new}\n" for old, new in sorted(renaming.redirects().items()))
    written[ledger.LEDGER] = ledger.text_of(ledger.give_up(ledger.read(docs), renaming.lost(docs)))
    files.replace({docs / uri: text for uri, text in written.items()})
    return [renaming.files.get(uri, uri) for uri in changed]


def flaws(catalog: Catalog, old: str, new: str) -> Iterator[str]:
    """Why an entry cannot have another name."""
    if old not in catalog.entries:
        hint = did_you_mean(old, catalog.entries) or "; name its file without .md"
        yield f"no entry is called '{old}'{hint}"
    if flaw := unfit(new):
        yield flaw
    elif new in catalog.nodes:
        yield f"'{new}' is taken by '{catalog.title(new)}'; choose another name"


def main(arguments: Sequence[str] | None = None) -> int:
    """Give an entry another name, mend what refers to it, and redirect its old addresses."""
    parser = argparse.ArgumentParser(prog="scripts/rename", description=main.__doc__)
    parser.add_argument("old", help="the entry's file name now, without .md")
    parser.add_argument("new", help="what it shall be")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    catalog, problems = load_and_check(options.docs)
    if problems := [problem for problem in problems if not problem.warning]:
        parser.error(f"mend the content first, so that no reference is missed:\n{excerpt.report(problems)}")
    if found := list(flaws(catalog, options.old, options.new)):
        parser.error("; ".join(found))
    with files.refused(parser):
        touched = rename(options.docs, Renaming(catalog, options.old, options.new))
    _, problems = load_and_check(options.docs)
    print("\n".join(["Changed:", *(f"  {uri}" for uri in touched), excerpt.report(problems)]))  # noqa: T201 -- a command
    print("Its title and the prose are as they were. scripts/addresses adds the new addresses.")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
