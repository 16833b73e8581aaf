"""The options of the plugin, which stand below `plugins: {fieldguide: ...}` in `mkdocs.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config.base import Config, ValidationError
from mkdocs.config.config_options import Dir, Optional, Type

from fieldguide.source.suggestions import did_you_mean

if TYPE_CHECKING:
    from mkdocs.config.base import ConfigErrors, ConfigWarnings

# What the theme reads from `extra`: no line names the generator, and the choice of colors holds for the whole host.
THEME_EXTRA = {"generator": False, "scope": "/"}


class CacheFolder(Dir):
    """A folder that need not exist yet."""

    def run_validation(self, value: object) -> str:
        if value == "":
            raise ValidationError("expected a folder; leave the option out to keep nothing")
        return super().run_validation(value)


class FieldGuideConfig(Config):
    """The options of the plugin, none of which is required."""

    cards = Type(bool, default=True)
    """Whether to draw a card for each page, which is shown where its link is shared."""

    cache = Optional(CacheFolder())
    """The folder, relative to `mkdocs.yml`, in which a build keeps what later builds need not make again."""

    report_url = Optional(Type(str))
    """Where readers report a mistake: an address with `{form}`, `{title}` and `{url}` as placeholders."""

    def find_cache(self, name: str) -> Path | None:
        """Return the folder of the cache of some name; None if nothing is kept."""
        return Path(self.cache, name) if self.cache else None

    def validate(self) -> tuple[ConfigErrors, ConfigWarnings]:
        """Return errors and warnings; an unknown option is an error."""
        errors, unknown = super().validate()
        known = FieldGuideConfig()
        for key, _ in unknown:
            hint = did_you_mean(key, known) or f"; the options are {', '.join(known)}"
            errors.append((key, ValidationError(f"unknown option{hint}")))
        return errors, []
