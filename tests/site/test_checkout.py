"""What works in a checkout and in a fork: deploying, forms, the list of what it is built with, and hooks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import npm
import pytest
from conftest import ROOT
from lxml import etree, html
from workflows import BIN, FORMS, load, run, steps

LOCKED = re.compile(r"^(\S+)==([^\s;]+)", re.MULTILINE)


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
    for name in ("overrides", "tests/npm", "tests/support", "tests/unit/javascript"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "biome.json", project)
    (project / ".cache").mkdir()
    (project / ".cache/npm").symlink_to(npm.install().parent)
    run("git", "init", "--quiet", cwd=project)

    def hooks() -> subprocess.CompletedProcess[str]:
        run("git", "add", "--all", cwd=project)
        return run(BIN / "pre-commit", "run", "--all-files", cwd=project, env=environment)

    clean = hooks()
    assert clean.returncode == 0, clean.stdout + clean.stderr
    page = project / "docs/index.md"
    page.write_text(page.read_text(encoding="utf-8").replace("title:", "titel:", 1), encoding="utf-8")
    (project / "scripts/mistake.py").write_text("import os\n", encoding="utf-8")
    (project / "overrides/assets/mistake.js").write_text("var unused = misspelt\n", encoding="utf-8")
    mistaken = hooks()
    assert mistaken.returncode == 1
    assert "docs/index.md:2:1: " in mistaken.stdout
    assert "F401" in mistaken.stdout
    assert "noUndeclaredVariables" in mistaken.stdout
