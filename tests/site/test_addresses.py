"""The ledger of addresses: complete, and a build that loses one fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from command import run_command
from conftest import ROOT, build
from guides import copy_small_guide

from fieldguide.site import ledger
from fieldguide.site import links as built
from fieldguide.source.yaml import parse_yaml

if TYPE_CHECKING:
    import pytest

PAGE = '<!doctype html><html><body><h2 id="facts">Facts</h2><p id="{extra}">x</p></body></html>'


def publish(root: Path, name: str, html: str) -> None:
    page = root / "site" / name / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(html, encoding="utf-8")


def keep(root: Path, *options: str) -> int:
    (root / "docs/data").mkdir(parents=True, exist_ok=True)
    return run_command("addresses", "--docs", root / "docs", *options)


def lost(root: Path) -> list[str]:
    pages = built.read_pages(root / "site")
    return [problem.message.split(" was ")[0] for problem in ledger.check_addresses(root / "docs", pages)]


def test_the_ledger_holds_every_address_of_the_site(site: Path) -> None:
    kept = ledger.read_ledger(ROOT / "docs")
    now = ledger.list_published(built.read_pages(site))
    new = sorted(now - kept.live)
    assert not new, f"run scripts/addresses: {new[:5]}"
    assert list(ledger.check_addresses(ROOT / "docs", built.read_pages(site))) == []


def test_a_lost_page_and_a_lost_id_fail(tmp_path: Path) -> None:
    publish(tmp_path, "a", PAGE.format(extra="one"))
    publish(tmp_path, "b", PAGE.format(extra="two"))
    keep(tmp_path, "--site", str(tmp_path / "site"))
    assert lost(tmp_path) == []
    publish(tmp_path, "a", PAGE.format(extra="renamed"))
    (tmp_path / "site/b/index.html").unlink()
    assert lost(tmp_path) == ["/a/#one", "/b/"]


def test_all_ids_stay_when_things_are_added_reordered_and_renamed(tmp_path: Path) -> None:
    def addresses(name: str) -> set[str]:
        run = build(tmp_path / "project/mkdocs.yml", tmp_path / name)
        assert run.returncode == 0, run.stderr
        return ledger.list_published(built.read_pages(tmp_path / name))

    config = copy_small_guide(tmp_path / "project")
    docs = config.parent / "docs"
    guide = docs / "guide/server-or-library.md"
    text = guide.read_text(encoding="utf-8")
    guide.write_text(f"{text}\n## Why it matters {{#why}}\n\nIt does.\n", encoding="utf-8")
    before = addresses("before")
    redis = (docs / "databases/redis.md").read_text(encoding="utf-8")
    (docs / "databases/aaa.md").write_text(redis.replace("title: Redis", "title: Aaa"), encoding="utf-8")
    (docs / "databases/redis.md").write_text(redis.replace("title: Redis", "title: Zzz"), encoding="utf-8")
    for file, key in (("vocabulary.yml", "attributes"), ("claims.yml", "claims")):
        data = parse_yaml((docs / "data" / file).read_text(encoding="utf-8"), file).data
        turned = reversed(data[key].items() if isinstance(data[key], dict) else data[key])
        data[key] = dict(turned) if isinstance(data[key], dict) else list(turned)
        (docs / "data" / file).write_text(json.dumps(data), encoding="utf-8")
    guide.write_text(f"{text}\n## What follows {{#why}}\n\nIt does.\n", encoding="utf-8")
    after = addresses("after")
    assert "/databases/aaa/" in after
    assert "/guide/server-or-library/#why" in before
    assert before - after == set()


def test_a_redirect_or_an_accepted_loss_is_no_failure(tmp_path: Path) -> None:
    publish(tmp_path, "a", PAGE.format(extra="one"))
    publish(tmp_path, "b", PAGE.format(extra="two"))
    keep(tmp_path, "--site", str(tmp_path / "site"))
    publish(tmp_path, "a", PAGE.format(extra="renamed"))
    publish(tmp_path, "b", '<html><meta http-equiv="refresh" content="0; url=../a/"></html>')
    assert lost(tmp_path) == ["/a/#one"]
    assert keep(tmp_path, "--remove", "/a/#one") == 0
    assert lost(tmp_path) == []


def test_nothing_is_forgotten_when_the_ledger_is_renewed(tmp_path: Path) -> None:
    publish(tmp_path, "a", PAGE.format(extra="one"))
    keep(tmp_path, "--site", str(tmp_path / "site"))
    publish(tmp_path, "a", PAGE.format(extra="new"))
    keep(tmp_path, "--site", str(tmp_path / "site"))
    assert ledger.read_ledger(tmp_path / "docs").live == {"/a/", "/a/#facts", "/a/#one", "/a/#new"}


def test_what_is_back_is_live_again(tmp_path: Path) -> None:
    publish(tmp_path, "a", PAGE.format(extra="one"))
    keep(tmp_path, "--site", str(tmp_path / "site"))
    keep(tmp_path, "--remove", "/a/#one")
    assert ledger.read_ledger(tmp_path / "docs").gone == {"/a/#one"}
    keep(tmp_path, "--site", str(tmp_path / "site"))
    assert ledger.read_ledger(tmp_path / "docs").gone == frozenset()


def test_what_was_never_published_is_neither_removed_nor_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path, "a", PAGE.format(extra="one"))
    publish(tmp_path, ".", PAGE.format(extra="two"))
    keep(tmp_path, "--site", str(tmp_path / "site"))
    before = (tmp_path / "docs/data/addresses.txt").read_bytes()
    for options, said in (
        (("--remove", "/a/#ones"), "the ledger does not hold '/a/#ones'; did you mean '/a/#one'?"),
        (("--remove", "/c/d/"), "the ledger does not hold '/c/d/'"),
        (("--site", str(tmp_path / "nope")), "nope is no built site"),
    ):
        assert keep(tmp_path, *options) == 2
        assert said in capsys.readouterr().err
    assert (tmp_path / "docs/data/addresses.txt").read_bytes() == before
