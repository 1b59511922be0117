"""Dense worlds to draw records from: so few people, keys and days that nearly every record matters.

One theme per model, one for derived records, one for all at once. A record is drawn with a key out
of two or three, so that drawing is mostly correcting; its person is drawn too, so that a correction
often moves it to somebody else.

To add the theme of a model, add a module of the model's name that makes a :class:`Theme`, and
nothing else: every theme of every module here is played. It may tell of persons, companies, cases,
projects or pairs alike: a record goes to the subjects that its type names, so only two or three of
them must be drawn. A theme is dense enough when most histories cause transitions; ``at_least`` says
how many they cause on average, and the proof fails below.

- ``draws`` are functions of a ``Random`` with a weight each; give every record ``feed=`` (or leave
  the default, its type in small letters) and a ``key=`` out of two or three.
- ``since`` and ``until``: the clock begins and ends there; days of records lie around the limits.
- ``supplies``: a :class:`Supply` for each question that the model asks of ``context.covered``.
- ``overrides``: ``other(model, parameter, value)``, so that rules change in the middle.
- ``grants``, ``lists``: what the model needs beside the usual.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.proof.theme import Theme


def _found() -> tuple[Theme, ...]:
    themes: dict[str, Theme] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for value in vars(module).values():
            if isinstance(value, Theme) and themes.setdefault(value.name, value) is not value:
                raise ValueError(f"{module.__name__}: another theme is called {value.name}")
    return tuple(sorted(themes.values(), key=lambda theme: theme.name))


THEMES = _found()

#: Those of one model without derived records.
MODELS = tuple(
    theme
    for theme in THEMES
    if len(theme.models) == 1 and not theme.derives and theme.packages == ("detectors",)
)

__all__ = ["MODELS", "THEMES", "Theme"]
