"""Write the Markdown twin of a built page from its HTML, for readers that are programs.

What has no meaning in a text is left out: controls, permalinks, drawings whose links a list or a table beside them
repeats. What Markdown has no form for becomes text: a fold its title in bold and its content, another drawing the list
of its links, a citation its numbers in brackets, notes on a fact a parenthesis.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from lxml import etree

from fieldguide.formats import escape_address, escape_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lxml.html import HtmlElement

    from fieldguide.site.html import BuiltPage

ARTICLE = etree.XPath("//article[contains(@class, 'md-content__inner')]")
LEFT_OUT = etree.XPath(
    """.//comment() | .//button | .//script | .//style | .//*[contains(@class, 'linenos')]
    | .//a[@class='headerlink' or @class='footnote-backref']
    | .//a[@class='edit-page' or contains(@class, 'md-content__button')]
    | .//p[@class='letters' or (@class='kicker' and not(a))] | .//ul[starts-with(@class, 'kinds')]
    | .//details[@class='cite-page'] | .//details[@class='more']/summary
    | .//caption[normalize-space() = normalize-space((preceding::h2 | preceding::h3)[last()]/text())]
    | .//svg[not(contains(@class, 'diagram')) or ancestor::figure/figcaption/a]
    | .//figure[//table[@class='dates'] or //div[@class='outline']][.//svg]"""
)
KICKER = etree.XPath(".//p[@class='kicker']")
FORMULAS = etree.XPath(".//div[@class='arithmatex']")
TABS = etree.XPath(".//div[@class='tabbed-labels']")
PANELS = etree.XPath("following-sibling::div[1]/div")
DISPUTED = etree.XPath(".//a[@class='disputed']")
ROWS = etree.XPath("./tr | ./*/tr")
LANGUAGE = etree.XPath("string((ancestor-or-self::*/@class[contains(., 'language-') or . = 'mermaid'])[last()])")
BREAK = "\\\n"
# What is Markdown as it is, by its class, and what sets it apart.
LITERAL = {"cite": " ", "arithmatex": ""}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
TITLES = {"admonition-title", "claims-title", "right-wrong"}
# What would begin a heading, a list, a quotation or a fence at the start of a paragraph.
START = re.compile(r"(\d{0,9})(?=(?:[-+]|#{1,6}|(?<=\d)[.)])(?:\s|$)|>|=+$|~~~)")
PAGE = re.compile(r"(?!\w+:|//)[^#?]*/")


def write_twin(tree: HtmlElement) -> str:
    """Return the article of a built page as Markdown, taking the tree apart; empty if the page has none."""
    for article in ARTICLE(tree):
        for element in LEFT_OUT(article):
            element.drop_tree()
        for kicker in KICKER(article):  # the title comes first
            kicker.getparent().append(kicker)
        for formula in FORMULAS(article):
            formula.tag = "span"
        for labels in TABS(article):  # each tab becomes the title of its panel
            for label, panel in zip([*labels], PANELS(labels), strict=False):
                label.tag = "summary"
                panel.insert(0, label)
        for link in DISPUTED(article):
            link.getprevious().tail = "; "
        return "\n\n".join(write_blocks(article)) + "\n"
    return ""


def list_twins(pages: Mapping[str, BuiltPage]) -> dict[str, str]:
    """Return the twins of built pages by their paths in the site, each beside its page."""
    texts = {name: page.twin for name, page in pages.items() if posixpath.basename(name) == "index.html"}
    return {f"{name.removesuffix('.html')}.md": text for name, text in texts.items() if text}


def write_blocks(element: HtmlElement) -> list[str]:
    """Return the blocks of Markdown in an element; what stands between its block elements is a paragraph."""
    blocks, phrases = [], [escape_text(element.text)]
    for child in element:
        if write := BLOCKS.get(child.tag):
            blocks += [join_phrases(phrases), *write(child)]
            phrases = [escape_text(child.tail)]
        else:
            phrases += [write_phrase(child), escape_text(child.tail)]
    return [block for block in [*blocks, join_phrases(phrases)] if block]


