"""The room's own filters."""
