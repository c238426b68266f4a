"""Staff, assignments and units: who gives what to whom, and that nobody gives themselves anything."""

from datetime import timedelta

import pytest

from livlina.across.portal import actions
from livlina.across.portal.actions import AdministrationRefused, Duty
from livlina.core import clock, tenancy
from livlina.core.access import Refused
from livlina.core.models import Assignment, AuditEvent, Session, Unit, User
from tests.people import staff

ELDER_DISABILITY, PROVIDER, CHILDREN, FINANCIAL_AID = 1, 2, 4, 5


@pytest.fixture
def duty_in(now):
    """What an assignment in a unit says, unless told otherwise."""

    def make(unit_id, role="case_worker", branches=(ELDER_DISABILITY,), **also) -> Duty:
        return Duty(
            Unit.objects.get(pk=unit_id), role, also.pop("title", ""), also.pop("valid_from", now.date()),
            branches=branches, **also,
        )  # fmt: skip

    return make


@pytest.fixture
def nora(ola, karin, duty_in, now) -> User:
    """Nora Vik, who begins at Biståndsenheten today."""
    return actions.add_user("Nora Vik", "Nora.Vik@asvalla.example", duty_in(karin.unit_id), by=ola, now=now)


def held(user: User) -> list[Assignment]:
    return list(Assignment.objects.filter(user=user).order_by("pk"))


def user_of(actor) -> User:
    return User.objects.get(pk=actor.user_id)


def test_the_administrator_adds_someone_on_the_page_and_they_act_from_that_day(client_of, ola, karin) -> None:
    browser = client_of(ola)
    answer = browser.post(
        "/operations/staff/new",
        {"name": "Nora Vik", "email": "nora.vik@asvalla.example", "role": "case_worker", "unit": str(karin.unit_id),
         "title": "Biståndshandläggare", "branches": ["1"], "valid_from": "", "valid_to": ""},
    )  # fmt: skip
    assert answer.status_code == 422  # the first day is asked for
    assert 'value="nora.vik@asvalla.example"' in answer.content.decode()
    today = browser.get("/operations/staff/new").content.decode().split('name="valid_from" value="')[1][:10]
    answer = browser.post(
        "/operations/staff/new",
        {"name": "Nora Vik", "email": "nora.vik@asvalla.example", "role": "case_worker", "unit": str(karin.unit_id),
         "title": "Biståndshandläggare", "branches": ["1"], "valid_from": today},
    )  # fmt: skip
    made = User.objects.get(email="nora.vik@asvalla.example")
    assert answer.headers["Location"] == f"/staff/{made.pk}"
    page = browser.get(f"/staff/{made.pk}").content.decode()
    assert "Biståndshandläggare" in page
    assert "Äldre och funktionsnedsättning" in page
    assert not made.has_usable_password()
    assert AuditEvent.objects.filter(verb="portal.account", user_id=ola.user_id).exists()


def test_an_address_has_one_account_and_another_municipalitys_is_not_ours(
    ola, nora, karin, sara, duty_in, now
) -> None:
    for address, words in (
        ("nora.vik@asvalla.example", "redan ett konto här"),
        ("sara.lind@test.livlina.example", "utanför kommunen"),
    ):
        with pytest.raises(AdministrationRefused, match=words):
            actions.add_user("Någon", address, duty_in(karin.unit_id), by=ola, now=now)


def test_nobody_gives_themselves_an_assignment(ola, maria, duty_in, now) -> None:
    for who in (ola, maria):
        with pytest.raises(AdministrationRefused, match="dig själv"):
            actions.give_assignment(user_of(who), duty_in(maria.unit_id), by=who, now=now)
        own = Assignment.objects.get(pk=who.assignment_id)
        with pytest.raises(Refused):
            actions.end_assignment(own, now.date(), by=who, now=now)


def test_a_manager_gives_what_she_leads_in_her_own_unit_and_her_own_branch(
    maria, fatima, duty_in, now
) -> None:
    colleague = user_of(fatima)
    given = actions.give_assignment(colleague, duty_in(maria.unit_id), by=maria, now=now)
    assert given.compartments == [ELDER_DISABILITY]
    assert given.title == "Handläggare"
    for wrong in (
        duty_in(maria.unit_id, branches=(FINANCIAL_AID,)),
        duty_in(fatima.unit_id),
        duty_in(maria.unit_id, role="unit_manager"),
        duty_in(maria.unit_id, role="committee_secretary", branches=()),
    ):
        with pytest.raises(AdministrationRefused, match="som du själv leder"):
            actions.give_assignment(colleague, wrong, by=maria, now=now)


def test_a_case_worker_and_support_give_nothing(karin, anders, nora, duty_in, now) -> None:
    for who in (karin, anders):
        with pytest.raises(Refused):
            actions.give_assignment(nora, duty_in(karin.unit_id), by=who, now=now)


