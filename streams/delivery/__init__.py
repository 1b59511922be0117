"""Delivery: the ledger into Redis, one atomic script a transition."""
