"""The live preview: what is served is what would be built, at once, whatever an editor saves."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import pytest
from conftest import ROOT, build
from playwright.sync_api import expect

from fieldguide.guide import load_and_check
from fieldguide.source.document_cache import DocumentCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.own

ADDED = re.compile(rb'<script src="/livereload/client.js" data-seen="[0-9a-f]+"></script>\n')
ADDRESS = re.compile(r"Serving on (\S+)")
# The search is named after its content a moment after an edit.
SEARCH = re.compile(r"(?<=assets/search\.)[0-9a-f]{8}")
PARTS = ("docs", "overrides", "scripts", "mkdocs.yml")
PATIENCE = 60.0
SHARE = "overrides/partials/share.html"
ENTRY, PAGE = "docs/systems/dall-e.md", "systems/dall-e/"
TEMPLATE = "scripts/fieldguide/render/templates/entry.md.j2"
Found = TypeVar("Found")


class Preview:
    """A running `mkdocs serve`."""

    def __init__(self, project: Path, *options: str) -> None:
        self.project, self.log = project, project / "serve.log"
        command = [str(Path(sys.executable).with_name("mkdocs")), "serve", "--livereload", "-f", "mkdocs.yml", *options]
        with self.log.open("w") as log:
            environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(project / "scripts")}
            self.process = subprocess.Popen(command, cwd=project, env=environ, stdout=log, stderr=log)
        self.address = self.wait(lambda: ADDRESS.findall(self.said), "no address")[0]

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait(self, until: Callable[[], Found], what: str) -> Found:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            if found := until():
                return found
            time.sleep(0.02)
        pytest.fail(f"{what}: {self.said[-3000:]}")

    def get(self, path: str = "", timeout: float = PATIENCE) -> bytes:
        address = self.address + quote(path, safe="/?=&")
        with urllib.request.urlopen(address, timeout=timeout) as answer:  # noqa: S310 -- our own server
            return bytes(answer.read())

    def text(self, path: str = "") -> str:
        return self.get(path).decode()

    def until(self, path: str, is_so: Callable[[str], bool]) -> str:
        """The page at an address once it is as it should be; what is checked, or starts again, follows the page."""
        found: list[str] = []

        def ask() -> bool:
            with suppress(OSError):  # the server starts again
                found.append(self.text(path))
            return bool(found) and is_so(found[-1])

        self.wait(ask, f"{path} never came to be")
        return found[-1]

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.project / path
        text = file.read_text(encoding="utf-8")
        assert old in text, path
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    @contextmanager
    def edited(self, path: str, old: str, new: str) -> Iterator[None]:
        """Edit a file, and put back what stood in it."""
        text = (self.project / path).read_text(encoding="utf-8")
        self.edit(path, old, new)
        try:
            yield
        finally:
            (self.project / path).write_text(text, encoding="utf-8")


@contextmanager
def serving(project: Path, *options: str) -> Iterator[Preview]:
    preview = Preview(project, *(options or ("-a", "127.0.0.1:0")))
    try:
        yield preview
    finally:
        preview.process.terminate()
        preview.process.wait(PATIENCE)


def copy_project(target: Path) -> Path:
    """Copy the real project, to be edited."""
    target.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copyfile(ROOT / part, target / part)
    return target


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the real project."""
    return copy_project(tmp_path / "project")


@pytest.fixture
def preview(project: Path) -> Iterator[Preview]:
    """A preview of the copy."""
    with serving(project) as running:
        yield running


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview for tests that leave its project as it was."""
    with serving(copy_project(tmp_path_factory.mktemp("steady") / "project")) as running:
        yield running


def pages(site: Path) -> dict[str, bytes]:
    """Every built page by its address."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): path.read_bytes() for path in site.rglob("*.html")
    }


