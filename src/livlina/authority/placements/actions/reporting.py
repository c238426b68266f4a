"""What one who reported under duty is told: that an investigation is opened, is not opened or runs already; only that."""

import hashlib
from typing import Any

from livlina.authority.cases.actions import redaction
from livlina.authority.cases.actions.letters import letter_data, letter_html, render_pdf
from livlina.authority.cases.actions.steps import Doing
from livlina.authority.cases.engine import Letter
from livlina.authority.cases.engine.words import effect
from livlina.authority.cases.models import CaseParty, ConcernReport, signature
from livlina.authority.placements.models import ReporterLetter
from livlina.core import audit
from livlina.registers.people.models import Person

TITLE = "Återkoppling på din anmälan"
TEMPLATE = "children/child_concern/2025-07-01/letters/reporter_told.html"
TOLD = {
    "opened": "En utredning har inletts",
    "not_opened": "En utredning har inte inletts",
    "already_running": "En utredning pågår redan",
}


@effect("tell_reporter")
def tell_reporter(doing: Doing, what: str) -> None:
    """Write to the one who reported under duty the one thing that may be told; to nobody who is unnamed."""
    said, report = doing.facts.get("feedback_said"), _report(doing)
    if doing.rehearsed or said not in TOLD or report is None:
        return
    if ReporterLetter.objects.filter(case=doing.case, said=said).exists():
        return
    name = str(report.answers.get("reporter_name") or "").strip()
    letter = Letter(
        name="reporter_told", label=TITLE, template=TEMPLATE, tells=(), discloses={}, at=doing.process.at
    )
    reader = _reader(doing, name)
    html = letter_html(letter, _data(doing, letter, reader, name, report, TOLD[said]))
    redaction.demand_clean_letter(doing.case, reader, TITLE, html, {}, by=doing.by, now=doing.now)
    pdf = render_pdf(html, TITLE)
    row = ReporterLetter.objects.create(
        **signature(doing.by, doing.now), case=doing.case, said=said, recipient_name=name[:160],
        recipient_contact=str(report.answers.get("reporter_contact") or "")[:300], pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )  # fmt: skip
    audit.wrote(
        doing.by, "placements.tell_reporter", now=doing.now, obj=row, person_id=doing.case.person_id,
        detail={"said": said, "sha256": row.sha256},
    )  # fmt: skip


def _report(doing: Doing) -> ConcernReport | None:
    """The report the case began by, if whoever made it has a duty to report and a name: it alone knows who that is."""
    rows = ConcernReport.objects.filter(reported__case=doing.case, under_duty=True, anonymous=False)
    return rows.order_by("at", "pk").first()


def _reader(doing: Doing, name: str) -> Person:
    """The reporter as the check knows them: the party of that name if there is one, else somebody outside the matter."""
    rows = CaseParty.objects.filter(case=doing.case, part="reporter", ends_on=None).select_related("person")
    known = next((row.person for row in rows if row.person.full_name.casefold() == name.casefold()), None)
    return known or Person(municipality_id=doing.case.municipality_id, given_names=name)


def _data(
    doing: Doing, letter: Letter, reader: Person, name: str, report: ConcernReport, said: str
) -> dict[str, Any]:
    """What the letter says: of the child and the case nothing but the day the report came in and what was decided."""
    workplace = str(report.answers.get("reporter_workplace") or "")
    data = letter_data(doing, letter, to=reader)
    return data | {
        "person": {"name": name, "postal_address": workplace},
        "decision": None,
        "facts": {},
        "received_on": report.received_on,
        "said_label": said,
    }
