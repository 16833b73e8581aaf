"""Join ES modules and style sheets with all that they import."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fieldguide.problem import ParseError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Texts = Mapping[str, str]

IMPORT = re.compile(r'^(?:@import|import(?: \{\s*(\w+(?:,\s*\w+)*),?\s*\} from)?) "(\.[^"]+)";?$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) )", re.MULTILINE)
# What is left of these: another form of import or export, or the declaration of a name.
STATEMENT = re.compile(r"^(?:(?:import|export)\b.*|(?:async )?(?:function|class|const|let) (\w+))", re.MULTILINE)


def refuse(uri: str, message: str, line: int = 1, column: int = 1) -> ParseError:
    """Return the error of a file at a place."""
    return ParseError(Problem(path=uri, line=line, column=column, rule="asset", message=message))


def _refuse_statement(uri: str, message: str, statement: re.Match[str]) -> ParseError:
    return refuse(uri, message, statement.string.count("\n", 0, statement.start()) + 1)


def order_imports(uri: str, files: Texts, seen: set[str]) -> Iterator[str]:
    """Yield a file after all that it imports, in the order in which they take effect, but for those that were seen."""
    seen.add(uri)
    for statement in IMPORT.finditer(files[uri]):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(uri), statement[2]))
        if target not in files:
            raise _refuse_statement(uri, f"'{statement[2]}' is imported, but does not exist", statement)
        if target not in seen:
            yield from order_imports(target, files, seen)
    yield uri


def remove_imports(text: str) -> str:
    """Return a text without its imports; lines keep their numbers."""
    return IMPORT.sub(lambda statement: "\n" * statement[0].count("\n"), text)


def join_scripts(files: Texts, common: str) -> dict[str, str]:
    """Return the scripts that no other imports, joined with the modules that they import; raise ParseError.

    A script that imports the `common` one is loaded after it, and takes from it the modules that both need.
    """
    modules = {uri: list(order_imports(uri, files, set())) for uri in files}
    imported = {part for parts in modules.values() for part in parts[:-1]} - {common}
    joined, taken = {}, {}
    for uri in files.keys() - imported:
        shared = modules[common] if uri != common and common in modules[uri] else []
        joined[uri], taken[uri] = _join([part for part in modules[uri] if part not in shared], files)
    given = sorted(set().union(*taken.values()))
    for uri, text in joined.items():
        names = ", ".join(name if name in taken[uri] else "" for name in given)
        head = f"const [{names}] = guide\n" if taken[uri] else ""
        tail = f"globalThis.guide = [{', '.join(given)}]\n" if given and uri == common else ""
        joined[uri] = f"(() => {{\n'use strict'\n{head}{text}{tail}}})()" if len(modules[uri]) > 1 else files[uri]
    return joined


def _join(uris: Iterable[str], files: Texts) -> tuple[str, set[str]]:
    """Return modules in one scope, and the names that they import from others."""
    declared: dict[str, str] = {}
    texts, wanted = [], set[str]()
    for uri in uris:
        wanted.update(*(re.findall(r"\w+", statement[1] or "") for statement in IMPORT.finditer(files[uri])))
        text = EXPORT.sub("", remove_imports(files[uri]))
        for statement in STATEMENT.finditer(text):
            if not (name := statement[1]):
                raise _refuse_statement(
                    uri, "expected an import or an export by name, so that it can be joined", statement
                )
            if (other := declared.setdefault(name, uri)) != uri:
                raise _refuse_statement(uri, f"'{name}' is declared in {other} too, to which this is joined", statement)
        texts.append(text)
    return "".join(texts), wanted - declared.keys()
