"""The kinds of values, one file each: every file in this folder is loaded, and registers what it holds."""

import importlib
import pkgutil

for _found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_found.name}")
