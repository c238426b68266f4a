"""The suite's database and its fixed people.

One template database is migrated per run; every test process works in a copy of it, as the application's own
role, with row-level security on. A test runs in a transaction that is rolled back; a test that needs several
connections or a real server asks for `own_database` (tests/browser/fixtures.py): a fresh copy, its alone.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import database

# How quick a machine is on a given day is nothing a test may fail on.
hypothesis_settings.register_profile("livlina", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("livlina")

pytest_plugins = [
    "tests.people",
    "tests.browser.fixtures",
    "livlina.registers.people.tests.fixtures",
    "livlina.registers.journal.tests.fixtures",
    "livlina.registers.watches.tests.fixtures",
    "livlina.registers.orders.tests.fixtures",
    "livlina.authority.cases.tests.fixtures",
    "livlina.authority.contractors.tests.fixtures",
    "livlina.authority.placements.tests.fixtures",
    "livlina.authority.court.tests.fixtures",
    "livlina.authority.aid.tests.fixtures",
    "livlina.authority.offers.tests.fixtures",
    "livlina.authority.assistance.tests.fixtures",
    "livlina.provider.doors.tests.fixtures",
    "livlina.provider.homecare.tests.fixtures",
    "livlina.provider.homecare.tests.fixtures_nursing",
    "livlina.provider.alarms.tests.fixtures",
    "livlina.across.portal.tests.fixtures",
    "livlina.across.quality.tests.fixtures",
    "livlina.across.records.tests.fixtures",
    "livlina.across.continuity.tests.fixtures",
    "livlina.across.support.tests.fixtures",
    "livlina.across.statistics.tests.fixtures",
    "tests.browser.household",
]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give this process its own copy of the migrated template.

    Between making and dropping it the database stays barred: a test that has not asked for one would write outside
    every transaction, and what it leaves would be found by whoever comes after it.
    """
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    database.copy(name)
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
        database.drop(name)


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    """Forget names remembered from another copy of the database."""
    from livlina.core import context

    context._names.clear()
