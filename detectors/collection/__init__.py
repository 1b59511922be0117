"""What D09 stands on: the ledger of property items, the court's stages, property within reach."""
