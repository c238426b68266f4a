"""A real server, a real database and a real browser: what every journey test stands on.

    def test_karin_reads_a_note(live, as_actor, karin, astrid):
        page = as_actor(karin)                       # her browser, signed in by cookie; 1440 × 900, Swedish
        page.goto("/officer/people/search")          # addresses are relative to `live`
        page.get_by_label("Namn").fill("Astrid")
        check_axe(page); screenshot(page, "search")  # from tests.browser.look

* ``own_database``: the test has a fresh copy of the database to itself (about 0.1 s). What fixtures write is
  **committed**, so other connections see it. The test body runs in autocommit and sees Åsvalla's rows; to call an
  action, open a transaction as production does: ``with acting(asvalla.pk, (1, 2, 3)): send_order(...)``.
  Any test may use it (two people at once, a killed worker), and ``@pytest.mark.django_db(transaction=True)`` implies it.
* ``live``: base address of our server over that database: every request in a thread of its own, on a connection of its
  own, as the application's role. A fault in a view fails the test afterwards, with its traceback; a test that provokes
  faults on purpose empties ``live.faults``.
* ``browser_page``: a page of nobody's. ``as_actor(actor)``: a page of that actor's, each in a browser profile of its own.
  Script errors and breaches of the content security policy fail the test afterwards.
* ``work()``: run everything that waits in the queue, as the worker would; returns when nothing is left.
* ``clock_at(moment)``: set the server's clock (`core.clock.now`); it stands still until set again.

There is nothing to wait for with sleeps: playwright's `expect(...)` waits for what the user would see.
"""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction

from livlina.core import clock
from livlina.core.access import Actor
from tests import database
from tests.browser.server import Server
from tests.people import ALL, session_key

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP = {"width": 1440, "height": 900}


class _Own:
    """Whether the running test has a database of its own, and where the household that is asked for lies ready."""

    active = False
    serial = 0
    household = ""


def _wants_own(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    asked = bool(marker and marker.kwargs.get("transaction"))
    return asked or not {"own_database", "transactional_db", "live_server"}.isdisjoint(request.fixturenames)


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Stand in for pytest-django's: its way of cleaning (TRUNCATE) is forbidden to the application's role."""
    if not _wants_own(request):
        yield request.getfixturevalue("_django_db_helper")
        return
    shared = settings.DATABASES["default"]["NAME"]
    _Own.serial += 1
    name = f"{shared}_{_Own.serial}"
    with django_db_blocker.unblock():
        if _Own.household and "household" in request.fixturenames:
            database.duplicate(_Own.household, name)
        else:
            database.copy(name)
        _point_at(name)
        _stand_in_asvalla()
        _Own.active = True
        try:
            yield
        finally:
            _Own.active = False
            _point_at(shared)
            database.drop(name)


def keep_household() -> None:
    """Copy this test's database, with the household just made in it, for the tests of this process that come."""
    now = str(settings.DATABASES["default"]["NAME"])
    connections.close_all()
    kept = f"{now}_household"
    database.duplicate(now, kept)
    _Own.household = kept
    _stand_in_asvalla()


def _point_at(name: str) -> None:
    """Let this process use the database `name` from now on, in every thread that connects anew."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _stand_in_asvalla() -> None:
    """Let the test's own connection see Åsvalla's rows. Only here is the setting for the whole connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_municipality WHERE slug = 'asvalla'")
        values = [str(cursor.fetchone()[0]), ",".join(map(str, ALL))]
        cursor.execute(
            "SELECT set_config('livlina.municipality', %s, false), set_config('livlina.compartments', %s, false)",
            values,
        )


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Generator[None, Any, Any]:
    """Run each fixture of such a test in a transaction of its own, committed when the fixture is ready."""
    if not _Own.active:
        return (yield)
    with transaction.atomic():
        return (yield)


@pytest.fixture
def own_database(db: None) -> str:
    """A fresh copy of the database, this test's alone; its name."""
    return str(settings.DATABASES["default"]["NAME"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: Any) -> Generator[None, Any, Any]:
    """Once a browser has been begun, playwright's event loop rests in this thread, between its tests too, and
    `asyncio.run` refuses to begin another beside it. For a test without a browser it is put aside.
    """
    resting = asyncio._get_running_loop()
    if resting is None or "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(resting)


class Live(str):
    """The server's address, and the faults its views raised. It can be killed, and rise at the same address."""

    faults: list[str]
    server: Server | None = None

    def kill(self) -> None:
        """Let nobody answer any longer."""
        if self.server is not None:
            self.server.__exit__()
            self.server = None

    def rise(self) -> None:
        """Answer again."""
        self.server = Server(get_wsgi_application(), int(self.rpartition(":")[2])).__enter__()


@pytest.fixture
def live(own_database: str) -> Iterator[Live]:
    """The address of our server, running over this test's own database."""
    cache.clear()  # attempts to sign in, counted for earlier tests
    server = Server(get_wsgi_application()).__enter__()
    address = Live(f"http://localhost:{server.port}")
    address.server = server
    address.faults = faults = []

    def note(sender: Any, request: Any = None, **more: Any) -> None:
        import traceback

        faults.append(f"{getattr(request, 'path', '')}\n{traceback.format_exc()}")

    got_request_exception.connect(note)
    try:
        yield address
    finally:
        address.kill()
        got_request_exception.disconnect(note)
    assert not faults, "A view failed:\n" + "\n".join(faults)


def find_chromium() -> str:
    """Return the browser's path. Raises FileNotFoundError with what to do."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(
        "No Chromium was found. Install it (Debian: apt-get install chromium), or run ./livlina test."
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser per test process; each page has a profile of its own."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django would refuse to touch the database beside one.
    with patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="1"), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(live: Live, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page in a fresh browser profile; options go to playwright's `new_context`."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def listen(page: Any) -> None:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: "Content Security Policy" in said.text and wrong.append(said.text))

    def open_page(**options: Any) -> Any:
        context = chromium.new_context(
            **{"base_url": live, "locale": "sv-SE", "timezone_id": "Europe/Stockholm", "viewport": DESKTOP}
            | options
        )
        context.set_default_timeout(10_000)
        context.on("page", listen)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong, "The browser complained:\n" + "\n".join(wrong)


@pytest.fixture
def browser_page(new_page: Callable[..., Any]) -> Any:
    """A page in which nobody is signed in."""
    return new_page()


@pytest.fixture
def as_actor(live: Live, new_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page in which an actor is signed in."""

    def sign_in(actor: Actor, **options: Any) -> Any:
        page = new_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(actor), "url": live}
        page.context.add_cookies([cookie])
        return page

    return sign_in


@pytest.fixture
def work(own_database: str) -> Callable[[], None]:
    """Return a function that runs whatever waits in the queue, in a thread of its own as the worker does."""

    def run() -> None:
        fault: list[BaseException] = []
        thread = threading.Thread(target=_run_queue, args=(fault,))
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), "The queue did not come to an end within a minute."
        if fault:
            raise fault[0]

    return run


def _run_queue(fault: list[BaseException]) -> None:
    from procrastinate.contrib.django import app

    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    except BaseException as error:
        fault.append(error)
    finally:
        connections.close_all()


@pytest.fixture
def clock_at() -> Iterator[Callable[[datetime], None]]:
    """Return a function that sets the clock of the server and stops it there."""
    started: list[Any] = []

    def stand_at(moment: datetime) -> None:
        while started:
            started.pop().stop()
        held = patch.object(clock, "now", lambda: moment)
        held.start()
        started.append(held)

    yield stand_at
    while started:
        started.pop().stop()
