"""Every rule is explained, and nothing is explained that is no rule."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import run_command
from conftest import ROOT

from fieldguide.checks.history import add_months
from fieldguide.checks.registry import declare_rule, list_rules

# Rules of the built site and of the ledger, which their own tests break.
BUILT = {"asset", "address", "broken-link", "inline-code", "letters", "originality", "stale", "unlinked"}


def test_every_rule_that_a_case_breaks_is_explained_and_the_other_way_round() -> None:
    found = set()
    for path in (ROOT / "tests/cases").rglob("*.yml"):
        _, _, report = path.read_text(encoding="utf-8").partition("\nreport: |\n")
        found |= set(re.findall(r"(?m)^  \S.*?:\d+:\d+: (?:warning: )?([a-z-]+): ", report))
    assert list_rules().keys() == found | BUILT


def test_every_rule_that_a_problem_names_is_declared_and_none_twice() -> None:
    named = set()
    for path in (ROOT / "scripts/fieldguide").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called in {"Problem", "problem", "problem_at", "Flaw"}:
                given = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "rule")]
                named |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    assert named - {""} <= list_rules().keys()
    with pytest.raises(ValueError, match="'cycle'"):
        declare_rule("cycle", "Why: a\nWrong: b\nRight: c")
    with pytest.raises(ValueError, match="'new'"):
        declare_rule("new", "Why: a")


def test_a_rule_is_printed_with_its_reason_and_an_unknown_one_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("check", "--explain", "uncited") == 0
    assert list_rules()["uncited"].why in capsys.readouterr().out
    assert run_command("check", "--explain", "uncted") == 2
    assert "did you mean 'uncited'?" in capsys.readouterr().err


def test_facts_past_their_shelf_life_are_listed_and_fail_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    docs = str(ROOT / "tests/databases/docs")
    assert run_command("check", docs, "--today", "2026-06-30") == 0
    assert "redis.md" not in capsys.readouterr().out
    assert run_command("check", docs, "--today", "2026-07-01") == 0
    assert re.search(r"redis\.md:10:3: warning: stale: 'license' held on June 30, 2025 ", capsys.readouterr().out)
    assert run_command("check", docs, "--today", "2025-06-29") == 0
    assert "redis.md:12:10: warning: date: '2025-06-30' is yet to come" in capsys.readouterr().out
    assert run_command("check", docs, "--today", "tomorrow") == 2


def test_a_letter_that_cards_lack_is_named_once_a_page_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "tests/databases/docs", tmp_path / "docs")
    page = tmp_path / "docs/databases/redis.md"
    text = page.read_text(encoding="utf-8").replace("title: Redis", "title: Ředis Ж")
    page.write_text(text.replace("summary: A key", "summary: Ж key"), encoding="utf-8")
    assert run_command("check", tmp_path / "docs") == 0
    assert "letters" not in capsys.readouterr().out
    assert run_command("check", tmp_path / "docs", "--warnings") == 0
    [found] = re.findall(r"(?m)^.*: letters: .*$", capsys.readouterr().out)
    assert found.startswith("docs/databases/redis.md:2:8: warning: letters: the card of this page leaves out Ř Ж")


def test_a_folder_that_cannot_be_read_is_named_and_blames_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("docs/databases"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert run_command("check", ROOT / "tests/databases/docs") == 1
    assert capsys.readouterr().out == "docs/databases/:1:1: file: cannot be read: Permission denied\n1 problem\n"


def test_programs_find_the_files_from_where_they_are_and_a_folder_too_high_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "tests/databases/docs", tmp_path / "guide/docs")
    (tmp_path / "guide/docs/databases/redis.md").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for style, path in (("github", "file=guide/docs/databases/redis.md,"), ("json", '"guide/docs/databases/redis.md"')):
        assert run_command("check", "guide/docs", "--format", style) == 1
        assert path in capsys.readouterr().out
    monkeypatch.chdir(tmp_path / "guide/docs")
    assert run_command("check", ".") == 1
    assert "docs/databases/redis.md:1:1" in capsys.readouterr().out
    for arguments, said in (
        (["../../guide"], "did you mean ../../guide/docs?"),
        (["gone"], "gone is not a folder"),
        (["--today", ""], "expected a day"),
        (["--explain", "qqq"], "the rules are address, "),
    ):
        assert run_command("check", *arguments) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("date", "months", "then"),
    [
        ("2025-06-30", 12, "2026-06-30"),
        ("2025-08", 6, "2026-02-31"),
        ("2024", 1, "2025-01-31"),
        ("2025-12-05", 1, "2026-01-05"),
    ],
)
def test_a_shelf_life_is_counted_from_the_end_of_a_month_or_year(date: str, months: int, then: str) -> None:
    assert add_months(date, months) == then


def test_who_reads_only_the_first_line_gets_no_more(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/databases/docs", tmp_path / "docs")
    with (tmp_path / "docs/guide/server-or-library.md").open("a", encoding="utf-8") as page:
        page.writelines(f"\n[x](nowhere-{number}.md)\n" for number in range(900))
    command = [sys.executable, "-m", "fieldguide.cli", "check", str(tmp_path / "docs")]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        assert ": broken-link: 'nowhere-0.md' leads to no file" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
