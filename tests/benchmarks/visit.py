"""`scripts/bench visit`: what a visit of three pages transfers from nginx, headers included."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import nginx
from conftest import ARGUMENTS, ROOT, build
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

HEAD = (
    "| Page | First of a visit: kB | requests | Next: kB | requests | Seen before: kB | requests |\n| --- | "
    + " | ".join(["---:"] * 6)
)


def visit(page: Page, addresses: Sequence[str]) -> list[tuple[int, int]]:
    """Bytes and requests of one page after another in a browser that keeps what it was told to keep."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    found = []
    for address in addresses:
        sizes.clear()
        page.goto(address, wait_until="networkidle")
        asked = [size for size in sizes if size]
        found.append((sum(asked), len(asked)))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what pages transfer as the first of a visit, as the next one, and when they were seen before."""
    parser = argparse.ArgumentParser(prog="scripts/bench visit", description=main.__doc__)
    parser.add_argument(
        "pages", nargs="*", default=["", "systems/", "taxonomy/"], help="their addresses below the site's"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder, "site")
        run = build(ROOT / "mkdocs.yml", site)
        if run.returncode:
            sys.exit(run.stderr)
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=ARGUMENTS)
        sys.stdout.write(f"{HEAD}\n")
        with nginx.serving(site, Path(folder)) as address:
            for page in options.pages:
                here, other = f"{address}{page}", f"{address}404.html"
                first, _, again = visit(browser.new_page(), [here, other, here])
                _, following = visit(browser.new_page(), [other, here])
                cells = (f"{size / 1000:.0f} | {count}" for size, count in (first, following, again))
                sys.stdout.write(f"| /{page} | {' | '.join(cells)} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
