"""The benchmark: ``python -m tests.bench`` measures every stage beside two yardsticks."""