def join_phrases(phrases: Iterable[str]) -> str:
    """Return phrases as a paragraph that Markdown takes for no other block."""
    text = re.sub(r" +", " ", "".join(phrases)).strip().replace("\n ", "\n")
    return START.sub(r"\1\\", text, count=1) if START.match(text) else text


def write_phrases(element: HtmlElement) -> str:
    """Return the content of an element as text with the marks of Markdown."""
    parts = [escape_text(element.text)]
    for child in element:
        parts += [write_phrase(child), escape_text(child.tail)]
    return "".join(parts)


def write_line(element: HtmlElement) -> str:
    """Return the content of an element as a single line."""
    return " ".join(write_phrases(element).replace(BREAK, " ").split())


def write_phrase(element: HtmlElement) -> str:
    """Return an element of a paragraph as text with its mark."""
    role = element.get("class", "")
    if role in LITERAL:
        return f"{LITERAL[role]}{element.text_content()}"
    if write := PHRASES.get(element.tag):
        return write(element)
    text = write_phrases(element)
    if role == "aside":
        return write_aside(element, text)
    mark = "**" if role.startswith("verdict") else MARKS.get(element.tag, "")
    if mark and text.strip():
        return f"{mark}{text.strip()}{mark}"
    if element.tag in BLOCKS:
        return f" {text} "
    # Style sheets set apart what follows without a space.
    return f" {text}" if element.tag == "span" and is_adjacent(element) else text


def is_adjacent(element: HtmlElement) -> bool:
    """Return whether an element follows another with no text between them."""
    previous = element.getprevious()
    return previous is not None and not previous.tail


def write_aside(element: HtmlElement, text: str) -> str:
    """Return what qualifies a fact; all that follow one another share a parenthesis."""
    previous, following = element.getprevious(), element.getnext()
    is_first = not is_adjacent(element) or previous.get("class") != "aside"
    is_last = element.tail or following is None or following.get("class") != "aside"
    said = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    return f"{' (' if is_first else '; '}{said}{')' if is_last else ''}"


def write_link(element: HtmlElement) -> str:
    """Return a link; its text alone if it leads nowhere."""
    text, href = write_phrases(element), element.get("href")
    return f"[{text}]({find_twin(href)})" if href and text.strip() else text


def write_image(element: HtmlElement) -> str:
    """Return an image with the text that stands for it."""
    return f"![{escape_text(element.get('alt'))}]({escape_address(element.get('src', ''))})"


def write_box(element: HtmlElement) -> str:
    """Return the box of a task; another field is a control."""
    mark = "x" if "checked" in element.attrib else " "
    return f"[{mark}] " if element.get("type") == "checkbox" else ""


def write_inner_item(element: HtmlElement) -> str:
    """Return an item of a list that stands in a cell."""
    text = write_phrases(element)
    return f"{text.removesuffix('.')}; " if element.getnext() is not None else text


@lru_cache(maxsize=20_000)
def escape_text(text: str | None) -> str:
    """Return text between elements as Markdown that shows just that text."""
    return escape_markdown(re.sub(r"\s+", " ", text)) if text else ""


def write_code(element: HtmlElement) -> str:
    """Return code between backticks."""
    text = element.text_content()
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    fence = make_fence(text, 1)
    return f"{fence}{space}{text}{space}{fence}"


def make_fence(text: str, least: int) -> str:
    """Return more backticks than stand together in a text."""
    return "`" * max([least, *(len(run) + 1 for run in re.findall("`+", text))])


def find_twin(href: str) -> str:
    """Return the address of a page's twin, or any other address, as it can stand in a link."""
    if href.startswith("#"):
        return f"./{href}"
    return escape_address(f"{href}index.md" if PAGE.fullmatch(href) else href)


def write_heading(element: HtmlElement) -> list[str]:
    """Return a heading."""
    return [f"{'#' * int(element.tag[1])} {write_line(element)}"]


def write_paragraph(element: HtmlElement) -> list[str]:
    """Return a paragraph; a page's summary is a quotation, the title of a box or a fold is bold."""
    text = join_phrases([write_phrases(element)])
    if element.get("class") == "lead":
        return [f"> {text}"]
    return [f"**{text}**" if element.tag == "summary" or element.get("class") in TITLES else text]


