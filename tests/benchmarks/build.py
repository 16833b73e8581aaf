"""`scripts/bench`: what a build costs beside Material alone on the same pages, and our own code alone, as it grows."""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import yaml
from benchmarks.sample_guide import WORDS, Guide, words

from fieldguide.checks.registry import run_checks
from fieldguide.config import THEME_EXTRA
from fieldguide.guide import load_and_check
from fieldguide.render.metadata import Site
from fieldguide.render.pages import Outputs
from fieldguide.report import format_text
from fieldguide.site.builder import expand_nav
from fieldguide.source.loader import VOCABULARY, load_catalog
from fieldguide.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


ROOT = Path(__file__).resolve().parents[2]
SITE = Site(name="A made-up guide", url="https://example.org/")
# Ours with nothing kept; ours once a page has changed since; the same theme on the finished pages; stock Material on
# them, with its own templates and its whole navigation. An edit is a number of words added to one page.
BUILDS = {
    "ours": "mkdocs.yml",
    "ours after an edit": "mkdocs.yml",
    "plain Material": "plain.yml",
    "stock Material": "stock.yml",
}
OURS = 2
BUILD_HEAD = """
| Entries | Pages | Build | s | CPU s | MB | Ours to it: time | CPU | memory | Time grows with the power |
| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""
STEP_HEAD = """
| Entries | Read, CPU ms an entry | Check | All files | Together | Grows with the power |
| ---: | ---: | ---: | ---: | ---: | ---: |"""


def prepare(folder: Path, size: int) -> list[int]:
    """Lays out a project of made-up entries, or the real ones for 0, and its finished pages; counts both."""
    docs, plain = folder / "docs", folder / "plain"
    content = ("*.md", "*.bib", "claims.yml", "changes.yml", "asked.yml", "addresses.txt") if size else ()
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns(*content))
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    settings = folder / "mkdocs.yml"
    # Plain Material draws no cards; they are timed by their own test.
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings.write_text(text.replace("cards: true", "cards: false"), encoding="utf-8")
    if size:
        vocabulary = load_catalog(docs)[0].vocabulary
        # Some classes stand under entries, of which the made-up guide has others.
        known = parse_yaml((docs / VOCABULARY).read_text(encoding="utf-8"), VOCABULARY).data
        known["classes"] = {slug: {"label": node.title} for slug, node in vocabulary.classes.items()}
        write(docs, [(VOCABULARY, json.dumps(known)), *Guide(vocabulary, size).files()])
        for path in (ROOT / "docs/data").glob("*.md"):  # the navigation names them
            shutil.copyfile(path, docs / "data" / path.name)
    catalog, problems = load_and_check(docs)
    if failing := [problem for problem in problems if not problem.warning]:
        sys.exit(f"{format_text(failing)}\nThe content must be sound before it can be timed.")
    outputs = Outputs(catalog)
    shutil.copytree(docs, plain, ignore=shutil.ignore_patterns("*.md"))
    write(plain, ((uri, make()) for uri, make in outputs.files.items()))
    given = yaml.load(settings.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 -- reads all as text, !ENV too
    nav = expand_nav(given["nav"], outputs.titles)
    different: dict[str, Any] = {"INHERIT": "mkdocs.yml", "docs_dir": "plain", "site_dir": "plain-site", "nav": nav}
    different |= {"plugins": ["search"], "extra": THEME_EXTRA}  # a list replaces the mapping that is inherited
    whole = [feature for feature in given["theme"]["features"] if feature != "navigation.prune"]
    (folder / "nothing").mkdir()
    stock = different | {"theme": {"custom_dir": "nothing", "features": whole}, "site_dir": "stock-site"}
    write(folder, [("plain.yml", json.dumps(different)), ("stock.yml", json.dumps(stock))])
    return [len(catalog.entries), len(outputs.pages)]


def write(folder: Path, files: Iterable[tuple[str, str]]) -> None:
    """Writes files and the folders above them."""
    for uri, text in files:
        (folder / uri).parent.mkdir(parents=True, exist_ok=True)
        (folder / uri).write_text(text, encoding="utf-8")


def own(folder: Path, _: int) -> list[float]:
    """CPU seconds for reading, checking, and making every file, Graphviz's included."""
    marks = [os.times()]
    catalog, _unread = load_catalog(folder / "docs")
    marks.append(os.times())
    list(run_checks(catalog))
    marks.append(os.times())
    for make in Outputs(catalog, SITE).files.values():
        make()
    return [sum(after[:4]) - sum(before[:4]) for before, after in pairwise([*marks, os.times()])]


