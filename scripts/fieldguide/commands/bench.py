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

from fieldguide import cores
from fieldguide.building import navigation
from fieldguide.checking import checks
from fieldguide.outputs import Outputs
from fieldguide.reading.located import parse
from fieldguide.reading.read import VOCABULARY, read
from fieldguide.rendering.metadata import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fieldguide.model import Attribute, Vocabulary

ROOT = Path(__file__).resolve().parents[3]
# The shape of a made-up entry: at least that of the average real one, which has 4.3 facts, 250 words of prose, 7 links,
# 1.2 comparisons, 1.6 references and 0.7 claims of its own; a finished page then has 870 words, a real one 850.
LEAST_FACTS, MOST_FACTS, PARAGRAPHS, WORDS, LINKS, SIBLINGS, REFERENCES, PER_CLAIM = 4, 6, 5, 60, 5, 4, 2, 1
# What a large guide shares: an article for so many entries, and so many references in all.
PER_ARTICLE, MOST_REFERENCES = 1000, 3000
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
TEXT = (
    "a model learns from many examples how words or pixels follow one another and then draws new ones in the same way "
    "its makers say that quality rose with more data while critics found errors which no test had shown before release "
    "both views rest on measurements of different versions so each number here names the version date and method used"
)
DAY = "2026-01-01"
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
| Entries | Pages | Build | s | CPU s | MB | Ours to it: time | CPU | memory |
| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"""
STEP_HEAD = """
| Entries | Read, CPU ms an entry | Check | All files | Together | Elapsed ms an entry | Grows with the power |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def words(seed: int, count: int) -> str:
    """A sentence without its full stop, always the same for a seed."""
    known = TEXT.split()
    return " ".join(known[(seed * 31 + k * k * 7 + k * seed) % len(known)] for k in range(count)).capitalize()


def name(index: int) -> str:
    """A word of three syllables that no other index has."""
    number = index * 104_729  # a prime, so that neighbors look unlike
    return "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3))


def page(body: str = "", **front: Any) -> str:
    """A Markdown page; JSON is YAML."""
    return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items()) + f"---\n\n{body}"


