"""Where a district is written to: the log (Kafka or embedded), files, or a PostgreSQL database."""

from __future__ import annotations

from streams.district.writing.files import FileWriter
from streams.district.writing.log import LogWriter, ensure_topics
from streams.district.writing.pace import paced

__all__ = ["FileWriter", "LogWriter", "ensure_topics", "paced"]
