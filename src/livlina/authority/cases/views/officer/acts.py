"""What may be done with a case and its decisions beside the process's own steps, and where. No statement."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from livlina.authority.cases.actions.change import outcomes
from livlina.authority.cases.actions.words import amount, unit_of
from livlina.authority.cases.models.decision import HARM_GROUNDS, OUTCOMES
from livlina.authority.cases.queries import CasePage

WORKERS = ("case_worker", "unit_manager")


def acts_of(found: CasePage, role: str) -> list[tuple[str, str]]:
    """Return the pages of what a worker may do before the matter is decided, as words and address."""
    step = next((each for each in found.process.steps if each.name == "decide"), None)
    if step is None or not found.case.is_open or any(_final(row) for row in found.decisions):
        return []
    rows = []
    if role in step.roles and "granted" in outcomes(found.process):
        rows.append(("Interimistiskt beslut", "interim"))
    if role in WORKERS:
        if "communicated_if_against" in step.guards and not found.communications:
            rows.append(("Avstå från att kommunicera", "waive"))
        asks = any("decision_requested" in rule.anchors for rule in found.process.deadlines)
        if asks and found.case.application_id:
            rows.append(("Begäran om att ärendet avgörs", "request_to_decide"))
        if found.case.state in step.sources and "committee_secretary" in step.roles:
            rows.append(("Lämna till nämnden", "refer"))
    return [(words, reverse(f"cases:{name}", args=[found.case.pk])) for words, name in rows]


def decision_shown(row: dict[str, Any], found: CasePage, role: str, color: str) -> dict[str, Any]:
    """Return a decision of the case page in words, with where it is corrected and changed."""
    return row | {
        "color": color,
        "label": _label(row),
        "said": _said(row),
        "acts": _acts(row, found, role),
        "lines": [
            one
            | {
                "unit": unit_of(one["quantity"], one["unit"]),
                "amount": amount(Decimal(str(one["quantity"]))),
                "becomes": _becomes(row, one),
            }
            for one in row["lines"]
        ],
    }


def _final(row: dict[str, Any]) -> bool:
    return not row["interim"] and not row["subject"]


def _label(row: dict[str, Any]) -> str:
    if row["subject"]:
        return "Avslag på begäran om avgörande"
    label = dict(OUTCOMES)[row["outcome"]]
    return f"Interimistiskt: {label.lower()}" if row["interim"] else label


def _said(row: dict[str, Any]) -> str:
    """What else matters of a decision: that it has ended, what it reserves, and the ground it was changed on."""
    said = []
    if row["interim"] and row["ended_on"]:
        said.append(f"Gällde till och med {row['ended_on']}, då nästa beslut fattades.")
    elif row["interim"]:
        said.append(f"Gäller längst till och med {row['valid_to']}.")
    if row["relation"] == "corrects":
        said.append("Rättelse av ett tidigare beslut.")
    if row["harm_ground"]:
        said.append(f"Grund: {dict(HARM_GROUNDS)[row['harm_ground']]}.")
    if row["reservation"]:
        said.append(f"Förbehåll: {row['reservation'].rstrip('.')}.")
    return " ".join(said)


def _becomes(row: dict[str, Any], line: dict[str, Any]) -> str:
    if row["outcome"] in ("ended", "revoked"):
        gone = "Återkallas" if row["outcome"] == "revoked" else "Upphör"
        if not line["granted"]:
            return gone
        return f"Upphör efter {line['valid_to']}" if row["outcome"] == "ended" else "Gäller fortfarande"
    if row["outcome"] == "changed" and row["harm_ground"] and not line["granted"]:
        return "Beviljas inte längre"
    return "Beviljas" if line["granted"] else "Avslås"


def _acts(row: dict[str, Any], found: CasePage, role: str) -> list[tuple[str, str]]:
    if role not in (*WORKERS, "committee_secretary") or row["subject"] or not found.case.is_open:
        return []
    rows = [("Rätta", "correct")] if not row["interim"] and row["lines"] else []
    if _final(row) and row["lines"] and {"changed", "ended", "revoked"} & {*outcomes(found.process)}:
        rows.append(("Ändra eller återkalla", "change"))
    return [(words, reverse(f"cases:{name}", args=[row["id"]])) for words, name in rows]
