"""The plumbing: envelopes, intake, detect, delivery, clock, log, state, metrics and the command line."""
