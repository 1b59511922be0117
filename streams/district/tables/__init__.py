"""The agencies' tables: names, columns, types and keys, as their own databases have them.

One module an agency or a sector, each with a tuple ``TABLES``; they are found by walking this
package. Column names are the pinyin initials that such systems use (``swrq``: 死亡日期). Types:
text, int, date, timestamp (without zone), decimal2 (yuan), decimal6 (万元). Dates that an agency
keeps as text (``20250301``) are text, which is how a day that does not exist gets into a table at
all.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from streams.district.tables.table import COVERAGE_COLUMNS, Table

__all__ = ["COVERAGE_COLUMNS", "TABLES", "Table"]


def _found() -> dict[str, Table]:
    """All tables by feed, in the order of module names and then as a module has them."""
    tables: dict[str, Table] = {}
    names: dict[str, str] = {}
    for name in sorted(module.name for module in iter_modules(__path__)):
        if name == "table":
            continue
        for one in import_module(f"{__name__}.{name}").TABLES:
            if one.feed in tables or one.name in names:
                raise ValueError(f"{name}: {one.feed} or {one.name} is written down twice")
            tables[one.feed] = one
            names[one.name] = name
    return tables


TABLES: dict[str, Table] = _found()
