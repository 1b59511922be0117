"""Pieces of the model of shell companies."""
