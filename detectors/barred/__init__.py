"""Who is barred from a trade: parts of the model D12, each with one idea."""
