"""What the preview adds to a page: the script that reloads it and, over it, what is wrong; where errors stand."""

from __future__ import annotations

import re
import traceback
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from fieldguide.problem import ParseError, Problem
from fieldguide.report import count_problems, format_text, quote_lines, text_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATES = Path(__file__).parents[1] / "render/templates/preview"
# Problems shown at a time.
MOST = 20
# Folders of `assets/` are named after all they hold, the search index included, which changes with any page.
FOLDERS = re.compile(rb"(assets/[^/.\"]+)\.[0-9a-f]{8}(?=/)")
TITLE = re.compile(rb"<title>")
PLACE = re.compile(r"line (\d+)(?:, column (\d+))?")
FRAME = re.compile(r'File "([^"]+)", line (\d+)')
QUOTED = re.compile(r"link '([^']+)'")


class Overlay:
    """Adds problems to pages; they name files of the project, the folder `root`, or beside the content, in `base`."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.folders = root, [base, root]

    @cached_property
    def environment(self) -> Environment:
        """The templates of the preview's own parts."""
        loader = FileSystemLoader(TEMPLATES)
        return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)

    def add(self, page: bytes, problems: Sequence[Problem]) -> bytes:
        """Return a page with the problems over it and in its title, and the script that knows what was seen."""
        if problems:
            page = TITLE.sub(f"<title>✗ {count_problems(problems)} · ".encode(), page, count=1)
            page = _add_at_end(page, self._list_problems(problems, has_content=b"<main" in page).encode())
        script = f'<script src="/livereload/client.js" data-seen="{_fingerprint(page)}"></script>\n'
        return _add_at_end(page, script.encode())

    def shell(self, title: str) -> bytes:
        """Return a page where there is none yet."""
        return self.environment.get_template("shell.html.j2").render(title=title).encode()

    def report(self, problems: Sequence[Problem]) -> str:
        """Return the problems for a terminal."""
        return format_text(problems, *self.folders, limit=MOST)

    def _list_problems(self, problems: Sequence[Problem], *, has_content: bool) -> str:
        text = text_reader(*self.folders)
        shown = [(problem, quote_lines(problem, text(problem.path))) for problem in problems[:MOST]]
        panel = self.environment.get_template("overlay.html.j2")
        html = panel.render(shown=shown, count=len(problems), kept=has_content)
        return f'<link rel="stylesheet" href="/livereload/overlay.css">\n{html}\n'

    def locate(self, error: BaseException) -> Problem:
        """Return an error as a problem at the line that it names, or the innermost of the project's own code."""
        if isinstance(error, ParseError):
            return error.problems[0]
        frames = [(frame.filename, frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, TemplateSyntaxError) and error.filename:
            frames.append((error.filename, error.lineno))
        return self._at_last_frame(frames, type(error).__name__, str(error) or "no more is known")

    def parse_traceback(self, output: str) -> Problem:
        """Return what a Python process wrote when it died as a problem."""
        frames = [(name, int(line)) for name, line in FRAME.findall(output)]
        *_, last = [line for line in output.strip().splitlines() if line.strip()] or ["it ended without a word"]
        return self._at_last_frame(frames, "python", last)

    def locate_setting(self, message: str, settings: Path) -> Problem:
        """Return what is wrong with a file of settings as a problem."""
        place = PLACE.search(message)
        line, column = (int(place[1]), int(place[2] or 1)) if place else (1, 1)
        return Problem(path=self._shorten(str(settings)), line=line, column=column, rule="settings", message=message)

    def locate_link(self, message: str, path: str) -> Problem:
        """Return what MkDocs says of a page as a problem, at the link that it speaks of."""
        text = text_reader(*self.folders)(path)
        named = QUOTED.search(message)
        offset = max(text.find(named[1]) if named else 0, 0)
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        return Problem(path=path, line=line, column=column, rule="link", message=message)

    def _at_last_frame(self, frames: list[tuple[str, int]], rule: str, message: str) -> Problem:
        """Return a problem at the last of some places that belongs to the project, or else at the last."""
        own = [
            (name, line)
            for name, line in frames
            if Path(name).is_relative_to(self.root) and "site-packages" not in Path(name).parts
        ]
        name, line = (own or frames or [("mkdocs.yml", 1)])[-1]
        return Problem(path=self._shorten(name), line=line, column=1, rule=rule, message=message)

    def _shorten(self, path: str) -> str:
        return Path(path).relative_to(self.root).as_posix() if Path(path).is_relative_to(self.root) else path


def _fingerprint(page: bytes) -> str:
    """Return what tells a page from the same page with other content."""
    return blake2b(FOLDERS.sub(rb"\1", page), digest_size=8).hexdigest()


def _add_at_end(page: bytes, part: bytes) -> bytes:
    before, end, after = page.rpartition(b"</body>")
    return before + part + end + after if end else page + part
