"""The image that stands for a page where its link is shown: laid out here, drawn by resvg, kept by content."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont
from lxml import etree
from markupsafe import Markup
from resvg import render, usvg

from fieldguide.cache import STATES, BlobCache
from fieldguide.parallel import parallel_map
from fieldguide.render import metadata
from fieldguide.render.compare import format_cell
from fieldguide.render.page_types import ComparisonPage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry
    from fieldguide.render import compare
    from fieldguide.render.page_types import SitePage
    from fieldguide.render.renderer import Renderer

WIDTH, HEIGHT = metadata.IMAGE_SIZE
MARGIN, TOP, MIDDLE, FOOT, MARK = 72, 146, 276, 572, 30
INNER = WIDTH - 2 * MARGIN
COLUMN, COLUMNS, BETWEEN = 384, (280, 744), 704
TITLES, NAMES = ((64, 1), (56, 1), (50, 1), (42, 2)), ((46, 1), (40, 1), (36, 1), (28, 2), (26, 2))
TEXT, VALUE, LABEL, SMALL = 27, 24, 20, 22
LEADING, LOOSE, LINES = 1.14, 1.5, 3
ROWS, ROW, LABELS, CELL = 3, 96, 190, 340
BRAND = 168
FONT = "assets/source-serif-4-600.woff2"
UNMOVED = (1, 0, 0, 0, 1, 0)

Row = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of text; `hue` colors it, without one it is ink or, if `quiet`, gray."""

    x: float
    y: float
    size: float
    text: str
    hue: int | None = None
    quiet: bool = False
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card as coordinates: the hues of its band from left to right, its lines, and the heights of its rules."""

    hues: tuple[int, ...]
    lines: tuple[Line, ...]
    rules: tuple[float, ...] = ()


class Face:
    """The one font of the cards."""

    def __init__(self, file: Path) -> None:
        self.font = TTFont(file, recalcTimestamp=False)
        self.family: str = self.font["name"].getDebugName(1)
        self.unit: int = self.font["head"].unitsPerEm
        self.advances: dict[int, int] = {
            code: self.font["hmtx"][glyph][0] for code, glyph in self.font.getBestCmap().items()
        }

    def unpacked(self) -> bytes:
        """The font as resvg reads it, without the compression of the web."""
        self.font.flavor = None
        file = io.BytesIO()
        self.font.save(file)
        return file.getvalue()

    def width(self, text: str, size: float) -> float:
        """How wide a text runs, unkerned; a character the font lacks counts as a full square."""
        return sum(self.advances.get(ord(c), self.unit) for c in text) * size / self.unit

    def wrap(self, text: str, size: float, width: float, most: int) -> list[str]:
        """The text in lines of a width, cut at a word where it needs more than `most`."""
        lines: list[str] = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, size) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        if len(lines) > most:
            lines[most - 1 :] = [f"{lines[most - 1]} {lines[most]}"]
        return [self._cut(line, size, width) for line in lines]

    def _cut(self, line: str, size: float, width: float) -> str:
        if self.width(line, size) <= width:
            return line
        while line and self.width(f"{line}…", size) > width:
            line = line.rpartition(" ")[0] or line[:-1]
        return f"{line.rstrip(' ,;:.–—')}…"

    def fit(self, text: str, sizes: Sequence[tuple[int, int]], width: float) -> tuple[int, list[str]]:
        """The first size at which a text stands whole in the lines it allows, or the last, with the lines."""
        for size, most in sizes:
            lines = self.wrap(text, size, width, most)
            if not lines[-1].endswith("…"):
                break
        return size, lines


def draw_card(face: Face, page: SitePage) -> Card:
    """Return the card of a page: names and differences of a comparison, title and description of any other."""
    if isinstance(page, ComparisonPage):
        return _draw_comparison(face, page)
    hue = page.catalog.vocabulary.kinds[page.entry.kind].hue if page.entry else BRAND
    size, title = face.fit(page.title, TITLES, INNER)
    text = face.wrap(page.description, TEXT, INNER, LINES)
    top = MIDDLE - (len(title) * LEADING * size + len(text) * LOOSE * TEXT) / 2 + size
    lines = _draw_block(title, MARGIN, top, size)
    return Card(hues=(hue,), lines=(_draw_corner(page, hue), *lines, *_draw_text(text, lines[-1].y + 68)))


def _draw_corner(page: SitePage, hue: int) -> Line:
    return Line(x=WIDTH - MARGIN, y=FOOT, size=SMALL, text=page.corner, hue=hue, anchor="end")


def _draw_block(texts: Sequence[str], x: float, y: float, size: float, hue: int | None = None) -> list[Line]:
    return [Line(x=x, y=y + i * LEADING * size, size=size, text=text, hue=hue) for i, text in enumerate(texts)]


def _draw_text(lines: Sequence[str], y: float) -> list[Line]:
    return [Line(x=MARGIN, y=i * LOOSE * TEXT + y, size=TEXT, text=text, quiet=True) for i, text in enumerate(lines)]


def _draw_comparison(face: Face, page: ComparisonPage) -> Card:
    hues = tuple(page.catalog.vocabulary.kinds[entry.kind].hue for entry in page.subjects)
    size = min(face.fit(entry.title, NAMES, COLUMN)[0] for entry in page.subjects)
    lines = [Line(x=BETWEEN, y=TOP, size=SMALL, text="vs.", quiet=True, anchor="middle")]
    for x, entry, hue in zip(COLUMNS, page.subjects, hues, strict=True):
        lines += _draw_block(face.wrap(entry.title, size, COLUMN, 2), x, TOP, size, hue)
    top = max(line.y for line in lines) + 44
    rows = choose_differences(page.catalog, page.comparison)
    rules = [top + ROW * i for i in range(len(rows) or 1)]
    for row, y in zip(rows, rules, strict=False):
        lines += _draw_row(face, row, y + 56)
    if not rows:
        lines += _draw_text(face.wrap(page.comparison.opening, TEXT, INNER, LINES), top + 64)
    return Card(hues=hues, lines=(_draw_corner(page, BRAND), *lines), rules=tuple(rules))


def _draw_row(face: Face, row: Row, y: float) -> list[Line]:
    label, values = row
    [text] = face.wrap(label, LABEL, LABELS, 1)
    cells = zip(COLUMNS, values, strict=True)
    return [
        Line(x=MARGIN, y=y, size=LABEL, text=text, quiet=True),
        *(Line(x=x, y=y, size=VALUE, text=face.wrap(value, VALUE, CELL, 1)[0]) for x, value in cells),
    ]


def choose_differences(catalog: Catalog, pair: compare.Pair) -> list[Row]:
    """Return the three differences of a pair that take the fewest words; failing these, what each is."""
    rows = [(a.label, tuple(format_cell(catalog, cell) for cell in cells)) for a, cells in pair.differences]
    shortest = sorted(rows, key=lambda row: max(map(len, row[1])))[:ROWS]
    return [*(row for row in rows if row in shortest), *_compare_taxa(catalog, *pair.entries)][:ROWS]


def _compare_taxa(catalog: Catalog, a: Entry, b: Entry) -> list[Row]:
    pairs = (("A kind of", a.is_a, b.is_a), ("Built on", a.built_on, b.built_on))
    return [
        (label, tuple(", ".join(map(catalog.title, slugs)) for slugs in (left, right)))
        for label, left, right in pairs
        if left and right and set(left) != set(right)
    ]


def _placed(file: Path) -> Markup:
    """The mark of the site as a part of a drawing; nothing if it is no drawing itself."""
    if file.suffix != ".svg" or not file.is_file():
        return Markup()
    mark = etree.parse(file).getroot()
    place = {"x": MARGIN, "y": FOOT - 0.68 * MARK, "width": MARK, "height": MARK, "overflow": "visible"}
    mark.attrib.update({name: str(value) for name, value in place.items()})
    return Markup(etree.tostring(mark, encoding="unicode"))  # noqa: S704 -- it is the site's own drawing


class CardRenderer:
    """Draws cards with the font and the mark of a built site, and keeps each as long as nothing in it changes."""

    def __init__(self, renderer: Renderer, root: Path, mark: str, cache: Path | None) -> None:
        self.renderer = renderer
        self.face = Face(root / FONT)
        self.mark = _placed(root / mark)
        self.options = usvg.Options.default()
        font = self.face.unpacked()
        self.options.load_font_data(font)
        self.kept = BlobCache(cache, [version("resvg"), sha256(font).digest()])

    def svg(self, page: SitePage) -> str:
        """Return a card as SVG."""
        drawn = draw_card(self.face, page)
        beside = MARK + 14 if self.mark else 0
        sheet = {"width": WIDTH, "height": HEIGHT, "margin": MARGIN, "foot": FOOT, "small": SMALL, "beside": beside}
        return self.renderer.render_file("card.svg.j2", card=drawn, family=self.face.family, mark=self.mark, **sheet)

    def png(self, svg: str) -> bytes:
        """An SVG as PNG, drawn with the font of the site and no other."""
        return bytes(render(usvg.Tree.from_str(svg, self.options), UNMOVED))

    def write(self, pages: Mapping[str, SitePage], root: Path) -> None:
        """Write the cards of pages, by their files, into a site."""

        def write_some(uris: Sequence[str]) -> None:
            for uri in uris:
                svg = self.svg(pages[uri])
                target = root / metadata.card_file(uri)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(self.kept.get_or_compute(svg, partial(self.png, svg)))

        for _ in parallel_map(write_some, list(pages), "Cards"):
            pass
        self.kept.prune(STATES * len(pages))
