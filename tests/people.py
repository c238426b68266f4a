"""The people every test tells of. They are the same everywhere, so that a reader gets to know them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from livlina.config.roles import (
    ADULTS,
    BRANCHES,
    CHILDREN,
    CONTRACTORS,
    ELDER_DISABILITY,
    FAMILY_LAW,
    FINANCIAL_AID,
    ROLES,
)
from livlina.core import clock, tenancy
from livlina.core.access import Actor
from livlina.core.models import Assignment, Municipality, Unit, User
from livlina.core.sessions import SessionStore

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday in March, nine o'clock in Sweden."""

ALL = tenancy.EVERYTHING


@pytest.fixture
def now() -> datetime:
    """The moment tests take place."""
    return MORNING


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[datetime], None]:
    """Set what the clock on the wall says: pages read it, nothing else does. Nine o'clock to begin with."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(now)
    return set_to


@pytest.fixture
def asvalla(db: None) -> Municipality:
    """Åsvalla kommun, where nearly everything happens. Entering it is part of asking for it."""
    found = Municipality.objects.get(slug="asvalla")
    if connection.in_atomic_block:
        tenancy.enter(found.pk, ALL)
    return found


@pytest.fixture
def sjohaga(asvalla: Municipality) -> Municipality:
    """Sjöhaga kommun, the neighbour that must never see Åsvalla's rows."""
    return Municipality.objects.get(slug="sjohaga")


def staff(
    municipality: Municipality,
    name: str,
    role: str,
    unit: str,
    *,
    title: str = "",
    compartments: tuple[int, ...] | None = None,
    qualifications: tuple[str, ...] = (),
) -> Actor:
    """Make (once) a member of staff with an assignment that holds, and return them as an actor."""
    seen = ROLES[role].compartments if compartments is None else compartments
    with tenancy.acting(municipality.pk, ALL):
        # Looked for, then made: `get_or_create` guards against others, and costs two savepoints each in thousands of tests.
        where = {"municipality": municipality, "name": unit}
        place = Unit.objects.filter(**where).first() or Unit.objects.create(**where, side=ROLES[role].side)
        email = name.lower().translate(str.maketrans("åäöé ", "aaoe.")) + "@test.livlina.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
        held = {
            "municipality": municipality, "user": user, "unit": place, "role": role,
            "title": title or ROLES[role].swedish, "compartments": list(seen),
            "qualifications": list(qualifications), "valid_from": date(2024, 1, 1),
        }  # fmt: skip
        assignment = Assignment.objects.filter(**held).first() or Assignment.objects.create(**held)
        return Actor(
            "staff", municipality.pk, role, name, user_id=user.pk, assignment_id=assignment.pk, unit_id=place.pk,
            unit_name=unit, title=assignment.title, compartments=tuple(seen), qualifications=qualifications,
        )  # fmt: skip


def _fixture(
    name: str, role: str, unit: str, fixture: str, where: str = "asvalla", **also: Any
) -> Callable[..., Actor]:
    def make(request: pytest.FixtureRequest) -> Actor:
        return staff(request.getfixturevalue(where), name, role, unit, **also)

    make.__doc__ = f"{name}, {also.get('title', ROLES[role].swedish).lower()} at {unit}."
    return pytest.fixture(name=fixture)(make)


def _in(branch: int, title: str, qualified: bool = False) -> dict[str, Any]:
    """What an assignment in one branch of the authority says."""
    return {
        "title": title, "compartments": (branch,), "qualifications": ("child_welfare",) if qualified else (),
    }  # fmt: skip


