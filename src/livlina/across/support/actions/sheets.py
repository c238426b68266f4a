"""Cheat-sheets: written by the second line, each wording kept; whether they helped is told by whoever read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livlina.across.support.actions.base import SupportRefused, said
from livlina.across.support.models import Sheet, SheetAnswer, SheetVersion
from livlina.core import audit
from livlina.core.access import Actor, demand, fetch


@dataclass(frozen=True)
class Wording:
    """What a cheat-sheet says, for whom and on which pages (beginnings of route names)."""

    title: str
    body: str
    keywords: str
    kind: str
    audience: str = "staff"
    pages: tuple[str, ...] = ()


def write_sheet(wording: Wording, *, sheet: Sheet | None = None, by: Actor, now: datetime) -> Sheet:
    """Write a cheat-sheet, or a new wording of one; the same again changes nothing. Raises Refused, SupportRefused."""
    demand(by, "support.write_sheets", sheet)
    title = said(wording.title, now, "Skriv en rubrik.", "title")[:120]
    body = said(wording.body, now, "Skriv vad man gör, steg för steg.", "body")
    same = Sheet.objects.filter(municipality_id=by.municipality_id, title=title).first()
    if same is not None and (sheet is None or same.pk != sheet.pk):
        if sheet is None and same.body == body:
            return same
        raise SupportRefused("Det finns redan en lathund med den rubriken.", "title")
    values = {
        "title": title, "body": body, "keywords": wording.keywords.strip()[:300], "kind": wording.kind,
        "audience": wording.audience, "pages": list(wording.pages), "changed_at": now, "owner_name": by.name,
        "ended_at": None,
    }  # fmt: skip
    if sheet is None:
        sheet = Sheet.objects.create(municipality_id=by.municipality_id, **values)
    else:
        sheet = Sheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
        if (sheet.title, sheet.body) != (title, body):
            values["version"] = sheet.version + 1
        for name, value in values.items():
            setattr(sheet, name, value)
        sheet.save(update_fields=list(values))
    SheetVersion.objects.get_or_create(
        municipality_id=by.municipality_id, sheet=sheet, number=sheet.version,
        defaults={"title": title, "body": body, "keywords": sheet.keywords, "at": now, "by_name": by.name},
    )  # fmt: skip
    audit.wrote(by, "support.write_sheets", now=now, obj=sheet, detail={"version": sheet.version})
    return sheet


def end_sheet(sheet: Sheet, *, by: Actor, now: datetime) -> None:
    """Show it to nobody any more. Its wordings are kept. Raises Refused."""
    demand(by, "support.write_sheets", sheet)
    Sheet.objects.filter(pk=sheet.pk, ended_at=None).update(ended_at=now)
    audit.wrote(by, "support.write_sheets", now=now, obj=sheet, detail={"ended": True})


def tell_if_helped(sheet_id: UUID, helped: bool, *, client_id: UUID, by: Actor, now: datetime) -> None:
    """Say whether a cheat-sheet helped. Who said so is not kept. The same `client_id` is one answer. Raises Refused."""
    sheet = fetch(by, "support.read_sheets", Sheet.objects.all(), pk=sheet_id)
    SheetAnswer.objects.get_or_create(
        municipality_id=by.municipality_id, client_id=client_id,
        defaults={"sheet": sheet, "version": sheet.version, "helped": helped, "at": now},
    )  # fmt: skip
