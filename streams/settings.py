"""Settings: everything a deployment decides, read from the environment in one place."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from schemas.errors import SettingsError
from streams.topics import Topics

#: Permissions that a deployment can grant to the models whose cards declare them.
PERMISSIONS = ("custody", "juvenile", "medical", "public_security", "sexual_non_prosecution")


class Variable(NamedTuple):
    """One environment variable: what the README's table says of it."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "DONGJIAN_BROKER",
        "embedded://.dongjian/log.db",
        "the log: `kafka://host:port[,…]`, or one SQLite file",
    ),
    Variable(
        "DONGJIAN_DATA",
        ".dongjian",
        "directory for what this machine keeps: secret, embedded log, local servers",
    ),
    Variable(
        "REDIS_URL",
        "",
        "Redis for alerts; empty: a local server, the machine's or the installed wheel's",
    ),
    Variable(
        "DONGJIAN_FEEDS",
        "",
        "directory of feed contracts; empty: those of the example district",
    ),
    Variable(
        "DONGJIAN_LISTS",
        "",
        'TOML file of the reference lists that models ask, `police_organs = ["<organ code>", …]`; '
        'an entry may hold for a time, `"<code> 2018-01-01 2022-12-31"`; '
        "empty: those of the example district where its contracts are used",
    ),
    Variable(
        "DONGJIAN_OVERRIDES",
        "",
        "TOML file of a deployment's own rows of parameters, in the form of a card's: "
        "`[[D19.local]]` with value, kind, in_force_from, basis, verified (and region)",
    ),
    Variable(
        "DONGJIAN_SECRET",
        "",
        "secret of the tokens that stand for persons, fixed for the life of a deployment; "
        "empty: made once and kept in the data directory (embedded log only)",
    ),
    Variable("DONGJIAN_PREFIX", "dongjian", "beginning of every topic, group and Redis key"),
    Variable(
        "DONGJIAN_PARTITIONS",
        "4",
        "partitions of the changes and alerts topics, fixed for the life of a deployment",
    ),
    Variable(
        "DONGJIAN_INSTANCE",
        "",
        "stable name of this worker (pod, host): a restart then takes seconds and stops no other",
    ),
    Variable(
        "DONGJIAN_SESSION_SECONDS",
        "30",
        "how long Kafka waits for a silent worker before the others get its partitions",
    ),
    Variable("DONGJIAN_GRANTS", "", f"permissions granted, by comma: {', '.join(PERMISSIONS)}"),
    Variable(
        "DONGJIAN_ACTS_FROM",
        "",
        "earliest acts told, `D03=2024-01-01,…` or one date for all models",
    ),
    Variable("DONGJIAN_DISABLED", "", "models switched off, by comma"),
    Variable("DONGJIAN_TICK_SECONDS", "5", "how often the clock looks for what is due"),
    Variable(
        "DONGJIAN_PATIENCE_SECONDS",
        "30",
        "how long a tick waits for a feed that is behind before it goes on without it",
    ),
    Variable(
        "DONGJIAN_METRICS",
        "127.0.0.1:9464",
        "address of /metrics, /healthz and /readyz; set to nothing: none",
    ),
    Variable("DONGJIAN_LOG", "json", "log lines: `json` or `text`"),
)

_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one deployment, checked."""

    broker: str
    data: Path
    redis_url: str
    feeds: Path | None
    lists: Path | None
    overrides: Path | None
    secret: str = field(repr=False)
    topics: Topics
    instance: str
    session_s: float
    grants: tuple[str, ...]
    acts_from: dict[str, date]
    disabled: tuple[str, ...]
    tick_s: float
    patience_s: float
    metrics: str
    log: str

    @property
    def embedded(self) -> bool:
        return self.broker.startswith("embedded:")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; ``SettingsError`` names each variable that is wrong and what is legal."""
    given = os.environ if environment is None else environment
    values = {name: given.get(name, "") or default for name, default in _DEFAULTS.items()}
    mistakes: list[str] = []

    def number(name: str, least: float) -> float:
        try:
            value = float(values[name])
        except ValueError:
            value = least - 1
        if value < least:
            mistakes.append(f"{name}={values[name]!r}: a number of at least {least:g}")
        return max(value, least)

    broker = values["DONGJIAN_BROKER"]
    if not broker.startswith(("kafka://", "embedded:")):
        mistakes.append(
            f"DONGJIAN_BROKER={broker!r}: kafka://host:port[,…] or embedded:///path/log.db"
        )
    redis_url = values["REDIS_URL"]
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        # Not shown: whatever it is, it may hold a password.
        mistakes.append("REDIS_URL: redis://host:port[/number], rediss://… or unix:///path")
    grants = _listed(values["DONGJIAN_GRANTS"])
    for grant in grants:
        if grant not in PERMISSIONS:
            mistakes.append(f"DONGJIAN_GRANTS: {grant!r} is none of {', '.join(PERMISSIONS)}")

    def path(name: str, kind: str) -> Path | None:
        found = Path(values[name]) if values[name] else None
        if found is not None and not (found.is_dir() if kind == "directory" else found.is_file()):
            mistakes.append(f"{name}={str(found)!r}: no such {kind}")
        return found

    if values["DONGJIAN_LOG"] not in ("json", "text"):
        mistakes.append(f"DONGJIAN_LOG={values['DONGJIAN_LOG']!r}: json or text")
    data = Path(values["DONGJIAN_DATA"])
    settings = Settings(
        broker=broker,
        data=data,
        redis_url=redis_url,
        feeds=path("DONGJIAN_FEEDS", "directory"),
        lists=path("DONGJIAN_LISTS", "file"),
        overrides=path("DONGJIAN_OVERRIDES", "file"),
        secret=_secret(values["DONGJIAN_SECRET"], data, broker, mistakes),
        topics=Topics(values["DONGJIAN_PREFIX"], int(number("DONGJIAN_PARTITIONS", 1))),
        instance=values["DONGJIAN_INSTANCE"],
        session_s=number("DONGJIAN_SESSION_SECONDS", 6),  # the least that a broker takes
        grants=grants,
        acts_from=_acts_from(values["DONGJIAN_ACTS_FROM"], mistakes),
        disabled=_listed(values["DONGJIAN_DISABLED"]),
        tick_s=number("DONGJIAN_TICK_SECONDS", 0.05),
        patience_s=number("DONGJIAN_PATIENCE_SECONDS", 0.1),
        metrics=given.get("DONGJIAN_METRICS", _DEFAULTS["DONGJIAN_METRICS"]),
        log=values["DONGJIAN_LOG"],
    )
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return settings


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _acts_from(text: str, mistakes: list[str]) -> dict[str, date]:
    found: dict[str, date] = {}
    for part in _listed(text):
        model, _, day = part.rpartition("=")
        try:
            found[model or "*"] = date.fromisoformat(day)
        except ValueError:
            mistakes.append(
                f"DONGJIAN_ACTS_FROM: {part!r} is neither MODEL=YYYY-MM-DD nor YYYY-MM-DD"
            )
    return found


def _secret(given: str, data: Path, broker: str, mistakes: list[str]) -> str:
    """The secret that was given, or the one kept beside an embedded log, made at its first use.

    On Kafka it must be given: workers on several machines have to make the same tokens.
    """
    if given:
        if len(given) < 16:
            mistakes.append("DONGJIAN_SECRET: at least 16 characters")
        return given
    if not broker.startswith("embedded:"):
        mistakes.append(
            "DONGJIAN_SECRET: needed with Kafka, the same for every worker (16 characters or more)"
        )
        return ""
    path = data / "secret"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
