"""`scripts/check`: every problem of the content, for people, programs or GitHub."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import files
from fieldguide.checks import excerpt
from fieldguide.checks.history import is_day
from fieldguide.checks.registry import list_rules
from fieldguide.guide import list_advice, load_and_check
from fieldguide.memory import CACHE, Memory
from fieldguide.problem import printable
from fieldguide.source.loader import VOCABULARY
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.problem import Problem

PUBLISHED = ("path", "line", "column", "rule", "message", "warning")
ROOT = Path(__file__).resolve().parents[3]


def report(problems: Sequence[Problem], style: str, docs: Path) -> str:
    """The problems of a folder as text with their lines and a count, as JSON, or as GitHub annotations.

    Programs find the files from the current folder.
    """
    if style != "text":
        problems = [replace(p, path=os.path.normpath(f"{os.path.relpath(docs.parent)}/{p.path}")) for p in problems]
    if style == "json":
        text = json.dumps(
            [{name: getattr(problem, name) for name in PUBLISHED} for problem in problems], indent=1, ensure_ascii=False
        )
        return text.encode("utf-8", "backslashreplace").decode()
    if style == "github":
        return "\n".join(map(annotation, problems))
    return excerpt.report(problems, excerpt.reader(docs.parent))


def annotation(problem: Problem) -> str:
    """A problem as GitHub's workflow command."""
    level = "warning" if problem.warning else "error"
    place = f"file={_property(problem.path)},line={problem.line},col={problem.column},title={problem.rule}"
    return f"::{level} {place}::{printable(problem.message).replace('%', '%25')}"


def _property(text: str) -> str:
    """A text as a property of a command, whose marks it must not hold."""
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the report; 1 if there is any problem, else 0."""
    parser = argparse.ArgumentParser(prog="scripts/check", description="Check all content without building.")
    parser.add_argument("docs", nargs="?", type=Path, default=ROOT / "docs", help="the folder to check (default: docs)")
    parser.add_argument("--format", choices=["text", "json", "github"], default="text")
    parser.add_argument("--warnings", action="store_true", help="list what could be better, and fails nothing")
    parser.add_argument(
        "--today", metavar="DATE", help="list the facts older on this day than their attribute's shelf life"
    )
    parser.add_argument("--explain", metavar="RULE", help="print why a rule is one, what breaks it and what mends that")
    options = parser.parse_args(arguments)
    if options.explain is not None:
        if options.explain not in list_rules():
            hint = did_you_mean(options.explain, list_rules()) or f"; the rules are {', '.join(sorted(list_rules()))}"
            parser.error(f"no rule is called '{options.explain}'{hint}")
        print(list_rules()[options.explain])  # noqa: T201 -- printing is what the command is for
        return 0
    if options.today is not None and not is_day(options.today):
        parser.error(f"expected a day such as 2021-01-05, got '{options.today}'")
    with files.refused(parser):
        if not options.docs.is_dir():
            parser.error(f"{options.docs} is not a folder; name the docs folder of a guide")
    if any(options.docs.glob(f"docs/{VOCABULARY}")):
        parser.error(f"{options.docs} is not the docs folder of a guide; did you mean {options.docs / 'docs'}?")
    docs = Path(os.path.abspath(options.docs))  # noqa: PTH100 -- a link may name the folder
    memory = Memory.load(CACHE / "memory" if os.environ.get("CACHE", "some") else None, docs)
    memory.look([docs])
    catalog, problems = load_and_check(docs, memory)
    memory.save()
    if (options.warnings or options.today) and not any(not problem.warning for problem in problems):
        found = problems + list_advice(catalog, warnings=options.warnings, today=options.today or "")
        print(report(sorted(found), options.format, docs))  # noqa: T201 -- printing is what the command is for
        return 0
    print(report(problems, options.format, docs))  # noqa: T201 -- printing is what the command is for
    if problems and sys.stdout.isatty():
        print("Why a rule is one, with an example: scripts/check --explain RULE")  # noqa: T201 -- as above
    return 1 if any(not problem.warning for problem in problems) else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `scripts/check | head` reads no more, and that is no fault
    gc.disable()  # a check ends before garbage takes room
    sys.exit(main())
