"""`scripts/bench code`: the size of the generator, and how its modules depend on one another and on MkDocs."""

from __future__ import annotations

import argparse
import ast
import io
import shutil
import sys
import tempfile
import tokenize
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide import urls
from fieldguide.guide import load_guide
from fieldguide.render.pages import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "fieldguide"
LAYOUT = {getattr(tokenize, name) for name in ("COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENDMARKER")}
LONG_FUNCTION = 40
# Modules and packages from the lowest to the highest: an import leads to the same row or to one above it in this list.
ORDER = [
    {"cache", "parallel", "problem"},
    {"formats", "model", "report"},
    {"catalog", "urls"},
    {"source"},
    {"mentions"},
    {"checks", "render"},
    {"guide"},
    {"config", "site"},
    {"cli", "commands", "plugin", "preview"},
]
# What the code is held to by `tests/unit/test_code.py`.
LIMITS = {
    "Python tokens": 82_100,
    "Python files": 67,
    "private names of MkDocs": 0,
    "import circles": 0,
    "imports that run up": 0,
    "functions of 40 lines or more": 0,
    "lines of templates": 1_150,
    "files that a fact passes on its way to a cell": 15,
}
# Where a limit is to go: lower it with every step towards its goal.
GOALS = {"Python tokens": 62_000, "Python files": 58}
FOREIGN = ("material", "mkdocs")
SENTINEL = "Zyxwvut Ltd."
DEPTH = 6


