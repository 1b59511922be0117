"""A pack with derived records two deep: firms that share an address, and who is told of it."""
