"""Make a built site ready for any static host: a security policy, names that change with their content, headers."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from typing import TYPE_CHECKING

from lxml import etree

from fieldguide.parallel import parallel_map
from fieldguide.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lxml.html import HtmlElement

    from fieldguide.site.html import BuiltPage

# The error page is the theme without any content, so that what is inline in it is the theme's own.
ERROR_PAGE = "404.html"
SCRIPTS = etree.XPath("//script[not(@src) and not(@type='application/json') and not(@type='application/ld+json')]")
STYLES = etree.XPath("//style")
# Attributes that load what they name, and those that may also lead to it.
LOADS = {"src", "srcset", "poster", "data", "background", "ping", "action", "formaction"}
LINKS = LOADS | {"href", "xlink:href", "values", "from", "to"}
HANDLER = re.compile("on[a-z]+")
SCRIPT_ADDRESS = re.compile(r"\s*(java|vb)script:", re.IGNORECASE)
OTHER_HOST = re.compile(r"(^|,)\s*([a-z]+:)?[/\\]{2}", re.IGNORECASE)
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ASK_AGAIN = "public, max-age=0, must-revalidate"
KEEP = "public, max-age=31536000, immutable"
CHARSET = b'<meta charset="utf-8">'
FINGERPRINT = r"^/assets/.+\.[0-9a-f]{8}[./]"
LOADED = re.compile(r'(?<=[/"])assets/[^"]+\.(?:css|js|woff2)(?=")')
LOADABLE = re.compile(r"assets/[^/]+\.(?:css|js|woff2)")
# Folders and fonts first: style sheets name them.
SUFFIXES = ("", ".woff2", ".css", ".js")


def list_inline(tree: HtmlElement) -> list[tuple[str, int]]:
    """Return the code and style that stands in a page itself, with lines; a script as its hash in a policy."""
    return [
        *((hash_script(script.text or ""), script.sourceline) for script in SCRIPTS(tree)),
        *(("inline style", style.sourceline) for style in STYLES(tree)),
        *((what, element.sourceline) for element in tree.iter("*") for what in list_refused(element.items())),
    ]


def list_refused(attributes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield what a policy refuses of an element's attributes."""
    for name, value in attributes:
        if name == "style":
            yield "inline style"
        elif HANDLER.fullmatch(name) or (name in LINKS and SCRIPT_ADDRESS.match(re.sub(r"[\t\n\r]", "", value))):
            yield "inline handler"
        elif name in LOADS and OTHER_HOST.search(value):
            yield "address of another host"


