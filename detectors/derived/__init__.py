"""Derived records: what one dossier tells others, each a function of its own."""
