"""What surrounds the guide: workflows, forms, licenses, hooks and the list of what it is built with."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conftest import ROOT
from lxml import etree, html

BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
LOCKED = re.compile(r"^(\S+)==([^\s;]+)", re.MULTILINE)
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


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def lint(workflows: list[Path], *others: Path) -> list[subprocess.CompletedProcess[str]]:
    """What actionlint, and zizmor at its strictest, say."""
    actionlint = run(BIN / "actionlint", *workflows)
    zizmor = run(BIN / "zizmor", "--offline", "--no-progress", "--pedantic", *workflows, *others)
    return [actionlint, zizmor]


@cache
def load(path: Path) -> Any:
    # In YAML 1.1 the key `on` is true.
    return yaml.safe_load(path.read_text(encoding="utf-8").replace("\non:", "\n'on':"))


def steps() -> list[dict[str, Any]]:
    return [step for path in WORKFLOWS for job in load(path)["jobs"].values() for step in job["steps"]]


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


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The settings with which the workflow of a fork builds."""
    [step] = [step for step in steps() if "SITE_URL" in step.get("run", "")]
    github = {
        "GITHUB_REPOSITORY": "owner/fork",
        "GITHUB_REF_NAME": "main",
        "REPOSITORY": "https://github.com/owner/fork",
        "PATH": os.environ["PATH"],
    }
    script = step["run"].replace("scripts/build", "env --null")
    answer = run("bash", "-euc", f"gh() {{ echo https://owner.github.io/fork; }}\n{script}", env=github)
    assert answer.returncode == 0, answer.stderr
    found = dict(line.split("=", 1) for line in answer.stdout.strip("\0").split("\0"))
    return {name: found[name] for name in ("SITE_URL", "EDIT_URI_TEMPLATE", "REPORT_URL")}


def test_a_fork_deploys_without_editing_anything(tmp_path: Path, settings: dict[str, str]) -> None:
    site, config = tmp_path / "site", ROOT / "mkdocs.yml"
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **settings}
    answer = run(sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config, "-d", site, env=environment)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    base = "https://owner.github.io/fork/"
    for address in etree.parse(site / "sitemap.xml").xpath("//*[local-name()='loc']/text()"):
        page = html.parse(site / address.removeprefix(base) / "index.html")
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert set(page.xpath("//script/@data-report")) == {settings["REPORT_URL"]}
        for edited in page.xpath("//a[@rel='edit']/@href"):
            assert (ROOT / edited.removeprefix("https://github.com/owner/fork/edit/main/")).is_file()
    lost = html.parse(site / "404.html")
    assert all(link.startswith("/fork/") for link in lost.xpath("//link/@href | //script/@src"))
    assert f"Sitemap: {base}sitemap.xml\n" in (site / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_takes_the_address_that_the_site_fills_in(path: Path, settings: dict[str, str]) -> None:
    filled = parse_qs(urlsplit(settings["REPORT_URL"]).query)
    assert filled == {"template": ["{form}.yml"], "title": ["{title}"], "address": ["{url}"]}
    form = load(path)
    assert form["name"]
    assert form["description"]
    fields = {field["id"]: field for field in form["body"]}
    assert len(fields) == len(form["body"])
    assert fields["address"]["type"] == "input"
    assert all(field["attributes"]["label"] for field in form["body"])
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_there_is_a_form_for_each_kind_of_report() -> None:
    assert [path.stem for path in FORMS] == ["broken-page", "missing-thing", "wrong-fact"]


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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that runs in the environment of the tests, which it cannot change."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT / "docs", copy / "docs")
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    for name in ("pyproject.toml", "requirements.txt", ".pre-commit-config.yaml", ".gitignore"):
        shutil.copy(ROOT / name, copy / name)
    (copy / ".venv/bin").mkdir(parents=True)
    for name in ("python", "fieldguide", "ruff", "cyclonedx-py"):
        command = copy / ".venv/bin" / name
        path = f"PYTHONPATH='{copy}/scripts'"  # as if installed from there
        command.write_text(f'#!/bin/sh\n{path} exec "{BIN / name}" "$@"\n', encoding="utf-8")
        command.chmod(0o755)
    lock = run("bash", "-c", "cksum <requirements.txt", cwd=copy).stdout.strip()
    (copy / ".venv/lock").write_text(lock, encoding="utf-8")
    installed = run("bash", "-c", "cksum <pyproject.toml", cwd=copy).stdout.strip()
    (copy / ".venv/project").write_text(f"{installed} {copy}", encoding="utf-8")
    return copy


def test_the_project_is_installed_anew_when_its_file_or_its_place_changes(project: Path) -> None:
    python = project / ".venv/bin/python"
    python.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")

    def set_up(root: Path) -> str:
        answer = run("bash", "-c", "source scripts/environment; source scripts/environment", cwd=root)
        assert answer.returncode == 0
        return answer.stderr

    assert set_up(project) == ""
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert re.fullmatch(rf"-m pip install .* --no-index --no-deps .*--editable {project}\n", set_up(project))
    moved = project.with_name("a moved project, née Ü")
    project.rename(moved)
    assert set_up(moved).endswith(f"--editable {moved}\n")


def test_the_list_of_what_it_is_built_with_holds_every_locked_version(project: Path, tmp_path: Path) -> None:
    made = [tmp_path / name for name in ("first.json", "second.json")]
    for path in made:
        answer = run(project / "scripts/sbom", path)
        assert answer.returncode == 0, answer.stderr
    assert made[0].read_bytes() == made[1].read_bytes()
    listed = json.loads(made[0].read_text(encoding="utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    locked = LOCKED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert sorted((c["name"], c["version"]) for c in listed["components"]) == sorted(locked)
    assert all(c["externalReferences"][0]["hashes"] for c in listed["components"])


def test_the_hooks_refuse_a_commit_with_a_mistake(project: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "PYTHONPATH": ""}
    run("git", "init", "--quiet", cwd=project)

    def hooks() -> subprocess.CompletedProcess[str]:
        run("git", "add", "--all", cwd=project)
        return run(BIN / "pre-commit", "run", "--all-files", cwd=project, env=environment)

    clean = hooks()
    assert clean.returncode == 0, clean.stdout + clean.stderr
    page = project / "docs/index.md"
    page.write_text(page.read_text(encoding="utf-8").replace("title:", "titel:", 1), encoding="utf-8")
    (project / "scripts/mistake.py").write_text("import os\n", encoding="utf-8")
    mistaken = hooks()
    assert mistaken.returncode == 1
    assert "docs/index.md:2:1: " in mistaken.stdout
    assert "F401" in mistaken.stdout
