"""The log under Dongjian: Kafka or one SQLite file, with the same chunks, tables and client."""
