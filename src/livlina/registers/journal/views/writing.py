"""Pages for writing: a note and its draft, and the ways to put a note right."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from livlina.core import audit
from livlina.core.access import fetch
from livlina.core.clock import local
from livlina.core.views import Request
from livlina.registers.journal import actions, queries
from livlina.registers.journal.codes import HEALTH, Law, book_name
from livlina.registers.journal.faults import JournalFault, TwoTexts
from livlina.registers.journal.forms import CorrectionForm, DissentForm, MoveForm, NoteForm, ReasonForm
from livlina.registers.journal.models import File, Note
from livlina.registers.journal.views.reading import frame
from livlina.registers.journal.views.side import OPERATIONS, Side, stamp, when

NOTE = "note"
SAID = {
    "new": "Anteckningen är sparad.",
    "same": "Anteckningen var redan sparad. Den finns en gång.",
    "variant": "Samma formulär har skickats med två olika texter. Båda finns kvar: stryk den som inte gäller.",
}
NOT_FIELDS = ("csrfmiddlewaretoken", "submission_key", "version", "text")


def write(request: Request, side: Side, file_id: UUID) -> HttpResponse:
    """Write a note. The form's hidden key is the note's own, so a second press is the first one's note."""
    if request.method != "POST":
        found = _writable(request, file_id)
        audit.read(request.actor, "journal.write", now=request.now, person_id=found.person_id, obj=found)
        draft, beside = queries.draft_of(request.actor, file_id, NOTE)
        form = NoteForm.start(found, draft.fields if draft else {}, draft.text if draft else "")
        return _write_page(request, side, found, form, draft=draft, beside=beside)
    health = request.POST.get("law") == Law.HSL
    form = NoteForm(request.POST, health=health)
    if form.is_valid():
        try:
            written = actions.write_note(
                file_id,
                _content(form),
                client_id=form.cleaned_data["submission_key"],
                by=request.actor,
                now=request.now,
                form=NOTE,
            )
        except JournalFault as fault:
            _blame(form, fault)
        else:
            messages.add_message(request, 30 if written.outcome == "variant" else 25, SAID[written.outcome])
            return HttpResponseRedirect(f"{side.url('file', file_id)}#note-{written.note.pk}")
    return _write_page(request, side, _writable(request, file_id), form, status=422)


def draft(request: Request, side: Side, file_id: UUID) -> HttpResponse:
    """Take in a draft while it is written; answers as `core/ui/static/ui/autosave.js` expects."""
    posted = request.POST
    fields: dict[str, Any] = {name: posted.get(name) for name in posted if name not in NOT_FIELDS}
    if "life_areas" in posted:
        fields["life_areas"] = posted.getlist("life_areas")
    try:
        tab = UUID(posted.get("submission_key", ""))
    except ValueError:
        tab = uuid4()
    version = posted.get("version", "")
    try:
        saved = actions.save_draft(
            file_id,
            NOTE,
            posted.get("text", ""),
            fields,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            tab=tab,
            by=request.actor,
            now=request.now,
        )
    except TwoTexts as both:  # answered, not raised: what was kept beside must be committed
        answer = {"theirs": both.theirs, "mine": posted.get("text", ""), "version": both.version}
        return JsonResponse(answer | {"words": both.swedish}, status=409)
    clock = f"{local(request.now):%H:%M:%S}"
    return JsonResponse({"saved": clock, "version": saved, "words": f"Utkast sparat {clock}"})


def discard(request: Request, side: Side, file_id: UUID) -> HttpResponse:
    """Throw away one's own draft."""
    if actions.discard_draft(file_id, NOTE, by=request.actor, now=request.now):
        messages.success(request, "Utkastet är kastat.")
    return HttpResponseRedirect(side.url("file", file_id))


def correct(request: Request, side: Side, note_id: UUID) -> HttpResponse:
    """Correct a note in one of five ways."""
    note = fetch(request.actor, "journal.correct", _notes(), pk=note_id)
    form = CorrectionForm(request.POST or None, note=note, earlier=queries.earlier_notes(note))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        event_at, precision = form.moment() if given["day"] else (None, "minute")
        try:
            actions.correct(
                note_id,
                given["kind"],
                given["reason"],
                by=request.actor,
                now=request.now,
                new_text=given["text"],
                event_at=event_at,
                precision=precision,
                law=given["law"],
                original_id=UUID(given["original"]) if given["original"] else None,
            )
        except JournalFault as fault:
            _blame(form, fault)
        else:
            return _back(request, side, note, "Anteckningen är rättad. Den gamla står kvar.")
    return _note_page(request, side, note, form, "Rätta en anteckning", "Rätta")


