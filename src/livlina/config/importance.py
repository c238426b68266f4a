"""How much each route matters when room runs short (`core/shedding.py`): alarm > door > note > case > report > import.

At 80 % reports and imports wait, at 90 % also case work; alarms, doors and notes never do. What is not named here by its
address, its verb, its room or what it hangs below is case work. What saves a life or a child tonight counts as a note.
"""

ALARM, DOOR, NOTE, CASE, REPORT, IMPORT = "ALARM", "DOOR", "NOTE", "CASE", "REPORT", "IMPORT"

ROOMS = {
    "alarms": ALARM,
    "doors": DOOR,
    "field": DOOR,
    "journal": NOTE,
    "homecare": NOTE,
    "nursing": NOTE,
    "orders": NOTE,
    "watches": NOTE,
    "people": NOTE,
    "deviation": NOTE,
    "incident": NOTE,
    "citizen_report": NOTE,
    "measure": NOTE,
    "track": NOTE,  # lex Sarah and lex Maria
    "court": NOTE,  # who is taken into care tonight does not wait for a disk
    "placements": NOTE,
    "continuity": NOTE,
    "support": NOTE,  # whoever meets the fault must be able to say so
    "cases": CASE,
    "aid": CASE,
    "assistance": CASE,
    "contractors": CASE,
    "offers": CASE,
    "records": CASE,
    "unexecuted": CASE,
    "statistics": REPORT,
    "portal": CASE,
}
"""By the verb's first word."""

VERBS = {
    "cases.report": NOTE,  # reports of concern, SoL 19 ch.
    "cases.sort_report": NOTE,
    "cases.find": NOTE,  # a search
    "cases.preview": REPORT,
    "cases.propose": REPORT,
    "alarms.statistics": REPORT,
    "homecare.measures": REPORT,
    "watches.statistics": REPORT,
    "portal.review": REPORT,
    "records.print": REPORT,
    "records.propose": REPORT,
    "records.retention": REPORT,
    "records.freeze": REPORT,
    "records.approve": REPORT,
    "incident.report": REPORT,
    "support.review": REPORT,
    "support.statistics": REPORT,
    "unexecuted.report": REPORT,
    "contractors.payroll": REPORT,
}

ROUTES = {
    "citizen/cases/<uuid:case_id>/decisions/<uuid:decision_id>/appeal/": NOTE,  # its time may run out today
    "officer/cases/board/list.pdf": REPORT,
    "officer/placements/list.csv": REPORT,
    "officer/assistance/months/<uuid:month_id>/file": REPORT,
    "provider/alarms/units/ending.csv": REPORT,
}

BELOW = {
    "": NOTE,  # sign-in, one's own sessions, reports of concern from the public: pages without a verb
    "api/v1/alarms": ALARM,
    "api/v1/field": DOOR,
    "api/v1/files": NOTE,
    "api/v1/persons": NOTE,  # only searched, with the number in the body
    "api/v1/": CASE,
    "field/": DOOR,
}
"""By the beginning of the address, the longest that fits, where there is no verb."""

IMPORTANCE = {"rooms": ROOMS, "verbs": VERBS, "routes": ROUTES, "below": BELOW}