def test_every_page_is_served_as_it_is_built(project: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run = build(project / "mkdocs.yml", site)
    assert run.returncode == 0, run.stdout + run.stderr
    with serving(project) as preview:
        preview.wait(lambda: ADDED.sub(b"", preview.get()) == (site / "index.html").read_bytes(), "never settled")
        different = [url for url, page in pages(site).items() if ADDED.sub(b"", preview.get(url)) != page]
        assert not different
        # Hosts ask for robots.txt, nobody who edits does.
        rest = [path for path in site.rglob("*") if path.suffix in {".md", ".json", ".csv", ".bib", ".css", ".js"}]
        differing = [
            str(path)
            for path in rest
            if path.is_file() and preview.get(path.relative_to(site).as_posix()) != path.read_bytes()
        ]
        assert not differing


def test_an_edit_shows_at_once_wherever_its_fact_stands(preview: Preview) -> None:
    old = re.search(r"developer: \{value: (\w+)", (preview.project / ENTRY).read_text(encoding="utf-8"))
    assert old
    places = [
        "systems/",
        PAGE,
        "compare/dall-e-vs-midjourney/",
        f"{PAGE}index.md",
        "data/catalog.json",
        "data/systems.csv",
    ]
    for place in places:
        preview.get(place)
    preview.edit(ENTRY, old[0], "developer: {value: Zyxwvu Labs")
    for place in places:
        assert "Zyxwvu Labs" in preview.text(place), place


@pytest.mark.parametrize(
    ("lay", "said"),
    [
        (os.mkfifo, "got a pipe"),
        (lambda path: path.symlink_to(path.parent.parent), "got a symbolic link"),
        (lambda path: path.symlink_to(path), "got a symbolic link"),
    ],
    ids=["pipe", "loop", "link to itself"],
)
def test_what_is_no_file_is_said_and_stops_nothing(preview: Preview, lay: Callable[[Path], None], said: str) -> None:
    odd = preview.project / "docs/guide/odd"
    lay(odd)
    preview.until(PAGE, lambda page: said in page)
    preview.edit(ENTRY, "title: DALL-E", "title: Zyxwvu")
    preview.until(PAGE, lambda page: said in page)
    odd.unlink()
    preview.until(PAGE, lambda page: "<h1>Zyxwvu" in page.replace(' id="zyxwvu"', ""))


def test_a_title_shows_in_the_navigation_the_diagrams_and_the_search(preview: Preview) -> None:
    preview.get(PAGE)
    preview.edit(ENTRY, "title: DALL-E", "title: Zyxwvu & Sons")
    for place in (PAGE, "systems/midjourney/", "taxonomy/", "timeline/", "glossary/"):
        assert "Zyxwvu &amp; Sons" in preview.text(place), place
    assert "Zyxwvu & Sons" in preview.text("assets/search/names.json")


def test_prose_is_found_by_the_search(preview: Preview) -> None:
    preview.get("assets/search/texts.json")
    file = preview.project / ENTRY
    file.write_text(file.read_text(encoding="utf-8") + "\nZyxwvu.\n", encoding="utf-8")
    assert "Zyxwvu" in preview.text("assets/search/texts.json")
    assert "Zyxwvu" in preview.text(PAGE)


def test_a_new_page_appears_and_one_that_goes_is_gone(preview: Preview) -> None:
    preview.get("guide/")
    page = "---\ntitle: Zyxwvu\nsummary: Nothing of note.\nchecked: 2026-01-01\n---\nHello.\n"
    file = preview.project / "docs/guide/zyxwvu.md"
    file.write_text(page, encoding="utf-8")
    assert "Hello." in preview.text("guide/zyxwvu/")
    assert "guide/zyxwvu" in preview.text("guide/") or "Zyxwvu" in preview.text("guide/")
    file.unlink()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        preview.get("guide/zyxwvu/")
    assert "Zyxwvu" not in preview.text("guide/")


def test_a_mistake_stands_over_the_last_good_page_until_it_is_mended(preview: Preview) -> None:
    good = preview.text(PAGE)
    preview.edit(ENTRY, "title:", "titel:")
    [problem] = load_and_check(preview.project / "docs")[1]
    bad = preview.text(PAGE)
    message = problem.message.replace("'", "&#39;")
    assert f"{problem.path}:{problem.line}:{problem.column}: {problem.rule}" in bad
    assert message in bad
    assert re.search(
        rf'class="here">    {problem.line} \| titel: DALL-E</span>\n<span class="here">      \| \^</span>', bad
    )
    assert "<title>✗ 1 problem · DALL-E" in bad
    assert good[good.index("<main") : good.index("</main>")] in bad
    assert preview.text("systems/midjourney/").count(message) == 1
    assert str(problem) in preview.said
    preview.edit(ENTRY, "titel:", "title:")
    assert SEARCH.sub("", preview.text(PAGE)) == SEARCH.sub("", good)
    assert "Mended." in preview.said


def test_a_link_that_leads_nowhere_is_a_mistake(preview: Preview) -> None:
    file = preview.project / "docs/guide/same-thing.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nSee [this](../nowhere.md).\n", encoding="utf-8")
    for uri in ("guide/same-thing/", PAGE):
        page = preview.until(uri, lambda page: "&#39;../nowhere.md&#39; leads to no file" in page)
        assert "✗ 1 problem" in page


