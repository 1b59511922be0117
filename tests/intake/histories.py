"""Dense seeded histories of a feed, with crashes, and what must be true after each of them.

A plain union of random actions has no power; these are weighted so that a history of some dozen
actions holds several moves, repairs and repeats (``Told`` counts them), and ``test_histories``
shows that each rule, switched off, is caught.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from schemas.change import Put, Remove, Unreadable
from schemas.errors import RecordError
from tests.intake.agency import CODES, REPAIRED, Crash, World, contract

CHUNK = 5  #: messages that are told of before they are written
KEYS = tuple(f"K{n}" for n in range(5))
DELETIONS = ('"correction"', '"expiry"', '{ends = "until"}')


class History:
    """One seeded history, played to its end."""

    def __init__(
        self,
        seed: int,
        deletion: str = DELETIONS[0],
        crashes: bool = True,
        frozen: bool = False,
    ) -> None:
        self.random = Random(seed)  # not for secrets
        self.deletion, self.crashes = deletion, crashes
        self.world = World(contract(deletion), unwritten=CHUNK)
        self.lost = self.repaired = False
        self.done: Counter[str] = Counter()
        self.actions = (
            [self.put] * 16 + [self.partial] * 6 + [self.unreadable] * 4 + [self.spoiled] * 3
            + [self.delete] * 4
            + [self.rename] * 2 + [self.resend] * 4 + [self.snapshot] * 2 + [self.garbage] * 2
            + [self.lose, self.truncate, self.repair] + [self.redrive] * 2 + [self.work] * 12
            + [self.drain] * 3 + [self.freeze] * (3 if frozen else 0)
            + [self.wake] * (4 if frozen else 0)
        )  # fmt: skip

    def play(self, count: int = 40) -> World:
        for _ in range(count):
            action = self.random.choice(self.actions)
            self.done[action.__name__] += 1
            action()
        self.finish()
        return self.world

    def key(self) -> str:
        return self.random.choice(KEYS)

    def put(self) -> None:
        r = self.random
        self.world.agency.put(
            self.key(), who=r.randrange(3), kind=r.choice("12"), place=r.choice("xyz"),
            case_no=r.choice(("A1", "A2", "")),
        )  # fmt: skip

    def partial(self) -> None:
        r = self.random
        toast = r.sample(("place", "id_no", "case_no"), r.randrange(1, 3))
        self.world.agency.put(self.key(), toast, kind=r.choice("1129"))

    def unreadable(self) -> None:
        r = self.random
        if self.deletion == DELETIONS[0] and r.random() < 0.3:
            self.world.agency.put(self.key(), who="37110218990101000X")
        else:
            self.world.agency.put(self.key(), who=r.randrange(3), kind="9")

    def spoiled(self) -> None:
        """An unreadable row, and before it is put right one that rests on it."""
        key, who = self.key(), self.random.randrange(3)
        self.world.agency.put(key, who=who, kind="9", place=self.random.choice("xyz"))
        self.world.agency.put(key, ["id_no", "place"], kind="2")

    def delete(self) -> None:
        self.world.agency.delete(self.key())

    def rename(self) -> None:
        self.world.agency.rename(self.key(), self.key())

    def resend(self) -> None:
        self.world.agency.resend(self.random.randrange(1, 8))

    def snapshot(self) -> None:
        self.world.agency.snapshot()
        self.world.drain()

    def garbage(self) -> None:
        self.world.agency.garbage(self.random.choice((None, self.key())))

    def lose(self) -> None:
        self.lost = True
        self.world.agency.lose(self.key())

    def truncate(self) -> None:
        self.world.agency.truncate()

    def repair(self) -> None:
        self.repaired = True
        self.world.repair(contract(self.deletion, codes=REPAIRED))

    def redrive(self) -> None:
        self.world.redrive_all()

    def drain(self) -> None:
        self.world.drain()

    def work(self) -> None:
        """Some messages or an order on one partition, perhaps into a crash."""
        r = self.random
        stage = r.choice(self.world.stages)
        crash_at = r.randrange(6) if self.crashes and r.random() < 0.4 else None
        try:
            if r.random() < 0.3:
                stage.obey(crash_at)
            else:
                stage.work(r.randrange(1, CHUNK + 1), crash_at)
        except Crash:
            self.done["crash"] += 1

    def freeze(self) -> None:
        self.random.choice(self.world.stages).freeze()

    def wake(self) -> None:
        """What a frozen owner wrote counts when the next one begins: so that one ends soon."""
        stage = self.random.choice(self.world.stages)
        self.done["woken"] += stage.frozen is not None
        stage.wake(self.random.randrange(CHUNK + 1), order=self.random.random() < 0.4)
        if self.random.random() < 0.7:
            stage.registry = None

    def finish(self) -> None:
        """The source puts right what only it can, the contract is repaired, the rest is settled."""
        world = self.world
        for stage in world.stages:
            if stage.frozen is not None:
                stage.wake(self.random.choice((0, CHUNK)), order=True)
        self.repair()
        if self.random.random() < 0.5:
            world.drain()
            self.settle()
        for key, columns in list(world.agency.rows.items()):
            try:
                world.mapper.record(columns)
            except RecordError:
                world.agency.put(key, who=1)
        if self.lost:
            world.agency.put("K0", who=0)
            world.drain()
            world.agency.snapshot()
        world.drain()
        for _ in range(3):
            self.settle()
        world.unwritten = 0
        for partition in range(world.agency.partitions):
            for _ in range(CHUNK):  # past what an owner may have told that missed the last order
                world.agency.send("", "u", {"id": 1}, table="police.other", partition=partition)
        world.drain()
        world.repair(world.contract)

    def settle(self) -> None:
        """Dismiss what nobody can read, redrive the rest."""
        for entry in self.world.open_entries():
            if entry.reason == "bad_json":
                self.world.dismiss(entry)
        self.world.drain()
        self.world.redrive_all()
        self.world.drain()


def problem(world: World) -> str:
    """What is wrong after a history, empty if nothing is.

    A connector that sends old history again, and a snapshot of what is known, must tell nothing.
    """
    standing, expected = world.fold.standing(), world.expected()
    if standing != expected:
        return f"rows differ: {standing} is not {expected}"
    if left := world.open_entries():
        return f"quarantined for ever: {[e.id for e in left]}"
    if held := [h for h in world.holds.values() if h.day is not None]:
        return f"held for ever: {held}"
    told = len(world.fold.messages)
    world.agency.resend(12)
    world.drain()
    if len(world.fold.messages) > told:
        return f"old history was told again: {world.fold.messages[told:]}"
    world.agency.snapshot()
    world.drain()
    if len(world.fold.messages) > told:
        return f"a snapshot was told: {world.fold.messages[told:]}"
    return ""


def told(world: World) -> Counter[str]:
    """How much happened."""
    found: Counter[str] = Counter()
    for message in world.fold.messages:
        name = {Put: "put", Remove: "remove", Unreadable: "unreadable"}[type(message)]
        found[name] += 1
    found.update(s.how for s in world.settled.values())
    return found


__all__ = ["CODES", "DELETIONS", "History", "problem", "told"]