ELDER = _in(ELDER_DISABILITY, "Biståndshandläggare")
karin = _fixture("Karin Ekdal", "case_worker", "Biståndsenheten", "karin", **ELDER)
johan = _fixture("Johan Brink", "case_worker", "Biståndsenheten", "johan", **ELDER)
maria = _fixture("Maria Lundell", "unit_manager", "Biståndsenheten", "maria")
fatima = _fixture(
    "Fatima Saleh",
    "case_worker",
    "Barn och unga",
    "fatima",
    **_in(CHILDREN, "Barnsekreterare", qualified=True),
)
hussein = _fixture("Hussein Karimi", "case_worker", "Barn och unga", "hussein", **_in(CHILDREN, "Assistent"))
gunnar = _fixture(
    "Gunnar Ek", "unit_manager", "Barn och unga", "gunnar", **_in(CHILDREN, "Enhetschef", qualified=True)
)
sven = _fixture(
    "Sven Alm", "case_worker", "Ekonomiskt bistånd", "sven", **_in(FINANCIAL_AID, "Socialsekreterare")
)
helena = _fixture(
    "Helena Roos", "case_worker", "Ekonomiskt bistånd", "helena", **_in(FINANCIAL_AID, "Socialsekreterare")
)
rut = _fixture("Rut Hagman", "unit_manager", "Ekonomiskt bistånd", "rut", **_in(FINANCIAL_AID, "Enhetschef"))
mona = _fixture("Mona Lilja", "case_worker", "Vuxenenheten", "mona", **_in(ADULTS, "Socialsekreterare"))
bengt = _fixture("Bengt Ros", "unit_manager", "Vuxenenheten", "bengt", **_in(ADULTS, "Enhetschef"))
nils = _fixture(
    "Nils Borg", "case_worker", "Familjerätten", "nils", **_in(FAMILY_LAW, "Familjerättssekreterare")
)
vera = _fixture("Vera Hult", "unit_manager", "Familjerätten", "vera", **_in(FAMILY_LAW, "Enhetschef"))
tove = _fixture(
    "Tove Rask", "case_worker", "Familjehemsenheten", "tove", **_in(CONTRACTORS, "Familjehemssekreterare")
)
ulf = _fixture("Ulf Sten", "unit_manager", "Familjehemsenheten", "ulf", **_in(CONTRACTORS, "Enhetschef"))
kerstin = _fixture("Kerstin Holm", "committee_chair", "Socialnämnden", "kerstin", title="Ordförande")
sofia = _fixture("Sofia Wester", "reception", "Mottagningen", "sofia")
eva = _fixture("Eva Moberg", "committee_secretary", "Nämndkansliet", "eva")
duty = _fixture("Dag Uhlin", "duty_officer", "Socialjouren", "duty")
petra = _fixture("Petra Nyström", "provider_manager", "Norra hemtjänsten", "petra")
ali = _fixture("Ali Hassan", "provider_staff", "Norra hemtjänsten", "ali")
lena = _fixture("Lena Falk", "nurse", "Norra hemtjänsten", "lena")
erik = _fixture("Erik Sand", "provider_manager", "Norrgårdens hemtjänst", "erik")
anders = _fixture("Anders Holm", "support", "Systemförvaltningen", "anders")
ola = _fixture("Ola Krantz", "administrator", "Systemförvaltningen", "ola")
sara = _fixture(
    "Sara Lind",
    "case_worker",
    "Biståndsenheten i Sjöhaga",
    "sara",
    where="sjohaga",
    title="Biståndshandläggare",
)


class SignedIn(Client):
    """A browser in which someone is signed in; the test's own row-level context survives its requests."""

    actor: Actor

    def request(self, **request: object) -> object:
        """Send one request, then return to the context the test was in."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('livlina.municipality', true), current_setting('livlina.compartments', true)"
            )
            before = cursor.fetchone()
        try:
            return super().request(**request)
        finally:
            if connection.in_atomic_block and not connection.needs_rollback:
                tenancy.enter(
                    int(before[0]) if before[0] else None, (before[1] or "").split(",") if before[1] else ()
                )


def session_key(actor: Actor) -> str:
    """Return the key of a new session in which `actor` is signed in, under their assignment."""
    user = User.objects.get(pk=actor.user_id)
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["municipality_id"] = actor.municipality_id
    if actor.assignment_id:
        store["assignment_id"] = str(actor.assignment_id)
    if actor.person_id:
        store["person_id"] = str(actor.person_id)
    store.create()
    return str(store.session_key)


@pytest.fixture
def client_of(asvalla: Municipality) -> Callable[[Actor], SignedIn]:
    """Return a function that gives the browser of an actor."""

    def sign_in(actor: Actor) -> SignedIn:
        browser = SignedIn(raise_request_exception=False, HTTP_HOST="localhost")
        browser.actor = actor
        browser.cookies[settings.SESSION_COOKIE_NAME] = session_key(actor)
        return browser

    return sign_in


@pytest.fixture
def statements(asvalla: Municipality) -> Callable[[], CaptureQueriesContext]:
    """Return a counter: `with statements() as sent: ...`, then `len(sent)` and `sent.captured_queries`."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def citizen(asvalla: Municipality) -> Callable[..., Actor]:
    """Return a function that signs a person up as a citizen: `citizen(anna)`."""

    def sign_up(person: Any) -> Actor:
        email = f"{person.pk}@enskild.livlina.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, person.name, kind="citizen"
        )
        return Actor(
            "citizen",
            asvalla.pk,
            "citizen",
            person.name,
            user_id=user.pk,
            person_id=person.pk,
            compartments=BRANCHES,
        )

    return sign_up


@pytest.fixture
def anna_actor(citizen: Callable[..., Actor], anna: Any) -> Actor:
    """Anna, Astrid's daughter, as a citizen who is signed in."""
    return citizen(anna)