class Guide:
    """A made-up guide of any size that passes every check in a real vocabulary."""

    def __init__(self, vocabulary: Vocabulary, size: int) -> None:
        self.vocabulary, self.size = vocabulary, size
        rich = [k for k in vocabulary.kinds.values() if len(vocabulary.attributes_of(k.key)) >= LEAST_FACTS]
        self.kinds = [rich[index // SIBLINGS % len(rich)] for index in range(size)]
        self.slugs = [f"{name(index)}-model" for index in range(size)]
        self.paths = [f"{kind.plural}/{slug}.md" for kind, slug in zip(self.kinds, self.slugs, strict=True)]
        self.articles = [f"survey-{index // PER_ARTICLE}" for index in range(size)]
        self.sections = [f"{name}#part-{index // SIBLINGS}" for index, name in enumerate(self.articles)]
        self.references = min(size * REFERENCES, MOST_REFERENCES)
        self.parents = [c.slug for c in vocabulary.classes.values() if all(p in vocabulary.classes for p in c.is_a)]
        self.parents += self.slugs

    def files(self) -> Iterator[tuple[str, str]]:
        """Each file with its text."""
        yield from zip(self.paths, map(self.entry, range(self.size)), strict=True)
        yield from ((f"sources/{name}.md", self.article(name)) for name in dict.fromkeys(self.articles))
        yield "guide/all.md", page(title="All", summary=words(1, 10), rewrites=self.sections[::SIBLINGS])
        yield "index.md", page(words(2, 100), title="A made-up guide", summary=words(2, 10))
        yield "data/references.bib", "\n".join(map(self.reference, range(self.references)))
        yield "data/claims.yml", json.dumps({"claims": [self.claim(i) for i in range(0, self.size, PER_CLAIM)]})

    def key(self, index: int) -> str:
        return f"{name(index % self.references)}2020"

    def entry(self, index: int) -> str:
        spread = index % (MOST_FACTS - LEAST_FACTS + 1)
        attributes = self.vocabulary.attributes_of(self.kinds[index].key)[: LEAST_FACTS + spread]
        return page(
            "\n".join(self.paragraph(index, step) for step in range(PARAGRAPHS)),
            title=f"{name(index).capitalize()} model",
            summary=words(index, 16),
            summary_cite=[self.key(index * REFERENCES + k) for k in range(REFERENCES)],
            aliases=[name(index).upper()],
            is_a=[self.parents[index // SIBLINGS]],
            built_on=list(dict.fromkeys(self.slugs[index // part] for part in (2, 3))) if index else [],
            facts={a.key: self.fact(index, step, a) for step, a in enumerate(attributes)},
            checked=DAY,
        )

    def paragraph(self, index: int, step: int) -> str:
        to = (index * 7 + step * 13) % self.size
        heading = f"## {words(index, 4)} {{#part-{step}}}\n\n" if step % 4 == 0 else ""
        link = f", like [{self.slugs[to]}](../{self.paths[to]}) or {name(to).upper()}" if step < LINKS else ""
        return f"{heading}{words(index + step, WORDS)}{link} [@{self.key(index * REFERENCES + step)}].\n"

    def fact(self, index: int, step: int, attribute: Attribute) -> dict[str, Any]:
        seed, options = index * MOST_FACTS + step, list(self.vocabulary.value_sets.get(attribute.values, [""]))
        value: Any = {
            "text": words(seed, 12),
            "texts": [f"{words(seed, 4)} {k}" for k in range(3)],
            "date": f"{1990 + seed % 36}-{1 + seed % 12:02}-{1 + seed % 28:02}"[: (4, 7, 10)[seed % 3]],
            "choice": options[seed % len(options)],
            "choices": [options[seed % len(options)]],
            "entries": [self.slugs[index // 2]],
            "reference": self.key(seed),
        }[attribute.types[self.kinds[index].key]]
        at = [self.sections[index]]
        said = (
            {"note": words(seed, 8), "articles": {self.articles[index]: {"stance": "agrees", "at": at}}}
            if step % 4 == 0
            else {}
        )
        dated = {"as_of": DAY} if attribute.ages else {}
        return {"value": value, "cite": [self.key(seed), *(at if said else ())]} | said | dated

    def article(self, called: str) -> str:
        head = {
            "title": f"The {called}",
            "publisher": called,
            "url": "https://example.org/",
            "date": DAY,
            "checked": DAY,
        }
        sections = [
            {"id": f"part-{n}", "heading": f"Part {n}", "summary": words(n, 12), "names": self.slugs[i : i + SIBLINGS]}
            for n, i in enumerate(range(0, self.size, SIBLINGS))
            if self.articles[i] == called
        ]
        return page(**head, interest="None.", sections=sections)

    def reference(self, index: int) -> str:
        by = " and ".join(name(index + k).capitalize() for k in range(4))
        fields = {"author": by, "title": f"{{{words(index, 8)}}}", "journal": "Nowhere", "year": 2020}
        fields |= {"eprint": f"2001.{index}", "url": f"https://example.org/{index}", "note": "checked: abstract read"}
        return f"@article{{{self.key(index)},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in fields.items()) + "}\n"

    def claim(self, index: int) -> dict[str, Any]:
        verdicts = list(self.vocabulary.value_sets["verdict"])
        text = {"claim": words(index, 20), "accurate": words(index, 40), "verdict": verdicts[index % len(verdicts)]}
        refers = {"said_by": [self.sections[index]], "cite": [self.key(index)], "about": [self.slugs[index]]}
        return {"id": f"{name(index)}-claim"} | text | refers


def prepare(folder: Path, size: int) -> list[int]:
    """Lays out a project of made-up entries, or the real ones for 0, and its finished pages; counts both."""
    docs, plain = folder / "docs", folder / "plain"
    content = ("*.md", "*.bib", "claims.yml", "changes.yml", "asked.yml", "addresses.txt") if size else ()
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns(*content))
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    (folder / "scripts").symlink_to(ROOT / "scripts")
    settings = folder / "mkdocs.yml"
    # Plain Material draws no cards; they are timed by their own test.
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings.write_text(text.replace("cards: true", "cards: false"), encoding="utf-8")
    if size:
        vocabulary = read(docs)[0].vocabulary
        # Some classes stand under entries, of which the made-up guide has others.
        known = parse((docs / VOCABULARY).read_text(encoding="utf-8"), VOCABULARY).data
        known["classes"] = {slug: {"label": node.title} for slug, node in vocabulary.classes.items()}
        write(docs, [(VOCABULARY, json.dumps(known)), *Guide(vocabulary, size).files()])
        for path in (ROOT / "docs/data").glob("*.md"):  # the navigation names them
            shutil.copyfile(path, docs / "data" / path.name)
    catalog, problems = checks.run(docs)
    if failing := [problem for problem in problems if not problem.warning]:
        sys.exit(f"{checks.report(failing)}\nThe content must be sound before it can be timed.")
    outputs = Outputs(catalog)
    shutil.copytree(docs, plain, ignore=shutil.ignore_patterns("*.md"))
    write(plain, ((uri, make()) for uri, make in outputs.files.items()))
    given = yaml.load(settings.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 -- reads all as text, !ENV too
    nav = navigation.expand(given["nav"], outputs.titles)
    different = {"INHERIT": "mkdocs.yml", "hooks": [], "docs_dir": "plain", "site_dir": "plain-site", "nav": nav}
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
    """CPU seconds for reading, checking, and making every file and twin, Graphviz's included; the seconds of it all."""
    start, marks = time.perf_counter(), [os.times()]
    catalog, problems = read(folder / "docs")
    marks.append(os.times())
    checks.check(catalog, problems)
    marks.append(os.times())
    outputs = Outputs(catalog, SITE)
    makers = {**outputs.files, **outputs.twins}
    for _made in cores.spread(lambda share: [len(makers[name]()) for name in share], list(makers), "Files"):
        pass
    cpu = [sum(after[:4]) - sum(before[:4]) for before, after in pairwise([*marks, os.times()])]
    return [*cpu, time.perf_counter() - start]


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
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)  # noqa: S603 -- our own command
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what builds cost beside plain Material on the same pages, and our own code alone, as Markdown tables."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 50, 200, 1000], help="made-up entries; 0: the real")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, of which the medians are shown")
    parser.add_argument("--only", action="store_true", help="leave Material alone out, which takes long")
    options = parser.parse_args(arguments)
    say = partial(print, flush=True)  # a run takes minutes
    say(f"Load at the start: {os.getloadavg()}, {os.cpu_count()} processors.\n{BUILD_HEAD}")
    rows, last = [STEP_HEAD], (0, 0.0)
    for size in options.sizes:
        (entries, pages), steps, figures = measure(size, options.runs, list(BUILDS)[: OURS if options.only else None])
        *steps, elapsed = steps
        label, total = f"{entries}{'' if size else ', this guide'}", sum(steps)
        for name, numbers in figures.items():
            cells = (f"{n:.0f}" if n >= 100 else f"{n:.3g}" for n in numbers)
            say(f"| {label} | {pages} | {name} | {' | '.join(cells)} |")
        each = " | ".join(f"{1000 * seconds / entries:.2f}" for seconds in (*steps, total, elapsed))
        power = f"{math.log(total / last[1], entries / last[0]):.2f}" if size and last[0] else ""
        rows.append(f"| {label} | {each} | {power} |")
        last = (entries, total) if size else last
    say("\n".join([*rows, f"\nLoad at the end: {os.getloadavg()}."]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
