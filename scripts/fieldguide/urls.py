"""Addresses: of pages from their files, and of each thing from its id."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry

HOME = "index.md"
TAXONOMY = "taxonomy.md"
GLOSSARY = "glossary.md"
CLAIMS = "claims.md"
TIMELINE = "timeline.md"
COMPARE = "compare/index.md"
GUIDE = "guide/index.md"
SOURCES = "sources/index.md"
REFERENCES = "sources/references.md"
DATA = "data/index.md"
RULES = "data/rules.md"
# The pages that collect everything of a sort, by their files, each with its type.
GENERATED = {
    COMPARE: "compare",
    TAXONOMY: "taxonomy",
    TIMELINE: "timeline",
    GLOSSARY: "glossary",
    SOURCES: "sources",
    REFERENCES: "references",
    DATA: "data",
    RULES: "rules",
    CLAIMS: "claims",
    GUIDE: "guide",
}


def list_pages(catalog: Catalog) -> dict[str, tuple[str, Any]]:
    """Return the file of every page with the type of the page and the record that it shows, if it is of one."""
    pages: dict[str, tuple[str, Any]] = {uri: (page_type, None) for uri, page_type in GENERATED.items()}
    if not catalog.claims:
        del pages[CLAIMS]
    if not catalog.guides:
        del pages[GUIDE]
    pages |= {matrix(catalog, key): ("matrix", kind) for key, kind in catalog.vocabulary.kinds.items()}
    pages |= {entry(catalog, thing): ("entry", thing) for thing in catalog.entries.values() if thing.page}
    pages |= {article(name): ("article", thing) for name, thing in catalog.articles.items()}
    pages |= {pair(*slugs): ("pair", slugs) for slugs in catalog.pairs}
    pages |= {uri: ("page", page) for uri, page in catalog.pages.items() if not catalog.pair_of(uri)}
    return pages


def url(uri: str) -> str:
    """The address of a page, from the site's root, ending in a slash; the root itself is empty."""
    stem = uri.removesuffix(".md")
    return "" if stem == "index" else f"{stem.removesuffix('/index')}/"


def relative(target: str, base: str) -> str:
    """The shortest relative address from one page's address to another address, fragment included."""
    path, mark, fragment = target.partition("#")
    if path == base and mark:
        return f"#{fragment}"
    ahead, behind = path.split("/"), base.split("/")
    shared = 0
    while shared < min(len(ahead), len(behind)) - 1 and ahead[shared] == behind[shared]:
        shared += 1
    step = "../" * (len(behind) - 1 - shared) + "/".join(ahead[shared:])
    return (step or "./") + mark + fragment


def pair(first: str, second: str) -> str:
    """The file of a comparison."""
    return f"compare/{first}-vs-{second}.md"


def entry(catalog: Catalog, thing: Entry) -> str:
    """The file of an entry."""
    return f"{catalog.vocabulary.kinds[thing.kind].plural}/{thing.slug}.md"


def matrix(catalog: Catalog, kind: str) -> str:
    """The file of a kind's matrix."""
    return f"{catalog.vocabulary.kinds[kind].plural}/index.md"


def article(name: str) -> str:
    """The file of a source article."""
    return f"sources/{name}.md"


def index_of(uri: str) -> str:
    """The file of the index page of a page's folder."""
    return f"{uri.rpartition('/')[0]}/index.md"


def node(catalog: Catalog, slug: str) -> str:
    """The address of an entry, of its glossary line if it has no page, or of a class in the taxonomy."""
    thing = catalog.entries.get(slug)
    if thing is None:
        return f"{url(TAXONOMY)}#{slug}"
    return url(entry(catalog, thing)) if thing.page else f"{url(GLOSSARY)}#{slug}"


def source(key: str) -> str:
    """The address of a citation: an article's section or a line of the bibliography."""
    name, mark, section = key.partition("#")
    return f"{url(article(name))}#{section}" if mark else f"{url(REFERENCES)}#{key}"


def resolve(address: str, here: str) -> str:
    """The file that a relative link written in the page `here` names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(here), address.partition("#")[0]))


def file_of(catalog: Catalog, slug: str, here: str) -> str:
    """How an editor links to an entry from the page `here`."""
    thing = catalog.entries[slug]
    target = entry(catalog, thing) if thing.page else f"{GLOSSARY}#{slug}"
    return posixpath.relpath(target, posixpath.dirname(here) or ".")


def anchor(key: str) -> str:
    """The id of a citation in a page's own list of references."""
    return f"cite-{key.replace('#', '-')}"
