"""The room's routes. Those who ask have the same pages on every side; the support's own hang below operations."""

from django.urls import path

from livlina.across.support.views import asking, desk, figures, handling, sheets
from livlina.across.support.views import citizen as of_citizens
from livlina.across.support.views import public as of_all

_pages = [
    path("support/help", asking.help, name="help"),
    path("support/help/sheets", asking.sheets, name="sheets"),
    path("support/help/sheets/<uuid:sheet_id>", asking.sheet, name="sheet"),
    path("support/mine", asking.mine, name="mine"),
    path("support/mine/<uuid:ticket_id>", asking.ticket, name="ticket"),
    path("support/attachments/<uuid:attachment_id>", asking.attachment, name="attachment"),
    path("support/correction/<uuid:note_id>", asking.correction, name="correction"),
    path("support/unit", figures.unit, name="figures"),
]
officer = _pages
provider = _pages
citizen = [
    path("support/help", of_citizens.help, name="help"),
    path("support/help/sheets/<uuid:sheet_id>", of_citizens.sheet, name="sheet"),
    path("support/mine", of_citizens.mine, name="mine"),
    path("support/mine/<uuid:ticket_id>", of_citizens.ticket, name="ticket"),
    path("support/attachments/<uuid:attachment_id>", of_citizens.attachment, name="attachment"),
]
operations = [
    path("support", desk.desk, name="desk"),
    path("support/piece", desk.piece, name="piece"),
    path("support/phone", desk.phone, name="phone"),
    path("support/desks", desk.desks, name="desks"),
    path("support/absences/<uuid:absence_id>/end", desk.back, name="back"),
    path("support/tickets/<uuid:ticket_id>", handling.ticket, name="ticket"),
    path("support/tickets/<uuid:ticket_id>/move", handling.move, name="move"),
    path("support/sheets", sheets.sheets, name="sheets"),
    path("support/sheets/new", sheets.write, name="write"),
    path("support/sheets/<uuid:sheet_id>", sheets.sheet, name="sheet"),
    path("support/faults", sheets.faults, name="faults"),
    path("support/faults/<uuid:fault_id>/end", sheets.end_fault, name="end_fault"),
    path("support/review", figures.review, name="review"),
    path("support/review/<slug:week>", figures.review, name="week"),
    path("support/figures", figures.desk, name="figures"),
    path("support/figures.csv", figures.csv_file, name="csv"),
]
public = [path("support/", of_all.contact, name="contact")]
