"""The staff's side of what a citizen told: the words, for whoever has them on their desk, and what may be done there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.across.quality import actions, queries
from livlina.across.quality.actions.citizen import HEIRS
from livlina.across.quality.forms import AnswerForm, GiveForm, JudgeCitizenForm
from livlina.across.quality.models import CitizenAnswer, CitizenReport, Incident
from livlina.core.access import may
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.core.views import Request


@dataclass(frozen=True)
class Words:
    """What the page shows of it."""

    report: CitizenReport
    teller: str
    person: str
    answers: list[CitizenAnswer]


def words_of(request: Request, incident: Incident) -> Words | None:
    """Return what a citizen wrote of the event, and remember that it was read; nothing for whoever has it on no desk."""
    if incident.source != "citizen":
        return None
    found = queries.report_of(request.actor, incident)
    if found is None:
        return None
    report = actions.open_report(found, by=request.actor, now=request.now)
    return Words(report, *queries.persons_of(report), queries.answers_of(report))


def offer(add: Callable[..., None], request: Request, told: Words, *, draft: bool, client_id: UUID) -> None:
    """Offer what whoever has it on their desk may do: judge the draft, answer, hand it on."""
    by, report = request.actor, told.report
    if not may(by, "citizen_report.handle", report):
        return
    words: dict[str, Any] = {"by": by, "now": request.now}

    def judge(said: dict[str, Any]) -> None:
        with transaction.atomic():  # the answer is not sent when the judging is refused
            if said.get("answer"):
                actions.answer_citizen(report, said["answer"], client_id=client_id, **words)
            judged(report.incident, said, words)

    can_read = report.teller_id is not None
    if draft and may(by, "incident.judge", report.incident):
        add("judge", JudgeCitizenForm, judge, answers=can_read, needed=can_read and not told.answers)
    if can_read:
        add("answer", AnswerForm,
            lambda said: actions.answer_citizen(report, said["text"], client_id=client_id, **words))  # fmt: skip
    heirs = queries.heirs(report, HEIRS, day_of(request.now))
    add("give", GiveForm, lambda said: _give(report, said, words), heirs=heirs)


def judged(incident: Incident, said: dict[str, Any], words: dict[str, Any]) -> None:
    """Confirm or dismiss a draft, as the form says."""
    if said["real"] == "yes":
        actions.confirm_incident(incident, said["text"], **words)
    else:
        actions.dismiss_incident(incident, said["text"], **words)


def _give(report: CitizenReport, said: dict[str, Any], words: dict[str, Any]) -> object:
    to = Assignment.objects.select_related("user").get(pk=said["to"])
    return actions.give_report(report, to, **words)
