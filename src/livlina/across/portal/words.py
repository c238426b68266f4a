"""The audit record in words: what was done, to what, and why a manager should look at it."""

THINGS = {
    "people": "personuppgifter",
    "journal": "journalen",
    "watches": "bevakningar",
    "orders": "beställningen",
    "cases": "ärendet",
    "homecare": "insatser och genomförandeplan",
    "alarms": "larmen",
    "quality": "avvikelser",
    "portal": "loggen",
}
DEEDS = {"read": "läste", "wrote": "skrev i", "refused": "nekades"}
REVIEWS = {
    "outside": "Utan uppdrag hos personen",
    "protected": "Person med skyddade uppgifter",
    "self": "Egna uppgifter",
    "namesake": "Samma efternamn",
    "emergency": "Nödåtkomst",
}
SEARCHES = ("people.search", "people.find")


def deed(outcome: str, verb: str) -> str:
    """`läste journalen`, `sökte person`."""
    if verb in SEARCHES and outcome == "read":
        return "sökte person"
    return f"{DEEDS.get(outcome, outcome)} {THINGS.get(verb.partition('.')[0], 'uppgifter')}"


def why_review(code: str) -> str:
    """Why a manager should look; the code itself if a newer one has no words yet."""
    return REVIEWS.get(code, code)
