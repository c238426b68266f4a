"""After a decision: the party gets it, the time to appeal runs, and now and then an appeal comes in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from livlina.authority.cases.processes import law_text
from livlina.core.calendar import Deadline, legal_end, weeks
from livlina.core.clock import day_of
from livlina.demo.casetables import Signature
from livlina.demo.texts import ANSWERS

if TYPE_CHECKING:
    from livlina.demo.casework import Telling

STEPS = ("receive_appeal", "review_appeal", "forward", "receive_judgment", "note_judgment")
STATES = ("appeal_received", "appeal_review", "appeal_forwarded", "appeal_judged", "appeal_done")
COURT = "Förvaltningsrätten"


@dataclass
class _Course:
    """What came of it so far."""

    state: str = "appeal_window"
    received: date | None = None
    last_day: date | None = None
    forwarded: date | None = None
    judged: date | None = None


def tell_appeal(telling: "Telling") -> None:
    """Make the rows of the appeal's flow of the case's decision."""
    matter, rng = telling.matter, telling.rng
    decided = matter.when("decide")
    if decided is None:
        return
    course = _Course()
    served = legal_end(day_of(decided) + timedelta(days=rng.randrange(2, 6)))
    known = matter.outcome != "granted" or rng.random() < 0.4
    if known and served < telling.days.today:
        _notice(telling, course, day_of(decided), served)
        if matter.appeal and _receive(telling, course, served):
            _handle(telling, course)
        elif course.last_day is not None and course.last_day < telling.days.today - timedelta(days=1):
            _step(telling, course, "let_lapse", course.last_day + timedelta(days=1))
    telling.tables.appeal(
        matter, telling.appeal, matter.id, telling.decision, course.state, decided, course.received,
        "e_service" if course.received else "", matter.person.name if course.received else "", course.last_day,
        True if course.state in STATES[1:] else None, "", "unchanged" if course.forwarded else "", course.forwarded,
        COURT if course.forwarded else "", "upheld" if course.judged else "", course.judged,
    )  # fmt: skip


def _notice(telling: "Telling", course: _Course, sent: date, served: date) -> None:
    by = _step(
        telling,
        course,
        "record_notice",
        served,
        {"notified_on": served.isoformat(), "notified_how": "letter"},
    )
    telling.tables.service(telling._id(by.at), telling.decision, "letter", sent, served, by)
    course.last_day = Deadline.on(weeks(served, 3)).legal_date
    telling._start("notified", served, telling.appeal)


def _receive(telling: "Telling", course: _Course, served: date) -> bool:
    """Let the appeal come in within the three weeks, if there has been time for that."""
    day = legal_end(served + timedelta(days=telling.rng.randrange(4, 16)))
    if day >= telling.days.today:
        return False
    wish = telling.rng.choice(ANSWERS["appeal_wish"])
    course.received = day
    _step(telling, course, "receive_appeal", day, {"appeal_wish": wish})
    telling._start("appeal_received", day, telling.appeal)
    return True


def _handle(telling: "Telling", course: _Course) -> None:
    """Take the steps the appeal has had time for, as far as it is meant to come."""
    day = course.received or telling.days.today
    for step in STEPS[1 : STATES.index(telling.matter.appeal) + 1]:
        apart = 70 if step == "receive_judgment" else telling.rng.randrange(1, 5)
        day = legal_end(day + timedelta(days=apart))
        if day >= telling.days.today:
            return
        facts: dict[str, Any] = {}
        if step == "forward":
            course.forwarded = day
            review = ANSWERS["appeal_review"][0]
            facts = {"appeal_review": review, "forwarded_on": day.isoformat(), "court_name": COURT}
        elif step == "receive_judgment":
            course.judged = day
            facts = {"judgment_on": day.isoformat(), "judgment": "upheld"}
        _step(telling, course, step, day, facts)


def _step(
    telling: "Telling", course: _Course, name: str, day: date, facts: dict[str, Any] | None = None
) -> Signature:
    """One step beside the main flow."""
    at: datetime = telling.days.at(day, telling.rng.randrange(9, 16), telling.rng.randrange(60))
    step, by = telling.process.step(name), telling._worker(at)
    telling._facts(facts or {}, by, "officer", "", "", day, telling.appeal)
    telling.tables.event(
        telling._id(at), telling.matter, telling.appeal, name, step.label, step.flow, (course.state, step.target),
        (step.law, law_text(step.law)), by,
    )  # fmt: skip
    course.state = step.target
    stopped = (rule.name for rule in telling.process.deadlines if name in rule.stops_at)
    telling._stop(stopped, name, at, telling.appeal)
    return by
