"""Enforcement: the parts of D14, closings without a result and the list of defaulters."""
