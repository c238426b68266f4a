import pytest

from livlina.authority.cases.engine import Process, load
from livlina.authority.cases.engine.tests.scenario import run


@pytest.mark.parametrize("process", load().all(), ids=lambda process: process.folder)
def test_the_told_scenario_goes_as_it_is_told(process: Process) -> None:
    assert run(load(), process) == []
