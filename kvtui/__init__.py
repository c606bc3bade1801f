"""kvtui: browse, inspect and safely edit Telnyx KV from a terminal."""

__version__ = "0.1.0"
