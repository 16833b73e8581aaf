"""The built site at any host: its files for hosts, and a real nginx that serves it."""

from __future__ import annotations

import gzip
import re
from fnmatch import fnmatch
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

import load
import nginx
import pytest
from lxml import etree, html

from fieldguide.site import hosting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

DEEP = "no/such/page/at/this/depth/"


class Answer(NamedTuple):
    """What a host says to a request."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(host: str, path: str, **headers: str) -> Answer:
    connection = HTTPConnection(urlsplit(host).netloc, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


def rules(site: Path) -> dict[str, dict[str, str]]:
    """The rules of `_headers`, by their path."""
    found: dict[str, dict[str, str]] = {}
    for line in (site / "_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            path = line
            assert path not in found
            found[path] = {}
        else:
            name, value = line.strip().split(": ", 1)
            found[path][name] = value
    return found


def loaded(site: Path) -> set[str]:
    """The scripts, style sheets and fonts that pages load, from the site's root."""
    query = "//script/@src | //link[@rel='stylesheet' or @rel='preload']/@href"
    found = set()
    for page in site.rglob("index.html"):
        for target in html.parse(page).xpath(query):
            found.add((page.parent / target).resolve().relative_to(site.resolve()).as_posix())
    return found


def redirects(site: Path) -> list[list[str]]:
    return [line.split() for line in (site / "_redirects").read_text(encoding="utf-8").splitlines()]


def test_whatever_every_page_loads_has_a_name_that_changes_with_it(site: Path) -> None:
    names = loaded(site)
    assert {Path(name).suffix for name in names} == {".css", ".js", ".woff2"}
    assert [name for name in names if not re.match(hosting.FINGERPRINT, f"/{name}")] == []
    assert [name for name in names if not (site / name).is_file()] == []


