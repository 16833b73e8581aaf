"""A build is all or nothing, whatever stops it; and the same content gives the same bytes anywhere, at any time."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from guides import copy_small_guide
from jinja2 import DictLoader, Environment
from mkdocs.plugins import EVENTS

from fieldguide.cache import BlobCache
from fieldguide.guide import load_and_check
from fieldguide.render.renderer import TemplateCache
from fieldguide.source.document_cache import DocumentCache
from fieldguide.source.yaml import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 120
# When builds are killed, in parts of their length: all along, and closer together where the new site takes its place.
MOMENTS = [*(part / 10 for part in range(1, 9)), *(part / 100 for part in range(85, 110, 2))]
STOPPED = """\
def on_{event}(*args, **_):
    raise RuntimeError("stopped here")
"""
# Runs MkDocs where it has one core, so that nothing is shared out.
ALONE = """\
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from mkdocs.__main__ import cli
cli(sys.argv[1:])
"""
# Imports all that a build needs, then begins one for each line it is sent.
WARM = """\
import os, signal, sys
from mkdocs.__main__ import cli
from mkdocs.config import load_config
load_config(sys.argv[1])
for _ in sys.stdin:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if not (child := os.fork()):
        os.dup2(2, 1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        cli(["build", "--strict", "--config-file", sys.argv[1]])
    print(child, flush=True)
"""
# A hook that warns of a page.
WARY = """\
import logging
def on_page_markdown(markdown, *, page, **_):
    if page.file.src_uri == "guide/server-or-library.md":
        logging.getLogger("mkdocs").warning("wary of %s", page.file.src_uri)
"""
# A hook that adds a page, and looks for pages at the end of the build.
ADDING = """\
from pathlib import Path
from mkdocs.structure.files import File, InclusionLevel
kept = []
def on_files(files, *, config):
    page = "# Zyxwvu\\n\\nSee [SQLite](../databases/sqlite.md).\\n"
    files.append(File.generated(config, "guide/zyxwvu.md", content=page, inclusion=InclusionLevel.NOT_IN_NAV))
    kept.append(files)
def on_post_build(*, config):
    pages = {file.src_uri for file in kept[0].documentation_pages()}
    found = sorted(pages & {"databases/sqlite.md", "guide/zyxwvu.md"})
    Path(config.site_dir, "seen.txt").write_text("\\n".join(found), encoding="utf-8")
"""
# Runs MkDocs at another date: its own clock is the only one a build could read.
LATER = """\
import sys, time_machine
from mkdocs.__main__ import cli
with time_machine.travel("2031-07-09 23:59:58 +0000"):
    cli(sys.argv[1:])
"""


def project(folder: Path, cache: str = "null") -> Path:
    """A copy of the guide to databases that builds on its own and keeps things in a folder; its configuration."""
    config = copy_small_guide(folder / "guide")
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\nplugins: {{fieldguide: {{cache: {cache}}}}}\n", encoding="utf-8")
    return config


def hook(config: Path, name: str, code: str) -> None:
    """Adds a hook to a project."""
    (config.parent / name).write_text(code, encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\nhooks: [{name}]\n", encoding="utf-8")


def command(config: Path, *before: str) -> list[str]:
    return [sys.executable, *(before or ("-m", "mkdocs")), "build", "--strict", "--config-file", str(config)]


def run(config: Path, *before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment}
    return subprocess.run(command(config, *before), capture_output=True, text=True, check=False, env=given)


def tree(folder: Path) -> dict[str, str]:
    """Each file of a folder with the hash of its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.mark.parametrize(
    ("cache", "moments"), [("null", MOMENTS[::2]), ("../kept", MOMENTS)], ids=["pages made", "pages kept"]
)
def test_the_site_is_whole_after_a_build_is_killed_at_any_moment(
    tmp_path: Path, cache: str, moments: list[float]
) -> None:
    config = project(tmp_path, cache)
    site, page = config.parent / "site", config.parent / "docs/databases/sqlite.md"
    with warm(config) as begin:
        for _ in range(2):  # the second is as those to come
            started = time.monotonic()
            begin()
            assert ended(config)
            length = time.monotonic() - started
        wholes = [tree(site)]
        assert wholes[0]
        page.write_text(page.read_text(encoding="utf-8") + "\nIt is changed.\n", encoding="utf-8")
        for moment in moments:
            builds = begin()
            time.sleep(moment * length)
            with suppress(ProcessLookupError):  # it was done
                os.kill(builds, signal.SIGKILL)
            assert ended(config)
            if (found := tree(site)) not in wholes:  # killed once the new one was in place
                assert run(config).returncode == 0
                wholes.append(tree(site))
                assert differing(found, wholes[-1]) == []
    assert run(config).returncode == 0
    assert {path.name for path in config.parent.iterdir()} == {"docs", "mkdocs.yml", "site"}


@contextmanager
def warm(config: Path) -> Iterator[Callable[[], int]]:
    """Begins a build of a project whenever it is called, with all imported before; returns its process."""
    with subprocess.Popen(
        [sys.executable, "-c", WARM, str(config)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    ) as process:
        asks, tells = process.stdin, process.stdout
        assert asks
        assert tells

        def begin() -> int:
            asks.write("\n")
            asks.flush()
            return int(tells.readline())

        yield begin


def ended(config: Path) -> bool:
    """Whether soon nothing builds a project but the process that begins its builds."""
    until = time.monotonic() + PATIENCE
    while len(running(config)) > 1 and time.monotonic() < until:
        time.sleep(0.02)
    return len(running(config)) == 1


def running(config: Path) -> list[str]:
    """The processes that were begun for a project and have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            if str(config).encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


@pytest.mark.parametrize("event", [event for event in EVENTS if event not in {"serve", "shutdown", "build_error"}])
def test_the_site_stays_as_it_was_when_an_event_fails(tmp_path: Path, event: str) -> None:
    config = project(tmp_path)
    (config.parent / "site").mkdir()
    (config.parent / "site/index.html").write_text("the last good site", encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    hook(config, "stop.py", STOPPED.format(event=event))
    failed = run(config)
    assert failed.returncode != 0, f"{event} did not stop the build"
    assert "stopped here" in failed.stderr
    assert tree(config.parent / "site").keys() == {"index.html"}
    config.write_text(text, encoding="utf-8")
    (config.parent / "stop.py").unlink()
    shutil.rmtree(config.parent / "__pycache__", ignore_errors=True)
    assert {path.name for path in config.parent.iterdir()} <= {"docs", "mkdocs.yml", "site", ".site-next"}


def test_a_site_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    config = project(tmp_path)
    (config.parent / ".site-next").write_text("", encoding="utf-8")
    failed = run(config)
    assert failed.returncode == 1
    assert "site cannot be written: file exists" in failed.stdout
    assert "Traceback" not in failed.stdout + failed.stderr


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = project(tmp_path / "one"), project(tmp_path / "a folder with another, longer name")
    first = run(one, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8", LANG="C.UTF-8")
    assert first.returncode == 0, first.stderr
    later = {"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "tr_TR.UTF-8"}
    second = run(other, "-c", LATER, **later)
    assert second.returncode == 0, second.stderr
    assert differing(tree(one.parent / "site"), tree(other.parent / "site")) == []


def test_one_core_makes_what_many_make(tmp_path: Path) -> None:
    many, one = project(tmp_path / "many"), project(tmp_path / "one")
    assert run(many).returncode == 0
    assert run(one, "-c", ALONE).returncode == 0
    assert differing(tree(many.parent / "site"), tree(one.parent / "site")) == []


EDITS = {
    "nothing": ("docs/index.md", "", ""),
    "prose": (
        "docs/databases/sqlite.md",
        "\nchecked: 2025-06-30\n---\n",
        "\nchecked: 2025-06-30\n---\n\nIt is small.\n\n",
    ),
    "a fact": ("docs/databases/sqlite.md", "value: 2000-08-17", "value: 2000-08-18"),
    "a title": ("docs/databases/sqlite.md", "title: SQLite", "title: SQLite 3"),
    "the vocabulary": ("docs/data/vocabulary.yml", "label: License", "label: Licence"),
    "a setting": ("mkdocs.yml", "A Field Guide to Databases", "A Guide to Databases"),
    "a template": ("overrides/main.html", "<div ", "<div data-new "),
}


def test_a_build_after_any_edit_makes_what_a_clean_one_makes(tmp_path: Path) -> None:
    config = project(tmp_path, "!ENV KEPT")
    shutil.copytree(ROOT / "overrides", config.parent / "overrides")
    theirs = config.read_text(encoding="utf-8").replace(f"{ROOT}/overrides", "overrides")
    config.write_text(theirs, encoding="utf-8")
    kept, site = tmp_path / "kept/pages", config.parent / "site"
    assert run(config, KEPT=str(kept.parent)).returncode == 0
    pages = len(list(site.rglob("*.html")))
    new = {}
    for what, (name, old, text) in EDITS.items():
        edited = config.parent / name
        before = edited.read_text(encoding="utf-8")
        assert old in before, what
        edited.write_text(before.replace(old, text, 1), encoding="utf-8")
        known = {file.name for file in kept.iterdir()}
        assert run(config, KEPT=str(kept.parent)).returncode == 0, what
        found, new[what] = tree(site), {file.name for file in kept.iterdir()} - known
        assert run(config).returncode == 0, what
        assert differing(found, tree(site)) == [], what
    assert new["nothing"] == set()
    assert len(new["prose"]) == 1
    assert 1 < len(new["a fact"]) < pages / 2
    # What every page shows makes them all anew.
    assert all(len(new[what]) > pages / 2 for what in ("a title", "a setting", "a template"))


def test_a_damaged_page_is_made_again(tmp_path: Path) -> None:
    config = project(tmp_path, "../kept")
    assert run(config).returncode == 0
    whole = tree(config.parent / "site")
    for damage, file in enumerate(sorted((tmp_path / "kept/pages").iterdir())):
        data = file.read_bytes()
        file.write_bytes((b"", data[: len(data) // 2], b"\0" * len(data))[damage % 3])
    assert run(config).returncode == 0
    assert differing(whole, tree(config.parent / "site")) == []


def test_a_build_makes_no_page_again_that_has_not_changed(tmp_path: Path) -> None:
    config, pages = project(tmp_path, "../kept"), tmp_path / "kept/pages"
    assert run(config, PYTHONHASHSEED="1").returncode == 0
    kept = {path.name for path in pages.iterdir()}
    for seed in ("2", "3"):
        assert run(config, PYTHONHASHSEED=seed).returncode == 0
        assert {path.name for path in pages.iterdir()} == kept


def test_pages_that_another_plugin_has_a_hand_in_are_not_kept(tmp_path: Path) -> None:
    config = project(tmp_path, "../kept")
    hook(config, "more.py", "def on_page_content(html, **_):\n    return html\n")
    done = run(config)
    assert done.returncode == 0
    assert done.stderr.count("none is kept for later builds, because of plugins: 'more.py'") == 1
    assert not (tmp_path / "kept/pages").exists()


def test_pages_that_another_plugin_adds_are_published_and_seen_by_it(tmp_path: Path) -> None:
    config = project(tmp_path, "../kept")
    hook(config, "more.py", ADDING)
    done = run(config)
    assert done.returncode == 0, done.stderr
    page = (config.parent / "site/guide/zyxwvu/index.html").read_text(encoding="utf-8")
    assert '<a href="../../databases/sqlite/">SQLite</a>' in page
    assert "<title>Zyxwvu · A Field Guide to Databases</title>" in page
    assert "/guide/zyxwvu/</loc>" in (config.parent / "site/sitemap.xml").read_text(encoding="utf-8")
    assert (config.parent / "site/seen.txt").read_text(encoding="utf-8").split() == [
        "databases/sqlite.md",
        "guide/zyxwvu.md",
    ]
    assert list((tmp_path / "kept/pages").iterdir())


def test_only_the_things_asked_for_last_are_kept(tmp_path: Path) -> None:
    kept = BlobCache(tmp_path / "kept", "basis")
    made: list[str] = []

    def recall(name: str, kept: BlobCache = kept) -> bytes:
        time.sleep(0.02)  # the clock of a file system ticks slowly

        def make() -> bytes:
            made.append(name)
            return name.encode()

        return kept.get_or_compute(name, make)

    for name in ("a", "b", "c", "a"):
        assert recall(name) == name.encode()
    assert recall("c", BlobCache(tmp_path / "kept", "another")) == b"c"
    assert made == ["a", "b", "c", "c"]
    kept.prune(2)
    assert (recall("a"), recall("b")) == (b"a", b"b")
    assert made == ["a", "b", "c", "c", "b"]


def test_a_file_is_read_again_only_if_it_or_what_was_kept_of_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs, kept = project(tmp_path).parent / "docs", tmp_path / "kept"
    page, read = docs / "databases/sqlite.md", set[Path]()

    def noted(path: Path, name: str) -> str:
        read.add(path)
        return read_text(path, name)

    monkeypatch.setattr("fieldguide.source.loader.read_text", noted)

    def run() -> tuple[int, list[str]]:
        read.clear()
        memory = DocumentCache.load(kept, docs)
        memory.scan([docs])
        _, problems = load_and_check(docs, memory)
        memory.save()
        return len(read), list(map(str, problems))

    everything = run()
    assert everything[0] > 20
    assert run() == (0, [])
    page.write_text(page.read_text(encoding="utf-8") + "\nIt [lacks](nothing.md).\n", encoding="utf-8")
    (one, problems), (_, again) = run(), run()
    assert one == 1
    assert "broken-link" in problems[0]
    assert again == problems
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:-9], whole[:99] + bytes([whole[99] ^ 1]) + whole[100:]):
        file.write_bytes(damaged)
        assert run() == (everything[0], problems)
    monkeypatch.setattr("fieldguide.source.document_cache.describe_code", lambda: ["another version"])
    assert run() == (everything[0], problems)


@pytest.mark.parametrize("name", [None, "file/that/is/none", "file"])
def test_a_place_to_keep_things_is_not_needed(tmp_path: Path, name: str | None) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    folder = tmp_path / name if name else None
    kept, memory = BlobCache(folder, "basis"), DocumentCache.load(folder, tmp_path)
    assert kept.get_or_compute("a", lambda: b"a") == b"a"
    kept.prune(1)
    assert memory.get_or_make("a", "basis", lambda: b"a") == b"a"
    memory.save()
    environment = Environment(autoescape=True, bytecode_cache=TemplateCache(kept))
    assert environment.from_string("{{ a }}").render(a=1) == "1"
    loaded = Environment(autoescape=True, loader=DictLoader({"a": "b"}), bytecode_cache=environment.bytecode_cache)
    assert loaded.get_template("a").render() == "b"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_build_that_may_keep_nothing_is_the_same(tmp_path: Path) -> None:
    code, config = copied(tmp_path / "code"), project(tmp_path, "!ENV [CACHE, kept]")
    assert run(config, PYTHONPATH=str(code), CACHE="").returncode == 0
    whole = tree(config.parent / "site")
    assert not (config.parent / "kept").exists()
    (config.parent / "kept").write_text("no folder", encoding="utf-8")
    assert run(config, PYTHONPATH=str(code)).returncode == 0
    assert differing(whole, tree(config.parent / "site")) == []


def test_an_edit_of_the_generator_is_taken_in_whatever_was_kept(tmp_path: Path) -> None:
    code, config = copied(tmp_path / "code"), project(tmp_path, "../kept")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("- Timeline: timeline.md", "- timeline.md"), encoding="utf-8")

    def edited(name: str, old: str, new: str) -> subprocess.CompletedProcess[str]:
        assert run(config, PYTHONPATH=str(code)).returncode == 0
        file = code / "fieldguide" / name
        before = file.read_text(encoding="utf-8")
        assert old in before
        file.write_text(before.replace(old, new), encoding="utf-8")
        return run(config, PYTHONPATH=str(code))

    assert edited("render/page_types.py", 'title = "Timeline"', 'title = "Zyxwvu"').returncode == 0
    pages = [path.read_text(encoding="utf-8") for path in (config.parent / "site").rglob("index.html")]
    assert any(">Zyxwvu</a>" in page for page in pages)
    assert not any(">Timeline</a>" in page for page in pages)
    refused = edited("checks/entries.py", "CLAIM_WORDS = 60", "CLAIM_WORDS = 1")
    assert refused.returncode == 1
    assert "expected at most 1 words" in refused.stdout


@pytest.mark.parametrize("name", ["site.css", "chooser.js"])
def test_a_mistake_in_a_style_sheet_or_script_fails_a_build_at_its_line(tmp_path: Path, name: str) -> None:
    config = project(tmp_path)
    shutil.copytree(ROOT / "overrides", config.parent / "overrides")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"{ROOT}/overrides", "overrides"), encoding="utf-8")
    file = config.parent / "overrides/assets" / name
    file.write_text(f"/* One\ntwo */\n  ) {{\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    failed = run(config)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stdout + failed.stderr
    assert f"overrides/assets/{name}:3:3: asset: " in failed.stdout


def copied(folder: Path) -> Path:
    """A copy of our code that keeps things beside itself."""
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "scripts"


def test_what_one_core_says_of_a_page_many_say_and_a_warning_fails_the_build(tmp_path: Path) -> None:
    said = []
    for name, before in (("many", ()), ("one", ("-c", ALONE))):
        config = project(tmp_path / name)
        hook(config, "wary.py", WARY)
        done = run(config, *before)
        assert done.returncode == 1
        assert not (config.parent / "site").exists()
        said.append([line for line in done.stderr.splitlines() if "wary of" in line])
    assert said[0] == said[1] == ["WARNING -  wary of guide/server-or-library.md"]


def test_long_work_tells_how_far_it_is_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    config = project(tmp_path)
    shown, terminal = pty.openpty()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    with subprocess.Popen(command(config), stdout=subprocess.DEVNULL, stderr=terminal, env=environment) as process:
        os.close(terminal)
        heard = b""
        with suppress(OSError):  # the terminal has closed
            while part := os.read(shown, 4096):
                heard += part
    os.close(shown)
    assert process.returncode == 0
    assert b"Pages: " in heard
    assert "Pages: " not in run(config).stderr
