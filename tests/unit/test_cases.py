"""What authors get wrong, one folder a mistake: files laid over a sound guide, and the whole report that must follow.

In a case, `<path>.deleted` removes a file and `<path>.padded` lengthens it by as many line ends as it says;
settings beside the folder are checked too.
`UPDATE_CASES=1` writes the reports anew: read every one that changes, as the author who made the mistake.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from fieldguide.commands import check
from fieldguide.guide import load_and_check

HERE = ROOT / "tests"
CASES = sorted(path for path in (HERE / "cases").iterdir() if path.is_dir())


def lay(case: Path, docs: Path) -> None:
    """Puts the files of a case over a copy of the sound guide."""
    shutil.copytree(HERE / "databases" / "docs", docs)
    for source in filter(Path.is_file, (case / "docs").rglob("*")):
        target = docs / source.relative_to(case / "docs")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".deleted":
            target.with_suffix("").unlink()
        elif source.suffix == ".padded":
            with target.with_suffix("").open("ab") as file:
                file.write(b"\n" * int(source.read_text(encoding="utf-8")))
        else:
            shutil.copyfile(source, target)
    if (case / "mkdocs.yml").is_file():
        shutil.copyfile(case / "mkdocs.yml", docs.parent / "mkdocs.yml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_report(case: Path, tmp_path: Path) -> None:
    lay(case, tmp_path / "docs")
    report = check.report(load_and_check(tmp_path / "docs")[1], "text", tmp_path / "docs") + "\n"
    expected = case / "problems.txt"
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(report, encoding="utf-8")
    assert report == expected.read_text(encoding="utf-8")
    assert (report == "0 problems\n") == case.name.startswith("sound-")