def write_quotation(element: HtmlElement) -> list[str]:
    """Return a quotation of one paragraph or more."""
    return [indent("> ", "\n\n".join(write_blocks(element)))]


def write_list(element: HtmlElement) -> list[str]:
    """Return a list, numbered or not."""
    marks = ("- " if element.tag == "ul" else f"{number}. " for number in count(int(element.get("start", 1))))
    return ["\n".join(write_item(next(marks), write_blocks(item)) for item in element)]


def write_terms(element: HtmlElement) -> list[str]:
    """Return terms and what is said of each as a list."""
    items: list[list[str]] = []
    for part in element.iter("dt", "dd"):
        if part.tag == "dt" or not items:
            items.append([f"{write_line(part).removesuffix(':')}:"])
        else:
            first, *rest = write_blocks(part) or [""]
            items[-1] = [*items[-1][:-1], f"{items[-1][-1]} {first}", *rest]
    return ["\n".join(write_item("- ", blocks) for blocks in items)]


def write_item(mark: str, blocks: Iterable[str]) -> str:
    """Return an item of a list, with a list in it right below its text."""
    text = "".join(f"\n{block}" if re.match(r"- |1\. ", block) else f"\n\n{block}" for block in blocks).strip()
    return mark + indent(" " * len(mark), text)[len(mark) :]


def indent(prefix: str, text: str) -> str:
    """Return text with a prefix before each line."""
    return "\n".join(f"{prefix}{line}".rstrip() for line in text.split("\n"))


def write_table(element: HtmlElement) -> list[str]:
    """Return a table below its caption; pairs of a label and a value are a list."""
    captions = [write_line(caption) for caption in element.findall("caption")]
    rows = [[write_cell(cell) for cell in row] for row in ROWS(element)]
    if element.find("thead") is None and all(len(row) == 2 for row in rows):
        return [*captions, "\n".join(f"- {label}: {value}" for label, value in rows)]
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return [*captions, "\n".join([head, f"|{' --- |' * len(rows[0])}", *body])]


def write_cell(cell: HtmlElement) -> str:
    """Return what a cell of a table holds, free of what would end it."""
    return re.sub(r"(?<!\\)\|", r"\|", write_line(cell))


def write_program(element: HtmlElement) -> list[str]:
    """Return a block of code between fences, with its language if the page has it."""
    language = re.search(r"language-(\S+)|mermaid", LANGUAGE(element))
    text = element.text_content().rstrip("\n")
    fence = make_fence(text, 3)
    return [f"{fence}{(language[1] or language[0]) if language else ''}\n{text}\n{fence}"]


def write_claim(element: HtmlElement) -> list[str]:
    """Return a claim with its verdict as an item of a list."""
    claim, *rest = (write_line(part) for part in element)
    return [" ".join([f"- “{claim}”", *rest])]


def write_drawing(element: HtmlElement) -> list[str]:
    """Return a drawing as the list of its links."""
    nodes = element.xpath(".//a[@aria-label]")
    return ["\n".join(f"- [{escape_text(a.get('aria-label'))}]({find_twin(a.get('href', ''))})" for a in nodes)]


SECTIONS = "aside details div figcaption figure footer form header main nav section"
BLOCKS: dict[str, Callable[[HtmlElement], list[str]]] = {
    **dict.fromkeys(SECTIONS.split(), write_blocks),
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], write_heading),
    **dict.fromkeys(["p", "summary"], write_paragraph),
    **dict.fromkeys(["ul", "ol"], write_list),
    "article": write_claim,
    "blockquote": write_quotation,
    "dl": write_terms,
    "hr": lambda _: ["---"],
    "pre": write_program,
    "svg": write_drawing,
    "table": write_table,
}
PHRASES: dict[str, Callable[[HtmlElement], str]] = {
    "a": write_link,
    "br": lambda _: BREAK,
    "code": write_code,
    "img": write_image,
    "input": write_box,
    "li": write_inner_item,
}
