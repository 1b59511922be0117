"""Offences at the level of a crime: parts of the model D04, each with one idea."""
