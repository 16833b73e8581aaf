"""What authors get wrong, one YAML file a mistake: changes to a sound guide, and the whole report that must follow.

`change` says by path what becomes of a file of `tests/databases`:

- edits, by the text that stands in the file once: what replaces it, or under `append` what is added at the end;
- a text or binary data, which is the whole file;
- a number, which is how many empty lines are added at the end;
- `null`, which removes it.

`report` is what `scripts/check` prints. `UPDATE_CASES=1` writes it anew and leaves the rest of the file as it is: read
every report that changes, as the author who made the mistake. A case stands in the folder of the rule that it breaks
first, or in `sound` if it breaks none.
"""

from __future__ import annotations

import os
import re
import shutil
from textwrap import indent
from typing import TYPE_CHECKING, TypeAlias

import pytest
import yaml
from conftest import ROOT
from guides import SMALL_GUIDE as SOUND

from fieldguide.guide import load_and_check
from fieldguide.report import format_report
from fieldguide.source.document_cache import DocumentCache

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Text: TypeAlias = str | bytes
Change: TypeAlias = Text | int | dict[str, Text] | None

SOUND_FILES = {path.relative_to(SOUND).as_posix() for path in (SOUND / "docs").rglob("*") if path.is_file()}
FOLDER = ROOT / "tests/cases"
CASES = {path.relative_to(FOLDER).with_suffix("").as_posix(): path for path in sorted(FOLDER.rglob("*.yml"))}
REPORT = "report: |\n"
RULE = re.compile(r"^\S.*?:\d+:\d+: (?:warning: )?([a-z-]+): ", re.MULTILINE)


def encode_text(text: Text) -> bytes:
    """Return a text in UTF-8, and binary data as it is."""
    return text if isinstance(text, bytes) else text.encode()


def edit_file(data: bytes, edits: Mapping[str, Text]) -> bytes:
    """Return a file with texts replaced that stand in it once."""
    for before, after in edits.items():
        if before == "append":
            data += encode_text(after)
        else:
            assert data.count(before.encode()) == 1, f"{before!r} has to stand in the file once"
            data = data.replace(before.encode(), encode_text(after))
    return data


def change_guide(root: Path, changes: Mapping[str, Change]) -> None:
    """Change the files of a guide as a case says.

    Files are removed first: where letters are not told apart by case, a new file may take the name of an old one.
    """
    for name, change in sorted(changes.items(), key=lambda item: item[1] is not None):
        path = root / name
        if change is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(change, dict):
            path.write_bytes(edit_file(path.read_bytes(), change))
        elif isinstance(change, int):
            path.write_bytes(path.read_bytes() + b"\n" * change)
        else:
            path.write_bytes(encode_text(change))


def restore_guide(root: Path, changes: Mapping[str, Change]) -> None:
    """Undo the changes of a case; new files are removed first, as above."""
    for name in sorted(changes, key=lambda name: name in SOUND_FILES):
        path = root / name
        if name in SOUND_FILES:
            path.parent.mkdir(exist_ok=True)
            shutil.copyfile(SOUND / name, path)
            continue
        path.unlink()
        while not any(path.parent.iterdir()):
            path = path.parent
            path.rmdir()


def update_report(path: Path, report: str) -> None:
    """Write the report of a case anew; what stands above it stays as it is."""
    above, _, _ = path.read_text(encoding="utf-8").partition(REPORT)
    path.write_text(above + REPORT + indent(report, "  "), encoding="utf-8")


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a sound guide, which cases change one after another."""
    root = tmp_path_factory.mktemp("cases")
    shutil.copytree(SOUND / "docs", root / "docs")
    return root


@pytest.fixture(scope="module")
def cache() -> DocumentCache:
    """Return what keeps the files of the guide that a case leaves as they are."""
    return DocumentCache()


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, guide: Path, cache: DocumentCache) -> None:
    case = yaml.load(CASES[name].read_bytes(), Loader=yaml.CSafeLoader)
    changes = case.get("change", {})
    change_guide(guide, changes)
    try:
        cache.scan([guide / "docs"])
        report = format_report(load_and_check(guide / "docs", cache)[1], "text", guide / "docs") + "\n"
    finally:
        restore_guide(guide, changes)
    if os.environ.get("UPDATE_CASES"):
        update_report(CASES[name], report)
    else:
        assert report == case["report"]
    first, *_ = [*RULE.findall(report), "sound"]
    assert CASES[name].parent.name == first
