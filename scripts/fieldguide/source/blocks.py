"""The blocks that a hand-written page may ask for: what each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.formats import SLUG
from fieldguide.problem import Problem
from fieldguide.source.suggestions import did_you_mean
from fieldguide.source.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.catalog import Catalog
    from fieldguide.source.markdown import Block

SLUGS = {"type": "array", "items": {"type": "string", "pattern": SLUG}, "minItems": 1, "uniqueItems": True}


def _options(required: tuple[str, ...], **properties: object) -> Validator:
    return Validator(
        {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    )


BLOCKS = {
    "matrix": _options(("entries", "attributes"), entries=SLUGS, attributes={**SLUGS, "items": {"type": "string"}}),
    "taxonomy": _options(
        (), root={"type": "string", "pattern": SLUG}, depth={"type": "integer", "minimum": 1}, kinds=SLUGS, marked=SLUGS
    ),
    "timeline": _options(("entries",), entries=SLUGS),
    "claims": _options(("ids",), ids=SLUGS),
}


def check(catalog: Catalog, block: Block) -> Iterator[Problem]:
    """An unknown block, unknown options, or options that name what does not exist."""
    document = block.document
    if block.name not in BLOCKS:
        message = (
            f"'{block.name}' is not a block; expected one of {', '.join(BLOCKS)}{did_you_mean(block.name, BLOCKS)}"
        )
        yield _at(block, "block", message)
        return
    if not block.caption:
        yield _at(block, "block", f"expected a caption: '/// {block.name} | What it shows'")
    problems = list(BLOCKS[block.name].problems(document))
    yield from problems
    known = {
        "entries": catalog.entries,
        "attributes": catalog.vocabulary.attributes,
        "ids": catalog.claims,
        "root": catalog.nodes,
        "marked": catalog.nodes,
        "kinds": catalog.vocabulary.kinds,
    }
    for option, names in known.items() if not problems else ():
        value = document.data.get(option, [])
        for index, name in enumerate([value] if isinstance(value, str) else value):
            if name not in names:
                message = f"'{name}' is not known under '{option}'{did_you_mean(name, names)}"
                yield document.problem(
                    (option, index), "unknown-entry", message, subject="claims" if option == "ids" else name
                )

    if block.name == "timeline" and not problems:
        dated = [a.key for a in catalog.vocabulary.attributes.values() if a.timeline]
        named = [catalog.entries[slug] for slug in document.data["entries"] if slug in catalog.entries]
        complete = len(named) == len(document.data["entries"])
        if complete and not any(key in entry.facts for entry in named for key in dated):
            yield _at(block, "block", f"none of these entries states a date; expected one with {' or '.join(dated)}")


def _at(block: Block, rule: str, message: str) -> Problem:
    return Problem(path=block.document.path, line=block.line, column=1, rule=rule, message=message)
