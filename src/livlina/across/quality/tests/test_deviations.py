"""What goes wrong is told at once, by anyone, and judged by the one who answers for the unit."""

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection

from livlina.across.quality import actions
from livlina.across.quality.models import Deviation
from livlina.core.access import Actor, Refused
from livlina.core.tenancy import acting
from tests.people import ALL


@pytest.fixture
def fall(ali: Actor, now: datetime) -> Deviation:
    return tell(ali, now)


def tell(by: Actor, now: datetime, **said: object) -> Deviation:
    words = {
        "client_id": uuid.uuid4(),
        "what": "Besöket glömdes bort.",
        "track": "social",
        "happened_at": now,
    }
    return actions.report_deviation(**(words | said), by=by, now=now)


def test_the_same_report_sent_twice_is_one(ali: Actor, now: datetime) -> None:
    key = uuid.uuid4()
    assert tell(ali, now, client_id=key) == tell(ali, now, client_id=key)
    assert Deviation.objects.count() == 1


def test_what_has_not_happened_yet_cannot_be_told(ali: Actor, now: datetime) -> None:
    with pytest.raises(actions.DeviationRefused, match="framtiden"):
        tell(ali, now, happened_at=now + timedelta(hours=1))


def test_a_report_is_judged_before_it_is_closed(fall: Deviation, petra: Actor, now: datetime) -> None:
    with pytest.raises(actions.DeviationRefused, match="Bedöm"):
        actions.close_deviation(fall, "Klart.", by=petra, now=now)
    actions.judge_deviation(fall, "lex_sarah", "Risk för den enskilde.", by=petra, now=now)
    actions.close_deviation(fall, "Rutinen är ändrad.", by=petra, now=now)
    with pytest.raises(actions.DeviationRefused, match="redan"):
        actions.note_measure(fall, "Mer.", by=petra, now=now)


def test_two_closings_at_the_same_instant_are_one(own_database: str, petra: Actor, now: datetime) -> None:
    with acting(petra.municipality_id, ALL):
        report = tell(petra, now)
        actions.judge_deviation(report, "minor", "Rutinen brast.", by=petra, now=now)
    answers, ready = [], threading.Barrier(2)

    def close() -> None:
        ready.wait(10)
        try:
            with acting(petra.municipality_id, ALL):
                actions.close_deviation(report, "Klart.", by=petra, now=now)
            answers.append("closed")
        except actions.DeviationRefused as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["Avvikelsen är redan avslutad.", "closed"]


def test_only_the_units_own_manager_judges(fall: Deviation, erik: Actor, ali: Actor, now: datetime) -> None:
    for stranger in (erik, ali):
        with pytest.raises(Refused):
            actions.judge_deviation(fall, "minor", "Nej.", by=stranger, now=now)


def test_a_colleague_at_another_provider_sees_a_missing_page(
    fall: Deviation, petra, erik, ali, client_of
) -> None:
    url = f"/provider/deviations/{fall.pk}"
    assert client_of(petra).get(url).status_code == 200
    assert client_of(ali).get(url).status_code == 200
    assert client_of(erik).get(url).status_code == 404


def test_a_carer_tells_in_one_form_and_comes_to_the_report(ali: Actor, client_of) -> None:
    form = {
        "what": "Larmet låg i en låda.",
        "day": "2026-03-01",
        "clock": "14.30",
        "track": "social",
        "measure": "",
    }
    answer = client_of(ali).post("/provider/deviations/new", form | {"submission_key": str(uuid.uuid4())})
    assert answer.status_code == 302
    page = client_of(ali).get(answer["Location"]).content.decode()
    assert "Larmet låg i en låda." in page
    assert "2026-03-01 14:30" in page


def test_what_was_typed_stays_when_something_is_missing(ali: Actor, client_of) -> None:
    answer = client_of(ali).post(
        "/provider/deviations/new", {"what": "Dörren stod öppen.", "day": "2099-01-01", "track": "it"}
    )
    assert answer.status_code == 422
    assert "Dörren stod öppen." in answer.content.decode()
