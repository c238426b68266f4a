"""The municipality, its units, the people who sign in, and the assignments they act under."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models.base import TenantForeignKey, TenantModel


class Municipality(models.Model):
    """A tenant. Global: its name is no secret, and sign-in needs it before any tenant is known."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField("kommunkod", max_length=4, unique=True)
    parameters = models.JSONField(
        default=dict, help_text="Values for settings.PARAMETERS; never steps of a process."
    )

    def __str__(self) -> str:
        return self.name


class Unit(TenantModel):
    """A place in the organisation where people act together: it has an inbox, staff and a side of the wall."""

    SIDES: ClassVar = [("authority", "Myndighet"), ("provider", "Utförare"), ("operations", "Förvaltning")]

    name = models.CharField(max_length=120)
    side = models.CharField(max_length=12, choices=SIDES)
    ended_on = models.DateField(
        null=True, blank=True, help_text="Nobody is given an assignment there any more."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="unit_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users with a normalised address and a hashed password, or none at all."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """Create and return a user; without `password` only passkeys or an identity provider let them in."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who can sign in. What they may do stands in their assignments, never here."""

    KINDS: ClassVar = [("staff", "Personal"), ("citizen", "Enskild")]

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=8, choices=KINDS, default="staff")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="sv")
    appearance = models.CharField(max_length=8, default="auto", help_text="auto, light or dark")
    single_keys = models.BooleanField(default=True, help_text="Single-letter shortcuts (WCAG 2.1.4).")

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Sets of assignments."""

    def valid(self, on: date) -> "AssignmentQuerySet":
        """Keep those that hold on the Swedish day `on`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class Assignment(TenantModel):
    """A role one person holds in one unit from one day to another: what every permission rests on.

    One that was taken back before it began keeps its first day, and ends the day before it: it never held.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    unit = TenantForeignKey(Unit, related_name="assignments")
    role = models.CharField(max_length=32)
    title = models.CharField(max_length=80, help_text="As it stands below a note or a decision.")
    compartments = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    qualifications = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Codes of settings.QUALIFICATIONS.",
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from") - timedelta(days=1)),
                name="assignment_ends_after_start",
            ),
        ]

    @property
    def never_held(self) -> bool:
        """Whether it was taken back before its first day."""
        return self.valid_to is not None and self.valid_to < self.valid_from

    def __str__(self) -> str:
        return f"{self.user.name}, {self.title}, {self.unit.name}"
