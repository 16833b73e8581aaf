"""What a host needs beside the pages: a policy, headers, names that change with their content."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from lxml import etree

from fieldguide.parallel import parallel_map
from fieldguide.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fieldguide.site.site import Built

# The error page is the theme without any content, so that what is inline in it is the theme's own.
THEME = "404.html"
CODE = etree.XPath("//script[not(@src) and not(@type='application/json') and not(@type='application/ld+json')]")
STYLES = etree.XPath("//style")
LOADS = {"src", "srcset", "poster", "data", "background", "ping", "action", "formaction"}
LINKS = LOADS | {"href", "xlink:href", "values", "from", "to"}
HANDLER = re.compile("on[a-z]+")
SCRIPT = re.compile(r"\s*(java|vb)script:", re.IGNORECASE)
AWAY = re.compile(r"(^|,)\s*([a-z]+:)?[/\\]{2}", re.IGNORECASE)
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
# Space that HTML reads as a single one, but here.
SPACE = re.compile(r"\n\s+")
SPACED = re.compile(r"(<(?:pre|script|textarea)\b.*?</(?:pre|script|textarea)>)", re.DOTALL)
CHARSET = b'<meta charset="utf-8">'
FINGERPRINT = r"^/assets/.+\.[0-9a-f]{8}[./]"
LOADED = re.compile(r'(?<=[/"])assets/[^"]+\.(?:css|js|woff2)(?=")')
LOADABLE = re.compile(r"assets/[^/]+\.(?:css|js|woff2)")
# Folders and fonts first: style sheets name them.
SUFFIXES = ("", ".woff2", ".css", ".js")
ASK_AGAIN = "public, max-age=0, must-revalidate"
KEEP = "public, max-age=31536000, immutable"


def inline(tree: etree._Element) -> list[tuple[str, int]]:
    """The code and style that stands in a page itself, with its line; a script as its hash in a policy."""
    return [
        *((_hash(script.text or ""), script.sourceline) for script in CODE(tree)),
        *(("inline style", style.sourceline) for style in STYLES(tree)),
        *((what, element.sourceline) for element in tree.iter("*") for what in _refused(element.items())),
    ]


def _refused(attributes: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in attributes:
        if name == "style":
            yield "inline style"
        elif HANDLER.fullmatch(name) or (name in LINKS and SCRIPT.match(re.sub(r"[\t\n\r]", "", value))):
            yield "inline handler"
        elif name in LOADS and AWAY.search(value):
            yield "address of another host"


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _hashes(page: Built) -> list[str]:
    return [what for what, _ in page.inline if what.startswith("'")]


def refused(pages: Mapping[str, Built]) -> list[Problem]:
    """A problem for each piece of inline code or style that a browser would not run under the policy."""
    allowed = _hashes(pages[THEME])
    return [
        Problem(path=f"site/{name}", line=line, column=1, rule="inline-code", message=_message(what))
        for name, page in pages.items()
        for what, line in page.inline
        if what not in allowed
    ]


def _message(what: str) -> str:
    named = "inline script" if what.startswith("'") else what
    return f"{named} is refused by the site's security policy: it belongs in a file of the theme"


def policy(theme: Built) -> str:
    """The Content-Security-Policy that runs a theme's inline scripts, and otherwise only the site's own files."""
    sources = SOURCES | {"script-src": " ".join([SOURCES["script-src"], *_hashes(theme)])}
    return "; ".join(f"{name} {allowed}" for name, allowed in sources.items())


def prepare(root: Path, pages: Mapping[str, Built], address: str) -> None:
    """Makes a built site ready for any static host; `address` is its own, if it is known."""
    rules = policy(pages[THEME])
    names = fingerprint(root)

    def pack(share: Sequence[str]) -> None:
        for name in share:
            path = root / name
            path.write_bytes(packed(path.read_bytes(), rules, names))

    for _ in parallel_map(pack, list(pages), "Hosting"):
        pass
    for name, text in files(root, rules, address).items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")


def fingerprint(root: Path) -> dict[str, str]:
    """Names scripts, styles and fonts, or folders with all they hold, after their content; old names to new."""
    files = (path.relative_to(root).as_posix() for path in (root / "assets").glob("*.*"))
    names: dict[str, str] = {}
    units = {root / "assets" / name for name in loaded((root / THEME).read_text(encoding="utf-8"), files)}
    for unit in sorted(units, key=lambda unit: (SUFFIXES.index(unit.suffix), unit.name)):
        if unit.suffix == ".css":
            unit.write_text(renamed(unit.read_text(encoding="utf-8"), names), encoding="utf-8", newline="\n")
        new = unit.with_name(f"{unit.stem}.{_content(unit).hexdigest()[:8]}{unit.suffix}")
        mark = "/" if unit.is_dir() else ""
        names[unit.name + mark] = new.name + mark
        unit.rename(new)
    return names


def loaded(theme: str, files: Iterable[str]) -> set[str]:
    """What in `assets/` is named after its content: what the error page loads, and files that other pages may load."""
    paths = {*LOADED.findall(theme), *filter(LOADABLE.fullmatch, files)}
    return {path.split("/")[1] for path in paths if not re.match(FINGERPRINT, f"/{path}")}


def _content(unit: Path) -> hashlib._Hash:
    digest = hashlib.sha256()
    for path in sorted(unit.rglob("*")) if unit.is_dir() else [unit]:
        if path.is_file():
            digest.update(path.relative_to(unit.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest


def renamed(style: str, names: Mapping[str, str]) -> str:
    """A style sheet that asks for files by their new names."""
    for old, new in names.items():
        style = re.sub(rf"""(?<=\()(["']?){re.escape(old)}""", rf"\g<1>{new}", style)
    return style


def plain(page: str) -> str:
    """A page without space that nobody sees."""
    parts = SPACED.split(page)
    parts[::2] = [SPACE.sub("\n", part) for part in parts[::2]]
    return "".join(parts)


def packed(page: bytes, rules: str, names: Mapping[str, str]) -> bytes:
    """A page that carries its policy and asks for files by their new names."""
    for old, new in names.items():
        end = "" if old.endswith("/") else '"'
        page = page.replace(f"assets/{old}{end}".encode(), f"assets/{new}{end}".encode())
    return page.replace(
        CHARSET, CHARSET + f'\n<meta http-equiv="Content-Security-Policy" content="{rules}">'.encode(), 1
    )


def files(root: Path, rules: str, address: str) -> dict[str, str]:
    """The files that tell hosts, and robots, how to serve a site."""
    headers = {
        "Content-Security-Policy": f"{rules}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    made = {"_headers": _headers(root, headers)}
    if address and not (root / "robots.txt").exists():
        made["robots.txt"] = f"User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.xml\n"
    return made


def _headers(root: Path, headers: Mapping[str, str]) -> str:
    """As Netlify and Cloudflare Pages read it; both join the values of rules that overlap, so that no two do."""
    names = sorted(f"/{path.relative_to(root).as_posix()}" for path in (root / "assets").rglob("*.*"))
    folders = sorted(path.name for path in root.iterdir() if path.is_dir() and path.name != "assets")
    ages = {"/": ASK_AGAIN} | {f"/{name}/*": ASK_AGAIN for name in folders}
    ages |= {name: KEEP for name in names if re.match(FINGERPRINT, name)}
    rules = [f"{path}\n  Cache-Control: {age}\n" for path, age in ages.items()]
    return "".join(["/*\n", *(f"  {name}: {value}\n" for name, value in headers.items()), *rules])
