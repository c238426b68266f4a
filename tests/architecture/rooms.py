"""Marked rows of the rooms whose rows no form of a process fills: aid, assistance, offers, contractors and records.

Every field of text of every table of these rooms carries the mark of its table and field; amounts and days are such as
stand nowhere else, where the database lets them. A table or field that is added is marked by itself, or the test says so.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Field, Model

from livlina.authority.cases.models import Decision, Document, SignedRecord, signature
from livlina.authority.contractors.forms import ACTS
from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from tests.architecture.addresses import ROOMS
from tests.architecture.marked import DAY, Around, Filled

MADE_BY_THE_DATABASE = {"records.DestructionCertificate"}
"""What no application may write: what remains of a file, without person and content."""

CODES = {"aid.SourceAnswer.source", "aid.AidAmount.key"}
NO_CONTENT = re.compile(
    r"(sha256|_hash|akt_hash|message_id|content_type|receipt_number)$|^(by_\w+|kind|source_type|documentation)$"
)
"""Fields of text that are digests, codes and who signed: nothing of what somebody wrote."""

TEXTS = (models.CharField, models.TextField, models.BinaryField)
FIRST_DAY = date(2091, 1, 1)
FIRST_SUM = 41000
MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
          "november", "december"]  # fmt: skip
FOUND = re.compile(
    r"zr(\d{4})z"
    r"|\b(209\d-\d\d-\d\d)\b"
    rf"|\b(\d{{1,2}} (?:{'|'.join(MONTHS)}) 209\d)\b"
    r"|(?<![\w.,-])(4[1-3][ \u00a0\u202f]?\d{3})(?![\w-])"
)
HASH = "0" * 64


class RoomMarks:
    """The mark of each field of the rooms' tables, and back."""

    def __init__(self) -> None:
        self.names = sorted(
            f"{model._meta.label}.{field.name}"
            for room in ROOMS
            for model in apps.get_app_config(room).get_models()
            for field in model._meta.concrete_fields
        )
        self.place = {name: place for place, name in enumerate(self.names)}
        self.given = set[str]()

    def of(self, model: type[Model], field: str) -> str:
        """The mark of a field of text."""
        self.given.add(name := f"{model._meta.label}.{field}")
        return f"zr{self.place[name]:04d}z"

    def sum(self, model: type[Model], field: str) -> int:
        """The kronor of a field: such as stand nowhere else."""
        self.given.add(name := f"{model._meta.label}.{field}")
        return FIRST_SUM + self.place[name]

    def day(self, model: type[Model], field: str) -> date:
        """The day of a field."""
        self.given.add(name := f"{model._meta.label}.{field}")
        return FIRST_DAY + timedelta(days=self.place[name])

    def found(self, text: str) -> set[str]:
        """The fields of which something stands in a text."""
        places = (self._place(*groups) for groups in set(FOUND.findall(text)))
        return {self.names[place] for place in places if 0 <= place < len(self.names)} & self.given

    def _place(self, mark: str, iso: str, said: str, kronor: str) -> int:
        if mark:
            return int(mark)
        if iso or said:
            day, month, year = said.split() if said else reversed(iso.split("-"))
            number = MONTHS.index(month) + 1 if said else int(month)
            return (date(int(year), number, int(day)) - FIRST_DAY).days
        return int(re.sub(r"\D", "", kronor)) - FIRST_SUM

    def unmarked(self) -> list[str]:
        """The fields of text that no row has a mark in."""
        return [
            f"{model._meta.label}.{field.name}"
            for room in ROOMS
            for model in apps.get_app_config(room).get_models()
            if model._meta.label not in MADE_BY_THE_DATABASE
            for field in model._meta.concrete_fields
            if is_text(field) and f"{model._meta.label}.{field.name}" not in self.given
        ]


def is_text(field: Field) -> bool:
    """Whether something somebody wrote may stand in a field."""
    if f"{field.model._meta.label}.{field.name}" in CODES:
        return False
    return isinstance(field, TEXTS) and not field.choices and not NO_CONTENT.search(field.name)


