"""Building sites and their wages: parts of the model D15, each with one idea."""
