"""The words the process language may use for what is done in Python, each with one line that says what it means.

A process names a guard or an effect; the room cases gives it a function of the same name. The engine refuses a
process that uses any other word, and a test in the room refuses a word here that has no function.
"""

KNOWN_GUARDS = {
    "worker_is_assigned": "The case has a responsible case worker.",
    "decision_is_delegated": "The actor's assignment may take this decision: kind, amount and length (KL 6:37-39).",
    "reasons_given_if_against": "A decision that goes against the party states its reasons (FL 32 §).",
    "appeal_text_if_against": "A decision that goes against the party carries how to appeal (FL 33 §).",
    "communicated_if_against": "What the decision rests on was sent to the party, and the answer time is over (FL 25 §).",
    "period_and_follow_up_if_granted": "A granted decision says from when to when, and when it is followed up.",
    "decision_grants_something": "At least one line of the decision is granted.",
    "decision_grants_nothing": "No line of the decision is granted.",
    "orders_confirmed": "Every order of the case is confirmed by its provider.",
    "no_open_orders": "No order of the case is open.",
    "per_item_choices_made": "Each open item (order, invoice, unlocked note, watch) has an explicit choice.",
    "devices_returned": "Keys and devices lent to the person are returned, or written off with a reason.",
    "appeal_in_time": "The appeal reached the board in time, or must count as in time (FL 44-45 §§).",
    "appeal_is_late": "The appeal reached the board too late, and no exception of FL 45 § applies.",
    "appellant_got_all": "The changed decision gives the appellant all that was asked for (FL 46 §).",
    "appeal_time_is_over": "The appeal time has run out for every party, and no appeal has come in.",
}

# An effect may take one word after it: the name of a watch or of a flow, as the second part says.
KNOWN_EFFECTS = {
    "record_opening": ("Writes the decision to open an investigation (SoL 14:2) in the journal.", None),
    "record_decision": ("Stores the decision and its lines, and puts it on the delegation list.", None),
    "record_write_off": ("Stores the decision to write the case off.", None),
    "place_order": ("Drafts one order per granted line; a person confirms the provider in two steps.", None),
    "end_orders": ("Tells each provider the last day of its order.", None),
    "start_not_executed_clock": (
        "Begins the three months of SoL 34:1 at the decision or the interruption.",
        None,
    ),
    "stop_not_executed_clock": ("Ends the three months: the service is carried out.", None),
    "cancel_letters": ("Withdraws letters that are drafted and not sent.", None),
    "forward_to_court": (
        "Makes the bundle for the court: decision, appeal, file; with a receipt to store.",
        None,
    ),
    "begin_retention": ("Begins the retention clock of the file (five years after the last note).", None),
    "raise_watch": ("Raises the watch named after it.", "watch"),
    "close_watch": ("Closes the watch named after it, with the step as the reason.", "watch"),
    "open_flow": ("Begins the flow named after it beside the main one, such as the appeal.", "flow"),
}

# A deadline begins at a step, or at one of these days, which the room reads from a fact or from another room.
KNOWN_ANCHORS = {
    "received": "The day the matter came in (FL 22 §), never the day it was registered.",
    "decided": "The date of the decision.",
    "notified": "The day the party got the decision (delfående).",
    "decision_end": "The last day the decision is valid.",
    "interrupted": "The first day the service was not carried out.",
    "decision_requested": "The day a written request to decide came in (FL 12 §).",
    "appeal_received": "The day the appeal came in.",
    "followed_up": "The day of the latest follow-up; before the first, the day the service began.",
}

KNOWN_ROLES = {
    "reception": "mottagning",
    "case_worker": "biståndshandläggare",
    "unit_manager": "enhetschef",
    "committee_secretary": "nämndsekreterare",
    "duty_officer": "jour",
    "provider_manager": "utförarens chef",
    "provider_staff": "utförarens personal",
    "nurse": "sjuksköterska",
    "citizen": "den enskilde",
    "system": "systemet",
}

KNOWN_SECRECY = {
    "social": "Personal circumstances in social services (OSL 26:1).",
    "health": "Health: also sensitive under GDPR article 9.",
    "third_party": "About someone else than the party, or given by them.",
    "security": "Would let someone into a home: door codes, keys.",
}

KNOWN_GIVERS = {
    "citizen": "The person or the one who speaks for them.",
    "officer": "The authority's staff.",
    "provider": "The provider.",
    "register": "Another register, such as the population register.",
}

AUDIENCES = ("citizen", "officer", "provider")
