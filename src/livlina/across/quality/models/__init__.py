"""What is stored: deviations that were told, incidents they may be part of, what citizens told, and what was done."""

from livlina.across.quality.models.citizen import DESKS, HELPS, HURT, CitizenAnswer, CitizenReport
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
    "DESKS",
    "HELPS",
    "HURT",
    "JUDGEMENTS",
    "SIDES",
    "SOURCES",
    "TRACKS",
    "Affected",
    "CitizenAnswer",
    "CitizenReport",
    "Deviation",
    "DeviationStep",
    "Incident",
    "IncidentEntry",
    "IncidentReport",
    "Measure",
    "Track",
    "TrackStep",
]
