"""Pieces of the model of hazardous waste."""