class Rows:
    """Makes rows in which what is not given is marked."""

    def __init__(self, marks: RoomMarks, worker: Actor, around: Around) -> None:
        self.marks, self.worker, self.around = marks, worker, around

    def make(self, label: str, **given: Any) -> Any:
        """Store a row of a table; `(text)` where a mark is to be part of what is given is asked with `mark`."""
        model = apps.get_model(label)
        values: dict[str, Any] = {"municipality_id": self.worker.municipality_id}
        if issubclass(model, SignedRecord):
            values = signature(self.worker, self.around.now)
        for field in model._meta.concrete_fields:
            if field.name in given or field.attname in given or field.name in values:
                continue
            if is_text(field):
                said = self.mark(label, field.name)
                values[field.name] = said.encode() if isinstance(field, models.BinaryField) else said
            elif field.name.endswith(("sha256", "_hash")):
                values[field.name] = HASH if isinstance(field, models.CharField) else b"0"
            elif isinstance(field, models.DecimalField) and field.max_digits >= 8:
                values[field.name] = Decimal(self.marks.sum(model, field.name))
            elif isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
                values[field.name] = self.marks.day(model, field.name)
        return model._default_manager.create(**(values | given))

    def mark(self, label: str, field: str) -> str:
        """The mark of a field, to be put inside something else."""
        return self.marks.of(apps.get_model(label), field)

    def sum(self, label: str, field: str) -> int:
        """The kronor of a field."""
        return self.marks.sum(apps.get_model(label), field)


def fill_rooms(around: Around, filled: list[Filled], marks: RoomMarks) -> None:
    """Make rows of every table of the rooms, about the cases they belong to; each case knows its rows."""
    cases = {one.process.code: one for one in filled}
    for code, fill in (
        ("livelihood_support", fill_aid),
        ("lass", fill_assistance),
        ("caregiver_home", fill_contractors),
        ("home_care", fill_offers),
        ("home_care", fill_records),
    ):
        fill(Rows(marks, cases[code].worker, around), cases[code], cases)


def fill_aid(rows: Rows, one: Filled, cases: dict[str, Filled]) -> None:
    """A month that is paid and one that is open; a payment the bank refused; money claimed back."""
    case, now, person = one.case, rows.around.now, rows.around.person
    decision = Decision.objects.filter(case=case).order_by("-number").first()
    by = rows.worker.user_id
    household = rows.make("aid.Household", case=case)
    rows.make("aid.HouseholdMember", household=household, person=person, part="applicant", since=DAY, until=None,
              deviation=rows.sum("aid.HouseholdMember", "deviation"))  # fmt: skip
    decided = rows.make("aid.MonthApplication", case=case, month=date(2026, 2, 1), kind="new", state="decided",
                        received_how="e_service", decision=decision)  # fmt: skip
    month = rows.make("aid.MonthApplication", case=case, month=date(2026, 3, 1), kind="renewal",
                      received_how="e_service")  # fmt: skip
    for place, (group, kind) in enumerate((("cost", "housing"), ("income", "wage")), 1):
        rows.make("aid.AppliedRow", month_application=month, position=place, group=group, kind=kind)
    said = {"kind": "study_grant", "amount": str(rows.sum("aid.SourceAnswer", "rows")), "on": "2026-02-25",
            "text": rows.mark("aid.SourceAnswer", "rows")}  # fmt: skip
    rows.make("aid.SourceAnswer", month_application=month, person=person, source="CSN", status="ok", attempt=1,
              rows=[said])  # fmt: skip
    for which in (decided, month):
        parts = {name: Decimal(rows.sum("aid.Calculation", name)) for name in ("norm", "costs", "income")}
        counted = rows.make("aid.Calculation", case=case, month_application=which, number=1, norm_year=2026,
                            aid=parts["norm"] + parts["costs"] - parts["income"], approved_by_id=by, approved_at=now,
                            **parts)  # fmt: skip
        for place, group in enumerate(("norm", "cost", "income"), 1):
            rows.make("aid.CalculationLine", calculation=counted, position=place, group=group, kind="housing")
    rows.make("aid.SupportMonth", case=case, person=person, month=date(2026, 2, 1), granted=True)
    warning = rows.make("aid.AidWarning", case=case, month_application=month, type="NEW_MEMBER", raised_at=now,
                        state="acknowledged", acknowledged_at=now)  # fmt: skip
    one.rows |= {("aid", "case_id"): [case.pk], ("aid", "person_id"): [person.pk],
                 ("aid", "month_id"): [decided.pk, month.pk], ("aid", "warning_id"): [warning.pk],
                 ("aid", "name"): ["approve"]}  # fmt: skip
    fill_payments(rows, one, cases)


