"""What a page says of itself to programs and to readers of a link: addresses, schema.org data, how to cite it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pylatexenc.latexencode import UnicodeToLatexEncoder

from fieldguide import urls

if TYPE_CHECKING:
    from fieldguide.catalog import Catalog
    from fieldguide.model import Claim, Entry

Node = dict[str, Any]
HOME = "index.md"
IMAGE = (1200, 630)
# The index pages of folders that hold no kind; a test holds these against the pages' own titles.
INDEXES = {urls.GUIDE: "Guide", urls.COMPARE: "Compare", urls.SOURCES: "Sources"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
LATEX = UnicodeToLatexEncoder(unknown_char_warning=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The name of a guide, its absolute address, which ends in a slash, and what is made beside its pages."""

    name: str
    url: str
    cards: bool = True
    twins: bool = True

    def address(self, uri: str) -> str:
        """The absolute address of a page from its file."""
        return self.url + urls.url(uri)


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """A page's head; `image` is empty where there are no cards, `graph` holds its schema.org nodes."""

    uri: str
    title: str
    description: str
    address: str
    image: str
    checked: str
    feed: bool
    graph: tuple[Node, ...]

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the image in pixels."""
        return IMAGE

    @property
    def image_alt(self) -> str:
        """The image in words."""
        return f"{self.title}: {self.description}"

    @property
    def linked_data(self) -> Node:
        """The nodes as one JSON-LD document."""
        return {"@context": "https://schema.org", "@graph": self.graph}

    @property
    def plain(self) -> Node:
        """Everything a template asks for, as data."""
        asked = (
            "title",
            "description",
            "address",
            "image",
            "image_size",
            "image_alt",
            "checked",
            "feed",
            "linked_data",
        )
        return {name: getattr(self, name) for name in asked}


UNNAMED = Site(name="Field guide", url="")


def page(catalog: Catalog, site: Site, uri: str, title: str, description: str) -> Metadata:
    """The head of a page with a title and a description."""
    date = checked(catalog, uri)
    return Metadata(
        uri=uri,
        title=title,
        description=description,
        address=site.address(uri),
        image=_image(site, uri),
        checked=date,
        feed=has_feed(catalog, site),
        graph=(
            *_subject(catalog, site, uri, {"name": title, "description": description}),
            *_trail(catalog, site, uri, title),
        ),
    )


def has_feed(catalog: Catalog, site: Site) -> bool:
    """Whether the site has a feed: it needs changes to tell of, and an absolute address as its id."""
    return bool(catalog.changes and site.url)


def card_file(uri: str) -> str:
    """The image that stands for a page where its link is shown."""
    return f"assets/cards/{uri.removesuffix('.md')}.png"


def _image(site: Site, uri: str) -> str:
    return site.url + card_file(uri) if site.cards else ""


def entry_of(catalog: Catalog, uri: str) -> Entry | None:
    """The entry that has its page at a file."""
    folder, _, name = uri.rpartition("/")
    entry = catalog.entries.get(name.removesuffix(".md"))
    return entry if entry and entry.page and catalog.vocabulary.kind_of_folder.get(folder) == entry.kind else None


def subjects(catalog: Catalog, uri: str) -> list[Entry]:
    """The entries a page is about: its own, those it compares, or those its opening paragraph links to."""
    if entry := entry_of(catalog, uri):
        return [entry]
    if pair := catalog.pair_of(uri):
        return [catalog.entries[slug] for slug in pair]
    if not (written := catalog.pages.get(uri)):
        return []
    opening = written.doc.body.strip().partition("\n\n")[0]
    found = [entry_of(catalog, urls.resolve(address, uri)) for address in LINK.findall(opening)]
    return [entry for entry in found if entry]


def checked(catalog: Catalog, uri: str) -> str:
    """The day on which the oldest of a page's facts was checked; empty where the page states none."""
    if (written := catalog.pages.get(uri)) and written.checked:
        return written.checked
    if uri == urls.CLAIMS:
        return min((article.checked for article in catalog.articles.values()), default="")
    return min((entry.checked for entry in subjects(catalog, uri)), default="")


