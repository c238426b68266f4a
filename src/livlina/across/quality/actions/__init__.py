"""Every write of the room."""

from livlina.across.quality.actions.citizen import (
    NobodyReads,
    Telling,
    TooManyTold,
    answer_citizen,
    give_report,
    open_report,
    tell_of_event,
)
from livlina.across.quality.actions.deviation import (
    DeviationRefused,
    close_deviation,
    judge_deviation,
    note_measure,
    report_deviation,
)
from livlina.across.quality.actions.incident import (
    IncidentRefused,
    Told,
    add_entry,
    check_off,
    collect_affected,
    confirm_incident,
    dismiss_incident,
    end_incident,
    register_incident,
)
from livlina.across.quality.actions.measure import decide_measure, measure_done, measure_effect
from livlina.across.quality.actions.track import (
    close_track,
    give_track,
    judge_track,
    note_on_track,
    open_track,
    take_stage,
)

__all__ = [
    "DeviationRefused",
    "IncidentRefused",
    "NobodyReads",
    "Telling",
    "Told",
    "TooManyTold",
    "add_entry",
    "answer_citizen",
    "check_off",
    "close_deviation",
    "close_track",
    "collect_affected",
    "confirm_incident",
    "decide_measure",
    "dismiss_incident",
    "end_incident",
    "give_report",
    "give_track",
    "judge_deviation",
    "judge_track",
    "measure_done",
    "measure_effect",
    "note_measure",
    "note_on_track",
    "open_report",
    "open_track",
    "register_incident",
    "report_deviation",
    "take_stage",
    "tell_of_event",
]
