"""What a page says of itself to programs and to readers of a link: addresses, schema.org data, how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pylatexenc.latexencode import UnicodeToLatexEncoder

from fieldguide import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.model import Claim, Entry
    from fieldguide.render.page_types import SitePage

Node = dict[str, Any]
IMAGE_SIZE = (1200, 630)
LATEX = UnicodeToLatexEncoder(unknown_char_warning=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The name of a guide, its absolute address, which ends in a slash, and what is made beside its pages."""

    name: str
    url: str
    cards: bool = True
    twins: bool = True

    def address(self, uri: str) -> str:
        """Return the absolute address of a page from its file."""
        return self.url + urls.url(uri)

    def has_feed(self, catalog: Catalog) -> bool:
        """Return whether there is a feed: it needs changes to tell of, and an absolute address as its id."""
        return bool(catalog.changes and self.url)


UNNAMED = Site(name="Field guide", url="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """What the templates of the theme show of a page; `image` is empty where there are no cards."""

    uri: str
    title: str
    description: str
    address: str
    image: str
    image_alt: str
    image_size: tuple[int, int]
    checked: str
    feed: bool
    linked_data: Node


def describe_page(site: Site, page: SitePage) -> Metadata:
    """Return the metadata of a page."""
    description = page.description
    return Metadata(
        uri=page.uri,
        title=page.title,
        description=description,
        address=site.address(page.uri),
        image=_image(site, page.uri),
        image_alt=f"{page.title}: {description}",
        image_size=IMAGE_SIZE,
        checked=page.checked,
        feed=site.has_feed(page.catalog),
        linked_data={
            "@context": "https://schema.org",
            "@graph": (*_describe_content(site, page, description), *_breadcrumbs(site, page)),
        },
    )


def card_file(uri: str) -> str:
    """Return the image that stands for a page where its link is shown."""
    return f"assets/cards/{uri.removesuffix('.md')}.png"


def _image(site: Site, uri: str) -> str:
    return site.url + card_file(uri) if site.cards else ""


def format_bibtex(site: Site, page: SitePage) -> str:
    """Return a page as an entry of a BibTeX file; the guide is its own author."""
    fields = {
        "author": f"{{{_to_latex(site.name)}}}",
        "title": f"{{{_to_latex(page.title)}}}",
        "year": page.checked[:4],
        "url": site.address(page.uri),
        "note": f"Facts checked {page.checked}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{urls.url(page.uri).strip('/').replace('/', '-')},\n{lines}\n}}"


@lru_cache(maxsize=10_000)
def _to_latex(text: str) -> str:
    return str(LATEX.unicode_to_latex(text))


def _describe_content(site: Site, page: SitePage, description: str) -> Iterator[Node]:
    """Yield the schema.org nodes for what a page holds."""
    if page.uri == urls.HOME:
        yield _website(site) | {"description": description}
    elif page.uri == urls.GLOSSARY:
        yield _term_set(site) | {"description": description}
    elif page.uri == urls.CLAIMS:
        yield from (_review(page.catalog, site, claim) for claim in page.catalog.claims.values())
    elif page.entry:
        yield _defined_term(page.catalog, site, page.entry)
    elif page.checked:
        yield _article(site, page, description)


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


def _article(site: Site, page: SitePage, description: str) -> Node:
    about = [_term(page.catalog, site, entry) for entry in page.subjects]
    return {
        "@type": "Article",
        "@id": site.address(page.uri),
        "url": site.address(page.uri),
        "headline": page.title,
        "description": description,
        **({"image": _image(site, page.uri)} if site.cards else {}),
        "dateModified": page.checked,
        "author": _publisher(site),
        "publisher": _publisher(site),
        "isPartOf": _website(site),
        **({"about": about} if about else {}),
    }


def _review(catalog: Catalog, site: Site, claim: Claim) -> Node:
    address = f"{site.address(urls.CLAIMS)}#{claim.id}"
    articles = [catalog.articles[key] for key in claim.articles]
    return {
        "@type": "ClaimReview",
        "@id": address,
        "url": address,
        "claimReviewed": claim.claim,
        "author": _publisher(site),
        "itemReviewed": {
            "@type": "Claim",
            "author": [{"@type": "Organization", "name": article.publisher} for article in articles],
            "appearance": [{"@type": "Article", "headline": a.title, "url": a.url} for a in articles],
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": catalog.vocabulary.value_sets["verdict"][claim.verdict].label,
            "ratingExplanation": claim.accurate,
        },
    }


def _breadcrumbs(site: Site, page: SitePage) -> Iterator[Node]:
    """Yield the way from the home page by the index page of the folder; the home page has none."""
    if page.uri == urls.HOME:
        return
    steps = {urls.HOME: site.name}
    if page.section:
        steps[urls.index_of(page.uri)] = page.section
    steps[page.uri] = page.title
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": name,
            "item": {"@type": "WebPage", "@id": site.address(step)},
        }
        for position, (step, name) in enumerate(steps.items(), 1)
    ]
    yield {"@type": "BreadcrumbList", "itemListElement": items}
