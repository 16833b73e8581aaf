"""When things appeared, as data and as coordinates in pixels; precise to what is known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fieldguide.model import folded
from fieldguide.render.compare import cell
from fieldguide.render.taxonomy import text_width
from fieldguide.render.values import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.catalog import Catalog
    from fieldguide.model import Entry
    from fieldguide.render.compare import Cell

ROW = 26
TOP = 34
LEFT = 8
WIDTH = 1060
DOT = 6
LABEL_GAP = 12
EARLY_SHARE = 0.14
# A gap that leaves more of the axis empty sets apart what is before it, if that is no more of all.
LONG_GAP, ISOLATED = 0.5, 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """An entry's appearance: a dot for a day, a bar for a month or a year; `label_x` is where its name is set."""

    cell: Cell
    date: str
    x: float
    width: float
    y: float
    label_x: float
    label_end: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Events in order of time under an axis of years; what is older than the axis stands at its left end."""

    width: float
    height: float
    ticks: list[tuple[float, str]]
    events: list[Event]
    early: float


def events_of(catalog: Catalog, entries: Iterable[Entry]) -> list[Cell]:
    """The cells that date each entry, oldest first."""
    keys = [a for a in catalog.vocabulary.attributes.values() if a.timeline]
    cells = [cell(entry, attribute) for entry in entries for attribute in keys if attribute.key in entry.facts]
    return sorted(cells, key=lambda c: (sort_key(c), folded(c.entry.title)))


def span(date: str) -> tuple[float, float]:
    """First and last moment of a year, month or day, in years."""
    year, *rest = (int(part) for part in date.split("-"))
    if not rest:
        return year, year + 1
    month = (rest[0] - 1) / 12
    if len(rest) == 1:
        return year + month, year + month + 1 / 12
    day = year + month + (rest[1] - 1) / 372
    return day, day


def draw(catalog: Catalog, entries: Iterable[Entry]) -> Chart:
    """The chart of some entries; isolated early dates are set apart so that the rest has room."""
    cells = events_of(catalog, entries)
    if not cells:
        return Chart(width=WIDTH, height=TOP, ticks=[], events=[], early=0)
    dates = [str(c.fact.value) for c in cells if c.fact]
    first, last = _axis([span(d)[0] for d in dates])
    early = any(span(d)[0] < first for d in dates)
    start = LEFT + (WIDTH * EARLY_SHARE if early else 0)
    scale = (WIDTH - start - LEFT) / (last - first)

    def x_of(moment: float) -> float:
        return round(start + (moment - first) * scale, 1) if moment >= first else float(LEFT)

    events = []
    for index, (item, date) in enumerate(zip(cells, dates, strict=True)):
        begin, end = span(date)
        x = x_of(begin)
        width = 0.0 if begin == end else round(x_of(end) - x, 1) if begin >= first else WIDTH * EARLY_SHARE / 3
        room = text_width(f"{item.entry.title} {date}")
        flip = x + max(width, DOT) + LABEL_GAP + room > WIDTH
        label_x = x - LABEL_GAP if flip else x + max(width, DOT) + LABEL_GAP
        y = TOP + ROW * index + ROW / 2
        events.append(Event(cell=item, date=date, x=x, width=width, y=y, label_x=round(label_x, 1), label_end=flip))
    step = max(1, round((last - first) / 12))
    ticks = [(x_of(year), str(year)) for year in range(first, last, step)]
    return Chart(
        width=WIDTH, height=TOP + ROW * len(events) + 8, ticks=ticks, events=events, early=start if early else 0
    )


def _axis(moments: list[float]) -> tuple[int, int]:
    """First and last year of the axis, which begins after the gap that a few early moments leave."""
    ordered = sorted(moments)
    first, last = ordered[0], ordered[-1]
    for count, (before, after) in enumerate(pairwise(ordered), 1):
        if after - before > LONG_GAP * (last - ordered[0]) and count <= ISOLATED * len(ordered):
            first = after
    return int(first), int(last) + 1
