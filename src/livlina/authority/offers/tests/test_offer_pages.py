"""The pages of what is offered, as the officers and a citizen meet them."""

from datetime import date

import pytest
from django.urls import reverse

from livlina.authority.cases.models import ConcernReport
from livlina.authority.offers import actions
from livlina.authority.offers.models import Offer, Participation
from livlina.core import tenancy

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch, now) -> None:
    """The pages take place at nine o'clock this Monday."""
    monkeypatch.setattr("livlina.core.clock.now", lambda: now)


def form_of(**more):
    return {
        "board_decision": "SN 2026-02-24 § 31", "decided_on": "2026-02-24", "valid_from": "2026-03-02",
        "name": "Promenadgrupp", "what": "Vi går tillsammans.", "target_group": "Den som är 65 år eller äldre.",
        "conditions": "Ingen kostnad.", "contact": "Onsdagar klockan 13.", "documentation": "full", "listed": "on",
    } | more  # fmt: skip


def test_maria_writes_down_what_the_board_decided(client_of, maria) -> None:
    marias = client_of(maria)
    place = {"unit": str(maria.unit_id), "branch": "1"}
    refused = marias.post(reverse("offers:new"), form_of(documentation="none", **place))
    assert refused.status_code == 422
    assert "Skriv varför deltagandet inte dokumenteras på person." in refused.content.decode()
    marias.post(reverse("offers:new"), form_of(**place))
    offer = Offer.objects.get()
    page = marias.get(reverse("offers:offer", args=[offer.pk])).content.decode()
    assert "Promenadgrupp" in page
    assert "SN 2026-02-24 § 31" in page
    assert "Promenadgrupp" in marias.get(reverse("offers:list")).content.decode()


def test_maria_cannot_place_it_in_another_unit_or_branch(client_of, maria, gunnar) -> None:
    other = form_of(unit=str(gunnar.unit_id), branch="4")
    assert client_of(maria).post(reverse("offers:new"), other).status_code == 422
    assert not Offer.objects.exists()


def test_karin_lets_astrid_take_part_from_her_own_page_notes_and_ends(
    client_of, karin, support_group, astrid
) -> None:
    karins = client_of(karin)
    theirs = reverse("offers:person", args=[astrid.pk])
    assert "Börjar delta" in karins.get(theirs).content.decode()
    went = karins.post(theirs, {"offer": str(support_group.pk), "day": "2026-03-02"})
    row = Participation.objects.get()
    assert went["Location"] == reverse("offers:participation", args=[row.pk])
    again = karins.post(theirs, {"offer": str(support_group.pk), "day": "2026-03-02"})
    assert "Personen deltar redan." in again.content.decode()
    karins.post(went["Location"], {"do": "note", "note-day": "2026-03-02", "note-text": "Trivdes."})
    assert "Trivdes." in karins.get(went["Location"]).content.decode()
    empty = karins.post(went["Location"], {"do": "note", "note-day": "2026-03-02", "note-text": " "})
    assert empty.status_code == 422
    karins.post(went["Location"], {"do": "end", "end-day": "2026-03-02", "end-reason": "completed"})
    row.refresh_from_db()
    assert row.ends_on == MONDAY
    page = karins.get(reverse("offers:offer", args=[support_group.pk])).content.decode()
    assert "Astrid" in page


def test_karin_counts_one_more_at_the_meeting_place(client_of, karin, meeting_place) -> None:
    karins = client_of(karin)
    karins.post(reverse("offers:count", args=[meeting_place.pk]), {"day": "2026-03-02"})
    assert Participation.objects.count() == 1
    page = karins.get(reverse("offers:offer", args=[meeting_place.pk])).content.decode()
    assert "räknade i år" in page
    late = karins.post(reverse("offers:count", args=[meeting_place.pk]), {"day": "2026-03-03"})
    assert late.status_code == 422


def test_maria_changes_and_closes(client_of, maria, support_group, karin, astrid, now) -> None:
    actions.take_part(support_group, begins_on=MONDAY, person=astrid, by=karin, now=now)
    marias = client_of(maria)
    change = reverse("offers:change", args=[support_group.pk])
    assert "Stödgrupp för anhöriga" in marias.get(change).content.decode()
    early = marias.post(change, form_of(decided_on="2026-01-20", valid_from="2026-02-01"))
    assert "måste gälla från en senare dag" in early.content.decode()
    marias.post(change, form_of())
    close = reverse("offers:close", args=[support_group.pk])
    assert "1 som deltar nu" in marias.get(close).content.decode()
    marias.post(close, {"day": "2026-03-02"})
    page = marias.get(reverse("offers:offer", args=[support_group.pk])).content.decode()
    assert "Erbjuds till och med 2026-03-02" in page


def test_fatima_reports_concern_from_the_open_house(client_of, fatima, open_house) -> None:
    fatimas, where = client_of(fatima), reverse("offers:concern", args=[open_house.pk])
    assert "skyldig att genast anmäla" in fatimas.get(where).content.decode()
    said = {"children_described": "Flicka, sju år.", "concern_about": "Är rädd.", "danger_now": "no"}
    went = fatimas.post(where, said)
    assert went["Location"] == reverse("offers:offer", args=[open_house.pk])
    with tenancy.acting(fatima.municipality_id, (4,)):
        assert ConcernReport.objects.count() == 1


def test_a_stranger_meets_nothing_and_nobody(client_of, sven, support_group, karin, astrid, now) -> None:
    row = actions.take_part(support_group, begins_on=MONDAY, person=astrid, by=karin, now=now)
    svens = client_of(sven)
    assert "Stödgrupp" not in svens.get(reverse("offers:list")).content.decode()
    for where in (
        reverse("offers:offer", args=[support_group.pk]),
        reverse("offers:participation", args=[row.pk]),
        reverse("offers:concern", args=[support_group.pk]),
    ):
        assert svens.get(where).status_code == 404


def test_reception_can_tell_what_is_offered_but_not_who_takes_part(
    client_of, sofia, support_group, karin, astrid, now
) -> None:
    actions.take_part(support_group, begins_on=MONDAY, person=astrid, by=karin, now=now)
    page = client_of(sofia).get(reverse("offers:offer", args=[support_group.pk])).content.decode()
    assert "Stödgrupp för anhöriga" in page
    assert "Astrid" not in page
    assert client_of(sofia).get(reverse("offers:person", args=[astrid.pk])).status_code == 404


def test_anna_sees_what_she_can_take_part_in_in_her_own_language(
    client_of, anna_actor, maria, support_group, meeting_place, karin, astrid, as_decided, now
) -> None:
    from livlina.core.models import Unit

    hidden = as_decided("Skyddat boende", "none", listed=False)
    actions.begin_offer(hidden, unit=Unit.objects.get(pk=maria.unit_id), branch=1, by=maria, now=now)
    actions.take_part(support_group, begins_on=MONDAY, person=astrid, by=karin, now=now)
    annas = client_of(anna_actor)
    page = annas.get(reverse("offers_citizen:list")).content.decode()
    assert "Delta utan att ansöka" in page
    assert "Träffpunkt Storgatan" in page
    assert "Skyddat boende" not in page
    assert "Astrid" not in page
    annas.cookies["django_language"] = "en"
    english = annas.get(reverse("offers_citizen:list")).content.decode()
    assert "Take part without applying" in english
    assert "Support group for carers" in english
    assert 'lang="sv">Sällskap' in english
