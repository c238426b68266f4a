"""What runs by the clock here."""

from livlina.across.continuity.packs.jobs import make_packs, watch_packs
from livlina.across.continuity.watching import watch_drills

__all__ = ["make_packs", "watch_drills", "watch_packs"]
