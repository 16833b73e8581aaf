"""The search box of a built site in a real browser: what it finds first, and how soon."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Locator, Page

HERE = Path(__file__).parent
RANKS = 10
PAUSE = 80
# Notes what the theme asks of its search worker, whichever that is, when a key went up, on which it asks, and when an
# answer has been drawn.
RECORDER = """
const heard = window.heard = {asked: '', answered: null, complete: false, key: 0, first: 0, delays: []}
addEventListener('keyup', () => { heard.key = performance.now() }, true)
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given)
    heard.worker = this
    this.addEventListener('message', event => {
      if (event.data.type !== 3) return
      if (heard.take) heard.take(event)
      else setTimeout(() => drawn(event.data.data))
    })
  }
  postMessage(message, ...rest) {
    if (message.type === 2) heard.asked = message.data
    super.postMessage(message, ...rest)
  }
}
function drawn({items, complete}) {
  heard.answered = heard.asked
  heard.complete = complete !== false
  if (items.length && !heard.first) heard.first = performance.now()
  if (heard.key && heard.asked) heard.delays.push(performance.now() - heard.key)
  heard.key = 0
}"""
ANSWERED = "query => heard.answered === query && heard.complete"
# What Enter would open in each result of some queries, which is its best part; the theme hears nothing of them.
ASK = """async queries => {
  const ask = query => new Promise(answer => {
    heard.take = event => {
      event.stopImmediatePropagation()
      if (event.data.data.complete !== false) answer(event.data.data.items)
    }
    heard.worker.postMessage({type: 2, data: query})
  })
  const best = item => item.reduce((a, b) => b.score > a.score ? b : a)
  const found = []
  for (const query of queries) found.push((await ask(query)).map(item => best(item).location))
  heard.take = null
  return found
}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a query found, best first, and the pages that were wanted; an address begins at the site's root."""

    query: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def rank(self) -> int:
        """The place of the first page that was wanted, from 1; 0 if it is not among the first ten."""
        return next((rank for rank, address in enumerate(self.found[:RANKS], 1) if self._wants(address)), 0)

    def _wants(self, address: str) -> bool:
        return any(address == page if "#" in page else address.partition("#")[0] == page for page in self.wanted)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How well queries of one type do, as shares of one."""

    queries: int
    success_1: float
    success_3: float
    mrr_10: float
    zero: float


def figures(answers: Sequence[Answer]) -> Figures:
    """The figures of some answers."""
    count, ranks = len(answers), Counter(answer.rank for answer in answers)
    return Figures(
        queries=count,
        success_1=ranks[1] / count,
        success_3=sum(ranks[rank] for rank in (1, 2, 3)) / count,
        mrr_10=sum(ranks[rank] / rank for rank in ranks if rank) / count,
        zero=sum(not answer.found for answer in answers) / count,
    )


def queries(name: str) -> dict[str, list[dict[str, Any]]]:
    """The queries of a file by type."""
    return dict(yaml.safe_load((HERE / name).read_text(encoding="utf-8")))


def ask(page: Page, address: str, asked: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Answer]]:
    """Asks the search worker of the site at an address every query, and reads what it answers, by type."""
    page.add_init_script(RECORDER)
    page.goto(address)
    page.keyboard.press("/")
    look_up(page, "a")
    return {kind: _answers(page, items) for kind, items in asked.items()}


def look_up(page: Page, query: str) -> Locator:
    """The results of a query, typed into the box of a page that has the recorder."""
    field = page.locator(".md-search__input")
    field.fill(query)
    field.press("End")
    page.wait_for_function(ANSWERED, arg=query)
    return page.locator(".md-search-result__item")


def _answers(page: Page, items: Sequence[Mapping[str, Any]]) -> list[Answer]:
    found = page.evaluate(ASK, [item["query"] for item in items])
    return [
        Answer(query=item["query"], wanted=tuple(item["pages"]), found=tuple(map(_address, locations[:RANKS])))
        for item, locations in zip(items, found, strict=True)
    ]


def _address(location: str) -> str:
    link = urlsplit(location)
    return unquote(link.path) + _chosen(link.query) + _part(link.fragment)


def _chosen(query: str) -> str:
    """What the chooser compares, as its address says it; the words to mark on a page are no part of its address."""
    return f"?ids={ids}" if (ids := ",".join(parse_qs(query).get("ids", []))) else ""


def _part(fragment: str) -> str:
    return f"#{fragment}" if fragment else ""


def delays(page: Page, address: str, typed: Sequence[str]) -> tuple[float, list[float]]:
    """Milliseconds from opening search, cold, to the first results, and from each later key to its results."""
    page.add_init_script(RECORDER)
    page.goto(address, wait_until="networkidle")
    field = page.locator(".md-search__input")
    opened = page.evaluate("() => { document.querySelector('.md-search__input').focus(); return performance.now() }")
    page.keyboard.press(typed[0][0])
    page.wait_for_function("() => heard.first && heard.complete")
    cold = page.evaluate("() => heard.first") - opened
    page.evaluate("() => { heard.delays = [] }")
    for text in typed:
        field.fill("")
        for key in text:
            page.keyboard.type(key)
            page.wait_for_timeout(PAUSE)
    return cold, page.evaluate("() => heard.delays")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has in the library
        """Says nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
