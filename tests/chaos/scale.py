"""How much the chaos tests do: enough for every run, more where the environment says so."""

from __future__ import annotations

import os

#: 6 300 people of a dense district make more than 100 000 messages.
PEOPLE = int(os.environ.get("DONGJIAN_CHAOS_PEOPLE", "6300"))
DENSITY = 30.0
#: Whose lives are played: what is struck is the stream, and these have alerts of every kind.
MODELS = ("D01", "D02", "D03", "D11")
RECORDS = 100_000 if PEOPLE >= 6300 else 0

#: Multiplies the strikes; the input is the same, so there is less of it for each.
STRIKES = int(os.environ.get("DONGJIAN_CHAOS_STRIKES", "1"))

#: Of the district, and of who is struck when.
SEED = int(os.environ.get("DONGJIAN_CHAOS_SEED", "1"))
