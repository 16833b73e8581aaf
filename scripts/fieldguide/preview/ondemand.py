"""What a build makes for the whole site, for one page of a preview: titles, the search index, the hosts' needs."""

from __future__ import annotations

import re
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide.render import metadata, search
from fieldguide.render.pages import Outputs
from fieldguide.render.renderer import END, Renderer, Sheet, keys
from fieldguide.site import hosting, site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fieldguide.memory import Memory

FINGERPRINT = re.compile(r"(?<=^assets/)([^/.]+)\.[0-9a-f]{8}(?=[./])")


class Fronts(Renderer):
    """Renders a page as far as the end of its front matter."""

    def page(self, template: str, uri: str, **context: Any) -> str:
        """The front matter of a page."""
        text = ""
        for part in self.environment.get_template(template).generate(sheet=Sheet(self, uri), **context):
            text += part
            if END in text:
                break
        return text


def titles(outputs: Outputs, memory: Memory) -> dict[str, str]:
    """Each page with the title that the navigation shows; comparisons, which it does not list, without."""
    catalog = outputs.catalog
    templates = [stamp for path, stamp in memory.stamps.items() if path.endswith(".j2")]
    basis = templates, catalog.vocabulary, list(catalog.articles.values()), catalog.guides == [], not catalog.claims
    others = memory.recall("titles", basis, lambda: _others(outputs))
    known = outputs.titles | others
    return {uri: known.get(uri, "") for uri in outputs.pages}


def _others(outputs: Outputs) -> dict[str, str]:
    """The titles of pages that are neither entries nor written by hand nor comparisons."""
    written = {uri for uri in outputs.titles if not uri.startswith("sources/")}
    wanted = [uri for uri in outputs.pages if uri not in written and not outputs.catalog.pair_of(uri)]
    return {uri: front["title"] for uri, front in _fronts(outputs, wanted)}


def index(outputs: Outputs, order: Iterable[str]) -> dict[str, str]:
    """The files of the search index with their texts; pages stand in an order."""
    known = heads(outputs, order)
    return {name: make() for name, make in search.files(outputs.catalog, known).items()}


def plain(name: str) -> str:
    """The name of a file before it was named after its content, which it still has in a preview."""
    return FINGERPRINT.sub(r"\1", name)


def packing(
    theme: bytes, files: Mapping[str, Callable[[], bytes]], index: Mapping[str, str]
) -> Callable[[str, bytes], bytes]:
    """What a build does to each file at its end for the hosts, told from the error page and the site's other files."""
    loaded = hosting.loaded(theme.decode(), files)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / hosting.THEME).write_bytes(theme)
        site.write(root, {name: partial(str, text) for name, text in index.items()})
        for name, make in files.items():
            if name.startswith("assets/") and name.split("/")[1] in loaded:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(make())
        rules = hosting.policy(site.read(root)[hosting.THEME])
        names = hosting.fingerprint(root)

    def pack(name: str, data: bytes) -> bytes:
        if name.endswith(".html"):
            return hosting.packed(data, rules, names)
        return hosting.renamed(data.decode(), names).encode() if name.endswith(".css") else data

    return pack


def heads(outputs: Outputs, order: Iterable[str]) -> dict[str, metadata.Metadata]:
    """What each page says of itself."""
    return {uri: outputs.head(uri, front) for uri, front in _fronts(outputs, order)}


def _fronts(outputs: Outputs, wanted: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each of some pages with its front matter."""
    renderer = Fronts(outputs.catalog, outputs.site)
    renderer.environment.bytecode_cache = outputs.renderer.environment.bytecode_cache
    pages = Outputs(outputs.catalog, outputs.site, renderer).pages
    for uri in wanted:
        yield uri, keys(pages[uri]())
