"""The person, the numbers and names they have had, and the table that makes names searchable."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.ids import IdentityKind, IdentityNumberColumn
from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.registers.people import names


class Person(TenantModel):
    """A human being the municipality knows. Everything else about them hangs on this row's opaque id."""

    class Protection(models.TextChoices):
        """The three kinds of protected identity (OSL 22:1; folkbokföringslagen 16 §; lag 1991:483)."""

        NONE = "none", "Inget skydd"
        SECRECY_MARKED = "secrecy_marked", "Sekretessmarkering"
        PROTECTED_REGISTRATION = "protected_registration", "Skyddad folkbokföring"
        # The system does not tell that data are fictitious, and keeps no link to anything before.
        FICTITIOUS = "fictitious", "Skyddade personuppgifter"

    SEXES: ClassVar = [("female", "Kvinna"), ("male", "Man"), ("", "Okänt")]

    given_names = models.CharField("förnamn", max_length=120)
    called_name = models.CharField("tilltalsnamn", max_length=60, blank=True)
    family_name = models.CharField("efternamn", max_length=120)
    birth_date = models.DateField(
        "födelsedatum", null=True, help_text="May differ from the date in the number."
    )
    sex = models.CharField("kön", max_length=6, choices=SEXES, blank=True)
    died_on = models.DateField("avliden", null=True)
    language = models.CharField("språk", max_length=40, blank=True, help_text="Empty: Swedish.")
    interpreter = models.BooleanField("behöver tolk", default=False)
    protection = models.CharField("skydd", max_length=24, choices=Protection, default=Protection.NONE)
    street = models.CharField("gatuadress", max_length=160, blank=True)
    postcode = models.CharField("postnummer", max_length=6, blank=True)
    city = models.CharField("ort", max_length=80, blank=True)
    home_municipality = models.CharField(
        "folkbokföringskommun", max_length=4, blank=True, help_text="Kommunkod."
    )
    followed_at = models.DateTimeField(null=True, help_text="Last told by the population register.")
    same_as = TenantForeignKey(
        "people.Person",
        null=True,
        blank=True,
        related_name="also",
        db_index=False,
        help_text="The row with this person's number, for a row that was made before it was known. It mirrors that one.",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(given_names="") | ~Q(family_name=""), name="person_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True)
                | Q(birth_date__isnull=True)
                | Q(died_on__gte=F("birth_date")),
                name="person_dies_after_birth",
            ),
            models.CheckConstraint(
                condition=Q(
                    protection__in=["none", "secrecy_marked", "protected_registration", "fictitious"]
                ),
                name="person_protection_known",
            ),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True) | ~Q(same_as=F("id")), name="person_same_as_another"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "id"], condition=~Q(protection="none"), name="person_protected"
            ),
            models.Index(fields=["municipality", "followed_at"], name="person_followed"),
            models.Index(
                fields=["municipality", "same_as"], condition=Q(same_as__isnull=False), name="person_also"
            ),
        ]

    @property
    def name(self) -> str:
        """The name one says: the name called by, and the family name."""
        return f"{self.called_name or self.given_names.partition(' ')[0]} {self.family_name}".strip()

    @property
    def full_name(self) -> str:
        """All given names and the family name."""
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def is_protected(self) -> bool:
        """Whether any kind of protected identity holds."""
        return self.protection != self.Protection.NONE

    @property
    def is_dead(self) -> bool:
        """Whether a death is recorded."""
        return self.died_on is not None

    def age(self, on: date) -> int | None:
        """Whole years on the day `on` (or at death), by birth date and never by the number; None when unknown."""
        if self.birth_date is None:
            return None
        day = min(on, self.died_on) if self.died_on else on
        return (
            day.year
            - self.birth_date.year
            - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))
        )


class PersonNumber(PermanentModel):
    """A number a person has or has had. A new number never makes a new person."""

    changeable = ("current", "until")

    person = TenantForeignKey(Person, related_name="numbers")
    value = IdentityNumberColumn("personnummer")
    kind = models.CharField("typ", max_length=20, choices=IdentityKind)
    current = models.BooleanField(default=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "value"], name="number_is_one_persons"),
            models.UniqueConstraint(
                fields=["municipality", "person"], condition=Q(current=True), name="number_current_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=IdentityKind.values), name="number_kind_known"),
        ]


class FormerName(PermanentModel):
    """A name a person had before: still found by search, never kept for fictitious data."""

    person = TenantForeignKey(Person, related_name="former_names")
    given_names = models.CharField(max_length=120)
    family_name = models.CharField(max_length=120)
    until = models.DateTimeField()


class SamePerson(PermanentModel):
    """That a row without a number turned out to be someone who has a row with one: who said so, and why.

    Nothing is moved: what is written under the earlier row, its journal too, stands where it was written.
    """

    changeable = ("ended_at", "ended_by_name", "end_reason")

    person = TenantForeignKey(Person, related_name="samenesses")
    same_as = TenantForeignKey(Person, related_name="earlier_rows")
    reason = models.CharField("skäl", max_length=400)
    before = models.JSONField(
        help_text="What the earlier row said of the person, to give back if this was wrong."
    )
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=160, blank=True)
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "person"], condition=Q(ended_at=None), name="same_person_once"
            ),
            models.CheckConstraint(condition=~Q(person=F("same_as")), name="same_person_two_rows"),
            models.CheckConstraint(condition=~Q(reason=""), name="same_person_says_why"),
        ]


class NameToken(TenantModel):
    """One searchable part of a name, beside the other parts of the same name (`registers/people/README.md`).

    `hidden` repeats that the person is protected, so that two partial indexes keep the protected apart.
    """

    deletable = True

    person = TenantForeignKey(Person, related_name="name_tokens")
    token = models.CharField(max_length=60, db_collation="C")
    others = models.CharField(max_length=240, db_collation="C")
    sound = models.CharField(max_length=12, db_collation="C")
    hidden = models.BooleanField(default=False)

    @classmethod
    def rows_of(cls, person: Person, former: Iterable[tuple[str, str]] = ()) -> list["NameToken"]:
        """The unsaved rows of a person, with `former` (given names, family name). For actions and for loading data."""
        called = names.parts(person.called_name)
        extra = "" if set(called) <= set(names.parts(person.given_names)) else f" {person.called_name}"
        known = [(person.given_names + extra, person.family_name), *former]
        found = {row for given, family in known for row in names.rows(family, given)}
        return [
            cls(
                municipality_id=person.municipality_id,
                person=person,
                token=token[:60],
                others=others[:240],
                sound=names.sound(token),
                hidden=person.is_protected,
            )
            for token, others in sorted(found)
        ]

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "token", "others", "person"],
                condition=Q(hidden=False),
                name="name_token_open",
            ),
            models.Index(
                fields=["municipality", "token", "others", "person"],
                condition=Q(hidden=True),
                name="name_token_hidden",
            ),
            models.Index(
                fields=["municipality", "sound", "token", "person"],
                condition=Q(hidden=False),
                name="name_token_sound",
            ),
        ]
