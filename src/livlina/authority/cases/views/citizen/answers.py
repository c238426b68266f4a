"""A begun application as its pages show it: which pages there are, what is answered, and what is known from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from livlina.authority.cases import engine, queries
from livlina.authority.cases.engine import FactWrong, Process
from livlina.authority.cases.engine.process import Field, Form, Page
from livlina.authority.cases.forms.citizen import SET_BEFORE, Known, PageForm, explain, language
from livlina.authority.cases.models import Application, ApplicationDraft
from livlina.authority.cases.queries import applying
from livlina.authority.cases.views.citizen import words
from livlina.authority.cases.views.citizen.ground import Asking
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.registers.people.models import Person


@dataclass
class Begun:
    """An unsent application."""

    draft: ApplicationDraft
    process: Process
    today: date
    own: bool
    answers: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: ApplicationDraft, request: Asking | None = None) -> "Begun":
        """The draft with the process it was begun in."""
        process = engine.load().process(draft.process_code, draft.process_version)
        today = day_of(request.now) if request else day_of(draft.begun_at)
        return cls(draft, process, today, draft.person_id == draft.applicant_id, draft.answers)

    def with_answers(self, more: Mapping[str, Any]) -> "Begun":
        """The same with some answers changed."""
        return replace(self, answers={**self.answers, **more})

    @property
    def form(self) -> Form:
        """The application form."""
        return self.process.form("application")

    @property
    def title(self) -> str:
        """“Ansök om hemtjänst”."""
        return self.form.label.said_in(language())

    @property
    def for_whom(self) -> str:
        """The one it concerns."""
        return self.draft.person.name

    @property
    def mandate(self) -> Any:
        """“du har fullmakt”."""
        return words.MANDATES[self.draft.mandate]

    @property
    def values(self) -> dict[str, Any]:
        """What can be understood of the answers."""
        found = {}
        for item in self.form.fields():
            try:
                value = item.fact.parse(self.answers.get(item.fact.name))
            except FactWrong:
                continue
            if value is not None:
                found[item.fact.name] = value
        return found

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pages there are, given the answers. A number always means the same page."""
        return [number for number, page in enumerate(self.form.pages(), 1) if self._asks(page)]

    def _asks(self, page: Page) -> bool:
        fields = [item for item in page.fields if item.fact.name not in SET_BEFORE]
        values = self.values
        return any(item.shown(values) for item in fields)

    def page(self, number: int) -> Page:
        """A page by its number."""
        return self.form.pages()[number - 1]

    def after(self, number: int) -> int | None:
        """The next page, or None at the end."""
        return next((one for one in self.numbers if one > number), None)

    def next_number(self) -> int | None:
        """The first page that is not answered; None when all are."""
        return next((number for number in self.numbers if not self.is_answered(number)), None)

    def is_answered(self, number: int) -> bool:
        """Whether the page has been saved and nothing in it must be mended."""
        shown = self._shown(number)
        return all(item.fact.name in self.answers for item in shown) and not self._faults(number)

    def place(self, number: int) -> dict[str, Any]:
        """Where the page stands among the others, in words and addresses."""
        order = self.numbers
        place = order.index(number)
        return {
            "heading": self.page(number).label.said_in(language()),
            "place": _("Del %(here)s av %(all)s") % {"here": place + 1, "all": len(order)},
            "before": order[place - 1] if place else None,
            "first": place == 0,
        }

    def page_form(
        self,
        number: int,
        *,
        known: Mapping[str, Known] | None = None,
        data: QueryDict | None = None,
        judge: bool = False,
    ) -> PageForm:
        """The form of a page."""
        return PageForm(
            self.page(number), self.answers, self.values,
            today=lambda: self.today, data=data, known=known, judge=judge,
        )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Each page with whether it is answered."""
        return [
            {"number": number, "title": self.page(number).label.said_in(language()), "done": self.is_answered(number)}
            for number in self.numbers
        ]  # fmt: skip

    @property
    def progress(self) -> str:
        """“4 av 13 delar är klara”."""
        rows = self.rows()
        return _("%(done)s av %(all)s delar är klara") % {
            "done": sum(row["done"] for row in rows),
            "all": len(rows),
        }

    def faults(self) -> list[tuple[int, str]]:
        """What must be mended before it can be sent: (page, sentence)."""
        return [(number, text) for number in self.numbers for text in self._faults(number)]

    def sections(self, known: Mapping[str, Known]) -> list[dict[str, Any]]:
        """Every page with its answers, for checking."""
        found = []
        for number in self.numbers:
            rows = [self._row(item, known) for item in self._shown(number)]
            found.append(
                {"number": number, "title": self.page(number).label.said_in(language()), "rows": rows}
            )
        return found

    def _row(self, item: Field, known: Mapping[str, Known]) -> dict[str, Any]:
        fact, said = item.fact, language()
        raw = self.answers.get(fact.name)
        try:
            value = fact.parse(raw)
            shown, source = fact.show(value, said), ""
            if fact.name in known and value is not None and fact.parse(known[fact.name].value) == value:
                source = known[fact.name].source
        except FactWrong:
            shown, source = _readable(raw), ""
        return {"question": fact.label.said_in(said), "answer": shown, "source": source}

    def _shown(self, number: int) -> list[Field]:
        values = self.values
        return [
            item
            for item in self.page(number).fields
            if item.fact.name not in SET_BEFORE and item.shown(values)
        ]

    def _faults(self, number: int) -> list[str]:
        said, found = language(), []
        for item in self._shown(number):
            label = item.fact.label.said_in(said)
            try:
                value = item.fact.parse(self.answers.get(item.fact.name))
            except FactWrong as wrong:
                found.append(f"{label} {explain(wrong)}")
                continue
            if value is None and item.required:
                found.append(_("%(question)s Svara på frågan.") % {"question": label})
        return found


def known(request: Asking, begun: Begun) -> dict[str, Known]:
    """What is known from before of the one it concerns, with where it comes from in words."""
    found = {}
    for name, said in applying.known_answers(request.actor, begun.draft.person, request.now).items():
        day = f"{said.as_of:%Y-%m-%d}"
        if said.number:
            source = _("Uppgift från ansökan %(number)s, %(day)s") % {"number": said.number, "day": day}
        else:
            source = _("Uppgift från kommunens personregister, %(day)s") % {"day": day}
        found[name] = Known(said.value, source)
    return found


def register_facts(person: Person) -> list[dict[str, str]]:
    """Name and address, as the population register says."""
    source = ""
    if person.followed_at:
        source = _("Uppgift från folkbokföringen %(day)s") % {"day": f"{day_of(person.followed_at):%Y-%m-%d}"}
    rows = [{"question": _("Namn"), "answer": person.full_name, "source": source}]
    if person.street:
        postcode = f"{person.postcode[:3]} {person.postcode[3:]}".strip()
        address = f"{person.street}\n{postcode} {person.city}".strip()
        rows.append({"question": _("Adress"), "answer": address, "source": source})
    return rows


def sent_answers(actor: Actor, process: Process, sent: Application) -> list[dict[str, str]]:
    """What was sent and the one who reads may see, question by question."""
    said, rows, read = language(), [], queries.readable_answers(actor, sent)
    for item in process.form("application").fields():
        fact = item.fact
        if fact.name in read and fact.name not in SET_BEFORE:
            try:
                shown = fact.show(fact.parse(read[fact.name]), said)
            except FactWrong:  # a code no longer offered
                shown = _readable(read[fact.name])
            rows.append({"question": fact.label.said_in(said), "answer": shown})
    return rows


def _readable(raw: Any) -> str:
    """Something that could not be understood, as it was typed."""
    if isinstance(raw, list | tuple):
        return ", ".join(str(part) for part in raw if part)
    return "" if raw is None else str(raw)
