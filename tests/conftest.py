"""The real content, the real site and a real browser, each made once for all tests."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import pytest
from playwright.sync_api import expect, sync_playwright

from fieldguide.guide import load_and_check
from fieldguide.report import format_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from fieldguide.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    "--font-render-hinting=none",  # the shell of Chromium would fit letters to whole pixels, as no browser does
]


ORDER = ("unit", "site", "browser")
# What takes longest is begun first where many processes share the tests, so that they end at about the same time.
LONGEST = (
    *("test_accessibility", "test_preview", "test_reliable", "test_hostile", "test_limits", "test_search"),
    *("test_compare", "test_fuzz", "test_engines", "test_checkout", "test_hosting", "test_site", "test_cases"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put fast tests first, then those of the built site, then those in the browser; for many processes, long ones."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))
    else:
        items.sort(key=lambda item: ORDER.index(item.path.parent.name))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalog of the real content."""
    found, problems = load_and_check(ROOT / "docs")
    assert not problems, format_text(problems)
    return found


def build(config: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """A strict build as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(config), "--site-dir", str(target)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )


def build_once(factory: pytest.TempPathFactory, config: Path) -> Path:
    """Return the site of a guide, built strictly and without a warning by the first process of the tests to need it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # in which each process has its folder
    target = shared / f"built-{config.parent.name}" / "site"
    with (shared / "building").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            run = build(config, target)
            assert run.returncode == 0, run.stdout + run.stderr
            assert "WARNING" not in run.stdout + run.stderr, run.stderr
    return target


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site."""
    return build_once(tmp_path_factory, ROOT / "mkdocs.yml")


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built guide to databases."""
    return build_once(tmp_path_factory, ROOT / "tests/databases/mkdocs.yml")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has in the library
        """Says nothing."""


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=ARGUMENTS)
        yield browser
        browser.close()


def type_in_search(page: Page, text: str) -> None:
    """Opens search by its key and types a text."""
    page.keyboard.press("/")
    expect(page.locator(".md-search__input, [role=combobox]").first).to_be_focused()
    page.keyboard.type(text, delay=10)
    page.wait_for_load_state("networkidle")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of 1280 px; the test fails if it asks another host or logs an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    errors: list[str] = []
    page.on("request", lambda r: errors.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert not errors
