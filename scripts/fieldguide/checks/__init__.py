"""Checks: a catalog to its problems. Every module here is imported, which registers its checks."""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
