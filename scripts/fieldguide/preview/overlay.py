"""What the preview adds to a page: the script that reloads it and, over it, what is wrong with the content."""

from __future__ import annotations

import re
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fieldguide import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.problem import Problem

FOLDER = Path(__file__).parents[1] / "render/templates/preview"
MOST = 20
# Folders of `assets/` are named after all they hold, the search index included, which changes with any page.
FOLDERS = re.compile(rb"(assets/[^/.\"]+)\.[0-9a-f]{8}(?=/)")
TITLE = re.compile(rb"<title>")


class Overlay:
    """Dresses pages for the preview; problems name files below one of some folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders

    def text(self, path: str) -> str:
        """The text of the file that a problem names; empty if there is none."""
        return report.text_reader(*self.folders)(path)

    @cached_property
    def environment(self) -> Environment:
        """The templates of the preview's own parts."""
        return Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )

    def page(self, page: bytes, problems: Sequence[Problem]) -> bytes:
        """A page as it is served: the problems over it and in its title, and the script that knows what was seen."""
        if problems:
            page = TITLE.sub(f"<title>✗ {report.count_problems(problems)} · ".encode(), page, count=1)
            page = _added(page, self._problems(problems, kept=b"<main" in page).encode())
        return _added(page, f'<script src="/livereload/client.js" data-seen="{seen(page)}"></script>\n'.encode())

    def shell(self, title: str) -> bytes:
        """A page where there is none yet."""
        return self.environment.get_template("shell.html.j2").render(title=title).encode()

    def report(self, problems: Sequence[Problem]) -> str:
        """The problems for a terminal."""
        return report.format_text(problems, *self.folders, limit=MOST)

    def _problems(self, problems: Sequence[Problem], *, kept: bool) -> str:
        text = report.text_reader(*self.folders)
        shown = [(problem, report.quote_lines(problem, text(problem.path))) for problem in problems[:MOST]]
        panel = self.environment.get_template("overlay.html.j2").render(shown=shown, count=len(problems), kept=kept)
        return f'<link rel="stylesheet" href="/livereload/overlay.css">\n{panel}\n'


def seen(page: bytes) -> str:
    """What tells a page from the same page with other content."""
    return blake2b(FOLDERS.sub(rb"\1", page), digest_size=8).hexdigest()


def _added(page: bytes, part: bytes) -> bytes:
    """A page with a part at the end of its body."""
    before, end, after = page.rpartition(b"</body>")
    return before + part + end + after if end else page + part
