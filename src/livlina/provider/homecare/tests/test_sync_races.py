"""Any order of sends, losses, crashes, restored backups and two senders at once ends with every event once."""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from livlina.core import tenancy
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.provider.homecare.models import FieldEvent, Phone, Visit
from livlina.provider.homecare.sync import outbox, wire
from livlina.provider.homecare.sync.handset import Store
from livlina.provider.homecare.tests.fixtures_sync import OUTBOX, Telephone
from livlina.registers.journal.models import Note

Telephones = Callable[..., Telephone]
SECOND = timedelta(seconds=1)


def receive(body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the server does with a request, and its answer as it goes on the wire."""
    wired = json.loads(json.dumps(body))
    said = outbox.Said(
        wired["municipality"], Phone(pk=wired["phone"]).pk, wired["newest"], wired["newest_hash"], wired["waiting"],
        None, wired["events"],
    )  # fmt: skip
    answer = outbox.receive(said, now=now)
    tenancy.enter(wired["municipality"], tenancy.EVERYTHING)
    return {"receipts": answer.receipts, "resend_after": answer.resend_after}


class Weather(RuleBasedStateMachine):
    """Two tabs on one phone, one server, its backups, and everything that can go wrong between them.

    At its end every note is there once, or an AssertionError is.
    """

    store: Store
    morning: Visit
    now: datetime

    def __init__(self) -> None:
        super().__init__()
        self.began = transaction.savepoint()
        self.backups = [transaction.savepoint()]
        store = self.store
        store.events, store.seq, store.newest, store.newest_hash = {}, 0, 0, ""
        self.tabs = [Telephone(store), Telephone(store)]
        self.under_way: list[dict[str, Any]] = []
        self.clock, self.written = self.now, 0

    @initialize()
    def write_first(self) -> None:
        self.write(0)

    @rule(tab=st.integers(0, 1))
    def write(self, tab: int) -> None:
        """A note is written, and is on the phone's disk."""
        self.written += 1
        text = {"text": f"Anteckning {self.written}."}
        self.tabs[tab].keep("note", self.now - 600 * SECOND, person=self.morning.person_id, **text)

    @rule(tab=st.integers(0, 1), most=st.integers(1, 3))
    def begin(self, tab: int, most: int) -> None:
        """A request sets out; it may arrive now, later, twice, or never."""
        handset = self.tabs[tab]
        self.under_way.append(handset.outbox(handset.waiting[:most]))

    @rule(tab=st.integers(0, 1), which=st.integers(0, 50), heard=st.booleans())
    def arrive(self, tab: int, which: int, heard: bool) -> None:
        """A request arrives and is committed; its answer is heard, or is lost. It may arrive once more."""
        if self.under_way:
            self.clock += SECOND
            answer = receive(self.under_way[which % len(self.under_way)], self.clock)
            if heard:
                self.tabs[tab].answered(answer)

    @rule(which=st.integers(0, 50))
    def crash(self, which: int) -> None:
        """A request arrives, and the server dies before it commits."""
        if self.under_way:
            point = transaction.savepoint()
            receive(self.under_way[which % len(self.under_way)], self.clock)
            transaction.savepoint_rollback(point)
            transaction.savepoint_commit(point)

    @rule(which=st.integers(0, 50))
    def lose(self, which: int) -> None:
        """A request is lost."""
        if self.under_way:
            self.under_way.pop(which % len(self.under_way))

    @rule(tab=st.integers(0, 1))
    def die(self, tab: int) -> None:
        """The app is killed and opened again."""
        self.tabs[tab] = Telephone(self.store)

    @rule()
    def back_up(self) -> None:
        """A backup is made."""
        self.backups.append(transaction.savepoint())

    @rule(which=st.integers(0, 50))
    def restore(self, which: int) -> None:
        """The server begins again from an older backup; what is under way may still arrive."""
        place = which % len(self.backups)
        transaction.savepoint_rollback(self.backups[place])
        del self.backups[place + 1 :]

    def teardown(self) -> None:
        """The weather clears: what waits is sent until nothing waits, and then every note is there, once."""
        handset = self.tabs[0]
        for _ in range(60):
            self.clock += SECOND
            answer = receive(handset.outbox(), self.clock)
            handset.answered(answer)
            if answer["resend_after"] is None and not handset.waiting:
                break
        texts = sorted(Note.objects.values_list("text", flat=True))
        try:
            assert handset.waiting == []
            assert texts == sorted(f"Anteckning {n + 1}." for n in range(self.written))
            assert FieldEvent.objects.count() == self.written
            assert sorted(FieldEvent.objects.values_list("number", flat=True)) == list(
                range(1, self.written + 1)
            )
        finally:
            transaction.savepoint_rollback(self.began)
            transaction.savepoint_commit(self.began)


def weather(phone: Telephone, morning: Visit, now: datetime) -> type[Weather]:
    """Everything that can go wrong, in any order, for this phone and this visit."""
    return type("WeatherHere", (Weather,), {"store": phone.store, "morning": morning, "now": now})


def tried(examples: int) -> settings:
    """So many examples, none of them kept or made smaller."""
    return settings(
        max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck),
        database=None, phases=[Phase.generate],
    )  # fmt: skip


def test_any_order_of_losses_crashes_and_restored_backups_ends_with_every_note_once(
    telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    run_state_machine_as_test(weather(telephone(ali), morning, now), settings=tried(12))


def test_two_workers_that_get_the_same_events_at_once_take_each_in_once(
    own_database: str, asvalla: Municipality, telephone: Telephones, ali: Actor, morning: Visit, now: datetime
) -> None:
    with transaction.atomic():
        phone = telephone(ali)
    for number in range(5):
        phone.keep("note", now, person=morning.person_id, text=f"Anteckning {number}.")
    phone.keep("check_in", now, person=morning.person_id, visit=morning.pk)
    phone.at(now + timedelta(minutes=5))
    body = json.dumps(phone.outbox())
    start, answers = threading.Barrier(4), []

    def send() -> None:
        try:
            start.wait(10)
            answers.append(Client().post(OUTBOX, body, "application/json").json())
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(30)
    assert len(answers) == 4
    told = [[json.loads(wire.unb64u(one["payload"])) for one in answer["receipts"]] for answer in answers]
    assert sorted({one["verdict"] for one in answer} for answer in told).count({"accepted"}) == 1
    assert all([one["number"] for one in answer] == [1, 2, 3, 4, 5, 6] for answer in told)
    assert (Note.objects.count(), FieldEvent.objects.count()) == (5, 6)


def test_two_phones_that_write_about_the_same_two_in_either_order_do_not_wait_for_each_other(
    own_database: str,
    telephone: Telephones,
    ali: Actor,
    noor: Actor,
    morning: Visit,
    bertil: Any,
    visit_at: Callable[..., Visit],
    now: datetime,
) -> None:
    with transaction.atomic():
        visit_at(bertil, now, 20, noor)
        phones = [telephone(ali), telephone(noor)]
    people = [morning.person_id, bertil.pk]
    for phone, order in zip(phones, (people, people[::-1]), strict=True):
        for person in order * 5:
            phone.keep("note", now, person=person, text=f"Anteckning {phone.store.seq}.")
    phones[0].at(now + timedelta(minutes=5))
    start, answers = threading.Barrier(2), []

    def send(phone: Telephone) -> None:
        try:
            start.wait(10)
            answers.append(Client().post(OUTBOX, json.dumps(phone.outbox()), "application/json").status_code)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send, args=(phone,)) for phone in phones]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(30)
    assert answers == [200, 200]
    assert Note.objects.count() == 20
