"""Pieces of the model of criminal cases left hanging."""
