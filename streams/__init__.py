"""The plumbing: envelopes, log, intake, detect, delivery, clock, metrics and the command line."""