def dissent(request: Request, side: Side, note_id: UUID) -> HttpResponse:
    """Write down what the person holds to be wrong."""
    note = fetch(request.actor, "journal.dissent", _notes().filter(sealed_at__isnull=True), pk=note_id)
    form = DissentForm(request.POST or None, initial={"said_by": note.person.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_dissent(
                note_id,
                form.cleaned_data["text"],
                form.cleaned_data["said_by"],
                by=request.actor,
                now=request.now,
            )
        except JournalFault as fault:
            _blame(form, fault)
        else:
            return _back(request, side, note, "Uppfattningen är antecknad.")
    return _note_page(request, side, note, form, "Den enskildes uppfattning", "Spara uppfattningen")


def move(request: Request, side: Side, note_id: UUID) -> HttpResponse:
    """Move a note that stands on the wrong person: the right one is named, read back, and confirmed."""
    note = fetch(request.actor, "journal.move", _notes().filter(sealed_at__isnull=True), pk=note_id)
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        right = queries.person_to_move_to(request.actor, form.cleaned_data["number"], local(request.now))
        if right is None:
            form.add_error("number", "Ingen träff. Kontrollera numret.")
        elif request.POST.get("confirmed") != str(right.pk):
            context = {"note": note, "right": right, "form": form, "back": side.url("move", note.pk)}
            return render(request, "journal/move_confirm.html", {"layout": side.layout} | context)
        else:
            try:
                actions.move_note(
                    note_id, right, form.cleaned_data["reason"], by=request.actor, now=request.now
                )
            except JournalFault as fault:
                _blame(form, fault)
            else:
                words = f"Anteckningen är flyttad till {right.name}. I den gamla akten står bara att den är flyttad."
                return _back(request, side, note, words)
    return _note_page(
        request, side, note, form, "Flytta en anteckning från fel person", "Fortsätt", text=False
    )


def sign(request: Request, side: Side, note_id: UUID) -> HttpResponse:
    """Sign one's own note in the health book."""
    try:
        note = actions.sign_note(note_id, by=request.actor, now=request.now)
    except JournalFault as fault:
        messages.warning(request, getattr(fault, "swedish", ""))
        note = fetch(request.actor, "journal.sign", _notes(), pk=note_id)
    else:
        messages.success(request, "Anteckningen är signerad.")
    return HttpResponseRedirect(f"{side.url('file', note.file_id)}#note-{note.pk}")


def unseal(request: Request, side: Side, note_id: UUID) -> HttpResponse:
    """Open a sealed text, with a reason, once."""
    note = fetch(request.actor, "journal.unseal", _notes().filter(sealed_at__isnull=False), pk=note_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = actions.unseal(note_id, form.cleaned_data["reason"], by=request.actor, now=request.now)
        context = {
            "layout": side.layout,
            "note": opened,
            "when": when(opened.event_at, opened.event_precision),
        }
        context["back"] = side.url("file", note.file_id)
        return render(request, "journal/sealed.html", context)
    return _note_page(request, side, note, form, "Öppna en förseglad text", "Öppna", text=False)


def _notes() -> Any:
    return Note.objects.select_related("person", "file")


def _writable(request: Request, file_id: UUID) -> File:
    return fetch(request.actor, "journal.write", File.objects.select_related("person", "unit"), pk=file_id)


def _content(form: NoteForm) -> actions.Content:
    given = form.cleaned_data
    event_at, precision = form.moment()
    return actions.Content(
        event_at,
        given["kind"],
        given["text"],
        precision,
        given["law"],
        given["source_person"],
        tuple(given.get("life_areas", ())),
        given["late_reason"],
    )


def _blame(form: Form, fault: JournalFault) -> None:
    """Say what was wrong where it was wrong; what was typed stays."""
    form.add_error(fault.field if fault.field in form.fields else None, fault.swedish)


def _back(request: Request, side: Side, note: Note, words: str) -> HttpResponse:
    messages.success(request, words)
    if side is OPERATIONS:  # support moves notes and reads no files
        return HttpResponseRedirect(side.url("moved"))
    return HttpResponseRedirect(f"{side.url('file', note.file_id)}#note-{note.pk}")


def _write_page(
    request: Request,
    side: Side,
    found: File,
    form: NoteForm,
    *,
    draft: Any = None,
    beside: Any = (),
    status: int = 200,
) -> HttpResponse:
    if status != 200:
        draft, beside = queries.draft_of(request.actor, found.pk, NOTE)
    context = {
        "form": form,
        "file": found,
        "book": book_name(found.compartment),
        "health": found.compartment == HEALTH,
        "version": draft.version if draft else 0,
        "saved": f"{local(draft.saved_at):%H:%M:%S}" if draft else "",
        "beside": beside,
        "draft_url": side.url("draft", found.pk),
        "discard_url": side.url("discard", found.pk),
        "file_url": side.url("file", found.pk),
    }
    return render(request, "journal/write.html", frame(request, side, found.person) | context, status=status)


def _note_page(
    request: Request, side: Side, note: Note, form: Form, title: str, button: str, *, text: bool = True
) -> HttpResponse:
    """A form about one note; that it was shown is recorded. `text` is shown to those who read the file anyway.

    Support sees no person: only when the note was written, and by whom.
    """
    audit.read(request.actor, f"journal.{request.resolver_match.url_name}", now=request.now, obj=note)  # type: ignore[union-attr]
    about = {"layout": side.layout} if side is OPERATIONS else frame(request, side, note.person)
    context = about | {
        "form": form,
        "title": title,
        "button": button,
        "when": when(note.placed_at, note.event_precision),
        "written": stamp(note.authored_at),
        "note": note,
        "text": note.text if text and note.sealed_at is None else "",
        "back": "" if side is OPERATIONS else side.url("file", note.file_id),
    }
    return render(request, "journal/note_form.html", context, status=422 if form.is_bound else 200)
