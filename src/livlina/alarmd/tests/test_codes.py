"""What a status makes of a message, and what staff read."""

from __future__ import annotations

import pytest

from livlina.alarmd import codes
from livlina.alarmd.record import FROM_UNITS, VERDICTS


@pytest.mark.parametrize(
    ("mty", "stc", "kind"),
    [
        ("ME", 10, "alarm"), ("ME", 9, "alarm"), ("ME", None, "alarm"), ("ME", 0, "alarm"), ("ME", 64, "alarm"),
        ("ME", 110, "alarm"), ("ME", 79, "alarm"), ("ME", "1A", "alarm"), ("ME", 4711, "alarm"),
        ("XX", 10, "alarm"), ("me", 10, "alarm"),
        ("ME", 19, "cancel"), ("ME", 16, "fault"), ("ME", 85, "fault"), ("ME", 67, "fault"), ("ME", 24, "fault"),
        ("ME", 86, "restored"), ("ME", 15, "restored"), ("ME", 113, "restored"), ("ME", 70, "restored"),
        ("ME", 102, "test"), ("ME", 103, "test"), ("ME", 93, "reset"), ("ME", 88, "update"), ("ME", 111, "update"),
        ("RE", 10, "reset"), (" re ", None, "reset"), ("IN", 10, "update"), ("IN", 16, "update"),
        ("PI", 9, codes.HEARTBEAT), ("PI", 102, codes.HEARTBEAT), ("PI", 10, codes.HEARTBEAT), ("PI", 16, codes.HEARTBEAT),
    ],
)  # fmt: skip
def test_the_type_of_a_message_is_asked_before_its_status_and_doubt_is_an_alarm(mty, stc, kind):
    assert codes.kind_of(mty, stc) == kind
    assert kind in FROM_UNITS or kind == codes.HEARTBEAT


def test_no_status_is_of_two_minds():
    groups = [codes.FAULTS, codes.RESTORED, codes.TESTS, codes.RESETS, codes.TOLD, {codes.CANCEL}]
    everything = [status for group in groups for status in group]
    assert len(everything) == len(set(everything))
    assert set(everything) <= set(codes.STATUSES)


def test_every_call_for_help_stays_an_alarm():
    calls = (
        "Larmknapp",
        "Automatiskt larm",
        "Behöver hjälp",
        "Utlöst",
        "Medicin inte tagen",
        "Varning",
        "Intrång",
    )
    named = [status for status, word in codes.STATUSES.items() if word.startswith(calls)]
    assert len(named) == 7
    assert {codes.kind_of("ME", status) for status in named} == {"alarm"}


@pytest.mark.parametrize(
    "table", [codes.DEVICE_TYPES, codes.STATUSES, codes.LOCATIONS, codes.MESSAGE_TYPES, codes.STATUS_NUMBERS]
)
def test_every_code_has_a_short_word_for_staff(table):
    assert all(0 < len(word) <= 32 for word in table.values())
    if table is not codes.MESSAGE_TYPES:
        assert list(table) == list(range(len(table)))


def test_the_unit_is_told_something_for_every_verdict():
    assert set(codes.VERDICT_NUMBERS) == set(VERDICTS)
    assert set(codes.VERDICT_NUMBERS.values()) <= set(codes.STATUS_NUMBERS)


@pytest.mark.parametrize(
    ("code", "word"),
    [(2, "Knapp 1"), (6, "Knapp 5"), (22, "Nätverkskort"), (29, "Modul 5"), (1, ""), (30, ""), ("x", "")],
)
def test_a_component_is_named_when_it_says_something(code, word):
    assert codes.component(code) == word
