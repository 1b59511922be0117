"""An example pack: water taken beyond what the permit allows."""
