"""The terminal interface: the only layer that knows Textual."""
