"""The process engine: processes as data, checked at load. See README.md for its use."""

from livlina.authority.cases.engine.catalogue import (
    PROCESSES,
    Catalogue,
    NoSuchProcess,
    ProcessesWrong,
    check,
    load,
)
from livlina.authority.cases.engine.facts import FactSpec
from livlina.authority.cases.engine.process import Due, Form, Letter, Process, Step, StepRefused, Taken
from livlina.core.answers import AnswerWrong as FactWrong
from livlina.core.answers import Period, Rating
from livlina.core.marked import Label

__all__ = [
    "PROCESSES",
    "Catalogue",
    "Due",
    "FactSpec",
    "FactWrong",
    "Form",
    "Label",
    "Letter",
    "NoSuchProcess",
    "Period",
    "Process",
    "ProcessesWrong",
    "Rating",
    "Step",
    "StepRefused",
    "Taken",
    "check",
    "load",
]
