"""Lending: what D06 counts, and what tells related parties of it."""