@pytest.mark.parametrize("broken", ["title: [", "titel: x"])
def test_content_that_is_wrong_from_the_start_shows_as_soon_as_it_is_served(project: Path, broken: str) -> None:
    good = (project / ENTRY).read_text(encoding="utf-8")
    (project / ENTRY).write_text(good.replace("title: DALL-E", broken, 1), encoding="utf-8")
    with serving(project) as preview:
        page = preview.text(PAGE)
        assert 'class="preview-overlay"' in page
        assert "docs/systems/dall-e.md:" in page
        (project / ENTRY).write_text(good, encoding="utf-8")
        page = preview.text(PAGE)
        assert "preview-overlay" not in page
        assert "<title>DALL-E" in page


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "shows"),
    [
        ("mkdocs.yml", "copyright: Text", "copyright: Zyxwvu", PAGE, "Zyxwvu CC"),
        (SHARE, "<meta", '<meta name="zyxwvu"><meta', PAGE, '<meta name="zyxwvu">'),
        ("overrides/assets/css/colors.css", ":root", ".zyxwvu,:root", "assets/site.css", ".zyxwvu"),
        ("docs/data/vocabulary.yml", "label: Developer", "label: Zyxwvu", PAGE, "Zyxwvu"),
        (TEMPLATE, "<h1>", '<h1 class="zyxwvu">', PAGE, '<h1 class="zyxwvu"'),
    ],
)
def test_whatever_a_page_is_made_of_is_taken_in(  # noqa: PLR0913, PLR0917 -- the columns of a table
    steady: Preview, file: str, old: str, new: str, place: str, shows: str
) -> None:
    assert shows not in steady.text(place)
    with steady.edited(file, old, new):
        assert shows in steady.text(place)
    assert shows not in steady.text(place)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("mkdocs.yml", "nav:", "nav: {"),
        ("mkdocs.yml", "name: material", "name: immaterial"),
        (SHARE, "<meta", "{% if %}<meta"),
        (SHARE, "<meta", "{{ metadata.no.thing }}<meta"),
        (TEMPLATE, "<h1>", "<h1>{{ nothing }}"),
        ("scripts/fieldguide/render/compare.py", "def ", "def def "),
        ("overrides/assets/site.css", "}", "}}"),
        ("overrides/assets/chooser.js", "const ", "const const "),
    ],
)
def test_a_mistake_in_settings_templates_or_code_shows_and_clears(
    steady: Preview, file: str, old: str, new: str
) -> None:
    good = steady.text(PAGE)
    with steady.edited(file, old, new):
        bad = steady.until(PAGE, lambda page: f"<code>{file}:" in page)
        assert "✗ 1 problem" in bad
        assert good[good.index("<main") : good.index("</main>")] in bad
    steady.until(PAGE, lambda page: SEARCH.sub("", page) == SEARCH.sub("", good))


def test_an_edit_of_the_code_is_taken_in_at_the_same_address(preview: Preview) -> None:
    preview.get()
    process = preview.process.pid
    preview.edit("scripts/fieldguide/formats.py", '"January"', '"Zyxwvuary"')
    preview.until(PAGE, lambda page: "Zyxwvuary 5, 2021" in page)
    assert preview.process.poll() is None
    assert preview.process.pid == process
    assert len(set(ADDRESS.findall(preview.said))) == 1
    preview.edit("scripts/fieldguide/formats.py", '"Zyxwvuary"', '"January"')
    preview.until(PAGE, lambda page: "January 5, 2021" in page)


def test_a_preview_starts_without_a_warning(preview: Preview) -> None:
    assert b"</html>" in preview.get()
    assert "warning" not in preview.said.lower()


