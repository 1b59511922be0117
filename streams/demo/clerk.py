"""The operator of the demonstration: settles what an agency sent broken and has sent again whole.

Where not even the record of a broken message is known, the feed's completeness stops before it, and
only a person can say that nothing was lost.
"""

from __future__ import annotations

from datetime import date, timedelta

from schemas.contract import Contract
from streams.district import Event
from streams.district.event import day_of
from streams.intake.orders import Dismiss, encode_order
from streams.intake.quarantine import Quarantine, Quarantined
from streams.log.client import LogClient
from streams.topics import Topics

#: Days until the operator has asked the agency: long enough to see completeness stand still.
ASKED_AFTER = timedelta(days=25)

BECAUSE = "the agency has sent the row again, whole"


class Clerk:
    """Sees what goes by, and looks into the quarantine when something of it was mended."""

    def __init__(self, topics: Topics, contracts: dict[str, Contract]) -> None:
        self._topics, self._contracts = topics, contracts
        self._broken: dict[tuple[str, tuple[str, ...]], date] = {}
        self._mended: list[tuple[str, date, date]] = []  # feed, days of the broken and of the whole

    def sees(self, event: Event) -> None:
        """Take note of one message of an agency."""
        name = event.feed, event.key
        if event.op == "broken":
            self._broken[name] = event.day
        elif name in self._broken:
            self._mended.append((event.feed, self._broken.pop(name), event.day))

    async def act(self, client: LogClient, today: date | None) -> int:
        """Dismiss what was mended long enough ago (None: all that was); how many that were.

        What intake has not yet come to stays for the next time.
        """
        due = [m for m in self._mended if today is None or m[2] + ASKED_AFTER <= today]
        if not due:
            return 0
        quarantine, count = await Quarantine.load(client, self._topics.quarantine), 0
        for feed, broken, mended in due:
            entries = quarantine.open(feed, settled=True)
            found = [e for e in entries if day_of(e.message.timestamp_ms) == broken]
            if not found:
                continue
            self._mended.remove((feed, broken, mended))
            for entry in found:
                if entry.holds and entry.id not in quarantine.settled:
                    await self._dismiss(client, entry)
                    count += 1
        return count

    async def _dismiss(self, client: LogClient, entry: Quarantined) -> None:
        control = self._topics.control(entry.feed, self._contracts[entry.feed].epoch)
        order = encode_order(Dismiss(entry.epoch, entry.message.offset, BECAUSE))
        await client.append(control, entry.partition, [(None, order)])
