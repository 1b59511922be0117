"""The rules: one module, card and cases for each model."""
