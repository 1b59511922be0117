"""The chain after a decision not to prosecute, step by step, as the case system enters it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple, Self

from streams.district.calendar import works
from streams.district.event import Row
from streams.district.lives.stage import Stage
from streams.district.places import AGENCIES
from streams.district.rows import ten_thousand_yuan, yuan
from streams.district.script import Paper

GUIDELINE = date(2024, 11, 26)  # from this day the terms of transfer and review are law
PENALTY_TERM = timedelta(90)  # 行政处罚法 60, from the agency's own filing

KINDS = {"statutory": "1", "relative": "2", "doubt": "3", "conditional": "4", "prosecution": "9"}
STEPS = {
    "transferred": "1201",
    "accepted": "1202",
    "extended": "1203",
    "no_penalty_needed": "1204",
    "review_ended": "1205",
}
REPLIES = {"will_punish": "1", "punished": "2", "refused": "3", "no_action": "4"}

# Charge (刑法 article) and the agency's own word for the same act.
_ACTS = {
    "market": (("144", "12"), ("143", "11"), ("225", "21")),
    "transport": (("225", "F01"),),
    "police": (("264", "0301"), ("234", "0201"), ("293", "0205")),
}


class Done(NamedTuple):
    """A step that was taken: when in law, and when it is known."""

    day: date
    known: date


class Chain:
    """One decision on one party and what follows. Days never lie before the step they follow."""

    after_late_reply = "cured"

    def __init__(self, stage: Stage, decided: date, agency: str, kind: str) -> None:
        self.stage, self.decided = stage, decided
        self.agency = agency or stage.rng.choice(("market", "police"))
        self.charge, self.cause = stage.rng.choice(_ACTS[self.agency])
        if self.agency == "market" and stage.rng.random() < 0.5:
            company = stage.company()
            self.party, self.name = company.number, company.name
        else:
            person = stage.take("pedestrian")
            self.party, self.name = person.number, person.name
        self.number = stage.numbers.next("潮检刑不诉", decided.year)
        self.case_no = stage.numbers.next("潮检刑诉受", decided.year)
        self.kind = kind
        self.reply_due = self.last = decided
        self.opinion_no = ""

    @classmethod
    def begin(
        cls,
        stage: Stage,
        decided: date,
        *,
        agency: str = "",
        kind: str = "",
        announce: bool = True,
    ) -> Self:
        """Decide on a working day; ``announce`` enters the decision at once."""
        while not works(decided):
            decided -= timedelta(1)
        decided = max(decided, stage.script.window.since + timedelta(2))
        chain = cls(stage, decided, agency, kind or stage.rng.choice(("relative", "doubt")))
        if announce:
            chain.announce()
        return chain

    def announce(self) -> None:
        self.decision = self._decide(self.number, KINDS[self.kind], self.decided, "177-2")

    def prosecute(self, on: date) -> Paper:
        number = self.stage.numbers.next("潮检刑诉", on.year)
        return self._decide(number, KINDS["prosecution"], on, "176")

    def _decide(self, number: str, kind: str, on: date, article: str) -> Paper:
        return self.stage.open(
            "procuratorate-decision",
            on,
            wsh=number,
            bmsah=self.case_no,
            zjhm=self.party,
            mc=self.name,
            jdlx=kind,
            fltk=article,
            zm=self.charge,
            jdrq=on.isoformat(),
            xgrq=on.isoformat(),
            sdrq=(on + timedelta(1)).isoformat(),
        )

    def step(self, name: str, on: date, until: date | None = None) -> Done:
        paper = self.stage.open(
            "procuratorate-step",
            on,
            jdxh=self.stage.numbers.serial("JD"),
            bmsah=self.case_no,
            zjhm=self.party,
            lcdm=STEPS[name],
            fsrq=on.isoformat(),
            jzrq=until.isoformat() if until else None,
        )
        self.last = on
        return Done(on, paper.known)

    def transfer(self, on: date) -> Done:
        return self.step("transferred", on)

    def accept(self, on: date) -> Done:
        return self.step("accepted", on)

    def finish_without_penalty(self, on: date) -> None:
        """Accepted, and closed within the ten days because no penalty is needed."""
        accepted = self.accept(on)
        ended = accepted.day + self.stage.days(3, 9)
        self.step("no_penalty_needed", ended)
        self.step("review_ended", ended)

    def close_review(self, on: date) -> None:
        """Accepted, and the review ended within the ten days."""
        accepted = self.accept(on)
        self.step("review_ended", accepted.day + self.stage.days(3, 9))

    def pause(self, ground: str, since: date, until: date) -> None:
        paper = self.stage.open(
            "procuratorate-pause",
            since,
            zzxh=self.stage.numbers.serial("ZZ"),
            bmsah=self.case_no,
            zjhm=self.party,
            zzyy={"complaint": "3", "suit": "2", "reconsideration": "1"}[ground],
            ksrq=since.isoformat(),
        )
        paper.change(until, jsrq=until.isoformat())

    def to_opinion(self) -> str:
        """Everything in time up to the opinion, which names the day for the reply."""
        accepted = self.accept(self.transfer(self.decided + self.stage.days(0, 2)).day)
        ended = self.step("review_ended", accepted.day + self.stage.days(3, 9)).day
        served = ended + self.stage.days(1, 3)
        self.reply_due = served + self.stage.days(30, 60)
        while not works(self.reply_due):
            self.reply_due += timedelta(1)
        self.opinion_no = self.stage.numbers.next("潮检意", served.year)
        paper = self.stage.open(
            "procuratorate-document",
            ended,
            wsh=self.opinion_no,
            bmsah=self.case_no,
            zjhm=self.party,
            wslb="01",
            jsdw=AGENCIES[self.agency].code,
            zzrq=ended.isoformat(),
            hfqx=self.reply_due.isoformat(),
            jjbz="0",
        )
        paper.change(served, sdrq=served.isoformat())
        self.last = served
        return self.opinion_no

    def reply(self, kind: str, on: date, filed: date | None = None) -> Done:
        paper = self.stage.open(
            "procuratorate-reply",
            on,
            hfxh=self.stage.numbers.serial("HF"),
            wsh=self.opinion_no,
            bmsah=self.case_no,
            zjhm=self.party,
            hfdw=AGENCIES[self.agency].code,
            hflx=REPLIES[kind],
            hfrq=on.isoformat(),
            larq=filed.isoformat() if filed else None,
        )
        self.last = on
        return Done(on, paper.known)

    def promise(self) -> date:
        """The agency replies in time that it will punish; returns the day of its own filing."""
        filed = self.last + self.stage.days(5, 15)
        self.reply("will_punish", filed + self.stage.days(2, 8), filed)
        return filed

    def punish(self, on: date) -> Paper:
        """The agency's penalty, in its own table and words."""
        number = self.stage.numbers
        filed, served = on - timedelta(20), on + timedelta(3)
        if self.agency == "market":
            company = self.party.startswith("91")
            return self.stage.open(
                "market-penalty",
                on,
                cf_wsh=number.next("潮市监处罚", on.year),
                cf_xdr_mc=self.name,
                cf_xdr_lb="法人及非法人组织" if company else "自然人",
                cf_xdr_dm=self.party,
                cf_wfxw=self.cause,
                cf_wfss="经营不符合规定的商品",
                cf_yj="《中华人民共和国行政处罚法》",
                cf_cflb="罚款",
                cf_nr="罚款",
                cf_nr_fk=ten_thousand_yuan(self.stage.rng.randint(10, 500) * 10_000),
                cf_jdrq=f"{on:%Y/%m/%d}",
                cf_yxq="2099/12/31",
                cf_gsjzq=f"{on + timedelta(90):%Y/%m/%d}",
                larq=f"{filed:%Y/%m/%d}",
                sdrq=f"{served:%Y/%m/%d}",
            )
        act = (filed - timedelta(5)).isoformat()
        row: Row = {
            "cfwsh": number.next("潮交罚" if self.agency == "transport" else "潮公行罚决", on.year),
            "ay": self.cause,
            "cflb": "罚款",
            "fkje": yuan(self.stage.rng.randint(2, 20) * 10_000),
            "larq": filed.isoformat(),
            "jdrq": on.isoformat(),
            "sdrq": served.isoformat(),
        }
        if self.agency == "transport":
            row |= {"dsrdm": self.party, "dsrmc": self.name}
        else:
            row |= {"gmsfhm": self.party, "xm": self.name, "wfrq": act}
        return self.stage.script.open(f"{self.agency}-penalty", on, row)

    def expect(self, rule: str, *steps: tuple[date, str], paper: str = "") -> None:
        organ = AGENCIES["procuratorate"].code
        obligation = f"{organ}/{self.number}/{rule}" + (f"/{organ}/{paper}" if paper else "")
        self.stage.expect("D03", rule, self.party, obligation, *steps)
