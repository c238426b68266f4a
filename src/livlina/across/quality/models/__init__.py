"""What is stored: deviations that were told, incidents they may be part of, and what was done about them."""

from livlina.across.quality.models.deviation import JUDGEMENTS, TRACKS, Deviation, DeviationStep
from livlina.across.quality.models.incident import (
    SIDES,
    SOURCES,
    Affected,
    Incident,
    IncidentEntry,
    IncidentReport,
    Measure,
)
from livlina.across.quality.models.track import Track, TrackStep

__all__ = [
    "JUDGEMENTS",
    "SIDES",
    "SOURCES",
    "TRACKS",
    "Affected",
    "Deviation",
    "DeviationStep",
    "Incident",
    "IncidentEntry",
    "IncidentReport",
    "Measure",
    "Track",
    "TrackStep",
]
