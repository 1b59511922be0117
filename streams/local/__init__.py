"""Kafka, Redis and PostgreSQL on this machine, for the tests, the demo and the benchmark."""
