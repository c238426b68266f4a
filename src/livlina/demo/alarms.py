"""Social alarms: a unit with its buttons at everyone whose order of one is delivered on, a few in stock, who is on call,
and the two receivers that may hand over.
"""

from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import stream, uuid_at
from livlina.demo.keys import SWITCHBOARD, receiver_key
from livlina.demo.ordering import Placed
from livlina.demo.organisation import Carer, Organisation, Worker
from livlina.demo.plan import Days, Town
from livlina.demo.stage import Stage, as_application
from livlina.demo.watching import Watching
from livlina.provider.alarms.actions.receivers import digest
from livlina.provider.alarms.models import (
    AlarmUnit,
    OnCall,
    Pendant,
    Receiver,
    Switchboard,
    TestPress,
    UnitEvent,
)

MODELS = (  # model, modem, profile, how common, two SIM cards
    ("Nära 300", "4g_volte", "scaip", 0.5, False),
    ("Trygga Hem 4", "4g", "scaip", 0.2, False),
    ("Solvik Duo", "5g", "scaip", 0.14, True),
    ("Klara 2", "2g", "scaip_inline", 0.08, False),
    ("Linje 1", "fixed", "scaip", 0.08, False),
    ("Holm 8521", "4g_volte", "nowip", 0.02, True),
    ("Central 9", "fixed", "dc09", 0.02, False),
)
OPERATORS = (("Telia", 0.46), ("Tele2", 0.24), ("Telenor", 0.18), ("Tre", 0.12))
RISKS = ((0, 0.15), (1, 0.55), (2, 0.2), (3, 0.1))
WORDS = {
    0: ("",),
    1: ("", "Hör dåligt, tala tydligt.", "Går med rollator."),
    2: ("Ramlar lätt.", "Diabetes, kan bli låg i blodsockret.", "Ser dåligt."),
    3: (
        "Har ramlat flera gånger. Blodförtunnande medicin.",
        "Hjärtsvikt. Ring 112 vid bröstsmärta.",
        "Epilepsi.",
    ),
}
KEYS = (
    "Nyckelskåp vid dörren.",
    "Digitalt lås, öppnas med appen.",
    "Nyckel {n} hos larmgruppen.",
    "Portkod {n}. Nyckelskåp vid dörren.",
    "Portkod {n}. Digitalt lås.",
)
MORE = (("02", "fall", "På bältet"), ("03", "smoke", "Hallen"), ("04", "door", "Ytterdörren"))
TESTED_WITHIN = 29
SPARE = 4
DIGITS = {"nowip": 4}
"""How many a button's number has, where the protocol decides it; two otherwise."""
DAYS_ON_CALL, SHIFT = 45, timedelta(hours=12)
SHOWN = ("Ali Hassan", "Lena Falk", "Petra Nyström")
"""The told staff stand on call beside the first team's own, so that a visitor sees alarms come: step 0, 1 and 2."""


