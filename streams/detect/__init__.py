"""Detect: the engine under Faust, one chunk of one partition of the changes topic at a time."""
