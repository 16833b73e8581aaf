"""The command line: one command for each script in `scripts/`, which loads only what it needs."""

from __future__ import annotations

import gc
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fieldguide.commands import CommandError, load_sound_catalog, write_files
from fieldguide.problem import ParseError
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.problem import Problem

NEXT_STEPS = """\
{path} is there. What is left:
  1. Fill its blanks: the summary, where it says so, what the thing is a kind of, the facts, the prose.
  2. scripts/check            names what is missing, with line and column
  3. scripts/serve            shows http://127.0.0.1:8000/{address}
  4. scripts/addresses        adds the page to the ledger of addresses"""


class ReportingGroup(click.Group):
    """Commands that end with a line, and no traceback, where a file cannot be read or written."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; turn what people can mend into a message."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever reads the output has had enough
            raise
        except OSError as error:
            reason = str(error.strerror).lower()
            raise CommandError(f"{error.filename}: {reason}" if error.filename else str(error)) from None
        except UnicodeDecodeError as error:
            raise CommandError(f"expected a text in UTF-8: {error}") from None
        except ParseError as error:
            raise CommandError("\n".join(map(str, error.problems))) from None


def check_day(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Return the value of an option if it is a real day; refuse it if it is none."""
    from fieldguide.checks.history import is_day

    if value is None or is_day(value):
        return value
    raise click.BadParameter(f"expected a day such as 2021-01-05, got '{value}'")


def project_file(name: str) -> Path:
    """Return a file of the guide whose script runs, else of the one in the current folder."""
    return Path(os.environ.get("FIELDGUIDE_PROJECT", "."), name)


PATH = click.Path(path_type=Path)
docs_option = click.option(
    "--docs", type=PATH, default=lambda: project_file("docs"), help="The docs folder of the guide."
)


