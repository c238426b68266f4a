"""What the processes and the rest of the house must agree on; the engine itself knows nothing of either."""

import pytest
from django.conf import settings

from livlina.authority.cases.actions.change import outcomes
from livlina.authority.cases.engine import Process, load
from livlina.authority.cases.engine.names import KNOWN_ROLES
from livlina.authority.cases.engine.process import Guard
from livlina.authority.cases.engine.words import GUARDS

WILLING: dict[str, Guard] = {name: lambda: None for name in GUARDS}


def decides(process: Process) -> bool:
    """Whether it has a step in which one of the law's outcomes is chosen."""
    form = process.forms.get("decision")
    return form is not None and "decision_outcome" in {field.fact.name for field in form.fields()}


@pytest.mark.parametrize("process", [one for one in load().all() if decides(one)], ids=lambda one: one.code)
def test_each_outcome_that_can_be_chosen_sends_exactly_one_letter(process: Process) -> None:
    facts = {
        name.fact.name: "x" for name in process.form("decision").fields() if name.required
    }  # what stands in them does not matter here
    for outcome in outcomes(process) or ["granted"]:  # without a choice it approves, and other steps say no
        taken = process.take(
            "ready_to_decide",
            "decide",
            role="case_worker",
            facts=facts | {"decision_outcome": outcome},
            guards=WILLING,
        )
        assert len(taken.letters) == 1, outcome


def test_the_roles_of_the_language_are_those_of_the_house() -> None:
    assert set(KNOWN_ROLES) - {"citizen", "system"} <= set(settings.ROLES)
