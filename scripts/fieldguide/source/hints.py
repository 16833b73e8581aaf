"""What a message quotes, and the word that was meant."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 60


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known word most like a word, if any is like it."""
    return _nearest(word.lower(), tuple(known))


@lru_cache(4096)  # what is gone is asked for in every file that names it
def _nearest(word: str, known: tuple[str, ...]) -> list[str]:
    return get_close_matches(word, known, 1, 0.6)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or the empty string."""
    close = nearest(word, known)
    return f"; did you mean '{close[0]}'?" if close else ""


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "nothing"
    if isinstance(value, dict | list | tuple):
        return ("a " if value else "an empty ") + ("mapping" if isinstance(value, dict) else "list")
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return f"'{text[: SHOWN - 3]}...'" if len(text) > SHOWN else f"'{text}'"