def test_an_assignment_says_a_branch_and_stays_on_its_side_of_the_wall(
    ola, nora, karin, fatima, petra, duty_in, now
) -> None:
    for wrong, words in (
        (duty_in(karin.unit_id, branches=()), "Välj vilken gren"),
        (duty_in(petra.unit_id), "hålls isär"),
        (duty_in(petra.unit_id, role="nurse"), "ingen gren"),
        (duty_in(karin.unit_id, qualifications=("child_welfare",)), "barn och unga"),
        (duty_in(karin.unit_id, valid_to=now.date() - timedelta(days=1)), "före den första"),
        (duty_in(karin.unit_id), "redan samma uppdrag"),
    ):
        with pytest.raises(AdministrationRefused, match=words):
            actions.give_assignment(nora, wrong, by=ola, now=now)
    qualified = duty_in(fatima.unit_id, branches=(CHILDREN,), qualifications=("child_welfare",))
    assert actions.give_assignment(nora, qualified, by=ola, now=now).qualifications == ["child_welfare"]
    care = duty_in(petra.unit_id, role="provider_staff", branches=())
    assert actions.give_assignment(nora, care, by=ola, now=now).compartments == [PROVIDER]


def test_an_assignment_that_ends_yesterday_shuts_its_sessions_out_at_once(
    ola, maria, karin, client_of, now
) -> None:
    browser = client_of(karin)
    assert browser.get("/officer/").status_code == 200
    found = Assignment.objects.get(pk=karin.assignment_id)
    with pytest.raises(AdministrationRefused, match="bakåt i tiden"):
        actions.end_assignment(found, now.date() - timedelta(days=2), by=maria, now=now)
    actions.end_assignment(found, now.date() - timedelta(days=1), by=maria, now=now)
    assert not Session.objects.filter(assignment_id=karin.assignment_id).exists()
    assert browser.get("/officer/").status_code == 302
    with pytest.raises(AdministrationRefused, match="redan avslutat"):
        actions.end_assignment(found, now.date(), by=ola, now=now)


def test_an_assignment_taken_back_before_it_began_never_held(ola, nora, karin, duty_in, now) -> None:
    later = duty_in(karin.unit_id, role="reception", branches=(), valid_from=now.date() + timedelta(days=30))
    made = actions.give_assignment(nora, later, by=ola, now=now)
    actions.end_assignment(made, now.date(), by=ola, now=now)
    made.refresh_from_db()
    assert made.never_held
    for day in (0, 29, 30, 31):
        assert made not in Assignment.objects.valid(now.date() + timedelta(days=day))


def test_an_ended_account_is_out_everywhere_and_opens_again_without_assignments(
    ola, karin, client_of, duty_in, now
) -> None:
    browser, admin = client_of(karin), client_of(ola)
    assert admin.get(f"/operations/staff/{karin.user_id}/end").status_code == 200
    assert admin.post(f"/operations/staff/{karin.user_id}/end").status_code == 302
    assert browser.get("/officer/").status_code == 302
    user = user_of(karin)
    assert not user.is_active
    assert all(one.valid_to is not None for one in held(user))
    assert (
        not Assignment.objects.filter(user=user).valid(clock.today()).exists()
    )  # offered as nobody's colleague
    with pytest.raises(AdministrationRefused, match="Kontot är avslutat"):
        actions.give_assignment(user, duty_in(karin.unit_id), by=ola, now=now)
    assert "Avslutat konto" in admin.get(f"/staff/{karin.user_id}").content.decode()
    admin.post(f"/operations/staff/{karin.user_id}/end")
    assert user_of(karin).is_active


def test_he_neither_ends_nor_changes_his_own_account(ola, client_of) -> None:
    browser = client_of(ola)
    for address in ("end", "link"):
        answer = browser.post(f"/operations/staff/{ola.user_id}/{address}")
        assert answer.status_code == 422
        assert "ditt eget konto" in answer.content.decode()
    assert user_of(ola).is_active


def test_another_address_is_another_way_in_and_ends_the_sessions(ola, karin, client_of, now) -> None:
    browser = client_of(karin)
    actions.change_user(user_of(karin), "Karin Ekdal Berg", user_of(karin).email, by=ola, now=now)
    assert browser.get("/officer/").status_code == 200
    actions.change_user(user_of(karin), "Karin Ekdal Berg", "karin.berg@asvalla.example", by=ola, now=now)
    assert browser.get("/officer/").status_code == 302
    with pytest.raises(AdministrationRefused):
        actions.change_user(user_of(karin), "Karin", "ola.krantz@test.livlina.example", by=ola, now=now)


