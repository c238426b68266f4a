"""Taking in documents: the bytes as they came, once."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from livlina.across.records.models import ReceivedDocument
from livlina.authority.cases.models import Case, signature
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.core.filetypes import FileRefused, recognise, tidy_name
from livlina.registers.journal.models import File
from livlina.registers.people.models import Person


@dataclass(frozen=True)
class Received:
    """What is said of a document that came in."""

    kind: str
    title: str
    from_whom: str
    received_on: date
    received_how: str
    secrecy: str
    filename: str
    content: bytes


def receive(case: Case, what: Received, *, by: Actor, now: datetime) -> ReceivedDocument:
    """Take a document in to a case; the same bytes the same day are the same document.

    The virus check is made before: here the type is judged by the content, and what can carry programs is refused.
    Raises Refused, FileRefused.
    """
    demand(by, "records.receive", case)
    return _take_in(what, case.person, case.compartment, by=by, now=now, case=case)


def receive_in_file(file: File, what: Received, *, by: Actor, now: datetime) -> ReceivedDocument:
    """Take a document in to a person's file when there is no case to put it in. Raises Refused, FileRefused."""
    demand(by, "journal.write", file)
    return _take_in(what, file.person, file.compartment, by=by, now=now, file=file)


def read_received(document_id: object, *, by: Actor, now: datetime) -> ReceivedDocument:
    """Return a document with its bytes, and record the reading. Raises Refused, Damaged."""
    rows = ReceivedDocument.objects.select_related("case", "person")
    found = fetch(by, "records.read", rows, pk=document_id)
    if hashlib.sha256(bytes(found.content)).hexdigest() != found.sha256:
        raise Damaged
    audit.read(by, "records.read", now=now, person_id=found.person_id, obj=found)
    return found


class Damaged(Exception):
    """The stored bytes are not the ones that came in: nothing is shown until that is looked into."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def _take_in(
    what: Received,
    person: Person,
    compartment: int,
    *,
    by: Actor,
    now: datetime,
    case: Case | None = None,
    file: File | None = None,
) -> ReceivedDocument:
    media, ending = recognise(what.content)
    if what.received_on > day_of(now):
        raise FileRefused("Handlingen kan inte ha kommit in i framtiden.")
    sha256 = hashlib.sha256(what.content).hexdigest()
    the_same = {
        "person": person, "case": case, "file": file, "sha256": sha256, "received_on": what.received_on,
    }  # fmt: skip
    try:
        with transaction.atomic():
            document = ReceivedDocument.objects.create(
                **signature(by, now), **the_same, compartment=compartment, kind=what.kind, title=what.title.strip(),
                from_whom=what.from_whom.strip(), received_how=what.received_how, secrecy=what.secrecy,
                filename=tidy_name(what.filename, ending), content_type=media, size=len(what.content),
                content=what.content,
            )  # fmt: skip
    except IntegrityError:
        found = ReceivedDocument.objects.filter(**the_same).first()
        if found is None:
            raise
        return found
    audit.wrote(
        by, "records.receive", now=now, person_id=person.pk, obj=document,
        detail={"kind": what.kind, "sha256": sha256, "size": len(what.content)},
    )  # fmt: skip
    outbox.announce("records.received", document, now=now)
    return document
