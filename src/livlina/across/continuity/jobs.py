"""What runs by the clock here."""

from livlina.across.continuity.packs.jobs import make_packs, watch_packs

__all__ = ["make_packs", "watch_packs"]