def test_what_is_loaded_is_named_anew_when_it_changes_or_what_it_loads_does(tmp_path: Path) -> None:
    names = []
    for number in range(3):
        root = tmp_path / str(number)
        for name, text in {
            "assets/site.css": '@font-face {src: url("fonts/a.woff2")}',
            "assets/fonts/a.woff2": "second font" if number else "first font",
            "assets/tool/page.js": "worker.js",
            "assets/tool/worker.js": "second" if number == 2 else "first",
            "assets/logo.svg": "<svg/>",
            "404.html": '<p id="/assets/site.css"><p id="/assets/fonts/a.woff2"><script src="/assets/tool/page.js">',
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        found = hosting.fingerprint_assets(root)
        names.append(found)
        assert f'url("{found["fonts/"]}a.woff2")' in (root / "assets" / found["site.css"]).read_text(encoding="utf-8")
        assert (root / "assets" / found["tool/"] / "worker.js").is_file()
        assert (root / "assets/logo.svg").is_file()
        page = hosting.prepare_page((root / "404.html").read_bytes(), "", found)
        assert f'<script src="/assets/{found["tool/"]}page.js">'.encode() in page
    assert names[0].keys() == names[1].keys() == {"site.css", "fonts/", "tool/"}
    assert {name for name in names[0] if names[0][name] != names[1][name]} == {"site.css", "fonts/"}
    assert {name for name in names[0] if names[1][name] != names[2][name]} == {"tool/"}


def test_headers_keep_what_never_changes_and_ask_again_for_the_rest(site: Path) -> None:
    ages = {path: rule["Cache-Control"] for path, rule in rules(site).items() if "Cache-Control" in rule}
    names = loaded(site)
    for path in site.rglob("*"):
        address = f"/{path.relative_to(site).as_posix()}".removesuffix("index.html")
        matched = [age for pattern, age in ages.items() if fnmatch(address, pattern)]
        if path.name == "index.html":
            assert matched == [hosting.ASK_AGAIN], address
        elif address.removeprefix("/") in names:
            assert matched == [hosting.KEEP], address
        else:
            assert len(matched) < 2, address


def test_headers_stay_within_what_hosts_read(site: Path) -> None:
    assert len(rules(site)) <= 100
    assert max(map(len, (site / "_headers").read_text(encoding="utf-8").splitlines())) <= 2000


def test_robots_lead_to_a_sitemap_of_every_page(site: Path) -> None:
    robots = (site / "robots.txt").read_text(encoding="utf-8")
    [sitemap] = re.findall(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    base = sitemap.removesuffix("sitemap.xml")
    listed = etree.parse(site / "sitemap.xml").xpath("//*[local-name()='loc']/text()")
    moved = {site / old.strip("/") / "index.html" for old, _, _ in redirects(site)}
    pages = {page.parent.relative_to(site).as_posix() for page in set(site.rglob("index.html")) - moved}
    assert {address.removeprefix(base).strip("/") for address in listed} == pages - {"."} | {""}


@pytest.fixture(scope="module")
def host(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where nginx serves the site."""
    with nginx.serving(site, tmp_path_factory.mktemp("nginx")) as address:
        yield address


def test_what_moved_leads_on_at_a_host_that_reads_no_redirects(host: str, site: Path) -> None:
    lines = redirects(site)
    assert lines
    for old, new, _ in lines:
        answer = ask(host, old)
        [content] = html.document_fromstring(answer.body).xpath("//meta[@http-equiv='refresh']/@content")
        assert answer.status == 200
        assert urljoin(old, content.partition("url=")[2]) == new
    assert ask(host, lines[0][1].rstrip("/")).headers["location"] == lines[0][1]


def test_nginx_sends_the_headers_of_the_build(host: str, site: Path) -> None:
    common = rules(site)["/*"]
    # Each page carries the rest of the policy, whose hashes are those of the theme.
    common["Content-Security-Policy"] = common["Content-Security-Policy"].rpartition("; ")[2]
    script = next(name for name in sorted(loaded(site)) if name.endswith(".js"))
    ages = {"/": hosting.ASK_AGAIN, f"/{script}": hosting.KEEP, "/data/catalog.json": hosting.ASK_AGAIN}
    for path, age in ages.items():
        answer = ask(host, path)
        assert answer.status == 200
        assert answer.headers["cache-control"] == age
        assert {name: answer.headers[name.lower()] for name in common} == common
    gone = ask(host, "/assets/site.0badf00d.js")
    assert (gone.status, gone.headers["cache-control"]) == (404, hosting.ASK_AGAIN)


def test_nginx_compresses_texts(host: str, site: Path) -> None:
    for name in ["index.html", "data/catalog.json", "llms.txt", "sitemap.xml", "assets/logo.svg"]:
        path = f"/{name.removesuffix('index.html')}"
        packed = ask(host, path, **{"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.body) == ask(host, path).body == (site / name).read_bytes()


def test_nginx_sends_a_page_once_until_it_changes(host: str) -> None:
    first = ask(host, "/")
    again = ask(host, "/", **{"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_nginx_names_types_and_encodings(host: str) -> None:
    types = {
        "/": "text/html; charset=utf-8",
        "/index.md": "text/plain; charset=utf-8",
        "/data/references.bib": "text/plain; charset=utf-8",
        "/data/catalog.json": "application/json; charset=utf-8",
    }
    assert {path: ask(host, path).headers["content-type"] for path in types} == types


def test_nginx_keeps_what_is_for_hosts_to_itself(host: str) -> None:
    assert {ask(host, path).status for path in ("/_headers", "/_redirects")} == {404}


@pytest.mark.browser
def test_the_error_page_works_at_any_depth(browser: Browser, host: str) -> None:
    page = browser.new_page(base_url=host)
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status != 200 else None)
    page.goto(DEEP)
    assert failed == [host + DEEP]
    assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
    page.locator("a.md-logo").first.click()
    page.wait_for_url(host)
    page.close()


@pytest.mark.browser
def test_pages_work_under_the_headers(browser: Browser, host: str) -> None:
    page = browser.new_page(base_url=host)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    for path in ("", "compare/", "systems/", "taxonomy/"):
        page.goto(path, wait_until="networkidle")
    assert errors == []
    page.close()


def test_two_hundred_readers_at_once_for_twenty_seconds_meet_no_error(host: str) -> None:
    found = load.run(host, clients=200, seconds=20)
    assert not found.errors, found
    assert len(found.times) > 200 * 20