def build(folder: Path, name: str, run: int = 0) -> list[float]:
    """Seconds, CPU seconds and peak memory in MB of a whole build."""
    settings = BUILDS[name]
    if name == "ours":
        shutil.rmtree(folder / ".cache", ignore_errors=True)
    elif settings == "mkdocs.yml":
        texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("docs/*/*.md"))}
        longest = max((path for path, text in texts.items() if "\nfacts:" in text), key=lambda path: len(texts[path]))
        longest.write_text(f"{texts[longest]}\n{words(run, WORDS)}.\n", encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(folder / settings)]
    start = time.perf_counter()
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{(folder / 'log').read_text(encoding='utf-8')[-2000:]}\nThe build with {settings} failed.")
    return [time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]


def apart(work: Callable[[Path, int], list[Any]], folder: Path, size: int) -> list[Any]:
    """What a function returns in a fresh process: each run starts cold, and this process stays small."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, folder, size).result()


def middle(rows: Sequence[Sequence[float]]) -> list[float]:
    """The median of each column."""
    return [median(column) for column in zip(*rows, strict=True)]


def measure(size: int, runs: int, builds: Sequence[str]) -> tuple[list[int], list[float], dict[str, list[float]]]:
    """Numbers of entries and pages, seconds of our own steps, and the costs of each build with ours divided by them."""
    with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as place:
        counts = apart(prepare, Path(place), size)
        steps = middle([apart(own, Path(place), size) for _ in range(runs)])
        costs = [[build(Path(place), name, run) for name in builds] for run in range(runs)]
    shares = [[[a / b for a, b in zip(run[0], other, strict=True)] for other in run] for run in costs]
    rows = zip(zip(*costs, strict=True), zip(*shares, strict=True), strict=True)
    return counts, steps, {name: middle(a) + middle(b) for name, (a, b) in zip(builds, rows, strict=True)}


def power(entries: int, seconds: float, before: tuple[int, float] | None) -> str:
    """The power of the entries with which a time has grown since fewer of them; empty without those."""
    return f"{math.log(seconds / before[1], entries / before[0]):.2f}" if before else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what builds cost beside plain Material on the same pages, and our own code alone, as Markdown tables."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 50, 200, 1000], help="made-up entries; 0: the real")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, of which the medians are shown")
    parser.add_argument("--only", action="store_true", help="leave Material alone out, which takes long")
    options = parser.parse_args(arguments)
    say = partial(print, flush=True)  # a run takes minutes
    say(f"Load at the start: {os.getloadavg()}, {os.cpu_count()} processors.\n{BUILD_HEAD}")
    rows, before = [STEP_HEAD], dict[str, tuple[int, float]]()
    for size in options.sizes:
        (entries, pages), steps, figures = measure(size, options.runs, list(BUILDS)[: OURS if options.only else None])
        label, total = f"{entries}{'' if size else ', this guide'}", sum(steps)
        for name, numbers in figures.items():
            cells = [f"{n:.0f}" if n >= 100 else f"{n:.3g}" for n in numbers]
            cells.append(power(entries, numbers[0], before.get(name)))
            say(f"| {label} | {pages} | {name} | {' | '.join(cells)} |")
            before |= {name: (entries, numbers[0])} if size else {}
        each = " | ".join(f"{1000 * seconds / entries:.2f}" for seconds in (*steps, total))
        rows.append(f"| {label} | {each} | {power(entries, total, before.get(''))} |")
        before |= {"": (entries, total)} if size else {}
    say("\n".join([*rows, f"\nLoad at the end: {os.getloadavg()}."]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