def hash_script(script: str) -> str:
    """Return the hash by which a policy allows a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def list_hashes(page: BuiltPage) -> list[str]:
    """Return the hashes of the scripts that stand in a page itself."""
    return [what for what, _ in page.inline if what.startswith("'")]


def check_inline(pages: Mapping[str, BuiltPage]) -> list[Problem]:
    """Return a problem for each piece of inline code or style that a browser would not run under the policy."""
    allowed = list_hashes(pages[ERROR_PAGE])
    return [
        Problem(path=f"site/{name}", line=line, column=1, rule="inline-code", message=explain_refusal(what))
        for name, page in pages.items()
        for what, line in page.inline
        if what not in allowed
    ]


def explain_refusal(what: str) -> str:
    """Return why inline code is a problem."""
    named = "inline script" if what.startswith("'") else what
    return f"{named} is refused by the site's security policy: it belongs in a file of the theme"


def write_policy(error_page: BuiltPage) -> str:
    """Return the Content-Security-Policy that allows a theme's inline scripts, and else only the site's own files."""
    sources = SOURCES | {"script-src": " ".join([SOURCES["script-src"], *list_hashes(error_page)])}
    return "; ".join(f"{name} {allowed}" for name, allowed in sources.items())


def prepare_site(root: Path, pages: Mapping[str, BuiltPage], address: str) -> None:
    """Make a built site ready for any static host; `address` is its own, if it is known."""
    policy = write_policy(pages[ERROR_PAGE])
    names = fingerprint_assets(root)

    def prepare_share(share: Sequence[str]) -> None:
        for name in share:
            path = root / name
            path.write_bytes(prepare_page(path.read_bytes(), policy, names))

    for _ in parallel_map(prepare_share, list(pages), "Hosting"):
        pass
    (root / "_headers").write_text(write_headers(root, policy), encoding="utf-8", newline="\n")
    robots = root / "robots.txt"
    if address and not robots.exists():
        text = f"User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.xml\n"
        robots.write_text(text, encoding="utf-8", newline="\n")


def prepare_page(page: bytes, policy: str, names: Mapping[str, str]) -> bytes:
    """Return a page that carries its policy and asks for files by their new names."""
    for old, new in names.items():
        end = "" if old.endswith("/") else '"'
        page = page.replace(f"assets/{old}{end}".encode(), f"assets/{new}{end}".encode())
    meta = f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(CHARSET, CHARSET + meta.encode(), 1)


def fingerprint_assets(root: Path) -> dict[str, str]:
    """Name scripts, styles and fonts, or folders with all they hold, after their content; return old names to new."""
    assets = root / "assets"
    files = [path.relative_to(root).as_posix() for path in assets.glob("*.*")]
    loaded = list_loaded((root / ERROR_PAGE).read_text(encoding="utf-8"), files)
    names: dict[str, str] = {}
    for unit in sorted((assets / name for name in loaded), key=lambda unit: (SUFFIXES.index(unit.suffix), unit.name)):
        if unit.suffix == ".css":
            style = rename_in_style(unit.read_text(encoding="utf-8"), names)
            unit.write_text(style, encoding="utf-8", newline="\n")
        new = unit.with_name(f"{unit.stem}.{hash_content(unit)}{unit.suffix}")
        mark = "/" if unit.is_dir() else ""
        names[unit.name + mark] = new.name + mark
        unit.rename(new)
    return names


def list_loaded(error_page: str, files: Iterable[str]) -> set[str]:
    """Return what in `assets/` is named after its content: what the error page loads, and what other pages may load."""
    paths = {*LOADED.findall(error_page), *filter(LOADABLE.fullmatch, files)}
    return {path.split("/")[1] for path in paths if not re.match(FINGERPRINT, f"/{path}")}


def hash_content(unit: Path) -> str:
    """Return what changes with the content of a file, or of any file in a folder."""
    digest = hashlib.sha256()
    for path in sorted(unit.rglob("*")) if unit.is_dir() else [unit]:
        if path.is_file():
            digest.update(path.relative_to(unit.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


def rename_in_style(style: str, names: Mapping[str, str]) -> str:
    """Return a style sheet that asks for files by their new names."""
    for old, new in names.items():
        style = re.sub(rf"""(?<=\()(["']?){re.escape(old)}""", rf"\g<1>{new}", style)
    return style


def write_headers(root: Path, policy: str) -> str:
    """Return `_headers` for Netlify and Cloudflare Pages, which join the values of rules that overlap: no two do."""
    headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'", **HEADERS}
    names = sorted(f"/{path.relative_to(root).as_posix()}" for path in (root / "assets").rglob("*.*"))
    folders = sorted(path.name for path in root.iterdir() if path.is_dir() and path.name != "assets")
    ages = {"/": ASK_AGAIN} | {f"/{name}/*": ASK_AGAIN for name in folders}
    ages |= {name: KEEP for name in names if re.match(FINGERPRINT, name)}
    rules = [f"{path}\n  Cache-Control: {age}\n" for path, age in ages.items()]
    return "".join(["/*\n", *(f"  {name}: {value}\n" for name, value in headers.items()), *rules])


def name_staging(target: Path) -> Path:
    """Return the folder beside a site in which the next one is built."""
    return target.with_name(f".{target.name}-next")


def replace_site(target: Path) -> None:
    """Put the staged site in the place of the last one."""
    last = target.with_name(f".{target.name}-last")
    shutil.rmtree(last, ignore_errors=True)
    if target.exists():
        target.rename(last)
    name_staging(target).rename(target)
    shutil.rmtree(last, ignore_errors=True)
