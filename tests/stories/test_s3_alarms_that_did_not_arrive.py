"""S3. A server fault: for hours social alarms did not reach the staff. The plan was to ring or visit everyone with one.

The receiver lives apart (its own tests show that it goes on alone). Here: silence is noticed, the crisis plan opens by
itself with a list for each team, it is worked until everyone is reached and not closed before, and the list lies on
paper, made before anything broke.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.provider.alarms import jobs
from livlina.provider.alarms.models import AlarmUnit, CallEntry, CallRound
from livlina.provider.alarms.tests.fixtures import record
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

MINUTE = timedelta(minutes=1)
PEOPLE = 20


@pytest.fixture
def homes(house: Actor, petra: Actor, erik: Actor, now: datetime) -> list[AlarmUnit]:
    """Twenty homes with an alarm: every other is Petra's team's to go to, every other Erik's."""
    found = []
    for number in range(PEOPLE):
        name = {"given_names": f"Person {number}", "family_name": "Larmlund", "home_municipality": "9901"}
        person = Person.objects.create(municipality_id=house.municipality_id, id=uuid7(), **name)
        people.add_contact(person, "mobile", f"070-174 06 {number:02}", by=house, now=now)
        found.append(
            AlarmUnit.objects.create(
                municipality_id=house.municipality_id, number=f"30{number:02}", person=person, state="active",
                team_id=(petra, erik)[number % 2].unit_id, risk=number % 4, installed_at=now, heard_at=now,
            )
        )  # fmt: skip
    return found


def work_through(browser: Any, round_id: UUID, states: tuple[str, ...]) -> int:
    """Ring everyone on a team's own list, through its page, and return how many."""
    done = 0
    for entry in CallEntry.objects.filter(round_id=round_id).exclude(state="ok").order_by("pk"):
        address = f"/provider/alarms/rounds/entries/{entry.pk}"
        if browser.get(address).status_code != 200:
            continue  # another team's
        for state in states:
            seen = CallEntry.objects.get(pk=entry.pk).state_at
            said = {"state": state, "seen": seen.isoformat() if seen else "", "submission_key": str(uuid4())}
            assert browser.post(f"{address}/press", said).status_code == 302
        done += 1
    return done


def test_s3_when_alarms_fall_silent_everyone_is_rung_or_visited_and_nobody_is_forgotten(
    homes, petra, ali, erik, hand_over, client_of, at, house, settings, tmp_path: Path, now
) -> None:
    settings.STATE_DIR = tmp_path
    jobs.write_lists(house.municipality_id, now - 10 * MINUTE)

    units = [unit.number for unit in homes]
    told = {"group": "receiver", "value": "a", "units": units, "silent": PEOPLE, "known": PEOPLE,
            "cause": "Alla tysta larm går till larmmottagare a: felet är vårt."}  # fmt: skip
    noticed = now + 3 * MINUTE
    at(noticed)
    hand_over(record(1, "mass_silence", at=noticed, unit="", device="", facts=told), at=noticed)

    round = CallRound.objects.get()
    assert (round.opened_by, round.opened_at) == ("Livlina", noticed), "nobody had to open it"
    teams = set(Watch.objects.filter(type="alarms.round", closed_at=None).values_list("unit_id", flat=True))
    assert teams == {petra.unit_id, erik.unit_id}
    address = f"/provider/alarms/rounds/{round.pk}"
    page = client_of(ali).get(address).content.decode()
    assert "felet är vårt" in page
    assert "0 av 20 är nådda" in page
    assert page.count("tel:07017406") == PEOPLE / 2, "the team's own, with numbers to ring"

    assert work_through(client_of(ali), round.pk, ("no_answer", "visited")) == PEOPLE / 2
    close = {"submission_key": str(uuid4())}
    refused = client_of(petra).post(f"{address}/close", close, follow=True).content.decode()
    assert "10 personer är inte nådda än" in refused
    round.refresh_from_db()
    assert round.closed_at is None

    assert work_through(client_of(erik), round.pk, ("ok",)) == PEOPLE / 2
    at(now + 60 * MINUTE)
    assert "20 av 20 är nådda" in client_of(petra).get(f"{address}/progress").content.decode()
    client_of(petra).post(f"{address}/close", {"submission_key": str(uuid4())})
    round.refresh_from_db()
    assert round.closed_at == now + 60 * MINUTE

    report = client_of(petra).get(f"{address}/report").content.decode()
    assert "20 av 20 personer är nådda" in report
    assert report.count("Besökt") == PEOPLE / 2

    files = sorted((tmp_path / "crisis-lists" / "asvalla").glob("norra-*"))
    assert [file.suffix for file in files] == [".html", ".pdf"]
    paper = files[0].read_text()
    assert "klockan 08:50" in paper, "made before anything broke, and says so"
    assert paper.count("Larmlund") == PEOPLE / 2