def test_a_port_in_use_is_said_and_the_next_taken(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(project, "-a", f"127.0.0.1:{port}") as preview:
            assert f"Port {port} is in use" in preview.said
            assert preview.address != f"http://127.0.0.1:{port}/"
            assert b"</html>" in preview.get()


def test_without_reloading_the_whole_site_is_served(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(project, "--no-livereload", "-a", f"127.0.0.1:{port}") as preview:
        assert "Documentation built in" in preview.said
        page = preview.text(PAGE)
        assert "DALL-E" in page
        assert "/livereload/client.js" not in page


def wait_for_news(preview: Preview, place: str, seen: str, told: dict[str, str]) -> None:
    with suppress(OSError):  # the server ends before the page changes
        told[place] = preview.text(f"livereload/wait?page=/{place}&seen={seen}")


def test_only_a_page_that_changed_is_told_to_reload(preview: Preview) -> None:
    pages = {place: preview.text(place) for place in (PAGE, "tasks/summarization/")}
    seen = {place: re.findall(r'data-seen="(\w+)"', page)[0] for place, page in pages.items()}
    told: dict[str, str] = {}
    for place, mark in seen.items():
        threading.Thread(target=wait_for_news, args=(preview, place, mark, told), daemon=True).start()
    time.sleep(0.3)
    assert not told
    file = preview.project / ENTRY
    file.write_text(file.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    preview.wait(lambda: told, "nobody was told")
    time.sleep(0.5)
    assert told == {PAGE: "changed"}


@pytest.mark.browser
def test_an_open_page_shows_an_edit_and_a_mistake_without_being_touched(preview: Preview, browser: Browser) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(preview.address + PAGE)
    file = preview.project / ENTRY
    good = file.read_text(encoding="utf-8")
    file.write_text(good + "\nZyxwvu.\n", encoding="utf-8")
    expect(page.get_by_text("Zyxwvu.")).to_be_visible()
    file.write_text(good.replace("title:", "titel:", 1), encoding="utf-8")
    overlay = page.get_by_role("alert")
    expect(overlay).to_contain_text("did you mean 'title'?")
    expect(overlay).to_have_css("position", "fixed")
    expect(page).to_have_title(re.compile("^✗ 1 problem"))
    file.write_text(good, encoding="utf-8")
    expect(overlay).to_have_count(0)
    assert not errors
    page.close()


def spoil(text: str, chance: random.Random) -> str:
    """A page with a mistake."""
    mistakes: list[Callable[[], str]] = [
        lambda: text.replace("title:", "titel:", 1),
        lambda: text.replace("---", "--", 1),
        lambda: text.replace("checked:", "checked: [", 1),
        lambda: "",
        lambda: f"{text}\n[@nobody2020nothing]\n",
        lambda: f"{text}\n/// matrix | X\n    entries: [nobody]\n    attributes: [developer]\n///\n",
        lambda: text[: len(text) // 5],
        lambda: f"{text}\n<script>alert(1)</script>\n",
    ]
    return chance.choice(mistakes)()


def test_two_hundred_edits_good_and_bad_leave_it_alive_and_true(preview: Preview) -> None:
    chance = random.Random(7)  # noqa: S311 -- no secret
    files = sorted((preview.project / "docs/systems").glob("*.md"))
    files = [file for file in files if "page: false" not in file.read_text(encoding="utf-8")]
    asked, wrong = ["", "taxonomy/", "compare/", "systems/"], list[str]()
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                preview.get(chance.choice(asked))
            except OSError as error:
                wrong.append(str(error))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(200):
            file = chance.choice(files)
            good, bad = file.read_text(encoding="utf-8"), chance.random() < 0.5
            word = f"Zyxwvu{number}"
            file.write_text(spoil(good, chance) if bad else f"{good.rstrip()}\n\n{word}.\n", encoding="utf-8")
            page = preview.until(f"systems/{file.stem}/", lambda page: ("preview-overlay" in page) == bad)  # noqa: B023
            if bad:
                file.write_text(good, encoding="utf-8")
            else:
                assert word in page
    finally:
        done.set()
        asking.join()
    assert not wrong
    assert preview.process.poll() is None
    assert "Traceback" not in preview.said


def test_a_reading_that_remembers_finds_what_a_fresh_one_finds(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    chance, memory = random.Random(11), DocumentCache.load(tmp_path / "kept", docs)  # noqa: S311 -- no secret
    files = [*sorted(docs.glob("*/*.md")), docs / "data/vocabulary.yml", docs / "data/references.bib"]
    for _ in range(60):
        file = chance.choice(files)
        text = file.read_text(encoding="utf-8")
        if chance.random() < 0.15:
            file.unlink()
        else:
            file.write_text(spoil(text, chance) if chance.random() < 0.6 else f"{text}\nMore.\n", encoding="utf-8")
        memory.scan([docs])
        catalog, problems = load_and_check(docs, memory)
        memory.save()
        fresh, expected = load_and_check(docs)
        assert problems == expected
        assert (list(catalog.entries), list(catalog.documents)) == (list(fresh.entries), list(fresh.documents))
        if chance.random() < 0.8:
            file.write_text(text, encoding="utf-8")
        if chance.random() < 0.5:  # another process goes on
            memory = DocumentCache.load(tmp_path / "kept", docs)
