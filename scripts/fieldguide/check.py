"""`scripts/check`: every problem of the content, for people, programs or GitHub."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from . import checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Problem

ROOT = Path(__file__).resolve().parents[2]


def report(problems: Sequence[Problem], style: str) -> str:
    """The problems as text lines with a count, as JSON, or as GitHub annotations."""
    if style == "json":
        return json.dumps([asdict(problem) for problem in problems], indent=1, ensure_ascii=False)
    if style == "github":
        return "\n".join(map(annotation, problems))
    return checks.report(problems)


def annotation(problem: Problem) -> str:
    """A problem as GitHub's workflow command."""
    level = "warning" if problem.warning else "error"
    place = f"file={problem.path},line={problem.line},col={problem.column},title={problem.rule}"
    return f"::{level} {place}::{problem.message.replace('%', '%25')}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the report; 1 if there is any problem, else 0."""
    parser = argparse.ArgumentParser(prog="scripts/check", description="Check all content without building.")
    parser.add_argument("docs", nargs="?", type=Path, default=ROOT / "docs", help="the folder to check (default: docs)")
    parser.add_argument("--format", choices=["text", "json", "github"], default="text")
    parser.add_argument("--warnings", action="store_true", help="list what could be better, and fails nothing")
    options = parser.parse_args(arguments)
    if not options.docs.is_dir():
        parser.error(f"{options.docs} is not a folder")
    catalog, problems = checks.run(options.docs)
    if options.warnings and not problems:
        print(report(checks.warnings(catalog), options.format))  # noqa: T201 -- printing is what the command is for
        return 0
    print(report(problems, options.format))  # noqa: T201 -- printing is what the command is for
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
