"""Where something of a case may be shown besides what `authority/cases/secrecy.py` says: a new page is written here."""

import re
from dataclasses import dataclass

from livlina.core.access import Actor
from tests.architecture.marked import Around

CASE_ROUTES = {
    "cases:case": "the page of the case",
    "cases:investigation": "where the facts are written",
    "cases:step": "the form of a step, with what is known",
    "cases:decide": "the decision, beside what it rests on",
    "cases:appeal": "what was written in the appeal",
    "cases:letter": "a letter of the case",
    "placements:placement": "the placement of a case, with its plans and talks",
    "orders:order": "the order as its provider reads it",
}
"""Pages of one case, for those who may open it in its branch: all its facts may stand there."""

REGISTERS = {
    "placements:list": {"home_name"},
    "placements:csv": {"home_name", "home_number"},
}
"""Lists that a statute says must name it: the register of placed children with their homes, sent to IVO (SoF 3:4)."""


DUE = {"waiting_review_on", "expected_back_on", "ends_on"}
DAYS = {"watches:watch": DUE, "cases:desk": DUE}
"""Days that a watch is due by: whose watch it is and who leads the unit see the day, and not what it was written for."""


@dataclass(frozen=True)
class Place:
    """Who may be shown what of the rooms' own rows: columns and routes as patterns, and a condition on the reader."""

    columns: str
    routes: str
    branch: int = 0
    roles: tuple[str, ...] = ()
    citizens: tuple[str, ...] = ()

    def lets(self, actor: Actor, route: str, column: str, around: Around) -> bool:
        """Whether this line lets a reader see a column on a route."""
        if not re.match(self.columns + "$", column) or not re.match(self.routes + "$", route):
            return False
        if actor.kind == "citizen" and not self.citizens:
            return "_citizen:" in self.routes
        if actor.kind == "citizen":
            return any(around.online[who].person_id == actor.person_id for who in self.citizens)
        if self.roles and actor.role not in self.roles:
            return False
        return not self.citizens and (not self.branch or self.branch in actor.compartments)


WORKERS = ("case_worker", "unit_manager")
ARCHIVE = (*WORKERS, "committee_secretary")
MINE = ("person", "mandate")
ROWS = (
    # Financial aid: its own workers. Citizens: what was applied for, and what is paid; never accounts, warnings, sources.
    Place(r"aid\.(?!AidAmount).*", "aid:.*", branch=5, roles=WORKERS),
    Place(r"aid\.AidAmount\..*", "aid(_operations)?:amounts", roles=("unit_manager", "administrator")),
    Place(r"aid\.(AppliedRow\.(amount|words)|MonthApplication\.(told|received_on)|Payment\.amount)",
          "aid_citizen:(month|apply)", citizens=MINE),
    Place(r"aid\.(Calculation\.\w+|CalculationLine\.(label|applied|approved|incentive|reason))",
          "aid_citizen:month", citizens=MINE),
    Place(r"assistance\..*", "assistance:.*", branch=1, roles=WORKERS),
    # A home: its own branch. Others see its listing, and nothing of the investigation.
    Place(r"contractors\.(?!Listing).*", "contractors:.*", branch=8, roles=WORKERS),
    Place(r"contractors\.Listing\.(name|place)", "contractors:free|placements:.*"),
    # What is offered is no secret; who takes part and what was noted, the unit alone (the offer is Biståndsenheten's).
    Place(r"offers\.OfferVersion\..*", "offers:.*", branch=1),
    Place(r"offers\.OfferVersion\.(name|what|target_group|conditions|contact)(_en)?", "offers_citizen:list"),
    Place(r"offers\.ParticipationNote\..*", "offers:participation", branch=1, roles=WORKERS),
    # Records: whoever may open the case, answers the request, or looks after the archive (no content of a file).
    Place(r"records\.ReceivedDocument\.(title|from_whom|received_on|filename)",
          "records:(documents|document|person|print_case|print_file|request|judge)", branch=1),
    Place(r"records\.ReceivedDocument\.content", "records:document", branch=1),
    Place(r"records\.(Disclosure\w+|HandedOut)\..*",
          "records:(requests|request|judge|decide|hand_out|handed|answer|print_case|print_file)", branch=1, roles=ARCHIVE),
    Place(r"records\.(Retention\w+|KeepMark)\..*", "records:(runs|run|spare|keep)", branch=1,
          roles=("unit_manager", "committee_secretary")),
    Place(r"records\.(DisclosureRequest\.what|DisclosureDecision\.\w+|HandedOut\.(title|content))",
          "records_citizen:(requests|answer|collect)", citizens=("person",)),
)  # fmt: skip
"""Every place where the rooms' own rows are shown, and to whom."""


def may_show_row(actor: Actor, route: str, column: str, around: Around) -> bool:
    """Whether a column of the rooms' own rows may be shown to someone on a route."""
    return any(place.lets(actor, route, column, around) for place in ROWS)
