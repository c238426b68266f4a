"""Fixtures of the room, for its own tests and for those above."""
