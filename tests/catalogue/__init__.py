"""All models on one big district: planted against found, and what an evaluation costs.

``python -m tests.catalogue`` plays the district's messages through intake and engine day by day, as
a deployment reads them but for the log between, and writes ``tests/data/catalogue.json``, from
which the table in the README is made.
"""