def fill_payments(rows: Rows, one: Filled, cases: dict[str, Filled]) -> None:
    """Two accounts, a payment the bank refused and one on its way; money claimed back."""
    case, now = one.case, rows.around.now
    decision = Decision.objects.filter(case=case).order_by("-number").first()
    by, another = rows.worker.user_id, (rows.worker.user_id or 0) + 1
    seen = {"confirmed_by_id": another, "confirmed_at": now}
    digits = {"number": str(rows.sum("aid.PayoutAccount", "number"))}
    account = rows.make("aid.PayoutAccount", case=case, kind="bank_account", **digits, **seen)
    fresh = rows.make("aid.PayoutAccount", case=case, kind="bankgiro", **digits)
    file = rows.make("aid.PaymentFile", compartment=case.compartment, message_id="F1", row_count=1)
    made = {"case": case, "decision": decision, "account": account, "created_at": now, "created_by_id": by,
            "approved_by_id": another, "approved_at": now}  # fmt: skip
    refused = rows.make("aid.Payment", **made, state="error", file=file)
    rows.make("aid.Payment", **made, state="approved", reference=uuid7().hex)
    answered = [{"reference": refused.reference, "status": "RJCT", "outcome": "error",
                 "reason": rows.mark("aid.BankAnswer", "rows")}]  # fmt: skip
    rows.make("aid.BankAnswer", compartment=case.compartment, kind="pain.002", rows=answered)
    rows.make("aid.AidAmount", key="cap.housing.1", valid_from=date(2026, 1, 1),
              kronor=rows.sum("aid.AidAmount", "kronor"), **seen)  # fmt: skip
    recovery = rows.make("aid.Recovery", case=cases["recovery"].case, from_case=case, month=date(2026, 2, 1),
                         decision=Decision.objects.filter(case=cases["recovery"].case).first())  # fmt: skip
    rows.make("aid.RecoveryEntry", recovery=recovery, kind="forgiven")
    one.rows |= {("aid", "account_id"): [fresh.pk], ("aid", "payment_id"): [refused.pk],
                 ("aid", "file_id"): [file.pk]}  # fmt: skip
    cases["recovery"].rows |= {
        ("aid", "recovery_id"): [recovery.pk],
        ("aid", "case_id"): [cases["recovery"].case.pk],
    }


