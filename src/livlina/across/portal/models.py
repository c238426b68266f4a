"""What the portal stores: attempts to sign in, links to set a password, and what a manager found in the log."""

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
