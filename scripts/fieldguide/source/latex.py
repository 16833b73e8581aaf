"""LaTeX in a field of BibTeX: as plain text, and what of it no plain text can say."""

from __future__ import annotations

import html
import re

from pylatexenc.latex2text import LatexNodes2Text

# Looking for LaTeX where there is none would take a millisecond an entry.
LATEX = re.compile(r"[\\$%&~`^]|--|''")
DECODER = LatexNodes2Text(keep_braced_groups=True)
MACRO = re.compile(r"\\([A-Za-z]+)")
ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-fA-F]+|\w+);")
MATH = re.compile(r"(?<!\\)\$(?=\S)[^$]*(?<=\S)\$(?![0-9])")
BARE = re.compile(r"(?<!\\)[%&]")
DOLLAR = re.compile(r"(?<!\\)\$")
# Styles, which leave their text as it is.
STYLES = {
    *("em", "it", "bf", "rm", "sc", "sf", "sl", "tt", "mbox", "protect", "relax", "textsubscript", "textsuperscript"),
    *("texttt", "textsf", "textup", "textmd", "textnormal", "uppercase", "lowercase"),
}
# What the decoder knows and makes no text of its own from.
TEXTLESS = {
    *("author", "date", "href", "include", "input", "item", "maketitle", "title", "today", "footnote"),
    *(macro.macroname for macro in DECODER.latex_context.iter_macro_specs(["latex-placeholders"])),
}


def unescaped(text: str) -> str:
    """A text in which HTML's names of characters, such as &amp;, are those characters."""
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def decoded(text: str) -> str:
    """A text without LaTeX; a bare %, & or lone $ stands for itself."""
    if not LATEX.search(text):
        return text
    text, last, pieces = unescaped(text), 0, []
    for formula in MATH.finditer(text):
        pieces += [DOLLAR.sub(r"\\$", text[last : formula.start()]), formula[0]]
        last = formula.end()
    safe = "".join([*pieces, DOLLAR.sub(r"\\$", text[last:])])
    return str(DECODER.latex_to_text(BARE.sub(r"\\\g<0>", safe)))


def unbraced(text: str) -> str:
    """A text without braces, its white space folded."""
    return " ".join(text.replace("{", "").replace("}", "").split())


def plain(text: str) -> str:
    """A field as plain text: LaTeX decoded, braces dropped, white space folded."""
    return unbraced(decoded(text))


def unknown(text: str) -> str:
    """The first macro of a text that cannot be told in plain text; empty if there is none."""
    for macro in MACRO.finditer(text) if "\\" in text else ():
        name = macro[1]
        if name in TEXTLESS or (name not in STYLES and DECODER.latex_context.get_macro_spec(name) is None):
            return macro[0]
    return ""
