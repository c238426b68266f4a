"""What runs by the clock here."""

from livlina.across.continuity.packs.jobs import make_packs, watch_packs
from livlina.across.continuity.watching import LATE, watch_drills
from livlina.registers.watches.models import declare

__all__ = ["make_packs", "watch_drills", "watch_packs"]

declare(
    LATE,
    "En övning av reserverna är försenad",
    "De som sköter driften har ingen bevakningslista. Be dem hålla övningen: bevakningen försvinner när det är gjort.",
    "Ingen vet om reserven håller den dag den behövs.",
)
