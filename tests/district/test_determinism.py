"""The same seed gives the same bytes: in another process, under another hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date

from streams.district import District, Rendering

_SCRIPT = """
import hashlib
from datetime import date
from streams.district.lives.driving import stop_driver  # modules of lives in another order
from streams.district import District, Rendering
rendering, digest = Rendering("any"), hashlib.sha256()
for event in District(3, 250, date(2024, 1, 1), date(2025, 6, 30)).events():
    key, value = rendering(event)
    digest.update(key + value)
print(digest.hexdigest())
"""


def _digest(seed: int) -> str:
    rendering, digest = Rendering("any"), hashlib.sha256()
    for event in District(seed, 250, date(2024, 1, 1), date(2025, 6, 30)).events():
        key, value = rendering(event)
        digest.update(key + value)
    return digest.hexdigest()


def test_another_process_with_another_hash_seed_writes_the_same_bytes() -> None:
    mine = _digest(3)
    for hash_seed in ("0", "12345"):
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert done.stdout.strip() == mine


def test_another_seed_writes_another_district() -> None:
    assert _digest(3) != _digest(4)


def test_playing_twice_gives_the_same_events(district: District) -> None:
    assert list(district.changes()) == list(district.changes())
