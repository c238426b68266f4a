"""Words of the process language that matters for adults and in family law need: what is more than one comparison."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from livlina.authority.cases.actions import delegation
from livlina.authority.cases.actions.decide import store_decision
from livlina.authority.cases.actions.words import DecisionDraft
from livlina.authority.cases.engine.words import effect, guard
from livlina.authority.cases.models import CaseParty
from livlina.registers.people.models import Person

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

DUTY_AFTER = timedelta(days=15)
"""FB 2:1: time for parents to confirm parenthood digitally before the committee's duty begins."""


@guard
def estate_covers_the_funeral_only(doing: "Doing") -> str | None:
    """The estate holds no more than funeral and other costs of the death, and no real property (ÄB 20:8 a)."""
    if doing.facts.get("estate_property"):
        return "Fast egendom eller tomträtt ingår i boet. Då ska bouppteckning göras (20 kap. 8 a § ärvdabalken)."
    assets, costs = doing.facts.get("estate_assets"), doing.facts.get("estate_costs")
    if assets is not None and costs is not None and assets > costs:
        return (
            "Tillgångarna är större än kostnaderna med anledning av dödsfallet. Då ska bouppteckning göras."
        )
    return None


@guard
def duty_day_is_right(doing: "Doing") -> str | None:
    """The duty to establish parenthood begins 15 days after birth, or at once (FB 2:1)."""
    born, begins = doing.facts.get("child_born_on"), doing.facts.get("duty_from")
    if not isinstance(born, date) or not isinstance(begins, date):
        return None  # the form asks for them
    right = born + DUTY_AFTER if doing.facts.get("mother_adult_and_registered") else born
    if begins == right:
        return None
    return f"Skyldigheten att utreda inträder den {right} (2 kap. 1 § föräldrabalken), inte den {begins}."


@guard
def acknowledgement_is_complete(doing: "Doing") -> str | None:
    """The confirmation of parenthood is in writing, witnessed by two, and approved by the mother (FB 1:4)."""
    if not doing.facts.get("acknowledgement_witnessed"):
        return "Bekräftelsen ska vara skriftlig och bevittnad av två personer (1 kap. 4 § föräldrabalken)."
    if not doing.facts.get("acknowledgement_accepted"):
        return "Modern ska godkänna bekräftelsen (1 kap. 4 § föräldrabalken)."
    return None


@guard
def opposing_party_is_named(doing: "Doing") -> str | None:
    """The other party is written down in the case, so that letters can be checked for each of them."""
    named = CaseParty.objects.filter(
        case=doing.case, part__in=("opposing_party", "parent"), ends_on=None
    ).exists()
    return None if named else "Skriv in den andra parten i ärendet först."


@guard
def talk_was_attended(doing: "Doing") -> str | None:
    """Someone took part in the talk: a certificate says that one did."""
    return (
        "Ingen deltog i samtalet. Då utfärdas inget intyg."
        if doing.facts.get("talk_attended") == "nobody"
        else None
    )


@guard
def closing_is_delegated(doing: "Doing") -> str | None:
    """The actor's assignment may close the matter down by a decision (KL 6:37–39)."""
    return delegation.match(doing.case, _closing(doing), by=doing.by, on=doing.today).why_not


@guard
def only_what_is_approved(doing: "Doing") -> str | None:
    """The decision approves all it is about: what is not approved ends by a step of its own, without an appeal text."""
    draft = doing.draft
    if draft is None or draft.result in ("granted", "closed_no_action", "written_off"):
        return None
    return "Ett avtal som inte kan godkännas avslutas med steget ”Godkänn inte avtalet”."


@effect("record_closing")
def record_closing(doing: "Doing", what: str) -> None:
    """Store the decision to close the matter without what was asked for, with its reasons."""
    doing.decision = store_decision(doing.case, doing.process, _closing(doing), by=doing.by, now=doing.now)


@effect("send_to_opposing_party", takes="letter")
def send_to_opposing_party(doing: "Doing", what: str) -> None:
    """Send the letter also to each opposing party and parent, read once more for what that one may not learn."""
    from livlina.authority.cases.actions.letters import issue_letter

    if not doing.rehearsed:
        for person in _others(doing):
            issue_letter(doing, doing.process.letters[what], to=person)


@effect("read_for_every_party", takes="letter")
def read_for_every_party(doing: "Doing", what: str) -> None:
    """Read a letter to a court for each party: what the court gets, both parties get."""
    from livlina.authority.cases.actions.letters import readable_letter

    for person in _others(doing):
        readable_letter(doing, doing.process.letters[what], to=person)


def _others(doing: "Doing") -> list[Person]:
    rows = CaseParty.objects.filter(case=doing.case, part__in=("opposing_party", "parent"), ends_on=None)
    others = rows.exclude(person_id=doing.case.person_id).select_related("person").order_by("begins_on", "id")
    return list({row.person_id: row.person for row in others}.values())


def _closing(doing: "Doing") -> DecisionDraft:
    return DecisionDraft(outcome="closed_no_action", reasons=str(doing.facts.get("closing_reasons") or ""))
