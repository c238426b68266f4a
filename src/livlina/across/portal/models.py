"""What the portal stores: attempts to sign in, links to set a password, what a manager found in the log, sealed keys."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from livlina.core.models import AuditEvent, PermanentModel, TenantForeignKey, TenantModel, User


class SignInEvent(models.Model):
    """One attempt to sign in. Global: a failed one belongs to no municipality. Holds no address, number or secret."""

    KINDS: ClassVar = [
        ("password", "lösenord"),
        ("passkey", "passkey"),
        ("staff", "kommunens inloggning"),
        ("eid", "e-legitimation"),
        ("demo", "påhittad e-legitimation"),
        ("seal", "förseglad nödnyckel"),
    ]

    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=KINDS)
    ok = models.BooleanField()
    why = models.CharField(max_length=32, blank=True, help_text="A code, when it failed.")
    user_id = models.BigIntegerField(null=True)
    device = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user_id", "-at"], name="sign_in_user"),
            models.Index(fields=["-at"], condition=models.Q(ok=False), name="sign_in_failed"),
        ]


class LogReview(PermanentModel):
    """What a manager found when looking at one reading (PDL 4:3; OSL 26 kap.)."""

    class Result(models.TextChoices):
        """What the manager concluded."""

        JUSTIFIED = "justified", "Befogad"
        FOLLOW_UP = "follow_up", "Behöver följas upp"
        UNJUSTIFIED = "unjustified", "Obefogad"

    event = TenantForeignKey(AuditEvent, related_name="reviews")
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    result = models.CharField("bedömning", max_length=12, choices=Result)
    note = models.CharField("kommentar", max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(result="justified") | ~models.Q(note=""), name="log_review_says_why"
            ),
        ]


class PasswordLink(TenantModel):
    """A link by which a member of staff sets a password, once. The address itself is nowhere stored."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(
        null=True, help_text="Empty: the first administrator's, made at the terminal."
    )
    by_name = models.CharField(max_length=160)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "user"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="password_link_one_alive",
            ),
        ]

    def works(self, now: datetime) -> bool:
        """Whether a password can still be set by it."""
        unused = self.used_at is None and self.revoked_at is None
        return unused and self.expires_at > now and self.user.is_active


class ProviderHealth(models.Model):
    """What the house last measured of an identity provider (`health.py`). Global: it holds times, and nothing of anyone."""

    name = models.CharField(max_length=16, primary_key=True)
    asked_at = models.DateTimeField(null=True, help_text="When a worker last began to ask.")
    measured_at = models.DateTimeField(null=True)
    works = models.BooleanField(default=True)
    why = models.CharField(
        max_length=12, blank=True, help_text="A key of health.WORDS, when it does not work."
    )
    since = models.DateTimeField()
    streak = models.SmallIntegerField(default=0, help_text="Measurements in a row that said otherwise.")
    lied_at = models.DateTimeField(null=True)


class SealedKey(TenantModel):
    """A way in of last resort: a long code on paper in a sealed envelope at a named place. Stored as a hash only.

    One administrator asks for it, another makes it (two persons); it opens once, and is then replaced.
    """

    class End(models.TextChoices):
        """Why it opens nothing any more."""

        OPENED = "opened", "Öppnad"
        WITHDRAWN = "withdrawn", "Makulerad"

    number = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=160)
    made_at = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=160, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, choices=End, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="sealed_key_number_once"),
            models.CheckConstraint(
                condition=models.Q(made_by_id=None) | ~models.Q(made_by_id=models.F("asked_by_id")),
                name="sealed_key_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(made_at=None, made_by_id=None, code_hash="")
                | models.Q(made_at__isnull=False, made_by_id__isnull=False) & ~models.Q(code_hash=""),
                name="sealed_key_made_whole",
            ),
        ]


class SealTest(PermanentModel):
    """Somebody looked at an envelope at its place, and said whether it was whole."""

    key = TenantForeignKey(SealedKey, related_name="tests")
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    whole = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(whole=True) | ~models.Q(note=""), name="seal_test_says_what"
            ),
        ]


class SealOpening(PermanentModel):
    """Somebody broke a seal: who, why, until when; and what somebody else found afterwards."""

    changeable: ClassVar = ("reviewed_at", "reviewed_by_id", "reviewed_by_name", "justified", "review")

    key = TenantForeignKey(SealedKey, related_name="openings")
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=160)
    unit_id = models.UUIDField()
    why = models.CharField(max_length=400)
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField(max_length=160, blank=True)
    justified = models.BooleanField(null=True)
    review = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "key"], name="seal_opens_once"),
            models.CheckConstraint(condition=~models.Q(why=""), name="seal_opening_says_why"),
            models.CheckConstraint(
                condition=models.Q(reviewed_by_id=None) | ~models.Q(reviewed_by_id=models.F("user_id")),
                name="seal_opening_reviewed_by_another",
            ),
        ]