def modified(catalog: Catalog, uri: str) -> str:
    """The day on which a page last gained a fact, as far as its facts say; of the whole catalog if it has none."""
    written = catalog.pages.get(uri)
    own = [entry.checked for entry in subjects(catalog, uri)] + ([written.checked] if written else [])
    return max([*filter(None, own)] or [entry.checked for entry in catalog.entries.values()], default="")


def bibtex(site: Site, uri: str, title: str, date: str) -> str:
    """A page as an entry of a BibTeX file; the guide is its own author."""
    fields = {
        "author": f"{{{_latex(site.name)}}}",
        "title": f"{{{_latex(title)}}}",
        "year": date[:4],
        "url": site.address(uri),
        "note": f"Facts checked {date}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{urls.url(uri).strip('/').replace('/', '-')},\n{lines}\n}}"


@lru_cache(maxsize=10_000)
def _latex(text: str) -> str:
    return str(LATEX.unicode_to_latex(text))


def _subject(catalog: Catalog, site: Site, uri: str, head: Node) -> list[Node]:
    if uri == HOME:
        return [_website(site) | {"description": head["description"]}]
    if uri == urls.GLOSSARY:
        return [_term_set(site) | {"description": head["description"]}]
    if uri == urls.CLAIMS:
        return [_review(catalog, site, claim) for claim in catalog.claims.values()]
    if entry := entry_of(catalog, uri):
        return [_defined_term(catalog, site, entry)]
    return [_article(catalog, site, uri, head)] if checked(catalog, uri) else []


def _website(site: Site) -> Node:
    return {"@type": "WebSite", "@id": site.url, "name": site.name, "url": site.url}


def _publisher(site: Site) -> Node:
    return {"@type": "Organization", "name": site.name, "url": site.url}


def _term_set(site: Site) -> Node:
    address = site.address(urls.GLOSSARY)
    return {"@type": "DefinedTermSet", "@id": address, "name": site.name, "url": address}


def _term(catalog: Catalog, site: Site, entry: Entry) -> Node:
    address = site.address(urls.entry(catalog, entry))
    return {"@type": "DefinedTerm", "@id": address, "name": entry.title, "url": address}


def _defined_term(catalog: Catalog, site: Site, entry: Entry) -> Node:
    names = {"alternateName": list(entry.aliases)} if entry.aliases else {}
    return {
        **_term(catalog, site, entry),
        **names,
        "description": entry.summary,
        "termCode": entry.slug,
        "inDefinedTermSet": _term_set(site),
    }


def _article(catalog: Catalog, site: Site, uri: str, head: Node) -> Node:
    about = [_term(catalog, site, entry) for entry in subjects(catalog, uri)]
    return {
        "@type": "Article",
        "@id": site.address(uri),
        "url": site.address(uri),
        "headline": head["name"],
        "description": head["description"],
        **({"image": _image(site, uri)} if site.cards else {}),
        "dateModified": checked(catalog, uri),
        "author": _publisher(site),
        "publisher": _publisher(site),
        "isPartOf": _website(site),
        **({"about": about} if about else {}),
    }


def _review(catalog: Catalog, site: Site, claim: Claim) -> Node:
    address = f"{site.address(urls.CLAIMS)}#{claim.id}"
    articles = {article.id: article for article, _ in map(catalog.sections.__getitem__, claim.said_by)}
    return {
        "@type": "ClaimReview",
        "@id": address,
        "url": address,
        "claimReviewed": claim.claim,
        "author": _publisher(site),
        "itemReviewed": {
            "@type": "Claim",
            "author": [{"@type": "Organization", "name": article.publisher} for article in articles.values()],
            "appearance": [
                {"@type": "Article", "headline": article.title, "url": article.url} for article in articles.values()
            ],
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": catalog.vocabulary.value_sets["verdict"][claim.verdict].label,
            "ratingExplanation": claim.accurate,
        },
    }


def _trail(catalog: Catalog, site: Site, uri: str, title: str) -> list[Node]:
    if uri == HOME:
        return []
    folder = f"{uri.rpartition('/')[0]}/index.md"
    indexes = INDEXES | {f"{kind.plural}/index.md": kind.labels for kind in catalog.vocabulary.kinds.values()}
    steps = {HOME: site.name, **({folder: indexes[folder]} if folder in indexes else {}), uri: title}
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": name,
            "item": {"@type": "WebPage", "@id": site.address(step)},
        }
        for position, (step, name) in enumerate(steps.items(), 1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": items}]
