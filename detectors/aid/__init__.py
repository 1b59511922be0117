"""Pieces of the model of aid that was not given."""
