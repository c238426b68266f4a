"""The demo's register of incidents: February's outage told to its end, and one that is still worked on."""

from collections.abc import Callable
from datetime import timedelta

from livlina.across.quality import queries
from livlina.across.quality.paper import disturbance_pdf
from livlina.core.access import Actor
from livlina.core.clock import day_of
from tests.people import MORNING

Who = Callable[[str], Actor]


def test_both_events_stand_as_they_were_told(who: Who) -> None:
    ola, petra = who("Ola Krantz"), who("Petra Nyström")
    recent, february = queries.incidents(ola)
    assert queries.whole(ola, february.pk).state == "closed"
    found = queries.whole(petra, recent.pk)
    assert found.state == "open"
    assert [track.kind for track, _ in found.tracks] == ["deviation"]


def test_a_report_for_the_committee_holds_both_and_fits_on_paper(who: Who) -> None:
    today = day_of(MORNING)
    made = queries.report(who("Eva Moberg"), today - timedelta(days=400), today, MORNING)
    assert [one.incident.called[:2] for one in made.events] == ["H ", "H "]
    assert made.events[0].care
    assert made.events[0].it
    assert ("Cyberincident", "slutrapport lämnad") in made.events[0].tracks
    assert disturbance_pdf(made).startswith(b"%PDF")
