"""Whatever people do in whatever order, no path shows an unopened provider what an order says."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from livlina.core import tenancy
from livlina.core.access import Refused, may
from livlina.registers.orders import actions, queries
from livlina.registers.orders.models import Order, OrderEvent, OrderVersion
from livlina.registers.orders.models.order import READABLE, TRANSITIONS
from livlina.registers.orders.tests.fixtures import NEEDS, provider
from livlina.registers.people.models import Reach

MONDAY = date(2026, 3, 9)
REFUSALS = (actions.OrderFault, Refused)


def machine(karin, petra, erik, astrid, draft_for, now) -> type[RuleBasedStateMachine]:
    """The machine, in the fixtures' municipality."""
    staff = {"norra": petra, "norrgarden": erik}
    providers = {
        "norra": provider(petra, "Norra hemtjänsten AB", now),
        "norrgarden": provider(erik, "Norrgårdens", now),
    }
    either = st.sampled_from(sorted(staff))

    class Orders(RuleBasedStateMachine):
        """One order, its two possible providers, and everything anyone can try."""

        @initialize()
        def begin(self) -> None:
            """A fresh draft, at nine."""
            self.now = now
            self.order = draft_for(astrid, source=None)
            self.states = ["draft"]

        def attempt(self, do: Any, **given: Any) -> None:
            """Try; what is refused must change nothing."""
            self.now += timedelta(minutes=7)
            before = self.order.state
            try:
                do(self.order, **given, now=self.now)
            except REFUSALS:
                self.order.refresh_from_db()
                assert self.order.state == before
            self.order = Order.objects.get(pk=self.order.pk)
            if self.order.state != before:
                self.states.append(self.order.state)

        @rule(name=either)
        def choose(self, name: str) -> None:
            """Karin chooses."""
            self.attempt(
                lambda order, now: actions.choose_provider(order, providers[name], by=karin, now=now)
            )

        @rule(name=either)
        def send(self, name: str) -> None:
            """Karin sends, repeating some name."""
            self.attempt(actions.send_order, repeated_name=providers[name].name, by=karin)

        @rule()
        def recall(self) -> None:
            """Karin takes it back."""
            self.attempt(actions.recall_order, reason="wrong_provider", by=karin)

        @rule()
        def ask(self) -> None:
            """Karin asks to have it back."""
            self.attempt(actions.ask_recall, reason="wrong_provider", by=karin)

        @rule(name=either)
        def open(self, name: str) -> None:
            """Someone at a provider opens."""
            self.attempt(actions.open_order, by=staff[name])

        @rule(name=either)
        def confirm(self, name: str) -> None:
            """Someone at a provider accepts."""
            self.attempt(actions.confirm_order, start=MONDAY, contact="0999", by=staff[name])

        @rule(name=either)
        def decline(self, name: str) -> None:
            """Someone at a provider declines."""
            self.attempt(actions.decline_order, reason="no_capacity", by=staff[name])

        @rule(name=either, agree=st.booleans())
        def answer_recall(self, name: str, agree: bool) -> None:
            """Someone at a provider answers."""
            self.attempt(actions.answer_recall, agree=agree, text="Nej.", by=staff[name])

        @rule(name=either)
        def deliver(self, name: str) -> None:
            """Someone at a provider reports."""
            self.now = max(self.now, now + timedelta(days=8))
            self.attempt(
                actions.report_delivery, period_from=MONDAY, period_to=MONDAY, minutes=30, by=staff[name]
            )

        @rule()
        def end(self) -> None:
            """Karin ends it."""
            self.attempt(actions.end_order, end_date=date(2026, 3, 20), reason="moved", by=karin)

        @invariant()
        def nothing_leaks(self) -> None:
            """A provider reads the letter exactly when it is theirs, opened, and still with them."""
            for name, actor in staff.items():
                theirs = self.order.provider_id == providers[name].pk
                opened = theirs and self.order.opened_at is not None and self.order.state in READABLE
                try:
                    assert queries.handed_letter(actor, self.order).facts == {"Behov": NEEDS}
                    read = True
                except Refused:
                    read = False
                assert read is opened
                reached = Reach.objects.filter(
                    unit_id=actor.unit_id, source=f"orders.order:{self.order.pk}", ended_at=None
                )
                assert reached.exists() is opened
                if not theirs:
                    assert not may(actor, "orders.inbox", self.order)

        @invariant()
        def the_row_itself_waits_for_opening(self) -> None:
            """Past the application too: the provider's side has a letter only after opening."""
            with tenancy.acting(karin.municipality_id, (2,)), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM orders_orderversion WHERE order_id = %s", [self.order.pk]
                )
                assert cursor.fetchone()[0] == (1 if self.order.opened_at else 0)

        @invariant()
        def each_step_is_in_the_machine(self) -> None:
            """No state follows another unless the table says so; what happens once happened once."""
            steps = {(before, after) for (before, _), after in TRANSITIONS.items()}
            assert set(zip(self.states, self.states[1:], strict=False)) <= steps
            kinds = list(OrderEvent.objects.filter(order=self.order).values_list("kind", flat=True))
            for once in ("sent", "opened", "recalled", "confirmed", "declined", "ended", "delivered_first"):
                assert kinds.count(once) <= 1

    return Orders


def test_no_path_shows_an_unopened_order(karin, petra, erik, astrid, draft_for, now):
    run_state_machine_as_test(
        machine(karin, petra, erik, astrid, draft_for, now),
        settings=settings(
            max_examples=12,
            stateful_step_count=10,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_machine_would_notice_a_leak(karin, petra, erik, astrid, draft_for, now, monkeypatch):
    """The positive control: let one copy out early, and the machine fails."""
    honest = actions.send_order

    def leaking(order: Order, **given: Any) -> Order:
        sent = honest(order, **given)
        copy = OrderVersion.objects.filter(order=order).first()
        if copy is not None and not OrderVersion.objects.filter(order=order, compartment=2).exists():
            copy.pk, copy._state.adding = uuid4(), True
            copy.compartment, copy.source_id, copy.source_type = 2, None, ""
            copy.save(force_insert=True)
        return sent

    monkeypatch.setattr(actions, "send_order", leaking)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            machine(karin, petra, erik, astrid, draft_for, now),
            settings=settings(
                max_examples=400, stateful_step_count=8, deadline=None, database=None, print_blob=False,
                phases=[Phase.generate],  # found is enough: no time is spent on the smallest example

                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
