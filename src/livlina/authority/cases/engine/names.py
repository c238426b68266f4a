"""The words the process language may use, each with one line that says what it means. Guards and effects: words.py."""

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
    "case_worker": "handläggare",
    "unit_manager": "enhetschef",
    "committee_secretary": "nämndsekreterare",
    "duty_officer": "jour",
    "committee_chair": "nämndens ordförande",
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
    "protected": "Where a person is found: workplace, school, places (OSL 21:3). No other party's letter carries it.",
}

KNOWN_GIVERS = {
    "citizen": "The person or the one who speaks for them.",
    "officer": "The authority's staff.",
    "provider": "The provider.",
    "register": "Another register, such as the population register.",
}

AUDIENCES = ("citizen", "officer", "provider")
