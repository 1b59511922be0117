"""Activation: the numbered message that makes every partition run this code and these settings."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import msgspec

from detectors.framework.calendar import legal_calendar
from detectors.framework.registry import Catalogue
from detectors.framework.ruleset import RuleSet, code_hash
from schemas.change import Rules, decode_message, encode_message
from schemas.contract import Contract
from schemas.errors import ForeignRules, SettingsError
from streams.feeds import agencies_of, lists_of, overrides_of
from streams.log.client import LogClient
from streams.settings import Settings
from streams.topics import DETECT

logger = logging.getLogger(__name__)


async def last_activation(client: LogClient, settings: Settings) -> Rules | None:
    """The rule set that was activated last; None before the first."""
    topic, last = settings.topics.rules, None
    async for record in client.read_all(topic):
        message = decode_message(record.value or b"")
        if isinstance(message, Rules) and (last is None or message.number > last.number):
            last = message
    return last


def wanted_rules(
    settings: Settings, catalogue: Catalogue, contracts: Mapping[str, Contract], number: int
) -> Rules:
    """What this code and these settings would activate.

    Raises ``SettingsError`` or ``CardError`` for overrides that fit no card and lists
    that no model asks.
    """
    everyone = settings.acts_from.get("*")
    acts_from = {model.id: everyone for model in catalogue.models if everyone is not None}
    acts_from.update({m: day for m, day in settings.acts_from.items() if m != "*"})
    overrides = overrides_of(settings)
    if strange := overrides.keys() - {model.id for model in catalogue.models}:
        raise SettingsError(f"DONGJIAN_OVERRIDES: no model {', '.join(sorted(strange))}")
    lists = lists_of(settings)
    if strange := lists.keys() - catalogue.lists:
        raise SettingsError(
            f"DONGJIAN_LISTS: no model asks the list {', '.join(sorted(strange))}; "
            f"the lists are {', '.join(sorted(catalogue.lists))}"
        )
    rules = Rules(
        number=number,
        hash=code_hash(catalogue.sources, legal_calendar().digest),
        grants=settings.grants,
        acts_from=acts_from,
        disabled=settings.disabled,
        lists=lists,
        overrides=overrides,
        agencies=agencies_of(contracts),
    )
    if overrides:
        RuleSet(catalogue, rules)  # what does not fit a card is told here, not by every worker
    return rules


async def activate(
    client: LogClient,
    settings: Settings,
    catalogue: Catalogue,
    contracts: Mapping[str, Contract],
) -> Rules:
    """Activate what this code and these settings say; nothing happens when it is active already.

    The message is sent to every partition each time: an activation that was cut short is completed,
    and a number that a partition has seen is a no-op there.
    """
    last = await last_activation(client, settings)
    wanted = wanted_rules(settings, catalogue, contracts, last.number if last else 0)
    if last is None or wanted != last:
        wanted = msgspec.structs.replace(wanted, number=wanted.number + 1)
        await client.append(settings.topics.rules, 0, [(None, encode_message(wanted))])
    encoded = encode_message(wanted)
    for partition in range(settings.topics.partitions):
        await client.append(settings.topics.changes, partition, [(None, encoded)])
    return wanted


async def activate_at_start(
    client: LogClient,
    settings: Settings,
    catalogue: Catalogue,
    contracts: Mapping[str, Contract],
) -> None:
    """Activate at the first start; later only where one process is the whole deployment.

    What is active already is sent again: an activation that was cut short, after it was noted and
    before every partition had it, would else leave partitions that keep rows and look at nothing.

    On Kafka workers of another version may still run, and somebody has to say when: ``dongjian
    activate``. On the embedded log none does; but what the former version has not applied only it
    can apply, because it may have told a part of that already: raises ``ForeignRules``.
    """
    last = await last_activation(client, settings)
    if last is None:
        await activate(client, settings, catalogue, contracts)
        return
    wanted = wanted_rules(settings, catalogue, contracts, last.number)
    if not settings.embedded and wanted != last:
        logger.warning("rules_differ active=%s fix='dongjian activate'", last.number)
        return
    if wanted.hash != last.hash:
        group, topic = settings.topics.app(DETECT), settings.topics.changes
        waiting = sum((await client.lag(group, topic)).values())
        if waiting:
            raise ForeignRules(
                f"{waiting} changes in {settings.broker} wait for the version that was active "
                f"before (code {last.hash}, this is {wanted.hash}): run that version until it has "
                "caught up, or begin anew with another DONGJIAN_BROKER"
            )
    await activate(client, settings, catalogue, contracts)
