"""The blocks that a hand-written page may ask for: what each takes."""

from __future__ import annotations

from fieldguide.formats import SLUG
from fieldguide.source.validation import Validator

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
