"""The demonstration: two years of a synthetic district through a deployment, judged."""

from __future__ import annotations