class Code:
    """All Python files below a folder that holds the package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = sorted(folder.rglob("*.py"))

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """Syntax trees by module name, without the name of the package."""
        return {self._module(path): ast.parse(path.read_text(encoding="utf-8")) for path in self.files}

    def _module(self, path: Path) -> str:
        parts = path.relative_to(self.folder).with_suffix("").parts
        return ".".join(part for part in parts if part not in (PACKAGE, "__init__")) or PACKAGE

    def count_tokens(self) -> int:
        """Return the number of tokens, without comments and layout."""
        return sum(
            token.type not in LAYOUT
            for path in self.files
            for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        )

    def _functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Yield every function with its module."""
        for module, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield module, node

    def long_functions(self) -> list[str]:
        """Return the functions of 40 lines or more."""
        return [
            f"{module}.{node.name}"
            for module, node in self._functions()
            if (node.end_lineno or 0) - node.lineno + 1 >= LONG_FUNCTION
        ]

    def share_of_one_word_names(self) -> float:
        """Return the share of functions whose name is one word."""
        names = [node.name.strip("_") for _, node in self._functions()]
        return sum("_" not in name for name in names) / len(names)

    def private_uses(self) -> list[str]:
        """Return where a private name of MkDocs or Material is read, or one of their modules is changed."""
        return [
            f"{module}:{line}: {what}" for module, tree in self.trees.items() for line, what in find_private_uses(tree)
        ]

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """Module to the modules of the package that it imports anywhere, for types too."""
        return {module: set(self._imports(module, tree)) for module, tree in self.trees.items()}

    def _imports(self, module: str, tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE:
                base = (node.module or "").removeprefix(PACKAGE).lstrip(".")
                for alias in node.names:
                    inner = f"{base}.{alias.name}".lstrip(".")
                    target = inner if inner in self.trees else base or PACKAGE
                    if target != module:
                        yield target

    def circles(self) -> list[str]:
        """Return the modules that import one another, directly or through others."""
        reached = {module: self._reach(module) for module in self.trees}
        groups = {frozenset(other for other in reached[m] if m in reached[other]) for m in reached if m in reached[m]}
        return [" <-> ".join(sorted(group)) for group in groups]

    def _reach(self, module: str) -> set[str]:
        found: set[str] = set()
        todo = list(self.imports[module])
        while todo:
            if (name := todo.pop()) not in found:
                found.add(name)
                todo += self.imports.get(name, ())
        return found

    def upward_imports(self) -> list[str]:
        """Return the imports that lead to a room further up, and the modules that have no place in the order."""
        ranks = {name: rank for rank, names in enumerate(ORDER) for name in names}
        homeless = [module for module in self.trees if module.partition(".")[0] not in {*ranks, PACKAGE}]
        return homeless + [
            f"{module} -> {target}"
            for module, targets in self.imports.items()
            for target in sorted(targets)
            if ranks.get(target.partition(".")[0], 0) > ranks.get(module.partition(".")[0], len(ORDER))
        ]


def find_private_uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    foreign = [node for node in imports if _origin(node) in FOREIGN]
    names = {alias.asname or alias.name.partition(".")[0] for node in foreign for alias in node.names}
    for node in foreign:
        yield from ((node.lineno, alias.name) for alias in node.names if _is_private(alias.name))
    for found in ast.walk(tree) if foreign else ():
        if isinstance(found, ast.Attribute):
            root = _root(found)
            if (_is_private(found.attr) and root not in ("self", "cls")) or found.attr == "user_configs":
                yield found.lineno, ast.unparse(found)
            elif isinstance(found.ctx, ast.Store) and root in names:
                yield found.lineno, f"{ast.unparse(found)} = ..."


def _origin(node: ast.Import | ast.ImportFrom) -> str:
    name = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
    return name.partition(".")[0]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def count_template_lines(root: Path) -> int:
    """Return the lines of all files in the folders of templates below `scripts/`."""
    paths = [path for path in root.glob("scripts/**/templates/**/*") if path.is_file()]
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def trace_fact(folder: Path) -> list[str]:
    """Return the files whose functions are given a fact while a guide is loaded and a matrix is made, in order."""
    docs = folder / "docs"
    shutil.copytree(ROOT / "tests/databases/docs", docs)
    page = docs / "databases/redis.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("value: Redis Ltd.", f"value: {SENTINEL}"), encoding="utf-8")
    found: dict[str, None] = {}
    code = str(ROOT / "scripts" / PACKAGE)

    def watch(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(code) and name.endswith(".py") and name not in found:
            count = frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount
            given = [frame.f_locals[name] for name in frame.f_code.co_varnames[:count] if name in frame.f_locals]
            if any(_holds(value, DEPTH) for value in given):
                found[name] = None

    sys.setprofile(watch)
    try:
        catalog = load_guide(docs).catalog
        matrix = Outputs(catalog).files[urls.matrix(catalog, "database")]()
    finally:
        sys.setprofile(None)
    if SENTINEL not in matrix:
        raise ValueError("the matrix does not show the fact")
    return [Path(name).relative_to(code).as_posix() for name in found]


def _holds(value: Any, depth: int) -> bool:
    """Say whether a value is or holds the fact; what holds the whole guide, such as the catalog, does not count."""
    if isinstance(value, str):
        return SENTINEL in value
    if not depth or type(value).__name__ == "Catalog":
        return False
    if isinstance(value, dict):
        return any(_holds(item, depth - 1) for item in value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return any(_holds(item, depth - 1) for item in value)
    fields = getattr(type(value), "__dataclass_fields__", {})
    return any(_holds(getattr(value, name, None), depth - 1) for name in fields)


def measure_code() -> dict[str, tuple[float, Sequence[str]]]:
    """Return each measure by its name in LIMITS, with what counts towards it where that is a list."""
    code = Code(ROOT / "scripts")
    lists = {
        "private names of MkDocs": code.private_uses(),
        "import circles": code.circles(),
        "imports that run up": code.upward_imports(),
        "functions of 40 lines or more": code.long_functions(),
    }
    with tempfile.TemporaryDirectory() as folder:
        lists["files that a fact passes on its way to a cell"] = trace_fact(Path(folder))
    return {
        "Python tokens": (code.count_tokens(), ()),
        "Python files": (len(code.files), ()),
        "functions with a one-word name, %": (round(100 * code.share_of_one_word_names()), ()),
        "lines of templates": (count_template_lines(ROOT), ()),
        **{name: (len(found), found) for name, found in lists.items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the size of the code, what it uses of MkDocs, its imports and the way of a fact, as a Markdown table."""
    parser = argparse.ArgumentParser(prog="scripts/bench code", description=main.__doc__)
    parser.parse_args(arguments)
    measures = measure_code()
    lines = ["| Measure | Value | Limit | Goal |", "| --- | ---: | ---: | ---: |"]
    for name, (value, _) in measures.items():
        lines.append(f"| {name} | {value:,} | {LIMITS.get(name, '')} | {GOALS.get(name, '')} |")
    for name, (_, details) in measures.items():
        if details:
            lines += ["", f"{name}:", *(f"  {detail}" for detail in details)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
