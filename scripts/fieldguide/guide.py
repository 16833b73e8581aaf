"""The core in two steps: load a guide, which reads only the files that changed, then check it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide import urls
from fieldguide.checks.registry import CHECKS, run_checks
from fieldguide.problem import ANY
from fieldguide.source.document_cache import DocumentCache
from fieldguide.source.loader import load_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.catalog import Catalog
    from fieldguide.problem import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Guide:
    """A guide as it was read: its catalog, which lacks the files that could not be read, and why those could not."""

    docs: Path
    settings: Path
    catalog: Catalog
    unread: tuple[Problem, ...]


def load_guide(docs: Path, cache: DocumentCache | None = None, settings_file: Path | None = None) -> Guide:
    """Read a `docs/` folder; with a cache, only the files that have changed since.

    The settings are those that are named, or `mkdocs.yml` beside the folder.
    """
    cache = cache or DocumentCache()
    catalog, problems = load_catalog(docs, cache)
    cache.end_run()
    beside = settings_file or docs.parent / "mkdocs.yml"
    return Guide(docs=docs, settings=beside, catalog=catalog, unread=tuple(problems))


def check_guide(guide: Guide) -> list[Problem]:
    """Return every problem of a guide, those of its reading included, sorted by file and line."""
    if not guide.catalog.vocabulary.kinds:
        return sorted(set(guide.unread))
    catalog, pages = guide.catalog, urls.list_pages(guide.catalog)
    found = list(run_checks(catalog))
    for check in CHECKS["settings"] if guide.settings.is_file() else ():
        found += check(guide.settings, guide.docs, pages)
    unread = [*guide.unread, *(problem for problem in found if problem.rule == "file" and not problem.subject)]
    return sorted({*unread, *_without_follow_ups(found, unread)})


def list_advice(catalog: Catalog, *, warnings: bool = False, today: str = "") -> list[Problem]:
    """Return what an editor may want to mend and no check fails for: warnings, and facts too old on a day."""
    found = [problem for find in CHECKS["warnings"] if warnings for problem in find(catalog)]
    found += [problem for find in CHECKS["day"] if today for problem in find(catalog, today)]
    return [replace(problem, warning=True) for problem in found]


def load_and_check(
    docs: Path, cache: DocumentCache | None = None, settings_file: Path | None = None
) -> tuple[Catalog, list[Problem]]:
    """Return the catalog of a `docs/` folder and every problem of the guide."""
    guide = load_guide(docs, cache, settings_file)
    return guide.catalog, check_guide(guide)


def _without_follow_ups(found: list[Problem], unread: list[Problem]) -> list[Problem]:
    """Leave out the problems that only say that something is missing which stands in a file that cannot be read."""
    if any(problem.path.endswith("/") for problem in unread):  # a folder, in which anything may stand
        return [problem for problem in found if not problem.subject]
    names = {problem.path.lower().rpartition("/")[2].partition(".")[0] for problem in unread}
    if names:
        names.add(ANY)
    return [problem for problem in found if problem.subject.lower() not in names]
