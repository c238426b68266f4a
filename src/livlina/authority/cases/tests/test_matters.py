"""Matters for adults and in family law, through the actions: the right people do them, strangers do not."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from livlina.authority.cases import actions
from livlina.authority.cases.actions import DecisionDraft, LineDraft, StepRefused, letters
from livlina.authority.cases.actions.parties import add_party
from livlina.authority.cases.models import Case, Deadline, Decision, Document
from livlina.core.access import Actor, Refused
from livlina.core.calendar import Channel
from livlina.core.models import User
from livlina.registers.people.models import Person

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _quiet_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of a letter are another test's: here its text is read."""
    monkeypatch.setattr(letters, "render_pdf", lambda said, title: said.encode())


@pytest.fixture
def begin(now: datetime) -> Callable[..., Case]:
    """Return a function that registers a matter and gives it to a worker."""

    def start(code: str, person: Person, worker: Actor, manager: Actor, **answers: Any) -> Case:
        sent = actions.register_application(
            code, person, answers, found_on=DAY, how=Channel.PHONE, by=worker, now=now
        )
        return actions.assign_case(sent.cases.get(), User.objects.get(pk=worker.user_id), by=manager, now=now)

    return start


@pytest.fixture
def closing_delegation(eva: Actor, now: datetime) -> None:
    """What the board has delegated in family law."""
    for outcome in ("closed_no_action", "granted"):
        for role in ("case_worker", "unit_manager"):
            actions.add_delegation_rule(
                outcome=outcome, role=role, point="7.1", valid_from=date(2026, 1, 1), by=eva, now=now
            )


def texts(case: Case, kind: str = "") -> list[str]:
    """The letters of a case as text."""
    rows = Document.objects.filter(case=case)
    return [bytes(row.pdf).decode() for row in (rows.filter(kind=kind) if kind else rows)]


def take(case: Case, step: str, by: Actor, now: datetime, **answers: Any) -> Any:
    """Take a step with these answers."""
    return actions.take_step(case, step, by=by, now=now, answers=answers)


def test_no_letter_about_violence_goes_to_the_home(
    astrid: Person, mona: Actor, bengt: Actor, begin: Callable[..., Case], now: datetime
) -> None:
    case = begin("partner_violence", astrid, mona, bengt)
    take(case, "open_investigation", mona, now)
    take(
        case, "go_to_shelter", mona, now, shelter_from=DAY, shelter_place="Kvinnojouren Ljuset",
        shelter_children="no", letter_route="collected",
    )  # fmt: skip
    said = texts(case)
    assert len(said) == 1
    assert "Björkvägen" not in said[0]
    assert "Lämnas vid besök" in said[0], "before anyone has asked what is safe"
    take(case, "leave_shelter", mona, now, shelter_left_on=DAY, letter_route="collected")
    actions.write_off(case, reason="withdrawn", choices=_kept(case), by=mona, now=now)
    assert "Hämtas på socialkontoret" in texts(case, "written_off")[0]
    assert not any("Björkvägen" in text or "Ljuset" in text for text in texts(case))


def _kept(case: Case) -> dict[str, dict[str, str]]:
    from livlina.authority.cases.actions.closing import open_items

    return {item.key: {"choice": "keep", "reason": "Lämnas vid besök."} for item in open_items(case)}


def test_protection_is_assessed_the_same_day_also_before_anyone_has_the_case(
    astrid: Person, mona: Actor, now: datetime
) -> None:
    sent = actions.register_application(
        "partner_violence", astrid, {}, found_on=DAY, how=Channel.PHONE, by=mona, now=now
    )
    case = sent.cases.get()
    assert Deadline.objects.get(case=case, name="protect_at_once").strict_date == DAY
    take(
        case, "assess_protection", mona, now, letter_route="handed", violence_danger_now="no",
        children_in_family="no", protection_needed="no",
    )  # fmt: skip
    assert Deadline.objects.get(case=case, name="protect_at_once").state == "met"


