"""The registry of checks and rules: a check is one decorated generator, and its docstring is the page of its rule."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from fieldguide.parallel import parallel_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem

    Check = Callable[..., Iterator[Problem]]

Function = TypeVar("Function", bound="Check")
TEXT = re.compile(r"Why: (?P<why>.+?)\s+Wrong: (?P<wrong>.+?)\s+Right: (?P<right>.+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule by the name that stands in a problem: why it is one, what breaks it, and what mends that."""

    name: str
    why: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.name}: {self.why}\n  wrong: {self.wrong}\n  right: {self.right}"


RULES: dict[str, Rule] = {}
CHECKS: dict[str, list[Check]] = defaultdict(list)


def declare_rule(name: str, text: str) -> None:
    """Declare a rule by a text with the parts `Why:`, `Wrong:` and `Right:`; raise ValueError for any other."""
    parts: dict[str, Any] | None = (match := TEXT.search(text)) and match.groupdict()
    if not parts or name in RULES:
        raise ValueError(f"expected one text with 'Why:', 'Wrong:' and 'Right:' for the rule '{name}'")
    RULES[name] = Rule(name=name, **{part: " ".join(said.split()) for part, said in parts.items()})


def check(
    rule: str, *, per: Literal["catalog", "document", "settings", "warnings", "day"] = "catalog"
) -> Callable[[Function], Function]:
    """Register a generator of problems, whose docstring documents the rule unless another check's does.

    It is called once with the catalog, or for each document with the catalog, its path and itself; for the settings
    with their file, the folder of the content and the files of all pages; on request only, with the catalog (warnings)
    and with a day.
    """

    def register(function: Function) -> Function:
        CHECKS[per].append(function)
        if "Why:" in (text := function.__doc__ or ""):
            declare_rule(rule, text)
        return function

    return register


def list_rules() -> dict[str, Rule]:
    """Return every rule by its name, in alphabetical order."""
    return {name: RULES[name] for name in sorted(RULES)}


def run_checks(catalog: Catalog) -> Iterator[Problem]:
    """Yield every problem of a catalog."""

    def check_documents(uris: Sequence[str]) -> list[Problem]:
        return [p for uri in uris for find in CHECKS["document"] for p in find(catalog, uri, catalog.documents[uri])]

    for find in CHECKS["catalog"]:
        yield from find(catalog)
    for problems in parallel_map(check_documents, list(catalog.documents), "Checks"):
        yield from problems


# The rules of what is read before a check can run, and of the built site.
declare_rule(
    "address",
    """
    Why: People have linked to every address and id ever published; one that disappears breaks their links.
    Wrong: the heading 'Costs {#costs}' is taken off a page that was published
    Right: bring it back, or accept the loss with scripts/addresses --remove /guide/prices/#costs
    """,
)
declare_rule(
    "asset",
    """
    Why: A style sheet or script with a mistake is left out by browsers as far as it reaches, without a word to
    readers.
    Wrong: nav { color: red
    Right: nav { color: red }
    """,
)
declare_rule(
    "bibtex",
    """
    Why: An entry of the bibliography that cannot be read would leave its citations without a source.
    Wrong: @article{codd1970, title = {A relational model year = 1970}
    Right: @article{codd1970, title = {A relational model}, year = 1970}
    """,
)
declare_rule(
    "conflict",
    """
    Why: What a merge left in two versions would be published with the signs between them.
    Wrong: <<<<<<< HEAD
    Right: one of the two versions, without the three lines of signs
    """,
)
declare_rule(
    "date",
    """
    Why: A date is shown and sorted as precisely as it is known, and has to be a real one.
    Wrong: first_release: {value: 2021-02-30, cite: [key]}
    Right: first_release: {value: 2021-02, cite: [key]}
    """,
)
declare_rule(
    "duplicate-key",
    """
    Why: Of two equal keys YAML keeps the last and loses the first without a word.
    Wrong: two lines 'developer: ...' under 'facts'
    Right: one of them
    """,
)
declare_rule(
    "encoding",
    """
    Why: A file in another encoding shows wrong letters, and control characters can end a page early.
    Wrong: a file saved as Latin-1 or UTF-16
    Right: the file saved as UTF-8
    """,
)
declare_rule(
    "front-matter",
    """
    Why: Without front matter, or with one that never ends, the facts would be printed as text.
    Wrong: a page whose first line is its title
    Right: a page whose first line is '---'
    """,
)
declare_rule(
    "inline-code",
    """
    Why: The site's security policy lets only the theme's own inline scripts run; anything else would be blocked.
    Wrong: an override with <p style='color: red'>
    Right: a class, and a rule in a style sheet
    """,
)
declare_rule(
    "length",
    """
    Why: Titles stand in tabs and cards, claims in lists; longer ones are cut off.
    Wrong: a title of 81 characters
    Right: a title of at most 80
    """,
)
declare_rule(
    "mapping",
    """
    Why: A list where keys are expected gives no value a name.
    Wrong: - developer: Us
    Right: developer: {value: Us, cite: [key]}
    """,
)
declare_rule(
    "required",
    """
    Why: Something without it cannot be shown.
    Wrong: an entry without 'summary'
    Right: summary: One sentence that says what it is.
    """,
)
declare_rule(
    "summary-length",
    """
    Why: Summaries stand in search results, cards and lists, which cut off what is longer.
    Wrong: a summary of 161 characters
    Right: a summary of at most 160
    """,
)
declare_rule(
    "tab",
    """
    Why: YAML does not take tabs for indentation.
    Wrong: a line that begins with a tab
    Right: a line that begins with spaces
    """,
)
declare_rule(
    "type",
    """
    Why: A value of another type would be shown wrong, or not at all.
    Wrong: aliases: Postgres
    Right: aliases: [Postgres]
    """,
)
declare_rule(
    "uncited",
    """
    Why: A fact without a source cannot be checked.
    Wrong: developer: {value: Us}
    Right: developer: {value: Us, cite: [key]}
    """,
)
declare_rule(
    "unknown-attribute",
    """
    Why: A fact under a name that the vocabulary lacks would be shown nowhere.
    Wrong: licence: {value: closed, cite: [key]}
    Right: license: {value: closed, cite: [key]}
    """,
)
declare_rule(
    "unknown-key",
    """
    Why: What stands under a key that nothing reads would be lost without a word.
    Wrong: sumary: One sentence.
    Right: summary: One sentence.
    """,
)
declare_rule(
    "unknown-kind",
    """
    Why: An attribute of a kind that does not exist applies to nothing.
    Wrong: kinds: [sytem]
    Right: kinds: [system]
    """,
)
declare_rule(
    "value",
    """
    Why: A value outside its set has no label, no color and no place in the order.
    Wrong: is_open: {value: maybe, cite: [key]}
    Right: is_open: {value: depends, cite: [key]}
    """,
)
declare_rule(
    "yaml",
    """
    Why: YAML that cannot be read loses everything in the file.
    Wrong: summary: One thing: another
    Right: summary: 'One thing: another'
    """,
)
