"""Pieces of the model of community correction."""
