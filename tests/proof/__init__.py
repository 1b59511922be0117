"""Proof: the stream against the batch, over dense histories, crashes and frozen owners."""
