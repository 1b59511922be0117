"""The templates of a card: text with places ``{path}`` and ``{path:renderer|option}``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_PLACE = re.compile(
    r"(?P<path>\.|[a-z_]\w*(?:\.[a-z_]\w*)*)(?::(?P<renderer>[a-z]+)(?:\|(?P<option>.*))?)?", re.S
)


class Place(NamedTuple):
    """One place in a template: whose value, rendered how. An empty path is the item itself."""

    path: tuple[str, ...]
    renderer: str
    option: str

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""


class TemplateError(ValueError):
    """A template that cannot be read."""


@lru_cache(maxsize=4096)
def parse(template: str) -> tuple[str | Place, ...]:
    """Split a template into text and places; braces nest in the option of ``each``."""
    parts: list[str | Place] = []
    at = 0
    while at < len(template):
        opened = template.find("{", at)
        text = template[at:] if opened < 0 else template[at:opened]
        if "}" in text:
            raise TemplateError(f"'}}' without '{{' in {template!r}")
        if text:
            parts.append(text)
        if opened < 0:
            break
        at = _closing(template, opened) + 1
        inside = template[opened + 1 : at - 1]
        found = _PLACE.fullmatch(inside)
        if found is None:
            raise TemplateError(f"{{{inside}}} is no place; write {{path}} or {{path:renderer}}")
        path = () if found["path"] == "." else tuple(found["path"].split("."))
        parts.append(Place(path, found["renderer"] or "", found["option"] or ""))
    return tuple(parts)


def _closing(template: str, opened: int) -> int:
    depth = 0
    for at in range(opened, len(template)):
        depth += {"{": 1, "}": -1}.get(template[at], 0)
        if depth == 0:
            return at
    raise TemplateError(f"'{{' is not closed in {template!r}")
