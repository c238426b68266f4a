"""Which class of secrecy may be shown where: one table, which the checker, the rooms and their test all read.

What stands in no row is shown to nobody. That a citizen sees the case at all, or a worker its branch, is the affair
of `access.py` and of the compartments; this says which of its facts go along.
"""

from collections.abc import Iterable

SOCIAL, HEALTH, THIRD_PARTY, SECURITY, PROTECTED = "social", "health", "third_party", "security", "protected"
EVERYTHING = frozenset({SOCIAL, HEALTH, THIRD_PARTY, SECURITY, PROTECTED})

SHOWN: dict[str, frozenset[str]] = {
    "officer": EVERYTHING,  # the one who may open the case in its branch (OSL 26:1)
    "giver": EVERYTHING,  # what somebody told us themselves is read back to them
    "person": EVERYTHING
    - {THIRD_PARTY},  # the one the case is about (OSL 12:1), not what others said in confidence
    "mandate": frozenset(
        {SOCIAL, HEALTH}
    ),  # the one who acts for the person: no door codes, no hiding places
    "opposing_party": frozenset(),  # nothing but the letters to that party, read once more (actions/redaction.py)
    "letter": frozenset({SOCIAL, HEALTH}),  # and what the process discloses in that letter, with its reason
    "provider": frozenset(
        {SOCIAL, HEALTH, SECURITY}
    ),  # through the form of the order, and what FROM_CITIZEN adds
    "list": frozenset(),  # worklist, search, palette, watch, notification, statistics, export: no fact of a case
    "log": frozenset(),  # log lines, the audit's detail, outbox, jobs: names of facts, never their values
}
"""Each place where anything of a case is shown, with the classes that may stand there."""

FROM_CITIZEN = frozenset({THIRD_PARTY})
"""What reaches the provider only if the citizen is asked for it (whom to ring), never from the investigation."""


def may_show(place: str, secrecy: str, given_by: Iterable[str] = ()) -> bool:
    """Whether a fact of this class, which these are asked for, may be shown in a place of the table."""
    asked_of_citizen = place == "provider" and secrecy in FROM_CITIZEN and "citizen" in given_by
    return secrecy in SHOWN[place] or asked_of_citizen
