"""Pieces of the model of medical insurance."""
