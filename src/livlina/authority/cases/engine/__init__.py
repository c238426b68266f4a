"""The process engine: processes as data, checked at load. See README.md for its use."""

from livlina.authority.cases.engine.catalogue import (
    PROCESSES,
    Catalogue,
    NoSuchProcess,
    ProcessesWrong,
    check,
    load,
)
from livlina.authority.cases.engine.facts import FactSpec, FactWrong, Label, Period, Rating
from livlina.authority.cases.engine.process import Due, Form, Process, Step, StepRefused, Taken

__all__ = [
    "PROCESSES",
    "Catalogue",
    "Due",
    "FactSpec",
    "FactWrong",
    "Form",
    "Label",
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
