"""The ground holds: no municipality sees another's rows, and what is permanent stays."""

from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from livlina.core import audit, secure, tenancy
from livlina.core.access import Actor
from livlina.core.models import Assignment, AuditEvent, Municipality, PermanentRow, Unit


def rows(query: str, *values: object) -> list[tuple]:
    """Ask the database past the application, as the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


def test_every_table_is_as_secure_as_its_model_says(asvalla: Municipality) -> None:
    assert secure.problems() == []


def test_raw_sql_in_another_municipality_sees_nothing(asvalla, sjohaga, karin: Actor) -> None:
    assert rows("SELECT count(*) FROM core_unit") == [(1,)]
    tenancy.enter(sjohaga.pk, (1, 2, 3))
    assert rows("SELECT count(*) FROM core_unit") == [(0,)]


def test_raw_sql_without_a_municipality_sees_nothing_and_writes_nothing(asvalla, karin: Actor) -> None:
    tenancy.enter(None)
    assert rows("SELECT count(*) FROM core_unit") == [(0,)]
    assert rows("UPDATE core_unit SET name = 'x' RETURNING id") == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Unit.objects.create(municipality=asvalla, name="Utan hemvist", side="authority")


def test_a_row_cannot_be_written_into_another_municipality(asvalla, sjohaga) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Unit.objects.create(municipality=sjohaga, name="Insmuggling", side="authority")


def test_a_reference_cannot_cross_municipalities(asvalla, sjohaga, karin: Actor, sara: Actor) -> None:
    with tenancy.acting(sjohaga.pk):
        foreign = Unit.objects.get()
    crossing = Assignment(
        municipality=asvalla, user_id=karin.user_id, unit_id=foreign.pk, valid_from="2026-01-01"
    )
    crossing.save()
    with pytest.raises(IntegrityError):
        rows("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_application_is_neither_owner_nor_above_the_policies(asvalla) -> None:
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        (False, False)
    ]
    assert rows(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
    ) == [(0,)]


def test_the_context_ends_with_its_transaction(asvalla) -> None:
    before = rows("SELECT current_setting('livlina.compartments')")
    with tenancy.acting(asvalla.pk, (1,)):
        assert rows("SELECT current_setting('livlina.compartments')") == [("1",)] != before
    assert rows("SELECT current_setting('livlina.compartments')") == before


@pytest.mark.parametrize("change", ["UPDATE core_auditevent SET verb = 'x'", "DELETE FROM core_auditevent"])
def test_the_audit_record_cannot_be_changed_by_raw_sql(
    asvalla, karin: Actor, now: datetime, change: str
) -> None:
    audit.read(karin, "people.read", now=now)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows(change)


def test_the_audit_record_cannot_be_changed_by_the_model(asvalla, karin: Actor, now: datetime) -> None:
    audit.read(karin, "people.read", now=now)
    event = AuditEvent.objects.get()
    for change in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        AuditEvent._base_manager.all().delete,
    ):
        with pytest.raises(PermanentRow):
            change()
    with pytest.raises(PermanentRow):
        AuditEvent.objects.update(verb="x")


def test_an_assignment_holds_from_its_first_day_to_its_last(asvalla, karin: Actor, now: datetime) -> None:
    mine = Assignment.objects.get()
    mine.valid_to = "2026-03-01"
    mine.save(update_fields=["valid_to"])
    assert list(Assignment.objects.valid(now.date())) == []