def fill_assistance(rows: Rows, one: Filled, cases: dict[str, Filled]) -> None:
    """A decision of Försäkringskassan's, an assistant's month with a struck row, and its account."""
    now = rows.around.now
    decision = rows.make("assistance.AssistanceDecision", case=one.case, payer="fk", hours_per_week=Decimal(70),
                         valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), arranger="company")  # fmt: skip
    assistant = rows.make("assistance.Assistant", compartment=one.case.compartment, employed_from=date(2026, 1, 1),
                          employed_to=None)  # fmt: skip
    month = rows.make(
        "assistance.AssistanceMonth", decision=decision, first_day=date(2026, 2, 1), sent_on=None
    )
    report = rows.make("assistance.TimeReport", month=month, assistant=assistant, state="approved", reported_at=now,
                       reported_by_user_id=rows.worker.user_id, approved_at=now)  # fmt: skip
    row = rows.make("assistance.TimeRow", report=report, assistant=assistant, day=date(2026, 2, 3), kind="active",
                    begins_at=now - timedelta(days=27), ends_at=now - timedelta(days=26, hours=20),
                    struck_at=now)  # fmt: skip
    rows.make("assistance.MonthAccount", month=month, number=1, minutes=600, first_minutes=60, verify=True,
              ore=rows.sum("assistance.MonthAccount", "ore") * 100,
              receipt=rows.mark("assistance.MonthAccount", "receipt"))  # fmt: skip
    one.rows |= {("assistance", "case_id"): [one.case.pk], ("assistance", "decision_id"): [decision.pk],
                 ("assistance", "month_id"): [month.pk], ("assistance", "report_id"): [report.pk],
                 ("assistance", "row_id"): [row.pk], ("assistance", "name"): ["approve"]}  # fmt: skip


def fill_contractors(rows: Rows, one: Filled, cases: dict[str, Filled]) -> None:
    """A home with its adult, extract, approval, contract and pay; and what other branches see of it."""
    now, kinds, ages = rows.around.now, ["foster_home"], {"age_from": 0, "age_to": 99}
    held = {"valid_from": date(2026, 1, 1), "valid_to": None}
    home = rows.make("contractors.Home", case=one.case, compartment=one.case.compartment, kinds=kinds,
                     contact=rows.around.person, since=DAY, ended_on=None)  # fmt: skip
    adult = rows.make("contractors.Adult", home=home, person=rows.around.person, since=DAY, until=None)
    check = rows.make("contractors.Check", adult=adult, register="criminal")
    waiting = rows.make("contractors.Check", adult=adult, register="suspicion", shown_on=None, shown_to="")
    approval = rows.make("contractors.Approval", home=home, kinds=kinds, capacity=2, **ages, **held)
    contract = rows.make("contractors.Contract", home=home, kind="foster_home", **held, signed_on=DAY,
                         written_by_id=rows.worker.user_id, signed_by_id=(rows.worker.user_id or 0) + 1)  # fmt: skip
    pay = {name: {part: rows.sum(f"contractors.{name}", part) * 100 for part in ("fee_ore", "expenses_ore")}
           for name in ("Rate", "Remuneration", "Basis")}  # fmt: skip
    rows.make("contractors.Rate", kind="foster_home", **ages, **held, **pay["Rate"])
    paid = rows.make(
        "contractors.Remuneration", contract=contract, valid_from=date(2026, 1, 1), **pay["Remuneration"]
    )
    basis = rows.make("contractors.Basis", contract=contract, month=date(2026, 2, 1), days=28, **pay["Basis"])
    rows.make("contractors.Basis", contract=contract, month=date(2026, 1, 1), days=31, **pay["Basis"],
              approved_at=now, approved_by_id=(rows.worker.user_id or 0) + 1)  # fmt: skip
    rows.make("contractors.Review", home=home)
    listing = rows.make("contractors.Listing", home_id=home.pk, kinds=kinds, capacity=2, **ages, **held,
                        extracts_until=None)  # fmt: skip
    rows.make("contractors.Stay", listing=listing, begins_on=DAY, ends_on=None)
    acts = {"Contract": contract, "Remuneration": paid, "Basis": basis, "Adult": adult, "Check": waiting,
            "Approval": approval}  # fmt: skip
    one.rows |= {("contractors", "case_id"): [cases["contact_assignment"].case.pk, one.case.pk],
                 ("contractors", "home_id"): [home.pk],
                 ("contractors", "year"): [2026], ("contractors", "number"): [1],
                 ("contractors", "name"): [name for name, act in ACTS.items() if not act.model]}  # fmt: skip
    one.exact["contractors:act_on"] = [
        {"home_id": str(home.pk), "name": name, "row_id": str(acts[act.model.__name__].pk)}
        for name, act in ACTS.items() if act.model
    ]  # fmt: skip
    assert check.shown_to


