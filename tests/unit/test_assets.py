"""Scripts and style sheets are joined with what they import, and what cannot be joined is refused at its line."""

from __future__ import annotations

import pytest

from fieldguide.problem import ParseError
from fieldguide.site import assets
from fieldguide.site.modules import join_scripts

A, B, C, PAGE = "assets/a.js", "assets/parts/b.js", "assets/parts/c.js", "assets/page.js"
FILES = {
    A: 'import { two } from "./parts/b.js"\n\nconsole.log(two)\n',
    B: 'import {\n  one,\n} from "./c.js"\n\nexport const two = one + one\nexport function three() {}\n',
    C: "export const one = 1\n",
}
WORKER = {assets.WORKER: "postMessage(lunr)", assets.LUNR: "var lunr = 1", assets.SCRIPT: "x", assets.SHEET: ""}


def test_modules_run_after_what_they_import_in_one_scope() -> None:
    [(name, text)] = [(name, text) for name, text in join_scripts(FILES, A).items()]
    assert name == A
    assert "import" not in text
    assert "export" not in text
    assert text.index("one = 1") < text.index("two = one") < text.index("console")


def test_a_script_that_comes_after_the_common_one_takes_modules_from_it() -> None:
    page = 'import "./a.js"\nimport { three } from "./parts/b.js"\nimport { one } from "./parts/c.js"\n\nthree(one)\n'
    joined = join_scripts({**FILES, PAGE: page}, A)
    assert joined.keys() == {A, PAGE}
    assert "globalThis.guide = [one, three]" in joined[A]
    assert "const [one, three] = guide" in joined[PAGE]
    assert "one = 1" not in joined[PAGE]


def test_a_script_without_imports_stays_as_it_is() -> None:
    assert join_scripts({**FILES, PAGE: "var a = 1"}, A)[PAGE] == "var a = 1"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (A, "./parts/b.js", "./parts/d.js", f"{A}:1:1: asset: './parts/d.js' is imported, but does not exist"),
        (A, "{ two }", "two", f"{A}:1:1: asset: expected an import or an export by name, so that it can be joined"),
        (A, "{ two }", "{ two as too }", f"{A}:1:1: asset: expected an import or an export by name"),
        (B, "export const", "export let", f"{B}:5:1: asset: expected an import or an export by name"),
        (C, "= 1", "= 1\nexport default one", f"{C}:2:1: asset: expected an import or an export by name"),
        (B, "three", "one", f"{B}:6:1: asset: 'one' is declared in {C} too, to which this is joined"),
    ],
)
def test_what_cannot_be_joined_is_refused_at_its_line(name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(ParseError) as refused:
        join_scripts({**FILES, name: FILES[name].replace(old, new)}, A)
    [problem] = refused.value.problems
    assert str(problem).startswith(said)


def test_mistakes_are_told_at_the_path_of_the_file() -> None:
    for name, text, place in ((assets.SCRIPT, "\n  const const a", "2:9"), ("assets/css/a.css", "\na }", "2:4")):
        files = {**WORKER, "assets/css/a.css": "", assets.SHEET: '@import "./css/a.css";', name: text}
        with pytest.raises(ParseError) as refused:
            assets.pack_assets(files, {uri: f"overrides/{uri}" for uri in files}, ())
        assert str(refused.value.problems[0]).startswith(f"overrides/{name}:{place}: asset: ")


def test_sheets_take_effect_in_the_order_of_their_imports() -> None:
    sheet = '@import "./css/b.css";\n@import "./css/a.css";\n\nc { top: 0 }\n'
    files = {**WORKER, assets.SHEET: sheet, "assets/css/a.css": "a { top: 0 }", "assets/css/b.css": "b { top: 0 }"}
    packed = assets.pack_assets(files, {uri: uri for uri in files}, ())
    assert packed[assets.SHEET] == "b{top:0}a{top:0}c{top:0}"
    assert packed[assets.WORKER] == "var lunr=1;\npostMessage(lunr)"


@pytest.mark.parametrize(
    ("settings", "kept"), [((), ".md-a{top:0}"), (("version",), ".md-a{top:0}.md-version__b{left:0}")]
)
def test_classes_of_the_theme_are_kept_where_a_setting_needs_them(settings: tuple[str, ...], kept: str) -> None:
    files = {
        **WORKER,
        f"{assets.THEME}main.css": ".md-a { top: 0 } .md-version__b { left: 0 } [dir=rtl] .md-a { left: 0 }",
    }
    packed = assets.pack_assets(files, {uri: uri for uri in files}, settings)
    assert packed[assets.SHEET] == kept
