"""The calm worker gives way: between two questions to the database others get their turn."""

import subprocess
import sys

import pytest
from django.db import DatabaseError, connection

from livlina.cli import worker

ASK_ONCE = """
import time
from livlina.cli import worker
rested = []
worker.time.sleep = rested.append
worker.give_way()
import django
django.setup()
from django.db import connection
connection.cursor().execute("SELECT pg_sleep(0.05)")
assert rested[-1] >= 0.1, rested
connection.close()
connection.cursor().execute("SELECT pg_sleep(0.05)")
assert sum(one >= 0.1 for one in rested) == 2, rested
"""


def test_a_calm_worker_rests_after_each_statement_and_after_connecting_anew(db: None) -> None:
    done = subprocess.run([sys.executable, "-c", ASK_ONCE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_rests_after_what_failed_too_and_never_for_long(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rested: list[float] = []
    monkeypatch.setattr(worker.time, "sleep", rested.append)
    monkeypatch.setattr(worker, "REST", 1e9)
    with connection.execute_wrapper(worker.rest_after), pytest.raises(DatabaseError):
        connection.cursor().execute("SELECT 1/0")
    assert rested == [worker.LONGEST_REST]
