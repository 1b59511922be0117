"""Closings: the parts of D14, executions closed without a result and the list of defaulters."""
