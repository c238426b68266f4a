"""What a call round costs: the same for four hundred persons as for three."""

import pytest
from django.db import connection

from livlina.core import clock
from livlina.provider.alarms.actions import crisis
from livlina.provider.alarms.models import AlarmUnit, CallEntry

COPY_PEOPLE = """
INSERT INTO people_person SELECT p.* FROM people_person one, generate_series(1, %(n)s) n, LATERAL jsonb_populate_record(
    NULL::people_person, to_jsonb(one) || jsonb_build_object('id', md5('p' || n)::uuid)) p WHERE one.id = %(person)s
"""
COPY_UNITS = """
INSERT INTO alarms_alarmunit SELECT u.* FROM alarms_alarmunit one, generate_series(1, %(n)s) n, LATERAL
    jsonb_populate_record(NULL::alarms_alarmunit, to_jsonb(one) || jsonb_build_object('id', md5('u' || n)::uuid,
    'person_id', md5('p' || n)::uuid, 'number', 'C' || n)) u WHERE one.id = %(unit)s
"""


@pytest.mark.parametrize("people_there", [3, 400])
def test_a_round_costs_the_same_however_many_it_is_about(
    astrids_unit, astrid, petra, house, statements, client_of, monkeypatch, people_there, now
) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)
    with connection.cursor() as cursor:
        cursor.execute(COPY_PEOPLE, {"n": people_there, "person": str(astrid.pk)})
        cursor.execute(COPY_UNITS, {"n": people_there, "unit": str(astrids_unit.pk)})
    with statements() as opening:
        made = crisis.open_round(AlarmUnit.objects.all(), "Tyst.", by=house, now=now)
    browser, address = client_of(petra), f"/provider/alarms/rounds/{made.pk}"
    browser.get(address)
    with statements() as reading:
        assert browser.get(address).status_code == 200
    assert CallEntry.objects.count() == people_there + 1
    frame = ("set_config", "current_setting", "SAVEPOINT")
    assert (
        len([one for one in opening.captured_queries if not any(word in one["sql"] for word in frame)]) <= 16
    )
    assert (
        len([one for one in reading.captured_queries if not any(word in one["sql"] for word in frame)]) <= 16
    )