def fill_offers(rows: Rows, one: Filled, cases: dict[str, Filled]) -> None:
    """Something the worker's own unit offers, one who takes part by name, and what was noted."""
    offer = rows.make("offers.Offer", compartment=one.case.compartment, unit_id=rows.worker.unit_id,
                      begun_at=rows.around.now, closed_on=None)  # fmt: skip
    version = rows.make("offers.OfferVersion", offer=offer, number=1, documentation="full",
                        valid_from=date(2026, 1, 1), decided_on=date(2026, 1, 1))  # fmt: skip
    taking = rows.make("offers.Participation", offer=offer, version=version, documentation="full",
                       person=rows.around.person, begins_on=DAY, ends_on=None)  # fmt: skip
    rows.make("offers.ParticipationNote", participation=taking, documentation="full")
    one.rows |= {("offers", "offer_id"): [offer.pk], ("offers", "participation_id"): [taking.pk],
                 ("offers", "person_id"): [rows.around.person.pk]}  # fmt: skip


def fill_records(rows: Rows, one: Filled, cases: dict[str, Filled]) -> None:
    """What came in, what was asked for and handed out, and a list of what is to be destroyed."""
    case, person, now = one.case, rows.around.person, rows.around.now
    lies = {"compartment": case.compartment}
    letter = Document.objects.filter(case=case).first()
    assert letter is not None
    content = rows.mark("records.ReceivedDocument", "content").encode()
    received = rows.make("records.ReceivedDocument", person=person, case=case, kind="letter", received_how="post",
                         secrecy="social", content_type="text/plain", received_on=DAY, size=len(content),
                         content=content, sha256=sha256(content).hexdigest())  # fmt: skip
    request = rows.make("records.DisclosureRequest", **lies, person=person, unit_id=rows.worker.unit_id,
                        asker_kind="self", asker_person=person, asked_how="e_service", client_id=uuid7(),
                        asked_on=DAY)  # fmt: skip
    rows.make("records.DisclosureItem", **lies, request=request, source_type="cases.document", source_id=letter.pk,
              verdict="masked", ground="own", refusal="harm",
              masked=[rows.mark("records.DisclosureItem", "masked")])  # fmt: skip
    decision = rows.make("records.DisclosureDecision", **lies, request=request, outcome="partly")
    handed = rows.make("records.HandedOut", **lies, request=request, position=1, content_type="application/pdf",
                       how="e_service")  # fmt: skip
    rows.make("records.KeepMark", **lies, person=person, kind="other", ended_on=None)
    run = rows.make("records.RetentionRun", **lies, year=2026, rules_sha256=HASH, proposed_on=DAY,
                    due=[{"rule": "sol", "count": 1}], kept=[{"reason": "open_case", "count": 1}])  # fmt: skip
    item = rows.make("records.RetentionItem", **lies, run=run, person=person, frozen={"cases_case": [str(case.pk)]},
                     rows=1, due_on=DAY, finish_by=DAY, ceased_on=DAY, last_note_on=DAY)  # fmt: skip
    rows.make("records.RetentionApproval", **lies, run=run)
    rows.make("records.RetentionStep", **lies, item=item, kind="spared")
    rows.make("records.QuarantineCopy", **lies, made_at=now, until=DAY)
    one.rows |= {("records", "case_id"): [case.pk], ("records", "person_id"): [person.pk],
                 ("records", "document_id"): [received.pk], ("records", "request_id"): [request.pk],
                 ("records", "handed_id"): [handed.pk], ("records", "decision_id"): [decision.pk],
                 ("records", "run_id"): [run.pk], ("records", "item_id"): [item.pk],
                 ("records", "branch"): [case.compartment], ("records", "kind"): ["cases-document"],
                 ("records", "source_id"): [letter.pk]}  # fmt: skip
