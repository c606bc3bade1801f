"""Bytes in, readable out, and back. Pure: no IO, no clock."""
