"""The driver and the output layer: what leaves for the terminal, and nothing else does."""
