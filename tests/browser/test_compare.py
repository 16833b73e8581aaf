"""Side by side and links to any part: as data, and in a real browser."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import keyboard
import pytest
from conftest import ROOT, build
from guides import copy_small_guide
from playwright.sync_api import expect

from fieldguide import urls
from fieldguide.checks import entries
from fieldguide.guide import load_and_check
from fieldguide.render import compare
from fieldguide.render.pages import Outputs
from fieldguide.report import format_text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

    from fieldguide.catalog import Catalog

SLACK = 2
MOVED = (
    "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(({value}) => { moved += value }))"
    ".observe({type: 'layout-shift', buffered: true})"
)
INSIDE = """cell => {
  const box = cell.getBoundingClientRect(), table = cell.closest('table')
  const head = table.tHead.getBoundingClientRect(), sticky = cell.parentElement.cells[0].getBoundingClientRect()
  const bar = document.querySelector('.md-header').getBoundingClientRect()
  const corner = table.tHead.rows[0].cells[0].getBoundingClientRect()
  return {below: box.top >= corner.bottom - 1 && corner.top >= bar.bottom - 1, right: box.left >= sticky.right - 1,
    seen: box.bottom <= innerHeight && box.left < innerWidth}
}"""


@pytest.fixture(scope="module")
def small() -> Catalog:
    """The catalog of the guide to databases."""
    found, problems = load_and_check(ROOT / "tests/databases/docs")
    assert not problems, format_text(problems)
    return found


def test_different_kinds_are_said_to_be_not_comparable(small: Catalog) -> None:
    postgresql, acid, sqlite = (small.entries[slug] for slug in ("postgresql", "acid", "sqlite"))
    assert compare.unlike(small, postgresql, acid) == (
        "Not comparable because PostgreSQL is a database and ACID is a property."
    )
    assert compare.unlike(small, postgresql, sqlite) == ""


@pytest.mark.own
def test_every_pair_of_different_kinds_says_so_and_what_can_still_be_said(catalog: Catalog) -> None:
    outputs = Outputs(catalog)
    unlike = [p for p in catalog.pairs if catalog.entries[p[0]].kind != catalog.entries[p[1]].kind]
    assert unlike
    for pair in unlike:
        text = outputs.files[urls.pair(*pair)]()
        assert re.search(r"Not comparable because .+? What can still be said: [A-Z]", text), pair


def test_reverse_addresses_redirect_for_hosts_that_read_a_file(small: Catalog) -> None:
    lines = Outputs(small).data["_redirects"]().splitlines()
    assert lines == [f"/compare/{b}-vs-{a}/ /compare/{a}-vs-{b}/ 301" for a, b in small.pairs]


def test_index_names_every_entry_and_pair_with_addresses_that_exist(site: Path, catalog: Catalog) -> None:
    index = json.loads((site / "data/index.json").read_text(encoding="utf-8"))
    assert {e["slug"]: tuple(e.get("aliases", ())) for e in index["entries"]} == {
        e.slug: e.aliases for e in catalog.entries.values()
    }
    urls = [e["url"].partition("#")[0] for e in index["entries"]]
    urls += index["pairs"] + [kind["url"] for kind in index["kinds"].values()]
    assert [url for url in urls if not (site / url / "index.html").is_file()] == []
    assert len(index["pairs"]) == len(catalog.pairs)


@pytest.mark.own
def test_a_disputed_fact_is_marked_in_matrix_entry_and_pair(site: Path, catalog: Catalog) -> None:
    marks = [
        (slug, key, claim.id)
        for claim in catalog.claims.values()
        for slug in claim.about
        for key in claim.attributes
        if claim.disputes(key) and key in catalog.entries[slug].facts
    ]
    assert marks
    for slug, key, claim in marks:
        entry = catalog.entries[slug]
        matrix = (site / urls.url(urls.matrix(catalog, entry.kind)) / "index.html").read_text(encoding="utf-8")
        cell = re.search(rf'<td id="{slug}\.{key}">.*?</td>', matrix)
        assert cell
        assert f'href="../claims/#{claim}"' in cell[0]
        page = (site / urls.node(catalog, slug) / "index.html").read_text(encoding="utf-8")
        row = re.search(rf'<tr id="{key}">.*?</tr>', page)
        assert row
        assert f'href="../../claims/#{claim}"' in row[0]
    pair = (site / "compare/dall-e-vs-midjourney/index.html").read_text(encoding="utf-8")
    assert re.search(r'id="dall-e\.status">.*?class="disputed" href="../../claims/#dall-e-is-current"', pair)


@pytest.mark.own
def test_a_right_claim_disputes_nothing(catalog: Catalog) -> None:
    claim = next(c for c in catalog.claims.values() if c.attributes)
    key = claim.attributes[0]
    assert claim.disputes(key)
    assert not replace(claim, verdict="right").disputes(key)
    assert not claim.disputes("another")


def test_a_claim_about_an_attribute_of_nothing_it_names_is_reported(small: Catalog) -> None:
    claims = {c.id: replace(c, attributes=("published",)) for c in small.claims.values() if c.about == ("postgresql",)}
    messages = [p.message for p in entries.check_claims(replace(small, claims=claims))]
    assert messages == ["'published' fits nothing under 'about'"] * len(claims)
    assert messages


def titles(page: Page) -> list[str]:
    """The row headers of the first table, hidden rows left out."""
    found: list[str] = page.locator("table").first.locator("tbody tr:visible > th").all_inner_texts()
    return found


def column(page: Page, key: str) -> list[str]:
    """The visible values of a matrix column, from top to bottom."""
    index = page.locator(f"table.matrix thead th#{key}").evaluate("head => head.cellIndex")
    found: list[str] = page.locator("table.matrix tbody tr:visible").evaluate_all(
        "(rows, i) => rows.map(row => (row.cells[i].querySelector('.given') ?? row.cells[i]).textContent.trim())", index
    )
    return found


def head(page: Page, key: str) -> Locator:
    return page.locator(f"table.matrix thead th#{key}")


def stated_last(values: list[str]) -> list[str]:
    """The stated values; fails if one stands after one that is not stated."""
    stated = [value for value in values if value != "not stated"]
    assert values[: len(stated)] == stated
    return stated


@pytest.mark.browser
def test_sorting_turns_up_down_and_off_and_the_address_follows(page: Page) -> None:
    page.goto("systems/")
    before = titles(page)
    button = head(page, "first_release").get_by_role("button")
    button.click()
    expect(page).to_have_url(re.compile(r"\?sort=first_release$"))
    expect(head(page, "first_release")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("status")).to_contain_text("entries shown, sorted by First release, ascending")
    button.click()
    expect(page).to_have_url(re.compile(r"\?sort=first_release&dir=desc$"))
    expect(head(page, "first_release")).to_have_attribute("aria-sort", "descending")
    button.click()
    expect(page).to_have_url(re.compile(r"/systems/$"))
    assert titles(page) == before


@pytest.mark.browser
@pytest.mark.parametrize("way", ["", "&dir=desc"])
def test_dates_of_any_precision_sort_with_what_is_not_stated_last(page: Page, way: str) -> None:
    page.goto(f"systems/?sort=first_release{way}")
    stated_last(column(page, "first_release"))
    dates = page.locator("table.matrix tbody tr td:nth-child(3) .given time").evaluate_all(
        "ts => ts.map(t => t.dateTime)"
    )
    assert len({len(date) for date in dates}) > 1
    assert dates == sorted(dates, reverse=bool(way))


@pytest.mark.browser
def test_numbers_sort_by_size_whatever_their_unit(page: Page) -> None:
    page.goto("systems/?sort=parameters")
    values = stated_last(column(page, "parameters"))
    order = [
        next(i for i, value in enumerate(values) if part in value) for part in ("117M", "1.5B (", "up to 137B", "176B")
    ]
    assert order == sorted(order)
    assert values[-1] == "not disclosed"


@pytest.mark.browser
def test_choices_sort_in_the_order_of_the_vocabulary(page: Page, catalog: Catalog) -> None:
    page.goto("systems/?sort=openness")
    labels = [value.label for value in catalog.vocabulary.value_sets["openness"].values()]
    places = [labels.index(label) for label in stated_last(column(page, "openness"))]
    assert places == sorted(places)
    assert len(set(places)) > 1


@pytest.mark.browser
def test_a_filter_narrows_the_rows_and_the_counts_of_the_other_filters(page: Page) -> None:
    page.goto("systems/")
    page.get_by_role("button", name="Filter").click()
    openness, status = (page.get_by_role("group", name=name, exact=True) for name in ("Openness", "Status"))
    active = status.locator("label", has_text="Active")
    before = active.inner_text()
    openness.get_by_label("Closed").check()
    expect(page).to_have_url(re.compile(r"\?openness=closed$"))
    assert set(column(page, "openness")) == {"Closed"}
    assert active.inner_text() != before
    count = re.search(r"\((\d+)\)", active.inner_text())
    assert count
    status.get_by_label("Active").check()
    assert len(titles(page)) == int(count[1])
    page.go_back()
    assert set(column(page, "openness")) == {"Closed"}
    assert len(titles(page)) > int(count[1])
    page.go_forward()
    page.reload()
    assert len(titles(page)) == int(count[1])
    expect(page.locator(".toolbar .shown")).to_have_text(
        f"{count[1]} of {page.locator('.matrix tbody tr').count()} entries shown"
    )
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/systems/$"))


@pytest.mark.browser
def test_only_chosen_columns_and_only_differences(page: Page) -> None:
    page.goto("systems/?cols=developer,status,is_generative&is_generative=yes")
    shown = page.locator("table.matrix thead th:visible")
    assert [t.split()[0] for t in shown.all_inner_texts()] == ["System", "Developer", "Generative?", "Status"]
    page.get_by_role("button", name="Only differences").click()
    expect(page).to_have_url(re.compile("diff=1"))
    assert [t.split()[0] for t in shown.all_inner_texts()] == ["System", "Developer", "Status"]
    page.get_by_role("button", name="Columns").click()
    page.locator(".panel:visible").get_by_label("Developer").uncheck()
    expect(shown).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".panel:visible")).to_have_count(0)
    expect(shown).to_have_count(2)
    page.keyboard.press("Escape")
    expect(shown).to_have_count(page.locator("table.matrix thead th").count())


@pytest.mark.browser
def test_only_differences_is_offered_where_something_would_be_hidden(page: Page) -> None:
    button = page.get_by_role("button", name="Only differences")
    page.goto("systems/")
    expect(page.locator(".toolbar .shown")).to_be_visible()
    expect(button).to_have_count(0)
    page.goto("systems/?developer=OpenAI")
    width = button.evaluate("button => button.offsetWidth")
    button.click()
    expect(head(page, "developer")).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert button.evaluate("button => button.offsetWidth") == width
    page.goto("systems/?diff=1")
    button.click()
    expect(page).to_have_url(re.compile(r"/systems/$"))
    expect(button).to_have_count(0)
    for url, offered in (("compare/bert-vs-gpt/", 0), ("compare/dall-e-vs-midjourney/", 1)):
        page.goto(url)
        expect(page.locator(".toolbar .shown")).to_be_visible()
        assert bool(page.locator("details.same, tr.one-sided").count()) is bool(offered)
        expect(button).to_have_count(offered)


@pytest.mark.browser
@pytest.mark.parametrize("url", ["compare/dall-e-vs-midjourney/", "compare/?ids=dall-e,midjourney,sora"])
def test_a_pair_is_not_sorted(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("table.pair[role=grid]").first).to_be_visible()
    expect(page.locator("table.pair thead button")).to_have_count(0)


@pytest.mark.browser
def test_a_pair_shows_only_differences_when_asked(page: Page) -> None:
    page.goto("compare/dall-e-vs-midjourney/")
    same = page.locator("details.same")
    expect(same).to_be_visible()
    page.get_by_role("button", name="Only differences").click()
    expect(same).to_be_hidden()
    expect(page.locator("tr.one-sided:visible")).to_have_count(0)
    expect(page.locator("#status")).to_be_visible()
    page.reload()
    expect(same).to_be_hidden()
    page.go_back()
    expect(same).to_be_visible()


@pytest.mark.browser
def test_a_pair_is_filtered_by_value_and_the_address_keeps_it(page: Page) -> None:
    page.goto("compare/dall-e-vs-midjourney/")
    everything = page.locator("table.pair tbody tr").count()
    page.get_by_role("button", name="Filter").click()
    option = page.locator(".panel:visible label", has_text="Closed")
    count = re.search(r"\((\d+)\)", option.inner_text())
    assert count
    option.click()
    expect(page).to_have_url(re.compile(r"\?value=closed$"))
    shown = page.locator("table.pair tbody tr:not([hidden])")
    expect(shown).to_have_count(int(count[1]))
    assert all("Closed" in text for text in shown.all_inner_texts())
    page.reload()
    expect(page.locator(".toolbar .shown")).to_have_text(f"{count[1]} of {everything} attributes shown")
    page.keyboard.press("Escape")
    expect(shown).to_have_count(everything)


@pytest.mark.browser
def test_choosing_by_keyboard_shows_the_comparison_at_once(page: Page) -> None:
    page.goto("compare/")
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("dalle")
    option = page.get_by_role("option", selected=True)
    expect(option).to_contain_text("DALL-E")
    expect(box).to_have_attribute("aria-activedescendant", "option-dall-e")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?ids=[a-z-]+$"))
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile(r"/compare/$"))
    for name in ("DÁLL-E", "midj"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?ids=dall-e,midjourney$"))
    result = page.locator(".result")
    expect(result.get_by_role("heading", name="DALL-E vs. Midjourney")).to_be_visible()
    expect(result.get_by_role("link", name="DALL-E vs. Midjourney")).to_have_attribute(
        "href", re.compile("/compare/dall-e-vs-midjourney/$")
    )
    expect(page).to_have_title(re.compile("DALL-E vs. Midjourney"))


@pytest.mark.browser
def test_a_shared_choice_survives_reload_back_and_forward(page: Page) -> None:
    page.goto("compare/?ids=dall-e,midjourney,sora")
    chips = page.locator(".chips li")
    heads = page.locator(".result table").first.locator("thead a")
    expect(heads).to_have_text(["DALL-E", "Midjourney", "Sora"])
    page.get_by_role("button", name="Remove Midjourney").click()
    expect(page).to_have_url(re.compile(r"\?ids=dall-e,sora$"))
    expect(heads).to_have_text(["DALL-E", "Sora"])
    page.reload()
    expect(heads).to_have_text(["DALL-E", "Sora"])
    page.go_back()
    expect(chips).to_have_count(3)
    expect(heads).to_have_text(["DALL-E", "Midjourney", "Sora"])
    page.go_forward()
    expect(heads).to_have_text(["DALL-E", "Sora"])


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("ids", ["sora", "dall-e,midjourney", "dall-e,midjourney,sora,bert", "nonsense"])
def test_nothing_moves_when_a_shared_comparison_is_drawn(page: Page, width: int, ids: str) -> None:
    def late(route: Route) -> None:
        time.sleep(0.2)
        route.continue_()

    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(MOVED)
    page.route(re.compile(r"/data/index\.json|/systems/$"), late)
    page.goto(f"compare/?ids={ids}", wait_until="networkidle")
    expect(page.locator("#asked")).to_be_visible()
    page.wait_for_timeout(100)
    assert page.evaluate("moved") == 0


@pytest.mark.browser
def test_an_empty_chooser_names_two_entries_as_an_example(page: Page, catalog: Catalog) -> None:
    page.goto("compare/")
    box = page.get_by_role("combobox")
    example = re.fullmatch("Such as (.+) and (.+)", box.get_attribute("placeholder") or "")
    assert example
    assert {*example.groups()} <= {entry.title for entry in catalog.entries.values()}
    page.goto("compare/?ids=sora")
    expect(page.locator(".chips li")).to_have_count(1)
    assert not box.get_attribute("placeholder")
    assert page.locator(".chips button").evaluate("button => getComputedStyle(button).borderStyle") == "none"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("ids", "said", "tables"),
    [
        ("gpt-4,nonsense", "Not in this guide: nonsense.", False),
        ("gpt-4,gpt-4,sora", "What was named twice is shown once.", True),
        ("sora", "Choose something to set beside Sora.", False),
        ("gpt-4,sora,bert,bloom,t5", "At most 4 at a time; left out: T5.", True),
    ],
)
def test_a_choice_that_cannot_be_kept_gets_a_plain_message(page: Page, ids: str, said: str, tables: bool) -> None:  # noqa: FBT001 -- a case
    page.goto(f"compare/?ids={ids}")
    expect(page.locator(".chooser .message")).to_contain_text(said)
    if tables:
        expect(page.locator(".result table").first).to_be_visible()
    else:
        expect(page.locator(".result table")).to_have_count(0)


@pytest.mark.browser
def test_the_chosen_comparison_says_what_the_matrices_say(page: Page) -> None:
    page.goto("systems/")
    value = page.locator("#sora\\.status .given").inner_text()
    page.goto("compare/?ids=dall-e,large-language-model,sora")
    result = page.locator(".result")
    expect(result.locator(".unlike")).to_contain_text("Not comparable because DALL-E is a system")
    status = result.locator("tbody tr", has=page.locator("th", has_text=re.compile("^Status$")))
    expect(status.locator("td").nth(2)).to_contain_text(value)
    expect(status.locator("td").nth(1)).to_have_text("not applicable")
    mark = status.locator(".cite a").first
    source = page.locator(mark.get_attribute("href") or "")
    expect(source).to_have_count(1)
    hrefs = result.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert all(re.match(r"https?://", href) for href in hrefs)
    expect(result.locator("details.same summary")).to_have_count(0)
    page.goto("compare/?ids=dall-e,midjourney,stable-diffusion")
    expect(result.locator("details.same summary")).to_contain_text(re.compile(r"The same in all \(\d+\)"))
    expect(result.locator("details.same table")).to_be_hidden()


@pytest.mark.browser
def test_links_of_headings_cells_and_claims_are_copied_and_said(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    read = "navigator.clipboard.readText()"

    page.goto("systems/?status=active")
    page.locator("#gpt\\.status").focus()
    page.locator("#gpt\\.status").press("ArrowLeft")
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_have_text("Link copied")
    expect(page.get_by_role("status")).to_be_in_viewport()
    assert page.evaluate(read) == f"{address}systems/#gpt.parameters"
    page.locator("#gpt > th").hover()
    page.wait_for_timeout(300)
    box = page.locator("#gpt > th").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.get_by_role("button", name="Copy link", exact=True).click()
    assert page.evaluate(read) == f"{address}systems/#gpt"

    page.goto("claims/")
    claim = page.locator("article.claim").nth(3)
    claim.hover()
    claim.get_by_role("button", name="Copy link").click()
    assert page.evaluate(read) == f"{address}claims/#{claim.get_attribute('id')}"
    page.locator("h2 .headerlink").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(read) == page.url

    page.goto("taxonomy/")
    page.locator('.tree [data-node="gpt-4"]').focus()
    page.keyboard.press("c")
    assert page.evaluate(read) == f"{address}taxonomy/#node-gpt-4"


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("cell", ["dall-e.developer", "sora.status", "gpt.family"])
def test_a_linked_cell_stands_in_view_clear_of_what_is_sticky(page: Page, width: int, cell: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"systems/#{cell}")
    target = page.locator(f'[id="{cell}"]')
    expect(target).to_be_in_viewport()
    page.wait_for_timeout(200)
    assert target.evaluate(INSIDE) == {"below": True, "right": True, "seen": True}
    assert target.evaluate("cell => cell.matches(':target') && getComputedStyle(cell).outlineStyle") == "solid"


@pytest.mark.browser
def test_a_link_to_a_cell_that_the_state_hides_shows_it_all_the_same(page: Page) -> None:
    page.goto("systems/?status=active#dall-e.status")
    expect(page.locator("#dall-e\\.status")).to_be_in_viewport()
    page.goto("compare/dall-e-vs-midjourney/#openness")
    expect(page.locator("#openness")).to_be_in_viewport()


@pytest.mark.browser
def test_a_cell_opens_by_key_and_click_and_its_links_keep_working(page: Page) -> None:
    page.goto("systems/")
    grid = page.get_by_role("grid")
    expect(grid.locator("tbody [tabindex='0']")).to_have_count(1)
    page.locator("#dall-e\\.status").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.cell")
    for text in ("DALL-E", "Status", "Retired", "As of", "November 22, 2026", "An article differs", "Sources"):
        expect(dialog).to_contain_text(text)
    assert dialog.locator("ol li").count() == page.locator("#dall-e\\.status .cite a").count()
    shuffled = "cell => { const [first] = cell.querySelectorAll('.cite a'); first.parentElement.append(first) }"
    page.keyboard.press("Escape")
    page.locator("#dall-e\\.status").evaluate(shuffled)
    page.locator("#dall-e\\.status").press("Enter")
    numbers = dialog.locator("ol li").evaluate_all("sources => sources.map(({value}) => value)")
    assert numbers == sorted(numbers)
    assert len(numbers) > 1
    expect(dialog.get_by_role("link", name="Report a problem")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "dall-e.status"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.id") == page.locator("#dall-e + tr td").last.get_attribute("id")
    page.keyboard.press("Space")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    page.locator("#dall-e\\.developer .given").click()
    expect(dialog).to_contain_text("Developer")
    page.keyboard.press("Escape")
    page.locator("#dall-e\\.developer .cite a").click()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile("#cite-"))


@pytest.mark.browser
def test_a_cell_says_that_it_has_sources_and_shows_them(page: Page) -> None:
    page.goto("systems/")
    cell = page.locator("#audiocraft\\.developer")
    expect(page.get_by_role("grid")).to_be_visible()
    cell.hover()
    page.get_by_role("button", name="Sources and link").click()
    expect(page.locator("dialog.cell")).to_contain_text("Sources")
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".copy-chip")).to_have_text("Sources: Enter. Copy link: C")


@pytest.mark.browser
def test_a_long_dialog_can_be_closed_without_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 500})
    page.goto("systems/")
    page.locator("#dall-e\\.status").press("Enter")
    dialog = page.locator("dialog.cell")
    for end in (0, 10_000):
        dialog.evaluate("(dialog, top) => dialog.scrollTo(0, top)", end)
        expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    assert dialog.evaluate("dialog => dialog.scrollTop") > 0
    flaws = [stop for key in ("Tab", "Shift+Tab") for stop in keyboard.walk(page, key) if stop["flaws"]]
    assert flaws == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.browser
def test_a_problem_is_reported_with_title_and_address(browser: Browser, tmp_path: Path) -> None:
    project = tmp_path / "project"
    config = copy_small_guide(project).read_text(encoding="utf-8")
    report = "https://report.example/new?template={form}.yml&title={title}&address={url}"
    config += f'\nplugins: {{fieldguide: {{report_url: "{report}"}}}}\n'
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    run = build(project / "mkdocs.yml", tmp_path / "site")
    assert run.returncode == 0, run.stdout
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "https://databases.example/**", lambda route: route.fulfill(path=served(tmp_path / "site", route.request.url))
    )
    page.goto("https://databases.example/databases/")
    expect(page.get_by_role("link", name="Report a problem")).to_have_attribute(
        "href",
        "https://report.example/new?template=broken-page.yml&title=Databases"
        "&address=https%3A//databases.example/databases/",
    )
    page.locator("#sqlite\\.license").press("Enter")
    expect(page.get_by_role("dialog").get_by_role("link", name="Report a problem")).to_have_attribute(
        "href",
        "https://report.example/new?template=wrong-fact.yml&title=SQLite%3A%20License"
        "&address=https%3A%2F%2Fdatabases.example%2Fdatabases%2F%23sqlite.license",
    )
    page.goto("https://databases.example/databases/?q=xqzvwk")
    expect(page.get_by_role("link", name="Say what is missing")).to_have_attribute(
        "href", re.compile(r"\?template=missing-thing\.yml&title=xqzvwk&address=https%3A%2F%2Fdatabases\.example%2F")
    )
    context.close()


def served(site: Path, url: str) -> Path:
    """The file of a built site that answers an address."""
    path = site / re.sub(r"^https://[^/]+/|[?#].*", "", url)
    return path / "index.html" if path.is_dir() else path


@pytest.mark.browser
@pytest.mark.parametrize(
    "url", ["compare/", "compare/?ids=dall-e,midjourney,sora,bert", "systems/?sort=status", "claims/"]
)
def test_nothing_is_wider_than_a_phone(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(url)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for tool in page.get_by_role("button", name=re.compile("^(Filter|Columns)$")).all():
        tool.click()
        panel = page.locator(".panel:visible")
        box = panel.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320 + SLACK


@pytest.mark.browser
@pytest.mark.parametrize("width", [720, 768, 1280])
@pytest.mark.parametrize("url", ["systems/", "claims/", "compare/dall-e-vs-midjourney/"])
def test_what_a_toolbar_opens_stays_in_the_window(page: Page, width: int, url: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url)
    for tool in page.locator(".toolbar [aria-expanded]").all():
        tool.click()
        box, button = page.locator(".panel:visible").bounding_box(), tool.bounding_box()
        assert box
        assert button
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert 0 <= box["x"] <= button["x"] + SLACK
        assert box["x"] + box["width"] <= width


@pytest.mark.browser
@pytest.mark.parametrize(
    ("url", "tool", "shows"),
    [
        ("systems/", "Filter", r"Show (\d+) entr(ies|y)"),
        ("systems/", "Columns", r"Show (\d+) columns?"),
        ("claims/", "Verdict", r"Show (\d+) claims?"),
        ("compare/dall-e-vs-midjourney/", "Filter", r"Show (\d+) attributes?"),
    ],
)
def test_a_sheet_on_a_phone_is_closed_by_a_button_that_says_what_it_shows(
    page: Page, url: str, tool: str, shows: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(url)
    opener = page.get_by_role("button", name=tool)
    opener.click()
    done = page.get_by_role("button", name=re.compile(shows))
    expect(done).to_be_in_viewport(ratio=1)
    before = done.inner_text()
    page.locator(".panel:visible input").last.press("Space")
    expect(done).not_to_have_text(before)
    page.locator(".panel:visible input").first.focus()
    for _ in page.locator(".panel:visible input").all():
        page.keyboard.press("Tab")
        stop = page.evaluate(f"() => {{ window.stops = new Map(); return ({keyboard.STOP})() }}")
        assert stop["flaws"] == []
    expect(done).to_be_focused()
    count = re.search(shows, done.inner_text())
    assert count
    page.keyboard.press("Enter")
    expect(page.locator(".panel:visible")).to_have_count(0)
    expect(opener).to_be_focused()
    heads = page.locator("table.matrix thead th:visible").count() - 1
    said = page.locator(".toolbar .shown").inner_text().split()[0] if tool != "Columns" else str(heads)
    assert count[1] == said


@pytest.mark.browser
@pytest.mark.parametrize(
    "url", ["systems/?openness=closed&sort=status", "compare/?ids=dall-e,sora", "compare/bert-vs-gpt/"]
)
def test_without_scripts_all_content_stands_and_no_control_is_dead(browser: Browser, address: str, url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto(url)
    content = page.locator(".md-content")
    expect(content.locator("button, input, select, [role=combobox], [role=grid]")).to_have_count(0)
    if url.startswith("systems"):
        assert len(titles(page)) == page.locator("table.matrix tbody tr").count()
    else:
        expect(content.get_by_role("link", name=re.compile(r"vs\.")).first).to_be_visible()
    context.close()


@pytest.mark.own
def test_claims_are_filtered_by_verdict_and_article_and_the_address_keeps_it(page: Page) -> None:
    page.goto("claims/")
    everything = page.locator(".claim[id]").count()
    page.get_by_role("button", name="Verdict").click()
    box = page.get_by_role("checkbox", name=re.compile("^Wrong"))
    wrong = int(re.findall(r"\d+", box.locator("xpath=..").inner_text())[0])
    box.check()
    expect(page.locator(".claim[id]:visible")).to_have_count(wrong)
    expect(page.get_by_role("heading", name=re.compile("^Right"))).to_be_hidden()
    assert "verdict=wrong" in page.url
    page.reload()
    expect(page.locator(".claim[id]:visible")).to_have_count(wrong)
    page.keyboard.press("Escape")
    expect(page.locator(".claim[id]:visible")).to_have_count(everything)
    page.go_back()
    expect(page.locator(".claim[id]:visible")).to_have_count(wrong)
