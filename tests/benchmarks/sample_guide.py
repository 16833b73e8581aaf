"""A made-up guide of any size, for `scripts/bench`: entries of the average real one's shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.model import Attribute, Vocabulary

# The shape of a made-up entry: at least that of the average real one, which has 4.3 facts, 250 words of prose, 7 links,
# 1.2 comparisons, 1.6 references and 0.7 claims of its own; a finished page then has 870 words, a real one 850.
LEAST_FACTS, MOST_FACTS, PARAGRAPHS, WORDS, LINKS, SIBLINGS, REFERENCES, PER_CLAIM = 4, 6, 5, 60, 5, 4, 2, 1
# What a large guide shares: an article for so many entries, and so many references in all.
PER_ARTICLE, MOST_REFERENCES = 1000, 3000
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
TEXT = (
    "a model learns from many examples how words or pixels follow one another and then draws new ones in the same way "
    "its makers say that quality rose with more data while critics found errors which no test had shown before release "
    "both views rest on measurements of different versions so each number here names the version date and method used"
)
DAY = "2026-01-01"


def words(seed: int, count: int) -> str:
    """A sentence without its full stop, always the same for a seed."""
    known = TEXT.split()
    return " ".join(known[(seed * 31 + k * k * 7 + k * seed) % len(known)] for k in range(count)).capitalize()


def name(index: int) -> str:
    """A word of three syllables that no other index has."""
    number = index * 104_729  # a prime, so that neighbors look unlike
    return "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3))


def page(body: str = "", **front: Any) -> str:
    """A Markdown page; JSON is YAML."""
    return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items()) + f"---\n\n{body}"


class Guide:
    """A made-up guide of any size that passes every check in a real vocabulary."""

    def __init__(self, vocabulary: Vocabulary, size: int) -> None:
        self.vocabulary, self.size = vocabulary, size
        rich = [k for k in vocabulary.kinds.values() if len(vocabulary.attributes_of(k.key)) >= LEAST_FACTS]
        self.kinds = [rich[index // SIBLINGS % len(rich)] for index in range(size)]
        self.slugs = [f"{name(index)}-model" for index in range(size)]
        self.paths = [f"{kind.plural}/{slug}.md" for kind, slug in zip(self.kinds, self.slugs, strict=True)]
        self.articles = [f"survey-{index // PER_ARTICLE}" for index in range(size)]
        self.sections = [f"{name}#part-{index // SIBLINGS}" for index, name in enumerate(self.articles)]
        self.references = min(size * REFERENCES, MOST_REFERENCES)
        self.parents = [c.slug for c in vocabulary.classes.values() if all(p in vocabulary.classes for p in c.is_a)]
        self.parents += self.slugs

    def files(self) -> Iterator[tuple[str, str]]:
        """Each file with its text."""
        yield from zip(self.paths, map(self.entry, range(self.size)), strict=True)
        yield from ((f"sources/{name}.md", self.article(name)) for name in dict.fromkeys(self.articles))
        yield "guide/all.md", page(title="All", summary=words(1, 10), rewrites=self.sections[::SIBLINGS])
        yield "index.md", page(words(2, 100), title="A made-up guide", summary=words(2, 10))
        yield "data/references.bib", "\n".join(map(self.reference, range(self.references)))
        yield "data/claims.yml", json.dumps({"claims": [self.claim(i) for i in range(0, self.size, PER_CLAIM)]})

    def key(self, index: int) -> str:
        return f"{name(index % self.references)}2020"

    def entry(self, index: int) -> str:
        spread = index % (MOST_FACTS - LEAST_FACTS + 1)
        attributes = self.vocabulary.attributes_of(self.kinds[index].key)[: LEAST_FACTS + spread]
        return page(
            "\n".join(self.paragraph(index, step) for step in range(PARAGRAPHS)),
            title=f"{name(index).capitalize()} model",
            summary=words(index, 16),
            summary_cite=[self.key(index * REFERENCES + k) for k in range(REFERENCES)],
            aliases=[name(index).upper()],
            is_a=[self.parents[index // SIBLINGS]],
            built_on=list(dict.fromkeys(self.slugs[index // part] for part in (2, 3))) if index else [],
            facts={a.key: self.fact(index, step, a) for step, a in enumerate(attributes)},
            checked=DAY,
        )

    def paragraph(self, index: int, step: int) -> str:
        to = (index * 7 + step * 13) % self.size
        heading = f"## {words(index, 4)} {{#part-{step}}}\n\n" if step % 4 == 0 else ""
        link = f", like [{self.slugs[to]}](../{self.paths[to]}) or {name(to).upper()}" if step < LINKS else ""
        return f"{heading}{words(index + step, WORDS)}{link} [@{self.key(index * REFERENCES + step)}].\n"

    def fact(self, index: int, step: int, attribute: Attribute) -> dict[str, Any]:
        seed, options = index * MOST_FACTS + step, list(self.vocabulary.value_sets.get(attribute.values, [""]))
        value: Any = {
            "text": words(seed, 12),
            "texts": [f"{words(seed, 4)} {k}" for k in range(3)],
            "date": f"{1990 + seed % 36}-{1 + seed % 12:02}-{1 + seed % 28:02}"[: (4, 7, 10)[seed % 3]],
            "choice": options[seed % len(options)],
            "choices": [options[seed % len(options)]],
            "entries": [self.slugs[index // 2]],
            "reference": self.key(seed),
        }[attribute.types[self.kinds[index].key]]
        at = [self.sections[index]]
        said = (
            {"note": words(seed, 8), "articles": {self.articles[index]: {"stance": "agrees", "at": at}}}
            if step % 4 == 0
            else {}
        )
        dated = {"as_of": DAY} if attribute.ages else {}
        return {"value": value, "cite": [self.key(seed), *(at if said else ())]} | said | dated

    def article(self, called: str) -> str:
        head = {
            "title": f"The {called}",
            "publisher": called,
            "url": "https://example.org/",
            "date": DAY,
            "checked": DAY,
        }
        sections = [
            {"id": f"part-{n}", "heading": f"Part {n}", "summary": words(n, 12), "names": self.slugs[i : i + SIBLINGS]}
            for n, i in enumerate(range(0, self.size, SIBLINGS))
            if self.articles[i] == called
        ]
        return page(**head, interest="None.", sections=sections)

    def reference(self, index: int) -> str:
        by = " and ".join(name(index + k).capitalize() for k in range(4))
        fields = {"author": by, "title": f"{{{words(index, 8)}}}", "journal": "Nowhere", "year": 2020}
        fields |= {"eprint": f"2001.{index}", "url": f"https://example.org/{index}", "note": "checked: abstract read"}
        return f"@article{{{self.key(index)},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in fields.items()) + "}\n"

    def claim(self, index: int) -> dict[str, Any]:
        verdicts = list(self.vocabulary.value_sets["verdict"])
        text = {"claim": words(index, 20), "accurate": words(index, 40), "verdict": verdicts[index % len(verdicts)]}
        refers = {"said_by": [self.sections[index]], "cite": [self.key(index)], "about": [self.slugs[index]]}
        return {"id": f"{name(index)}-claim"} | text | refers
