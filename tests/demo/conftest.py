"""One small demo municipality, loaded once for all tests of the package, as the command loads it."""

import json
import os
from collections.abc import Callable, Iterator
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection

from livlina.config.settings import database as settings_of
from livlina.core import tenancy
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.demo import copy
from livlina.demo.loading import load_all
from livlina.demo.stage import Stage
from tests import database
from tests.people import ALL, MORNING

SIZE = 0.05


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A demo in a database of the module's own; the tests then read it as the application's role."""
    before, name = (
        dict(connection.settings_dict),
        f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}",
    )
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        try:
            database.copy_filled("demo", name, _load)
            _connect(os.environ["LIVLINA_DATABASE_URL"], name)
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)
            database.drop(name)


@pytest.fixture
def heard(loaded: None) -> list[tuple[str, int, int]]:
    """What the loading told of its progress."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM public.heard")
        return [tuple(one) for one in json.loads(cursor.fetchone()[0])]


@pytest.fixture
def town(loaded: None) -> Iterator[Municipality]:
    """Åsvalla kommun of the demo; entering it is part of asking for it."""
    found = Municipality.objects.get(slug="asvalla")
    with tenancy.acting(found.pk, ALL):
        yield found


@pytest.fixture
def who(town: Municipality) -> Callable[[str], Actor]:
    """Return a function that gives someone of the demo's staff by name."""
    stage = Stage(town.pk, MORNING)
    return stage.who


def _load(name: str) -> None:
    heard: list[tuple[str, int, int]] = []
    _mark(name)
    _connect(os.environ["LIVLINA_OWNER_DATABASE_URL"], name)
    with patch.object(copy, "BATCH", 100):  # so that a small municipality too is sent in many pieces
        load_all(SIZE, MORNING, lambda *told: heard.append(told))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.heard AS SELECT %s::text AS told", [json.dumps(heard)])
        cursor.execute("GRANT SELECT ON public.heard TO PUBLIC")
    connection.close()


def _mark(name: str) -> None:
    """Mark the copy as a demo, as `claim` does with a new database."""
    with psycopg.connect(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=name, autocommit=True) as owner:
        owner.execute("CREATE TABLE public.livlina_purpose AS SELECT true AS one, 'demo'::text AS purpose")


def _connect(url: str, name: str) -> None:
    connection.close()
    connection.settings_dict.update(settings_of(url) | {"NAME": name})
