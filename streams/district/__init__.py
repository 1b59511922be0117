"""A synthetic district: seeded people, agencies and years of records, and the truth about them.

To add to it, each in a file of its own; packages are walked, nothing is registered:

* a table: a module in ``tables/`` with ``TABLES = (table(feed, "schema.name", key, columns), …)``;
  the schema is an agency of ``places.py``. Its contract: ``feeds/<feed>.toml``, whose ``lag`` is
  the table's and whose envelope the agency's.
* a life: a function in a module (or a package) of ``lives/``, decorated ``@life(sort, model,
  rate=…)``. It casts with ``stage.take(role)``, ``adult``, ``minor``, ``company``, finds days with
  ``stage.day(before_end)``, writes rows with ``stage.open(feed, on, **columns)`` and changes and
  deletes them on the paper that it gets back (``paper.known``: the day on which that reached the
  topic). A planted one says ``stage.expect(model, rule, subject, obligation, (day, status), …)``:
  ``obligation`` as the model writes it (``paper.record_key`` for keys), empty where it cannot be
  known; ``kind="case"`` and so on for subjects that are no party. What is late without a row is
  known on ``stage.script.complete(feed, due)``. An ordinary life with a model is played with it.
* a role: ``@role def nurse(person): …`` in the module that needs it; nobody is in two lives.
* a rule that a district of two years cannot plant: ``unplanted(model, rule, why)``; its lives say
  how many ``days`` they take, and are played in longer districts.
* a reference list: ``lists.toml``.
"""

from __future__ import annotations

from streams.district.contracts import (
    captured_contracts,
    contract_text,
    contracts,
    write_contracts,
)
from streams.district.deployment import GRANTS, LISTS, rules, switched_off
from streams.district.district import SINCE, UNTIL, District
from streams.district.event import Event
from streams.district.rendering import Rendering
from streams.district.tables import TABLES, Table
from streams.district.truth import Expected, Score, Truth

__all__ = [
    "GRANTS",
    "LISTS",
    "SINCE",
    "TABLES",
    "UNTIL",
    "District",
    "Event",
    "Expected",
    "Rendering",
    "Score",
    "Table",
    "Truth",
    "captured_contracts",
    "contract_text",
    "contracts",
    "rules",
    "switched_off",
    "write_contracts",
]