@click.group(cls=ReportingGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check, edit and publish a sourced guide."""


@main.command()
@click.argument("docs", type=PATH, default=lambda: project_file("docs"))
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--warnings", is_flag=True, help="List what could be better; fails nothing.")
@click.option(
    "--today",
    metavar="DATE",
    callback=check_day,
    help="List the facts that are past their shelf life on this day.",
)
@click.option("--explain", "rule", metavar="RULE", help="Print why a rule is one, what breaks it and what mends that.")
@click.pass_context
def check(ctx: click.Context, docs: Path, style: str, today: str | None, rule: str | None, *, warnings: bool) -> None:
    """Check all content of the folder DOCS without building."""
    from fieldguide.report import format_report

    gc.disable()  # a check ends before garbage takes room
    ctx.call_on_close(gc.enable)
    if rule is not None:
        click.echo(_explain_rule(rule))
        return
    docs = _docs_folder(docs)
    problems = _find_problems(docs, today, warnings=warnings)
    click.echo(format_report(problems, style, docs))
    if problems and sys.stdout.isatty():
        click.echo("Why a rule is one, with an example: scripts/check --explain RULE")
    if any(not problem.warning for problem in problems):
        ctx.exit(1)


def _explain_rule(name: str) -> str:
    from fieldguide.checks.registry import list_rules

    rules = list_rules()
    if name not in rules:
        hint = did_you_mean(name, rules) or f"; the rules are {', '.join(sorted(rules))}"
        raise click.UsageError(f"no rule is called '{name}'{hint}")
    return str(rules[name])


def _docs_folder(docs: Path) -> Path:
    """Return a docs folder as an absolute path; refuse what is none."""
    from fieldguide.source.loader import VOCABULARY

    if not docs.is_dir():
        raise click.UsageError(f"{docs} is not a folder; name the docs folder of a guide")
    if any(docs.glob(f"docs/{VOCABULARY}")):
        raise click.UsageError(f"{docs} is not the docs folder of a guide; did you mean {docs / 'docs'}?")
    return Path(os.path.abspath(docs))  # noqa: PTH100 -- a link may name the folder


def _find_problems(docs: Path, today: str | None, *, warnings: bool) -> list[Problem]:
    """Return the problems of a guide; of a sound one also the warnings that are asked for."""
    from fieldguide.guide import list_advice, load_and_check
    from fieldguide.source.document_cache import DocumentCache

    folder = os.environ.get("CACHE", ".cache")  # as in mkdocs.yml: the next build finds what was read here
    cache = DocumentCache.load(project_file(folder) / "documents" if folder else None, docs)
    cache.scan([docs])
    catalog, problems = load_and_check(docs, cache)
    cache.save()
    if all(problem.warning for problem in problems):
        problems += list_advice(catalog, warnings=warnings, today=today or "")
    return sorted(problems)


@main.command()
@click.argument("kind", required=False)
@click.argument("slug", required=False)
@click.option("--title", help="Its name; without it, made from the slug.")
@click.option("--summary", default="", help="One sentence of at most 160 characters.")
@docs_option
def new(kind: str | None, slug: str | None, title: str | None, summary: str, docs: Path) -> None:
    """Write a new page with a blank for everything its kind can state.

    KIND is a key of the vocabulary; SLUG is the file name without .md, its permanent id. At a terminal, what is missing
    is asked for.
    """
    from fieldguide.commands.new import NewEntry, write_page
    from fieldguide.source.loader import load_catalog
    from fieldguide.urls import url

    catalog, problems = load_catalog(docs)
    if not catalog.vocabulary.kinds:
        raise CommandError("\n".join(map(str, problems)))
    kind = _ask(f"Kind ({', '.join(catalog.vocabulary.kinds)})", kind)
    slug = _ask("File name", slug)
    if not kind or not slug:
        example = next(iter(catalog.vocabulary.kinds))
        raise click.UsageError(f"name the kind and the file name, such as: scripts/new {example} a-name")
    title = _ask("Title", title) or slug.replace("-", " ").capitalize()
    uri = write_page(catalog, docs, NewEntry(kind, slug, title, summary))
    click.echo(NEXT_STEPS.format(path=docs / uri, address=url(uri)))


def _ask(question: str, given: str | None) -> str:
    """Return what the command line gives, else what the person at the terminal answers, if there is one."""
    return given or (input(f"{question}: ").strip() if sys.stdin.isatty() else "")


@main.command()
@click.argument("old")
@click.argument("new")
@docs_option
@click.pass_context
def rename(ctx: click.Context, old: str, new: str, docs: Path) -> None:
    """Give the entry OLD the name NEW, mend what refers to it, and redirect its old addresses."""
    from fieldguide.commands.rename import rename_entry
    from fieldguide.guide import load_and_check
    from fieldguide.report import format_text

    changed = rename_entry(load_sound_catalog(docs), docs, old, new)
    _, problems = load_and_check(docs)
    click.echo("\n".join(["Changed:", *(f"  {uri}" for uri in changed), format_text(problems)]))
    click.echo("Its title and the prose are as they were. scripts/addresses adds the new addresses.")
    ctx.exit(1 if problems else 0)


@main.command()
@click.argument("name")
@docs_option
def explain(name: str, docs: Path) -> None:
    """Print the fact NAME, written ENTRY.ATTRIBUTE, with its sources and where it is shown; or all an entry states."""
    from fieldguide.commands.explain import explain as explain_name

    click.echo("\n".join(explain_name(load_sound_catalog(docs), name)))


@main.command()
@click.argument("old")
@click.argument("new")
@click.option("--date", metavar="DATE", callback=check_day, required=True, help="The day of the changes.")
@docs_option
def changes(old: str, new: str, date: str, docs: Path) -> None:
    """Record which facts differ between OLD and NEW, each a catalog.json, a docs folder or a git revision."""
    from fieldguide.commands.versions import load_version, record_changes

    before, after = (load_version(place, project_file(".")) for place in (old, new))
    click.echo(f"{record_changes(docs, before, after, date)} changes")


@main.command()
@click.argument("project", type=PATH, default=lambda: project_file("."))
def release(project: Path) -> None:
    """Freeze the catalog of the version that the pyproject.toml of PROJECT names."""
    from fieldguide.commands.versions import freeze_catalog

    version, files = freeze_catalog(project)
    names = "\n".join(f"  {path.relative_to(project)}" for path in files)
    click.echo(f"Frozen:\n{names}\nNow commit, and tag: git tag v{version}")


@main.command()
@click.argument("target", metavar="DIR", type=PATH)
@click.option("--config-file", type=PATH, default=lambda: project_file("mkdocs.yml"), help="The settings of the guide.")
def materialize(target: Path, config_file: Path) -> None:
    """Write the guide as a plain folder of Markdown, assets and settings, which needs no plugin."""
    from fieldguide.commands.materialize import write_project

    settings = write_project(config_file, target)
    click.echo(f"{target} holds the guide: build it with `mkdocs build -f {shlex.quote(str(settings))}`")


@main.command()
@click.option("--site", type=PATH, help="Add the addresses of this built site; without it, the site is built.")
@click.option("--remove", is_flag=True, help="Accept that these addresses are gone.")
@click.argument("gone", metavar="[ADDRESS]...", nargs=-1)
@docs_option
def addresses(site: Path | None, gone: Sequence[str], docs: Path, *, remove: bool) -> None:
    """Add the addresses of the site to the ledger; with --remove, accept that some are gone."""
    from fieldguide.site import ledger
    from fieldguide.site.links import read_pages

    if remove != bool(gone):
        raise click.UsageError("name the addresses that are gone after --remove")
    known = ledger.read_ledger(docs)
    if unknown := [f"'{a}'{did_you_mean(a, sorted(known.live))}" for a in gone if a not in known.live]:
        raise CommandError(f"the ledger does not hold {', '.join(unknown)}")
    known = known.give_up(gone)
    if site or not gone:
        site = site or _build_site()
        if not (now := ledger.list_published(read_pages(site))):
            raise CommandError(f"{site} is no built site; scripts/build makes one")
        known = known.add(now)
    write_files({docs / ledger.LEDGER: known.write()})


def _build_site() -> Path:
    """Build the project's site and return its folder; exit as the build does if it fails."""
    settings, site = project_file("mkdocs.yml"), project_file("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(settings), "-d", str(site.absolute())]
    if status := subprocess.run(command, check=False).returncode:  # noqa: S603 -- our own command
        sys.exit(status)
    return site


@main.command()
@click.argument("target", type=PATH)
@click.argument("texts", type=PATH, nargs=-1, required=True)
def fingerprint(target: Path, texts: Sequence[Path]) -> None:
    """Write the hashes of the runs of words of TEXTS, by which copies are found, to the file TARGET."""
    from fieldguide.checks.originality import fingerprint as hash_runs

    marks = hash_runs(path.read_text(encoding="utf-8") for path in texts)
    write_files({target: "\n".join(marks) + "\n"})


if __name__ == "__main__":
    main()
