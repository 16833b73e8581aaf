"""Compare two built sites: `python tests/support/compare_sites.py BEFORE AFTER`.

Both must publish the same addresses, ids, internal links, texts and data; the exit status is 1 where they differ. Names
that carry a content hash, white space, style sheets, scripts and images are not compared. A Markdown twin is compared
by its words alone, in any order and form.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HASH = re.compile(r"\.[0-9a-f]{8}(?=[./])")
SPACE = re.compile(r"\s+")
WORD = re.compile(r"\w+")
IGNORED = {".css", ".js", ".map", ".png", ".woff2", ".gz", ".br"}
SHOWN = 12


def normalize_name(name: str) -> str:
    """Return the path of a file without the hash of its content."""
    return HASH.sub("", name)


def list_files(root: Path) -> dict[str, Path]:
    """Return the compared files of a site by their normalized paths."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {normalize_name(path.relative_to(root).as_posix()): path for path in files if path.suffix not in IGNORED}


def read_page(data: bytes) -> dict[str, list[str]]:
    """Return what readers and links depend on in an HTML page: its ids, links, head and text."""
    tree = html.document_fromstring(data)
    text = [SPACE.sub(" ", part).strip() for part in tree.xpath("//body//text()[not(ancestor::script)]")]
    linked_data = tree.xpath("//script[@type='application/ld+json']/text()")
    return {
        "ids": sorted(tree.xpath("//@id")),
        "links": sorted(map(normalize_name, tree.xpath("//body//@href | //body//@src"))),
        "head": sorted(map(normalize_name, tree.xpath("//meta/@content | //title/text() | //link/@href"))),
        "linked data": [json.dumps(json.loads(part), sort_keys=True) for part in linked_data],
        "text": SPACE.sub(" ", " ".join(text)).split(" "),
    }


def read_file(path: Path) -> dict[str, list[str]]:
    """Return the compared parts of any file of a site by their names."""
    data = path.read_bytes()
    if path.suffix == ".html":
        return read_page(data)
    if path.suffix == ".json":
        return {"data": json.dumps(json.loads(data), sort_keys=True, indent=0).splitlines()}
    if path.suffix == ".xml":
        return {"text": [SPACE.sub(" ", str(part)) for part in etree.fromstring(data).itertext()]}
    text = data.decode("utf-8", "replace")
    if path.suffix == ".md":
        return {"words": sorted(WORD.findall(text))}
    return {"lines": [normalize_name(line) for line in text.splitlines()]}


def find_differences(before: Iterable[str], after: Iterable[str]) -> str:
    """Return what only one of two lists holds, shortened; empty if they hold the same."""
    old, new = Counter(before), Counter(after)
    gone, come = list((old - new).elements()), list((new - old).elements())
    return "; ".join(
        f"{label} {len(items)}: {' | '.join(items[:SHOWN])}" for label, items in (("-", gone), ("+", come)) if items
    )


def compare_sites(before: Path, after: Path, is_compared: Callable[[str], bool]) -> Iterator[str]:
    """Yield a line for each difference between two built sites."""
    old, new = list_files(before), list_files(after)
    yield from (f"missing: {name}" for name in sorted(old.keys() - new.keys()))
    yield from (f"added: {name}" for name in sorted(new.keys() - old.keys()))
    for name in filter(is_compared, sorted(old.keys() & new.keys())):
        if old[name].read_bytes() == new[name].read_bytes():
            continue
        first, second = read_file(old[name]), read_file(new[name])
        for part in first:
            if found := find_differences(first[part], second.get(part, ())):
                yield f"{name}: {part}: {found}"


def main(arguments: list[str]) -> int:
    """Print the differences between two built sites and their number; `--no-twins` leaves Markdown twins out."""
    before, after = (Path(argument) for argument in arguments if not argument.startswith("-"))
    without_twins = "--no-twins" in arguments
    lines = list(compare_sites(before, after, lambda name: not (without_twins and name.endswith(".md"))))
    print("\n".join([*lines, f"{len(lines)} differences"]))  # noqa: T201 -- it is a command
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
