"""Sham suits: the parts of D05, a cluster of suits and the signals that it gives."""
