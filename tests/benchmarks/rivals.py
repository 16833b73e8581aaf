"""`scripts/bench rivals`: our search beside Material's own and Pagefind, on the same pages; it needs Node."""

from __future__ import annotations

import argparse
import gzip
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from benchmarks import build, sample_guide
from benchmarks.search import browsed
from search import box

from fieldguide.source.loader import load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from playwright.sync_api import Page

    Queries = Mapping[str, Sequence[Mapping[str, Any]]]

PAGEFIND = ("npx", "--yes", "pagefind@1.6.0")
OPENINGS = 5
SIZES = (0, 1000)
TYPED = ["hallucination", "difference between gan and vae", "tranformer architecture"]
SCRIPT = re.compile(r"  <script src=.*assets/search/page\.js.*</script>\n")
HEAD = """
| Entries | Search | Success@1 | MRR@10 | No results | Each visit, kB | In use, kB | Cold, ms | Key, p95, ms |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
# What Pagefind's own box does at each key, but for its pause of 300 ms and for drawing.
LOOK = """
window.look = async text => {
  window.pagefind ??= await import(new URL('pagefind/pagefind.js', location.href))
  const {results} = await pagefind.search(text)
  return (await Promise.all(results.slice(0, 10).map(result => result.data()))).map(data => data.url)
}
window.timed = async text => {
  const start = performance.now()
  await look(text)
  return performance.now() - start
}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """A search: the site it is in, how it is asked, and how its delays are taken."""

    name: str
    files: str  # what the paths of its files have in them
    site: Path
    ask: Callable[[Page, str, Queries], dict[str, list[box.Answer]]]
    delays: Callable[[Page, str, Sequence[str]], tuple[float, list[float]]]


def ask_pagefind(page: Page, address: str, queries: Queries) -> dict[str, list[box.Answer]]:
    """What Pagefind finds, as `box.ask` tells what the box does."""
    _open(page, address)
    return {kind: [_answer(page, item) for item in items] for kind, items in queries.items()}


def _answer(page: Page, item: Mapping[str, Any]) -> box.Answer:
    found = page.evaluate("text => look(text)", item["query"])
    addresses = tuple(unquote(urlsplit(url).path).removeprefix("/") for url in found)
    return box.Answer(query=item["query"], wanted=tuple(item["pages"]), found=addresses)


def time_pagefind(page: Page, address: str, typed: Sequence[str]) -> tuple[float, list[float]]:
    """Pagefind's delays, as `box.delays` takes those of the box."""
    _open(page, address)
    cold = page.evaluate("text => timed(text)", typed[0][0])
    texts = [text[:end] for text in typed for end in range(1, len(text) + 1)]
    return cold, [page.evaluate("text => timed(text)", text) for text in texts]


def _open(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.add_script_tag(content=LOOK)


def engines(folder: Path, size: int) -> list[Engine]:
    """The three, each with the site it is in."""
    build.apart(build.prepare, folder, size)
    build.build(folder, "ours")
    overrides, plain = folder / "overrides", folder / "plain-site"
    (overrides / "partials/search.html").unlink()
    for template in overrides.glob("*.html"):
        template.write_text(SCRIPT.sub("", template.read_text(encoding="utf-8")), encoding="utf-8")
    build.build(folder, "plain Material")
    done = subprocess.run(
        [*PAGEFIND, "--site", str(plain), "--root-selector", "article"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return [
        Engine(name="ours", files="search", site=folder / "site", ask=box.ask, delays=box.delays),
        Engine(name="Material's", files="search", site=plain, ask=box.ask, delays=box.delays),
        Engine(name="Pagefind", files="pagefind", site=plain, ask=ask_pagefind, delays=time_pagefind),
    ]


def made_up(folder: Path, size: int) -> list[str]:
    """What to type into a made-up guide: a name, a comparison and some words of a claim."""
    guide = sample_guide.Guide(load_catalog(folder / "docs")[0].vocabulary, size)
    first, second = (f"{sample_guide.name(index)} model" for index in (1, 2))
    return [first, f"difference between {first} and {second}", " ".join(guide.claim(0)["claim"].split()[:4])]


def quality(engine: Engine, address: str, queries: Queries) -> list[str]:
    """The shares of queries that do well; addresses within a page count for us alone, as others have none."""
    if engine.name != "ours":
        queries = {
            kind: [item | {"pages": [page.partition("#")[0] for page in item["pages"]]} for item in items]  # type: ignore[operator]
            for kind, items in queries.items()
        }
    with browsed() as page:
        found = box.figures(list(chain(*engine.ask(page, address, queries).values())))
    return [f"{share:.3f}" for share in (found.success_1, found.mrr_10, found.zero)]


def cost(engine: Engine, address: str, typed: Sequence[str]) -> list[str]:
    """Kilobytes that a visit and a search load, compressed; milliseconds to the first results and after a key."""
    loaded: list[str] = []
    with browsed() as page:
        page.on("request", lambda request: loaded.append(unquote(urlsplit(request.url).path).lstrip("/")))
        page.goto(address, wait_until="networkidle")
        before = set(loaded)
        cold, delays = engine.delays(page, address, typed)
    openings = [cold, *(_opening(engine, address, typed[0][0]) for _ in range(OPENINGS - 1))]
    sizes = [_size(engine, paths) for paths in (before, set(loaded) - before)]
    return [f"{size / 1000:.0f}" for size in sizes] + [f"{median(openings):.0f}", f"{quantiles(delays, n=20)[-1]:.0f}"]


def _opening(engine: Engine, address: str, key: str) -> float:
    with browsed() as page:
        return engine.delays(page, address, [key])[0]


def _size(engine: Engine, paths: set[str]) -> int:
    files = [engine.site / path for path in paths if engine.files in path]
    return sum(min(len(gzip.compress(data)), len(data)) for data in (file.read_bytes() for file in files))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print our search beside Material's own and Pagefind, on the same pages, as a Markdown table."""
    parser = argparse.ArgumentParser(prog="scripts/bench rivals", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="made-up entries; 0: the real")
    options = parser.parse_args(arguments)
    sys.stdout.write(f"Load at the start: {os.getloadavg()}, {os.cpu_count()} processors.\n{HEAD}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="fieldguide-search-") as place:
            for engine in engines(Path(place), size):
                with box.served(engine.site) as address:
                    found = ["", "", ""] if size else quality(engine, address, box.queries("held-out.yml"))
                    spent = cost(engine, address, made_up(Path(place), size) if size else TYPED)
                label = f"{size:,} made up" if size else "this guide"
                sys.stdout.write(f"| {' | '.join([label, engine.name, *found, *spent])} |\n")
                sys.stdout.flush()
    sys.stdout.write(f"\nLoad at the end: {os.getloadavg()}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
