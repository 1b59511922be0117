"""Change data from a real database: the Debezium engine without a Connect cluster."""

from __future__ import annotations
