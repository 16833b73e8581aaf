"""What the keys of a vocabulary mean, as its schema says it in editors, and problems where one is missing."""

from __future__ import annotations

from typing import Any

KIND = {
    "plural": "the name of the folder below docs/ that holds the entries, and of its address",
    "hue": "the color of the kind in diagrams and cards, in degrees: 0 is red, 120 green, 240 blue",
    "proper": "whether titles are proper names, which keep their capitals and stand in no quotation marks",
}
ATTRIBUTE = {
    "name": "how the attribute reads within a sentence, such as 'They differ in ...'; without it, as its label",
    "type": "what a value is: text, texts (a list), date, choice or choices (of a value set), entries, reference",
    "values": "the value set that a choice is from",
    "kinds": "the kinds that may state it: a list, or a mapping in which each kind may have a type of its own",
    "ages": "whether a value may change, so that each fact must say with 'as_of' on which day it was so",
    "shelf_life": "after how many months scripts/check --today asks for another look",
    "timeline": "whether its dates are when a thing first appeared, and stand in the timeline",
}
VALUE = {"mark": "the sign beside the value: full for yes, half for partly, empty for no; without it there is none"}


def told(said: dict[str, str], **schemas: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schemas of keys, described where the name of a key does not say enough."""
    return {key: {**schema, "description": said[key]} if key in said else schema for key, schema in schemas.items()}
