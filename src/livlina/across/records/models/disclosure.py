"""The disclosure register: who asked for what, how each item was judged, and the exact bytes handed out."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from livlina.across.records.codes import ASKERS, DELIVERY, GROUNDS, OUTCOMES, REFUSALS, VERDICTS
from livlina.authority.cases.models import AuthorityRecord
from livlina.authority.cases.models.application import CHANNELS
from livlina.core.models import TenantForeignKey

HASHED = Q(sha256__regex=r"^[0-9a-f]{64}$")


class DisclosureRequest(AuthorityRecord):
    """That someone asked for something in a person's file in one branch (TF 2 kap.; OSL 6 kap.; FL 10 §)."""

    person = TenantForeignKey("people.Person", related_name="+", help_text="Whose file it is.")
    unit = TenantForeignKey(
        "core.Unit", null=True, blank=True, related_name="+", help_text="Empty: the secretary."
    )
    asker_kind = models.CharField(max_length=16, choices=ASKERS)
    asker_name = models.CharField(max_length=160)
    asker_person = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    asked_on = models.DateField()
    asked_how = models.CharField(max_length=12, choices=CHANNELS)
    what = models.TextField()
    client_id = models.UUIDField(help_text="Made with the form: asked twice by a double press is asked once.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(asker_name=""), name="request_for_something_by_someone"
            ),
            models.UniqueConstraint(
                fields=["municipality", "client_id", "compartment"], name="request_asked_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "-at"], name="request_person"),
            models.Index(fields=["municipality", "asker_person", "-at"], name="request_asker"),
            models.Index(fields=["municipality", "unit", "-at"], name="request_unit"),
        ]

    @property
    def reference(self) -> str:
        """What the request is called when one speaks of it: the year and the end of its id."""
        return f"UL {self.asked_on.year}-{self.pk.hex[-6:].upper()}"


class DisclosureItem(AuthorityRecord):
    """How one item was judged. Judged anew is a new row; the newest of a source counts."""

    request = TenantForeignKey(DisclosureRequest, related_name="items")
    source_type = models.CharField(
        max_length=40, help_text="`label` of what is asked for, such as journal.note."
    )
    source_id = models.UUIDField()
    label = models.CharField(max_length=200)
    verdict = models.CharField(max_length=8, choices=VERDICTS)
    ground = models.CharField(max_length=16, choices=GROUNDS, blank=True)
    rule = models.CharField(max_length=160, blank=True, help_text="The secrecy-breaking rule, when one is.")
    refusal = models.CharField(max_length=16, choices=REFUSALS, blank=True)
    harm_test = models.TextField(blank=True, help_text="The harm test of this item, in words.")
    masked = ArrayField(models.TextField(), default=list, blank=True, help_text="Passages taken out.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict="refused", ground="") | (~Q(verdict="refused") & ~Q(ground="")),
                name="item_released_on_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(verdict="whole", refusal="") | (~Q(verdict="whole") & ~Q(refusal="")),
                name="item_refused_by_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(verdict="whole") | ~Q(harm_test=""), name="item_refused_after_harm_test"
            ),
            models.CheckConstraint(
                condition=~Q(ground__in=["no_harm", "breaking_rule"]) | ~Q(harm_test=""),
                name="item_released_after_harm_test",
            ),
            models.CheckConstraint(
                condition=~Q(ground="breaking_rule") | ~Q(rule=""), name="item_names_the_breaking_rule"
            ),
            models.CheckConstraint(
                condition=Q(verdict="masked", masked__len__gt=0) | (~Q(verdict="masked") & Q(masked__len=0)),
                name="item_masked_somewhere",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "request", "-at"], name="item_request")]


class DisclosureDecision(AuthorityRecord):
    """The written answer. A refusal, whole or in part, has reasons and can be appealed to kammarrätten (OSL 6:7)."""

    request = TenantForeignKey(DisclosureRequest, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    reasons = models.TextField(blank=True)
    appeal_text = models.TextField(blank=True)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=HASHED, name="answer_hashed"),
            models.CheckConstraint(
                condition=Q(outcome="released") | (~Q(reasons="") & ~Q(appeal_text="")),
                name="answer_refusal_has_reasons_and_appeal",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "request", "-at"], name="answer_request")]


class HandedOut(AuthorityRecord):
    """The very bytes that were handed out, to whom and how. What is not here was not handed out from here."""

    changeable = ("collected_at",)

    request = TenantForeignKey(DisclosureRequest, related_name="handed")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    to_name = models.CharField(max_length=160)
    how = models.CharField(max_length=10, choices=DELIVERY)
    collected_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was first opened by whom it is for."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=HASHED, name="handed_hashed"),
            models.UniqueConstraint(
                fields=["municipality", "request", "position"], name="handed_position_once"
            ),
        ]
