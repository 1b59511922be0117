"""What the procuratorate's case system enters of cases that are somebody else's story."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from streams.district.script import Script

#: Step that begins a term of the procuratorate, by its code: the feed and the code that end it.
_ENDS = {
    "301": ("procuratorate-step", "1205"),
    "303": ("procuratorate-step", "1205"),
    "304": ("procuratorate-step", "2006"),
    "302": ("police-supervision", "7"),
    "306": ("police-supervision", "2"),
}


def conclude(script: Script, rng: Random) -> None:
    """End in time, under the number of the case, what lives of other models leave open there.

    They tell of the person and of the measures against them. These rows name no party: they belong
    to the case alone, and no life about a person is changed by them.
    """
    for play, paper in tuple(script.papers):
        if paper.feed != "procuratorate-case" or str(paper.row["lcdm"]) not in _ENDS:
            continue
        feed, code = _ENDS[str(paper.row["lcdm"])]
        on = date.fromisoformat(str(paper.row["fsrq"])) + timedelta(rng.randint(0, 2))
        if on > script.window.until:
            continue
        script.play, script.rng = play, rng
        serial = "jdxh" if feed == "procuratorate-step" else "lcxh"
        script.open(
            feed,
            on,
            {
                serial: script.numbers.serial("LCZ"),
                "bmsah": paper.row["ajbh"],
                "lcdm": code,
                "fsrq": on.isoformat(),
            },
        )
