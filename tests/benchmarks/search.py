"""`scripts/bench search`: asks the search of the site every query and prints how well it does, by type."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import yaml
from conftest import ARGUMENTS, ROOT, build
from playwright.sync_api import sync_playwright
from search import box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Page

FIGURES = box.HERE / "figures.yml"
HEAD = (
    "# How search does on queries.yml, written by `scripts/bench search --write`; a test fails where it does worse.\n"
)
DIGITS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks the search of the site every query, in a real browser, and prints how well it does, by type."""
    parser = argparse.ArgumentParser(prog="scripts/bench search", description=main.__doc__)
    parser.add_argument("--site", type=Path, help="a built site; without it, the site is built")
    parser.add_argument(
        "--held-out", action="store_true", help="the queries that nobody may look at, without the misses"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures as those to hold")
    options = parser.parse_args(arguments)
    with _built(options.site) as site, box.served(site) as address, browsed() as page:
        answers = box.ask(page, address, box.queries("held-out.yml" if options.held_out else "queries.yml"))
    say = sys.stdout.write
    say(f"{table(answers)}\n")
    if not options.held_out:
        say("".join(misses(answers)))
    if options.write:
        kept = {kind: rounded(box.figures(each)) for kind, each in answers.items()}
        FIGURES.write_text(HEAD + yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")
    return 0


@contextmanager
def _built(site: Path | None) -> Iterator[Path]:
    """A built site: the one given, or one built for the occasion."""
    if site:
        yield site
        return
    with tempfile.TemporaryDirectory(prefix="fieldguide-search-") as place:
        run = build(ROOT / "mkdocs.yml", Path(place) / "site")
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        yield Path(place) / "site"


@contextmanager
def browsed() -> Iterator[Page]:
    """A page of a fresh browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=ARGUMENTS)
        yield browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        browser.close()


def rounded(found: box.Figures) -> dict[str, float]:
    """Figures as they are kept."""
    return {name: round(value, DIGITS) for name, value in asdict(found).items()}


def table(answers: Mapping[str, Sequence[box.Answer]]) -> str:
    """The figures of each type and of all, as a Markdown table."""
    rows = [
        "| Type | Queries | Success@1 | Success@3 | MRR@10 | No results |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, some in [*answers.items(), ("all", list(chain(*answers.values())))]:
        found = box.figures(some)
        shares = (found.success_1, found.success_3, found.mrr_10, found.zero)
        rows.append(f"| {kind} | {found.queries} | {' | '.join(f'{share:.{DIGITS}f}' for share in shares)} |")
    return "\n".join(rows)


def misses(answers: Mapping[str, Sequence[box.Answer]]) -> Iterator[str]:
    """Each query whose first result is not wanted, with what came first instead."""
    for kind, each in answers.items():
        for answer in each:
            if answer.rank != 1:
                first = answer.found[0] if answer.found else "nothing"
                wanted = " or ".join(answer.wanted)
                yield f"{kind}: '{answer.query}' has {first} first, and {wanted} at {answer.rank or 'no rank'}\n"


if __name__ == "__main__":
    sys.exit(main())