class Alarming:
    """Where units go. Chance of its own, so that nothing else in the demo moves."""

    def __init__(self, town: Town, days: Days, sink: Sink, made: Organisation, watching: Watching) -> None:
        self.town, self.days, self.made, self.watching = town, days, made, watching
        self.rng: Random = stream("alarms", town.code)
        self.tables, code = Tables(sink), {"municipality_id": town.municipality_id}
        of, self.number = self.tables.of, 0
        self._unit = of(
            AlarmUnit, "id", "number", "team_id", "person_id", "order_id", "state", "model", "profile", "modem",
            "operator", "sim", "second_operator", "second_sim", "area", "keys", "risk", "risks", "installed_at",
            "heard_at", **code,
        )  # fmt: skip
        self._pendant = of(
            Pendant, "id", "unit_id", "device", "kind", "place", "added_at", "tested_at", **code
        )
        self._press = of(TestPress, "id", "pendant_id", "record", "at", **code)
        self._event = of(UnitEvent, "id", "unit_id", "what", "at", "by_id", "by_name", **code)
        self._on_call = of(OnCall, "id", "team_id", "assignment_id", "step", "starts_at", "ends_at", **code)

    def tell(self, order: Placed) -> None:
        """Put a unit at the person's when the order is delivered on; let one that is only confirmed be work to do."""
        if order.kind != "social_alarm":
            return
        if order.state == "active" and order.active:
            self._installed(order, order.active)
        elif order.state == "confirmed" and order.answered:
            due = self.days.at(order.start or self.days.today, 15)
            self.watching.raised(
                "alarms.install", ("orders.order", order.id), order.matter.person.id, "provider_staff",
                order.carer.unit_id, order.answered, due,
            )  # fmt: skip

    def rest(self) -> None:
        """What hangs on no order: units in stock, and who is on call."""
        teams = [carer for carer in self.made.providers if "social_alarm" in carer.services]
        for place, carer in enumerate(teams):
            for _ in range(SPARE):
                key, at, digits = self._make(
                    carer, self.days.midnight - timedelta(days=self.rng.randrange(3, 90))
                )
                self._event.add(
                    uuid_at(self.rng, at), key, "added", at, carer.manager.user_id, carer.manager.name
                )
                self._button(key, ("01".zfill(digits), "pendant", ""), at, None)
            self._rota(carer)
            if place == 0:
                self._shown(carer)

    def _installed(self, order: Placed, at: datetime) -> None:
        rng, person = self.rng, order.matter.person
        risk = rng.choices([code for code, _ in RISKS], [share for _, share in RISKS])[0]
        key, _, digits = self._make(
            order.carer, at, person_id=person.id, order_id=order.id, area=person.district, risk=risk,
            risks=rng.choice(WORDS[risk]), keys=rng.choice(KEYS).format(n=rng.randrange(1000, 10_000)),
        )  # fmt: skip
        more = rng.sample(MORE, rng.choices((0, 1, 2), (0.72, 0.22, 0.06))[0])
        first = max(at, self.days.midnight - timedelta(days=TESTED_WITHIN))
        for device, kind, place in (("01", "pendant", "Runt halsen"), *more):
            tested = first + (self.days.midnight - first) * rng.random()
            self._button(key, (device.zfill(digits), kind, place), at, tested)
        by = rng.choice(order.carer.staff)
        for what, minutes in (("added", 90), ("install_begun", 25), ("installed", 0)):
            moment = at - timedelta(minutes=minutes)
            self._event.add(uuid_at(rng, moment), key, what, moment, by.user_id, by.name)

    def _make(self, carer: Carer, at: datetime, **more: object) -> tuple[str, datetime, int]:
        """Add the row of a unit; with a person it is in use since `at`. Return how many digits its buttons have too."""
        rng = self.rng
        model, modem, profile, _, dual = rng.choices(MODELS, [share for *_, share, _ in MODELS])[0]
        names = [name for name, _ in OPERATORS]
        first = "Telia" if modem == "2g" else rng.choices(names, [share for _, share in OPERATORS])[0]
        second = rng.choice([name for name in names if name != first]) if dual else ""
        operator = "" if modem == "fixed" else first
        self.number += 1
        key, used = uuid_at(rng, at), "person_id" in more
        # NOWIP knows numbers of eight digits.
        town = self.town.code[-2:] if profile == "nowip" else self.town.code
        self._unit.add(
            key, f"{town}{self.number:06}", carer.unit_id, more.get("person_id"), more.get("order_id"),
            "active" if used else "planned", model, profile, modem, operator, self._sim() if operator else "", second,
            self._sim() if second else "", more.get("area", ""), more.get("keys", ""), more.get("risk", 1),
            more.get("risks", ""), at if used else None,
            self.days.midnight - timedelta(seconds=rng.randrange(60)) if used else None,
        )  # fmt: skip
        return key, at, DIGITS.get(profile, 2)

    def _button(
        self, unit: str, button: tuple[str, str, str], added: datetime, tested: datetime | None
    ) -> None:
        key = uuid_at(self.rng, added)
        self._pendant.add(key, unit, *button, added, tested)
        if tested is not None:
            self._press.add(uuid_at(self.rng, tested), key, uuid_at(self.rng, tested), tested)

    def _sim(self) -> str:
        """The number of a SIM card; no issuer begins with these digits."""
        return f"8999{self.rng.randrange(10**15):015}"

    def _rota(self, carer: Carer) -> None:
        """Day and night from yesterday on: someone first, someone for the week behind them, the manager last."""
        staff = [one for one in carer.staff if one is not carer.manager] or [carer.manager]
        begins = self.days.at(self.days.today - timedelta(days=1), 7)
        for turn in range(2 * DAYS_ON_CALL):
            self._stands(carer, staff[turn % len(staff)], 0, begins + turn * SHIFT, SHIFT)
        for week in range(DAYS_ON_CALL // 7 + 1):
            self._stands(
                carer, staff[(week + 1) % len(staff)], 1, begins + week * timedelta(days=7), timedelta(days=7)
            )
        self._stands(carer, carer.manager, 2, begins, timedelta(days=DAYS_ON_CALL))

    def _shown(self, carer: Carer) -> None:
        told = {one.name: one for other in self.made.providers for one in other.staff if one.name in SHOWN}
        begins = self.days.at(self.days.today - timedelta(days=1), 7)
        for step, name in enumerate(SHOWN):
            if name in told:
                self._stands(carer, told[name], step, begins, timedelta(days=DAYS_ON_CALL))

    def _stands(self, carer: Carer, who: Worker, step: int, begins: datetime, lasts: timedelta) -> None:
        self._on_call.add(
            uuid_at(self.rng, begins), carer.unit_id, who.assignment_id, step, begins, begins + lasts
        )


def receivers(town: Town, now: datetime) -> None:
    """Let the two receivers and the telephone exchange of the demo in, with keys that follow from its own secret."""
    stage = Stage(town.municipality_id, now)
    with as_application():
        stage.look(lambda: [_receiver(town, code, now) for code in ("a", "b")])
        stage.look(lambda: _switchboard(town, now))


def _switchboard(town: Town, now: datetime) -> Switchboard:
    key = receiver_key(settings.SECRET_KEY, town.slug, SWITCHBOARD)
    return Switchboard.objects.create(
        municipality_id=town.municipality_id, name="Larmväxeln", key_hash=digest(key), added_at=now
    )


def _receiver(town: Town, code: str, now: datetime) -> Receiver:
    key = receiver_key(settings.SECRET_KEY, town.slug, code)
    return Receiver.objects.create(
        municipality_id=town.municipality_id, code=code, name=f"Mottagare {code.upper()}", key_hash=digest(key),
        added_at=now,
    )  # fmt: skip