@pytest.mark.parametrize("stranger", ["fatima", "karin", "nils", "sven"])
def test_other_branches_see_nothing_of_it(
    stranger: str, astrid: Person, mona: Actor, bengt: Actor, begin: Callable[..., Case], now: datetime,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    case = begin("partner_violence", astrid, mona, bengt)
    assert case.compartment == 6
    with pytest.raises(Refused):
        take(case, "open_investigation", request.getfixturevalue(stranger), now)


def test_kronofogden_gets_its_answer_the_same_day_naming_the_worker(
    bertil: Person, mona: Actor, bengt: Actor, begin: Callable[..., Case], now: datetime
) -> None:
    case = begin("eviction_notice", bertil, mona, bengt)
    told = {
        "notice_from": "Kronofogdemyndigheten", "notice_reference": "U-1-26", "eviction_on": "2026-04-08",
        "eviction_cause": "rent", "children_in_family": "no", "eviction_confirmed_on": DAY,
    }  # fmt: skip
    take(case, "confirm", mona, now, **told)
    [answer], [copy] = texts(case, "eviction_confirmed"), texts(case, "eviction_copy")
    assert "Mona Lilja" in answer
    assert "U-1-26" in answer
    assert "Kvarngatan" not in answer, "no home stands in a letter to an authority"
    assert "Kvarngatan 7" in copy
    assert Deadline.objects.get(case=case, name="confirm_same_day").state == "met"


def test_an_estate_with_money_left_is_not_notified(
    bertil: Person, mona: Actor, bengt: Actor, begin: Callable[..., Case], now: datetime
) -> None:
    case = begin("estate_notification", bertil, mona, bengt)
    take(case, "examine", mona, now, died_on="2026-02-20", estate_relatives="En syster.")
    assert Deadline.objects.get(case=case, name="notify_in_time").strict_date == date(2026, 4, 20)
    estate = {
        "estate_home_visit": "yes", "estate_assets": "27001", "estate_costs": "27000", "estate_property": "no",
        "estate_assessment": "Bankmedel.", "estate_notified_on": DAY,
    }  # fmt: skip
    with pytest.raises(StepRefused, match="större än kostnaderna"):
        take(case, "notify", mona, now, **estate)
    with pytest.raises(StepRefused, match="Fast egendom"):
        take(case, "notify", mona, now, **estate | {"estate_assets": "1", "estate_property": "yes"})
    take(case, "notify", mona, now, **estate | {"estate_assets": "27000"})
    assert "Skatteverket" in texts(case, "estate_notified")[0]


def test_parenthood_begins_fifteen_days_after_birth_and_can_be_closed_down_with_an_appeal_to_lansstyrelsen(
    anna: Person, bertil: Person, nils: Actor, vera: Actor, begin: Callable[..., Case], closing_delegation: None,
    now: datetime,
) -> None:  # fmt: skip
    case = begin("parenthood", anna, nils, vera)
    birth = {"child_born_on": "2026-02-20", "mother_adult_and_registered": "yes"}
    with pytest.raises(StepRefused, match="2026-03-07"):
        take(case, "note_birth", nils, now, duty_from="2026-02-20", **birth)
    take(case, "note_birth", nils, now, duty_from="2026-03-07", **birth)
    assert Deadline.objects.get(case=case, name="finish_within_a_year").strict_date == date(2027, 2, 20)
    with pytest.raises(StepRefused, match="Skriv in den andra parten"):
        take(case, "invite", nils, now)
    add_party(case, bertil, "opposing_party", by=nils, now=now)
    take(case, "invite", nils, now)
    to_bertil = Document.objects.get(case=case, kind="invitation", recipient=bertil)
    assert "Kvarngatan 7" in bytes(to_bertil.pdf).decode()
    assert "Skolgatan" not in bytes(to_bertil.pdf).decode()
    take(
        case,
        "close_down",
        vera,
        now,
        closing_ground="no_information",
        closing_reasons="Inget går att få veta.",
    )
    decision = Decision.objects.get(case=case)
    assert (decision.outcome, decision.by_name) == ("closed_no_action", "Vera Hult")
    [letter] = texts(case, "closed_down")
    assert "länsstyrelsen" in letter
    assert "förvaltningsrätten" not in letter.lower()


def test_closing_down_needs_a_delegation(
    anna: Person, bertil: Person, nils: Actor, vera: Actor, begin: Callable[..., Case], now: datetime
) -> None:
    case = begin("parenthood", anna, nils, vera)
    take(
        case, "note_birth", nils, now, child_born_on="2026-02-20", mother_adult_and_registered="no",
        duty_from="2026-02-20",
    )  # fmt: skip
    add_party(case, bertil, "opposing_party", by=nils, now=now)
    take(case, "invite", nils, now)
    with pytest.raises(StepRefused):
        take(
            case,
            "close_down",
            vera,
            now,
            closing_ground="no_prospect",
            closing_reasons="Utsiktslöst att fortsätta.",
        )


@pytest.fixture
def agreement(
    anna: Person, bertil: Person, nils: Actor, vera: Actor, begin: Callable[..., Case], closing_delegation: None,
    now: datetime,
) -> Case:  # fmt: skip
    """An agreement about where a child lives, ready to be decided on."""
    case = begin("custody_agreement", anna, nils, vera, children_names="Nora", agreement_about=["residence"])
    add_party(case, bertil, "opposing_party", by=nils, now=now)
    take(
        case, "meet_parents", nils, now, talk_on=DAY, violence_risk="no", agreement_signed_on=DAY,
        agreement_text="Nora bor varannan vecka hos var och en.",
    )  # fmt: skip
    take(
        case, "finish_investigation", nils, now, childs_own_view="Nora vill bo hos båda.",
        child_best_custody="God kontakt med båda.", agreement_best="Ja.", assessment="Till Noras bästa.",
    )  # fmt: skip
    case.refresh_from_db()
    return case


def test_an_approved_agreement_reaches_both_parents(
    agreement: Case, anna: Person, bertil: Person, nils: Actor, now: datetime
) -> None:
    line = LineDraft("child_residence", True, Decimal(1), DAY)
    decision = actions.decide(agreement, DecisionDraft(lines=(line,)), by=nils, now=now)
    assert decision.outcome == "granted"
    sent = Document.objects.filter(case=agreement, kind="agreement_approved")
    assert {row.recipient_id for row in sent} == {anna.pk, bertil.pk}
    assert all("Nora bor varannan vecka" in bytes(row.pdf).decode() for row in sent)


def test_an_agreement_that_is_not_approved_carries_no_appeal_it_does_not_have(
    agreement: Case, nils: Actor, now: datetime
) -> None:
    line = LineDraft("child_residence", False, Decimal(1), reasons="Inte till barnets bästa.")
    with pytest.raises(StepRefused, match="Godkänn inte avtalet"):
        actions.decide(agreement, DecisionDraft(lines=(line,), reasons="Nej."), by=nils, now=now)
    take(agreement, "decline_agreement", nils, now, closing_reasons="Avtalet är inte till barnets bästa.")
    assert all("kan inte överklagas" in text for text in texts(agreement, "agreement_declined"))
    assert len(texts(agreement, "agreement_declined")) == 2
