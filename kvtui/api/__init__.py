"""The REST client: the only layer that speaks HTTP to the API."""
