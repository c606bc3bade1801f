"""Profiles, environment and bindings: where each setting comes from and which source wins."""
