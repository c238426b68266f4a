"""Who sees what of a case: by unit and relation, and nothing at all at the provider's."""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from livlina.authority.cases import actions, queries
from livlina.authority.cases.models import Case
from livlina.authority.cases.models.base import InBranch
from livlina.authority.cases.queries.worklist import Wanted
from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.models import AuditEvent, User
from livlina.core.secure import tenant_models
from livlina.registers.people.actions import grant_protected_access, set_protection

PROVIDER, HEALTH = 2, 3
ELDER_DISABILITY = settings.AREAS["elder_care"]


@pytest.mark.parametrize("role", ["petra", "ali", "lena", "erik", "anders", "ola", "sofia"])
def test_other_roles_do_not_open_the_case(request, role, assigned_case, client_of, now):
    stranger = request.getfixturevalue(role)
    with pytest.raises(Refused):
        queries.case_page(stranger, assigned_case.pk, now)
    assert client_of(stranger).get(reverse("cases:case", args=[assigned_case.pk])).status_code == 404


@pytest.mark.parametrize("role", ["karin", "johan", "maria"])
def test_the_cases_own_unit_opens_it(request, role, assigned_case, now):
    assert queries.case_page(request.getfixturevalue(role), assigned_case.pk, now).case == assigned_case


def test_a_worker_in_another_unit_does_not(assigned_case, as_staff, now):
    other = as_staff("Per Ny", "case_worker", "LSS-enheten")
    with pytest.raises(Refused):
        queries.case_page(other, assigned_case.pk, now)


def test_the_neighbour_municipality_gets_404_on_every_page(sara, partly_granted, client_of):
    browser = client_of(sara)
    case, decision = partly_granted.case_id, partly_granted.pk
    letter, appeal = partly_granted.documents.get().pk, partly_granted.appeals.get().pk
    pages = [
        ("case", case), ("timeline", case), ("assign", case), ("investigation", case), ("decide", case), ("close", case),
        ("letter", letter), ("appeal", appeal), ("service", decision), ("receive_appeal", decision),
        ("person", partly_granted.case.person_id),
    ]  # fmt: skip
    for name, key in pages:
        assert browser.get(reverse(f"cases:{name}", args=[key])).status_code == 404, name


def test_a_refusal_is_written_down(sara, assigned_case, client_of):
    client_of(sara).get(reverse("cases:case", args=[assigned_case.pk]))
    with tenancy.acting(sara.municipality_id, (1,)):
        assert AuditEvent.objects.filter(verb="cases.read", outcome="refused", user_id=sara.user_id).exists()


def test_every_reading_of_a_case_is_written_down(karin, assigned_case, now):
    queries.case_page(karin, assigned_case.pk, now)
    row = AuditEvent.objects.get(verb="cases.read", outcome="read")
    assert (row.user_id, row.person_id) == (karin.user_id, assigned_case.person_id)


@pytest.mark.parametrize("compartments", [(PROVIDER,), (PROVIDER, HEALTH), ()])
def test_the_providers_compartments_see_no_row_of_case_work_even_by_raw_sql(
    asvalla, partly_granted, compartments
):
    tables = [model._meta.db_table for model in tenant_models() if issubclass(model, InBranch)]
    assert len(tables) > 15
    tenancy.enter(asvalla.pk, compartments)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), table
    tenancy.enter(asvalla.pk, (1,))
    assert Case.objects.count() == 1


NO_SECRETS = {"CaseCounter", "IntakeUnit", "DelegationRule", "OwnLength", "WorklistDefault", "DeskHandOver"}
"""How many cases, where they go, who may decide (KL 6:38), how long it may take, and whose desk: said of no client."""


def test_every_table_of_the_room_lies_in_a_branch():
    ours = [model for model in tenant_models() if model._meta.app_label == "cases"]
    assert {model.__name__ for model in ours if not issubclass(model, InBranch)} == NO_SECRETS


def test_every_row_of_a_case_lies_in_the_compartment_of_its_branch(partly_granted):
    found = set()
    for model in tenant_models():
        if issubclass(model, InBranch):
            found |= {row.compartment for row in model.objects.all()}
    assert found == {ELDER_DISABILITY}


@pytest.mark.parametrize("branch", [code for code in settings.BRANCHES if code != ELDER_DISABILITY])
def test_another_branch_of_the_authority_sees_no_row_of_it_even_by_raw_sql(asvalla, partly_granted, branch):
    tables = [model._meta.db_table for model in tenant_models() if issubclass(model, InBranch)]
    tenancy.enter(asvalla.pk, (branch,))
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), table


def test_a_protected_persons_case_is_for_the_named_few(
    assigned_case, astrid, karin, johan, maria, registrar, now
):
    set_protection(astrid, "secrecy_marked", by=registrar, now=now)
    with pytest.raises(Refused):
        queries.case_page(johan, assigned_case.pk, now)
    assert queries.worklist(johan, now, wanted=Wanted(tab="unit")).rows == []
    grant_protected_access(
        astrid, User.objects.get(pk=karin.user_id), reason="Handlägger ärendet", by=maria, now=now
    )
    page = queries.case_page(karin, assigned_case.pk, now)
    assert page.header.protection
    row = AuditEvent.objects.filter(verb="cases.read", outcome="read").latest("at", "id")
    assert row.review == "protected"


def test_a_protected_person_is_not_served_online(astrid, astrid_online, assigned_case, registrar, now):
    set_protection(astrid, "secrecy_marked", by=registrar, now=now)
    assert queries.my_cases(astrid_online, now) == []


def test_the_citizen_follows_own_cases_and_a_neighbour_does_not(
    astrid_online, anna_online, bertil, assigned_case, now
):
    from dataclasses import replace

    assert queries.my_case(astrid_online, assigned_case.pk, now).own
    assert not queries.my_case(anna_online, assigned_case.pk, now).own
    with pytest.raises(Refused):
        queries.my_case(replace(anna_online, person_id=bertil.pk), assigned_case.pk, now)


def test_the_citizen_cannot_take_the_workers_steps(astrid_online, assigned_case, now):
    with pytest.raises(actions.StepRefused, match="inte behörighet"):
        actions.open_investigation(assigned_case, by=astrid_online, now=now)
    with pytest.raises(Refused):
        actions.record_facts(assigned_case, {"assessment": "Allt"}, by=astrid_online, now=now)


def test_the_boards_secretary_opens_what_the_board_decides(eva, assigned_case, now):
    with pytest.raises(Refused):
        queries.case_page(eva, assigned_case.pk, now)
    Case.objects.filter(pk=assigned_case.pk).update(state="ready_to_decide")
    assert queries.case_page(eva, assigned_case.pk, now).steps[0].name == "decide"


def test_the_officer_on_duty_opens_what_is_late(duty, assigned_case, now):
    assigned_case.deadlines.update(strict_date=date(2099, 1, 2), legal_date=date(2099, 1, 2))
    with pytest.raises(Refused):
        queries.case_page(duty, assigned_case.pk, now)
    assigned_case.deadlines.filter(name="decide_in_time").update(strict_date=date(2025, 1, 2))
    assert queries.case_page(duty, assigned_case.pk, now)
