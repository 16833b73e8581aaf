"""The real content, the real site and a real browser, each made once for all tests."""

from __future__ import annotations

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts fast tests first, then those of the built site, then those in the browser."""
    items.sort(key=lambda item: ("page" in item.fixturenames, "site" in item.fixturenames))  # type: ignore[attr-defined]


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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built strictly into a temporary folder, without any warning."""
    target = tmp_path_factory.mktemp("build") / "site"
    run = build(ROOT / "mkdocs.yml", target)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "WARNING" not in run.stdout + run.stderr, run.stderr
    return target


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
