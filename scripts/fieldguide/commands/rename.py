"""Give an entry another name, mend whatever refers to it, and lead on from its old addresses."""

from __future__ import annotations

import re
from functools import reduce
from operator import getitem
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from fieldguide import urls
from fieldguide.commands import CommandError, explain_unusable_name, find_entry, write_files
from fieldguide.problem import ParseError
from fieldguide.site import ledger
from fieldguide.source import markdown
from fieldguide.source.attribute_types import ATTRIBUTE_TYPES
from fieldguide.source.loader import REDIRECTS, SEARCH_PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Document, Where

    Edit = tuple[int, int, str, str]  # the line and column of a place, from 1; what stands there, and what shall

# Keys whose values name entries, wherever they stand; facts do so where their type says it.
REFERRING_KEYS = {"is_a", "built_on", "about", "names", "describes", "section_of", "entry", "entries", "root"}
ABSOLUTE_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def rename_entry(catalog: Catalog, docs: Path, old: str, new: str) -> list[str]:
    """Rename an entry in a `docs/` folder, or raise CommandError; return the files that changed."""
    find_entry(catalog, old)
    if flaw := explain_unusable_name(catalog, new):
        raise CommandError(flaw)
    renaming = Renaming(catalog, old, new)
    single = (catalog.vocabulary_document, catalog.claims_document, catalog.changes_document)
    documents = {**catalog.documents, **{d.path.partition("/")[2]: d for d in single if d}}
    texts = {uri: _apply(renaming.find_edits(uri, document), document.text) for uri, document in documents.items()}
    changed = [uri for uri, text in texts.items() if text != documents[uri].text or uri in renaming.files]
    written: dict[str, str | None] = dict.fromkeys(changed)
    written |= {renaming.files.get(uri, uri): texts[uri] for uri in changed}
    if (docs / SEARCH_PHRASES).is_file():
        written[SEARCH_PHRASES] = renaming.edit_phrases((docs / SEARCH_PHRASES).read_text(encoding="utf-8"))
    redirects = renaming.redirects()
    written[REDIRECTS] = "".join(f"{source}: {target}\n" for source, target in sorted(redirects.items()))
    known = ledger.read_ledger(docs)
    kept = {address: address.partition("#")[2] for address in known.live if ledger.find_page(address) not in redirects}
    lost = [address for address, anchor in kept.items() if renaming.rename_anchor(anchor) != anchor]
    written[ledger.LEDGER] = known.give_up(lost).write()
    write_files({docs / uri: text for uri, text in written.items()})
    return [renaming.files.get(uri, uri) for uri in changed]


class Renaming:
    """One entry's old and new name in a catalog; `files` and `pairs` map what is moved to where it will stand."""

    def __init__(self, catalog: Catalog, old: str, new: str) -> None:
        self.catalog, self.old, self.new = catalog, old, new
        folder = catalog.vocabulary.kinds[catalog.entries[old].kind].plural
        self.files = {f"{folder}/{old}.md": f"{folder}/{new}.md"}
        self.pairs: dict[tuple[str, str], list[str]] = {}
        for pair in catalog.pairs_of.get(old, ()):
            self.pairs[pair] = sorted(new if slug == old else slug for slug in pair)
            self.files[urls.pair(*pair)] = urls.pair(*self.pairs[pair])

    def rename_anchor(self, anchor: str) -> str:
        """Return the id of something of the entry with its new name; any other id as it is."""
        return re.sub(rf"^(node-)?{re.escape(self.old)}(?=\.|$)", rf"\g<1>{self.new}", anchor)

    def find_edits(self, uri: str, document: Document) -> Iterator[Edit]:
        """Yield an edit for each place of a file that names the entry."""
        yield from self._edit_values(document)
        if document.body:
            for block in markdown.blocks(document):
                if not isinstance(block, ParseError):
                    yield from self._edit_values(block.document)
            for written, offset in markdown.addresses(document):
                address = written.partition(")")[0]
                yield *document.find_place(offset), address, self._move_link(address, uri)

    def _edit_values(self, document: Document) -> Iterator[Edit]:
        for where, place in document.values.items():
            if _value_at(document, where) == self.old and self._names_entries(document, where):
                yield *place, self.old, self.new

    def _names_entries(self, document: Document, where: Where) -> bool:
        """Say whether the value at a place is the slug of an entry."""
        if not REFERRING_KEYS.isdisjoint(where):
            return True
        if where[0] not in ("facts", "changes"):
            return False
        key = where[1] if where[0] == "facts" else _value_at(document, where[:2]).get("attribute")
        attribute = self.catalog.vocabulary.attributes.get(str(key))
        return attribute is not None and any(ATTRIBUTE_TYPES[name].has_entries for name in attribute.types.values())

    def _move_link(self, address: str, uri: str) -> str:
        """Return a link written in the page `uri` as it leads to where its target will stand."""
        if ABSOLUTE_ADDRESS.match(address):
            return address
        path, mark, fragment = address.partition("#")
        if path and (moved := self.files.get(target := urls.resolve(path, uri))):
            path = path.removesuffix(PurePosixPath(target).name) + PurePosixPath(moved).name
        return path + mark + self.rename_anchor(fragment)

    def redirects(self) -> dict[str, str]:
        """Return old addresses to new ones: of the entry, of its comparisons, and of these the other way round."""
        moved = {_address(old): _address(new) for old, new in self.files.items()}
        moved |= {_reverse(pair): _address(urls.pair(*now)) for pair, now in self.pairs.items()}
        taken = {*moved.values(), *map(_reverse, self.pairs.values())}
        known = {old: moved.get(new, new) for old, new in self.catalog.redirects.items()}
        return {old: new for old, new in {**known, **moved}.items() if old not in taken}

    def edit_phrases(self, text: str) -> str:
        """Return the file of what readers ask for with the new names of the entry and of its comparisons."""
        pages = {old.removesuffix(".md"): new.removesuffix(".md") for old, new in self.files.items()}
        for old, new in {self.old: self.new, **pages}.items():
            text = re.sub(rf"(?m)^( +){re.escape(old)}:", rf"\g<1>{new}:", text)
        return text


def _value_at(document: Document, where: Where) -> Any:
    return reduce(getitem, where, document.data)  # type: ignore[arg-type]


def _address(uri: str) -> str:
    return f"/{urls.url(uri)}"


def _reverse(pair: Iterable[str]) -> str:
    """Return the address of a comparison whose slugs stand the other way round."""
    first, second = pair
    return _address(urls.pair(second, first))


def _apply(edits: Iterable[Edit], text: str) -> str:
    """Return a text with its edits made, from the last to the first; quotes may stand before what is replaced."""
    lines = text.split("\n")
    for line, column, old, new in sorted(set(edits), reverse=True):
        before, after = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
        lines[line - 1] = before + after.replace(old, new, 1)
    return "\n".join(lines)
