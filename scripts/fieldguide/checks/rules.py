"""The rules that the content is held to: why each is one, what breaks it, and what mends that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "rules.yml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule by the name that stands in a problem, with something that breaks it and something that does not."""

    name: str
    why: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.name}: {self.why}\n  wrong: {self.wrong}\n  right: {self.right}"


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name, in order."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Rule(name=name, **rule) for name, rule in data.items()}
