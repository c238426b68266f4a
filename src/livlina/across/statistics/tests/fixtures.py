"""The room's fixtures."""
