"""A person number never reaches a log, whoever logs it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from livlina.core import logs
from livlina.core.logs import hide

NUMBER = "191212121212"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    before = logging.getLogger().handlers[:]
    logs.configure()
    out = io.StringIO()
    logging.getLogger().handlers[0].stream = out  # type: ignore[attr-defined]
    yield out
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


def test_our_own_line_masks_a_number_in_message_value_and_exception(written: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot read {NUMBER}")
    except ValueError:
        structlog.get_logger("t").exception(f"failed for {NUMBER}", who="19121212-1212", deep={"a": [NUMBER]})
    line = json.loads(written.getvalue())
    assert "1212" not in json.dumps(
        {key: value for key, value in line.items() if key != "timestamp"}
    ).replace("\n", "")
    assert line["logger"] == "t"


def test_a_librarys_line_is_masked_too(written: io.StringIO) -> None:
    logging.getLogger("somebody.else").warning("query for %s", "121212-1212")
    assert "1212-" not in written.getvalue()


@given(st.integers(0, 9999), st.sampled_from(["", "-", "+"]))
def test_any_run_that_may_be_a_number_is_masked(last: int, sign: str) -> None:
    assert hide(f"x 850709{sign}{last:04d}.") == "x ********-****."


@pytest.mark.parametrize(
    "kept", ["01a20065-aff3-7546-bc0e-93f04bfca067", "2026-000123", "2026-11-25 14:32", "order 4F2A1C"]
)
def test_identifiers_dates_and_case_numbers_stay_readable(kept: str) -> None:
    assert hide(kept) == kept