def test_a_manager_sees_those_of_her_unit_and_the_administrator_all(
    client_of, maria, karin, ola, petra, fatima
) -> None:
    hers, his = (client_of(who).get("/staff/").content.decode() for who in (maria, ola))
    assert "Karin Ekdal" in hers
    assert "Fatima Saleh" not in hers
    assert "Karin Ekdal" in his
    assert "Fatima Saleh" in his
    assert client_of(maria).get(f"/staff/{fatima.user_id}").status_code == 404
    assert "Konto och inloggning" not in client_of(maria).get(f"/staff/{karin.user_id}").content.decode()
    found = client_of(ola).get("/staff/?q=sal").content.decode()
    assert "Fatima Saleh" in found
    assert "Karin Ekdal" not in found


def test_the_neighbours_administrator_finds_nobody_of_ours(client_of, sjohaga, karin) -> None:
    stranger = staff(sjohaga, "Stig Sten", "administrator", "Förvaltningen i Sjöhaga")
    browser = client_of(stranger)
    assert "Karin Ekdal" not in browser.get("/staff/").content.decode()
    for method, address in (
        ("get", f"/staff/{karin.user_id}"),
        ("post", f"/operations/staff/{karin.user_id}/end"),
        ("post", f"/operations/staff/{karin.user_id}/link"),
        ("get", f"/staff/assignments/{karin.assignment_id}/end"),
        ("get", f"/operations/units/{karin.unit_id}"),
    ):
        assert getattr(browser, method)(address).status_code == 404, address


def test_whoever_also_works_for_the_neighbour_keeps_their_ways_in(ola, karin, sjohaga, asvalla, now) -> None:
    with tenancy.acting(sjohaga.pk):
        unit = Unit.objects.create(municipality=sjohaga, name="Jouren i Sjöhaga", side="authority")
        Assignment.objects.create(
            municipality=sjohaga, user_id=karin.user_id, unit=unit, role="duty_officer", title="Jour",
            compartments=[1], valid_from=now.date(),
        )  # fmt: skip
    for act in (actions.make_link, actions.end_user):
        with pytest.raises(AdministrationRefused, match="annan kommun"):
            act(user_of(karin), by=ola, now=now)
    assert Unit.objects.filter(pk=karin.unit_id).exists()  # still in our own municipality


def test_a_manager_takes_in_a_colleague_from_elsewhere_by_the_address(client_of, maria, fatima, now) -> None:
    browser = client_of(maria)
    today = browser.get("/staff/assign").content.decode().split('name="valid_from" value="')[1][:10]
    sent = {"role": "case_worker", "unit": str(maria.unit_id), "branches": ["1"], "valid_from": today}
    missing = browser.post("/staff/assign", sent | {"email": "ingen@asvalla.example"})
    assert missing.status_code == 422
    assert "Ingen medarbetare" in missing.content.decode()
    answer = browser.post("/staff/assign", sent | {"email": "Fatima.Saleh@test.livlina.example"})
    assert answer.status_code == 302
    assert Assignment.objects.filter(user_id=fatima.user_id, unit_id=maria.unit_id).exists()


def test_units_are_added_renamed_and_ended_only_when_empty(client_of, ola, karin, astrids_case, now) -> None:
    browser = client_of(ola)
    sent = {"name": "Nya enheten", "side": "authority"}
    assert browser.post("/operations/units/new", sent).status_code == 302
    assert "redan en enhet" in browser.post("/operations/units/new", sent).content.decode()
    unit = Unit.objects.get(name="Nya enheten")
    assert browser.post(f"/operations/units/{unit.pk}", {"name": "Äldreenheten"}).status_code == 302
    assert browser.post(f"/operations/units/{unit.pk}/end").status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.ended_on is not None) == ("Äldreenheten", True)
    full = browser.post(f"/operations/units/{karin.unit_id}/end")
    assert full.status_code == 422
    words = full.content.decode()
    assert "uppdrag" in words
    assert "öppna ärenden" in words
    assert astrids_case.number not in words
    assert "själv i enheten" in browser.post(f"/operations/units/{ola.unit_id}/end").content.decode()


def test_no_assignment_is_given_in_an_ended_unit(ola, nora, duty_in, now) -> None:
    unit = actions.add_unit("Stängda enheten", "authority", by=ola, now=now)
    actions.end_unit(unit, by=ola, now=now)
    with pytest.raises(AdministrationRefused, match="Enheten är avslutad"):
        actions.give_assignment(nora, duty_in(unit.pk), by=ola, now=now)


def test_the_list_costs_the_same_for_few_and_many(client_of, ola, karin, asvalla, statements) -> None:
    browser = client_of(ola)
    browser.get("/staff/")
    with statements() as few:
        browser.get("/staff/")
    for number in range(60):
        staff(asvalla, f"Anna Nummer{number:02d}", "case_worker", "Biståndsenheten")
    with statements() as many:
        answer = browser.get("/staff/")
    assert "Nästa" in answer.content.decode()
    assert len(many) == len(few)


def test_any_text_in_the_search_is_answered(client_of, ola) -> None:
    browser = client_of(ola)
    for text in ("\0", "%", "\\", "å" * 300, "'; --", "  "):
        assert browser.get("/staff/", {"q": text, "page": "99999999999"}).status_code == 200
