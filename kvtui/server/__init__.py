"""The same REST API on SQLite, for demos, offline work and tests."""
