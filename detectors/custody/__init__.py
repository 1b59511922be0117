"""Custody before a sentence: its stages, and how long the law lets each of them last."""
