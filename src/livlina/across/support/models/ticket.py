"""Tickets: a question to the support with who has it, and everything that happened to it as permanent rows."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.across.support.models.codes import (
    CHANNELS,
    EVENTS,
    KINDS,
    LINES,
    OUTWARD,
    PRIORITIES,
    REPORTERS,
    RUNNING,
    STATES,
)
from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel


class Ticket(TenantModel):
    """One question. What was written lies in its events; here is where it stands now.

    Of the page it came from only the route's name is kept: never an address, an id or anything that stood there.
    """

    client_id = models.UUIDField(help_text="Made with the form, or from a mail's id: the same twice is one.")
    year = models.SmallIntegerField()
    serial = models.PositiveIntegerField()
    subject = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=KINDS)
    priority = models.CharField(max_length=8, choices=PRIORITIES, default="normal")
    channel = models.CharField(max_length=8, choices=CHANNELS)
    state = models.CharField(max_length=8, choices=STATES, default="new")
    line = models.SmallIntegerField(choices=LINES, default=1)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=160, blank=True)
    reporter_kind = models.CharField(max_length=8, choices=REPORTERS)
    reporter_id = models.BigIntegerField(null=True)
    reporter_name = models.CharField(max_length=160)
    reporter_role = models.CharField(max_length=32, blank=True)
    reporter_mail = models.CharField(max_length=254, blank=True)
    reporter_phone = models.CharField(max_length=40, blank=True)
    unit = TenantForeignKey("core.Unit", null=True, related_name="+")
    page = models.CharField(max_length=80, blank=True, help_text="The route's name.")
    browser = models.CharField(max_length=200, blank=True)
    error_id = models.CharField(max_length=16, blank=True)
    object_label = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    token = models.CharField(max_length=24, help_text="What an answer by mail carries.")
    opened_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When somebody of the support last did something.")
    heard_at = models.DateTimeField(help_text="When whoever asked was last heard.")
    first_due_at = models.DateTimeField()
    solve_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0, help_text="Working minutes waited for an answer.")
    answer_minutes = models.PositiveIntegerField(null=True, help_text="Working minutes to the first answer.")
    solution_minutes = models.PositiveIntegerField(
        null=True, help_text="Working minutes, without the paused."
    )
    times_reopened = models.PositiveSmallIntegerField(default=0)
    merged_into = TenantForeignKey("support.Ticket", null=True, related_name="merged")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="ticket_sent_once"),
            models.UniqueConstraint(fields=["municipality", "year", "serial"], name="ticket_number_once"),
            models.UniqueConstraint(fields=["municipality", "token"], name="ticket_token_once"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="ticket_merged_into_one",
            ),
            models.CheckConstraint(
                condition=Q(waiting_since__isnull=False) | ~Q(state="waiting"), name="ticket_waits_since"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | ~Q(state="closed"), name="ticket_closed_at"
            ),
            models.CheckConstraint(condition=Q(opened_at__lte=F("touched_at")), name="ticket_touched_later"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "state", "line", "solve_due_at"], name="ticket_desk"),
            models.Index(fields=["municipality", "reporter_id", "-opened_at"], name="ticket_mine"),
            models.Index(fields=["municipality", "opened_at"], name="ticket_opened"),
            models.Index(fields=["municipality", "owner_id"], name="ticket_owner"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What it is called: `2026-0012`."""
        return f"{self.year}-{self.serial:04d}"

    @property
    def is_running(self) -> bool:
        """Whether it is not yet closed, nor merged into another."""
        return self.state in RUNNING

    @property
    def has_it(self) -> str:
        """Who has it, in words: a person, or the line."""
        line = str(dict(LINES)[self.line])
        return f"{self.owner_name}, {line.lower()}" if self.owner_name else line


class TicketEvent(PermanentModel):
    """Something that happened to a ticket: who, when, in what words. Never changed."""

    ticket = TenantForeignKey(Ticket, related_name="events")
    client_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=EVENTS)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=160)
    by_role = models.CharField(max_length=32)
    text = models.TextField(blank=True)
    detail = models.JSONField(default=dict, help_text="Ids and codes only.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="ticket_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "ticket", "at"], name="ticket_event_ticket")
        ]

    @property
    def is_outward(self) -> bool:
        """Whether whoever asked sees it."""
        return self.kind in OUTWARD


class TicketLink(PermanentModel):
    """Two tickets that have to do with each other; the earlier first."""

    earlier = TenantForeignKey(Ticket, related_name="+")
    later = TenantForeignKey(Ticket, related_name="+")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "earlier", "later"], name="ticket_linked_once"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="ticket_not_with_itself"),
        ]


class Attachment(PermanentModel):
    """A picture or a document that came with a ticket, as it came."""

    ticket = TenantForeignKey(Ticket, related_name="attachments")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "ticket", "sha256"], name="attachment_once"),
        ]
