"""`scripts/addresses`: adds a site's new addresses to the ledger, or accepts that some are gone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import files
from fieldguide.problem import ParseError
from fieldguide.site import ledger, site
from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Adds a site's new addresses to the ledger, or accepts that some are gone."""
    parser = argparse.ArgumentParser(prog="scripts/addresses", description=main.__doc__)
    parser.add_argument("docs", type=Path, help="the folder whose ledger it is")
    parser.add_argument("--site", type=Path, help="add the addresses of this built site")
    parser.add_argument("--remove", nargs="+", default=[], metavar="ADDRESS", help="accept that these are gone")
    options = parser.parse_args(arguments)
    try:
        known = ledger.read(options.docs)
    except ParseError as error:
        parser.error("\n".join(map(str, error.problems)))
    held = ledger.addresses(known.live)
    if unknown := [f"'{a}'{did_you_mean(a, held)}" for a in options.remove if a not in held]:
        parser.error(f"the ledger does not hold {', '.join(unknown)}")
    known = ledger.give_up(known, options.remove)
    if options.site:
        if not (now := ledger.published(site.read(options.site))):
            parser.error(f"{options.site} is no built site; scripts/build makes one")
        known = ledger.add(known, now)
    with files.refused(parser):
        (options.docs / ledger.LEDGER).write_text(ledger.text_of(known), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
