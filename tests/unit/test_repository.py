"""What surrounds the guide: workflows, licenses and the names of files."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT
from workflows import BIN, WORKFLOWS, load, run, steps

PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
# What Windows refuses in the name of a file or folder: signs, names of devices, and a dot or space at the end.
UNPORTABLE = re.compile(
    r"""[<>:"\\|?*\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)""", re.IGNORECASE
)
LONGEST_PATH = 150  # of the 260 characters of a whole path
LOOSE = """on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
      - run: echo ${{ github.event.head_commit.message }} ${{ matrix.none }}
"""


def lint(workflows: list[Path], *others: Path) -> list[subprocess.CompletedProcess[str]]:
    """What actionlint, and zizmor at its strictest, say."""
    actionlint = run(BIN / "actionlint", *workflows)
    zizmor = run(BIN / "zizmor", "--offline", "--no-progress", "--pedantic", *workflows, *others)
    return [actionlint, zizmor]


def test_workflows_are_free_of_mistakes_and_of_needless_trust() -> None:
    found = lint(WORKFLOWS, ROOT / ".github/dependabot.yml")
    assert [linter.stdout for linter in found if linter.returncode] == []


def test_a_loose_workflow_is_found(tmp_path: Path) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/loose.yml").write_text(LOOSE, encoding="utf-8")
    assert all(linter.returncode for linter in lint([tmp_path / ".github/workflows/loose.yml"]))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_permissions_are_least(path: Path) -> None:
    used = [line.strip("- ") for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.match(line)] == []
    assert load(path)["permissions"] == {"contents": "read"}
    for name, job in load(path)["jobs"].items():
        assert job["timeout-minutes"] <= 60
        if "write" in job.get("permissions", {}).values():
            # What writes runs nothing of the project's and of its dependencies.
            assert not any("scripts/" in step.get("run", "") for step in job["steps"]), name


def test_workflows_call_commands_that_exist() -> None:
    called = {name for step in steps() for name in re.findall(r"(?<!\S)(?:scripts|\.ci)/\w+", step.get("run", ""))}
    assert {"scripts/check", ".ci/run", "scripts/build", "scripts/sbom"} <= called
    tested = [path.stem for path in WORKFLOWS if ".ci/run" in path.read_text(encoding="utf-8")]
    assert tested == ["deploy", "pull-request"]
    assert not any("vars." in path.read_text(encoding="utf-8") for path in WORKFLOWS)  # pull requests of forks get none
    assert [name for name in called if not os.access(ROOT / name, os.X_OK)] == []


def test_the_citation_agrees_with_the_project() -> None:
    citation = load(ROOT / "CITATION.cff")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert set(citation["license"]) == set(project["license"].split(" AND "))
    assert citation["title"] == site_name()
    assert citation["authors"] == [{"name": f"{citation['title']} contributors"}]


def site_name() -> str:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return next(line.removeprefix("site_name: ") for line in text.splitlines() if line.startswith("site_name: "))


def test_every_folder_has_a_license() -> None:
    text = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    for place in (
        "docs/",
        "scripts/",
        "overrides/",
        "tests/",
        ".github/",
        "top level",
        "MIT License",
        "Attribution 4.0",
    ):
        assert place in text, place
    for font in (ROOT / "overrides").rglob("*.woff2"):
        assert font.relative_to(ROOT).as_posix() in text


def list_files() -> list[str]:
    """Return the paths of all files that are or will be committed."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    return listed.stdout.rstrip("\0").split("\0")


def is_portable(path: str) -> bool:
    """Return whether Windows and macOS can hold a file of this path."""
    return len(path) <= LONGEST_PATH and not any(map(UNPORTABLE.search, path.split("/")))


def test_windows_and_macos_can_hold_every_file() -> None:
    paths = list_files()
    assert [path for path in paths if not is_portable(path)] == []
    # Neither tells letters apart by case, nor macOS by how accents are written.
    places = {"/".join(path.split("/")[:depth]) for path in paths for depth in range(1, path.count("/") + 2)}
    counts = Counter(unicodedata.normalize("NFC", place).casefold() for place in places)
    assert [place for place, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    "path", ['a/"b.md', "a/b?", "a:b/c", "nul.md", "x/Com1", "a./b", "a /b", "a\\b", "a\tb", "tests/" + 150 * "a"]
)
def test_a_path_that_windows_cannot_hold_is_found(path: str) -> None:
    assert not is_portable(path)
