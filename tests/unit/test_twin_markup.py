"""HTML as Markdown: what authors write and what extensions of Markdown make of it, as it stands in a page's twin."""

from __future__ import annotations

from typing import Any

import markdown
import pytest
from lxml import html

from fieldguide.site import twins

EXTENSIONS: dict[str, dict[str, Any]] = {
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "tables": {},
    "toc": {"permalink": "¶"},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.details": {},
    "pymdownx.highlight": {"pygments_lang_class": True},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.tilde": {},
}


def write_twin(body: str) -> str:
    """Return the twin of a page with some HTML in its article."""
    page = f'<html><body><article class="md-content__inner md-typeset">{body}</article></body></html>'
    return twins.write_twin(html.document_fromstring(page)).rstrip("\n")


# Markdown that comes out as it was written.
KEPT = {
    "paragraphs": "One.\n\nTwo.",
    "heading": "### Ways",
    "emphasis": "An *odd* and **bold** and ~~wrong~~ word.",
    "rule": "One.\n\n---\n\nTwo.",
    "code": "Call `f(a | b)` or ``a`b``.",
    "fence": '```python\nprint("a | b")\n```',
    "fence-in-fence": "````text\n```\nx\n```\n````",
    "list": "- one\n- two\n  - inner\n- three",
    "numbered-list": "1. one\n2. two",
    "paragraphs-in-a-list": "- one\n\n  more",
    "code-in-a-list": "- one\n\n  ```bash\n  a\n  ```",
    "tasks": "- [ ] open\n- [x] done",
    "quotation": "> One.\n>\n> Two.",
    "table": "| a | b |\n| --- | --- |\n| 1 | `x\\|y` |\n| 2 \\| 3 |  |",
    "image": "![A cat](cat.png)",
    "linked-image": "[![A cat](cat.png)](https://example.org/)",
    "address": "[a](https://example.org/a_%28b%29?x=1/)",
    "escaped": r"A \*star\*, \[brackets\] and snake_case.",
    "number-first": r"1986\. A year.",
    "sign-first": r"\# no heading",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_markdown_comes_out_as_it_was_written(text: str) -> None:
    indented = text.replace("\n  ", "\n    ")  # Python-Markdown wants four spaces
    assert write_twin(markdown.markdown(indented, extensions=[*EXTENSIONS], extension_configs=EXTENSIONS)) == text


MADE = {
    "hard-break": ("One  \nTwo", "One\\\nTwo"),
    "admonition": ('!!! note "Mind"\n    It *is*.', "**Mind**\n\nIt *is*."),
    "fold": ('??? tip "More"\n    Hidden.', "**More**\n\nHidden."),
    "tabs": ('=== "A"\n    One.\n\n=== "B"\n    Two.', "**A**\n\nOne.\n\n**B**\n\nTwo."),
    "definitions": ("Term\n:   Meaning.\n\n    More.", "- Term: Meaning.\n\n  More."),
    "footnote": ("Text.[^1]\n\n[^1]: Note.", "Text.[1](./#fn:1)\n\n---\n\n1. Note."),
    "formula": ("Of $x_1 * x_2$:\n\n$$\n[x]\n$$", "Of \\(x_1 * x_2\\):\n\n\\[\n[x]\n\\]"),
    "permalink": ("## Ways {#ways}", "## Ways"),
}


@pytest.mark.parametrize(("text", "twin"), MADE.values(), ids=MADE)
def test_what_extensions_make_comes_along(text: str, twin: str) -> None:
    assert write_twin(markdown.markdown(text, extensions=[*EXTENSIONS], extension_configs=EXTENSIONS)) == twin


HTML = {
    "signs": ("<p>&lt;tag&gt; &amp;amp; _x_ 2 &lt; 3</p>", r"\<tag> \&amp; \_x\_ 2 \< 3"),
    "links": (
        '<p>See <a href="databases/redis/#license">Redis</a>, <a href="../">up</a>, <a href="#ways">below</a>.</p>',
        "See [Redis](databases/redis/#license), [up](../index.md), [below](./#ways).",
    ),
    "phrases-set-apart-by-style": (
        '<ul class="ways"><li><a href="databases/"><strong>Look</strong><span>up</span></a></li></ul>',
        "- [**Look** up](databases/index.md)",
    ),
    "comment-and-controls": ("<p>a<!-- hidden --> b</p><button>Go</button><script>x</script>", "a b"),
    "icon": ('<p>An <span class="twemoji"><svg><title>i</title></svg></span> icon.</p>', "An icon."),
    "list-in-a-cell": (
        "<table><tr><th>Why</th><td>Because<ul><li>One.</li><li>Two.</li></ul></td></tr></table>",
        "- Why: Because One; Two.",
    ),
    "caption-of-another-table": (
        "<h2>Ways</h2><table><caption>Others</caption><tr><th>a</th><td>b</td></tr></table>",
        "## Ways\n\nOthers\n\n- a: b",
    ),
    "caption": (
        "<h2>Ways</h2><table><caption>Ways</caption><tr><th>a</th><td>b</td></tr></table><p>End.</p>",
        "## Ways\n\n- a: b\n\nEnd.",
    ),
    "drawing": (
        '<figure><svg class="diagram"><a href="a/" aria-label="A, 2020">A</a></svg><figcaption>B</figcaption></figure>',
        "- [A, 2020](a/index.md)\n\nB",
    ),
    "drawing-whose-links-are-in-its-caption": (
        '<figure><svg class="diagram"><a aria-label="A"/></svg><figcaption><a href="a/">A</a>.</figcaption></figure>',
        "[A](a/index.md).",
    ),
    "fact": (
        """<table><tr><th>License</th><td>Free<sup class="cite">[<a href="#c">1</a>, <a href="#d">2</a>]</sup>
        <a class="disputed" href="../claims/#x">an article differs</a><span class="aside">old</span><span
        class="aside">as of 2020</span></td></tr></table>""",
        "- License: Free [1, 2]; [an article differs](../claims/#x) (old; as of 2020)",
    ),
}


@pytest.mark.parametrize(("body", "twin"), HTML.values(), ids=HTML)
def test_html_becomes_markdown(body: str, twin: str) -> None:
    assert write_twin(body) == twin


def test_a_page_without_an_article_has_no_twin() -> None:
    assert twins.write_twin(html.document_fromstring("<html><body><p>Moved.</p></body></html>")) == ""
