"""How a person is reached, who stands near them, and who may act for them."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import TenantForeignKey, TenantModel
from livlina.registers.people.models.person import Person


class Contact(TenantModel):
    """A telephone, an e-mail or a postal route. A protected route is written by hand and never overwritten."""

    class Kind(models.TextChoices):
        """Ways to reach someone."""

        MOBILE = "mobile", "Mobil"
        PHONE = "phone", "Telefon"
        EMAIL = "email", "E-post"
        POST = "post", "Postadress"

    person = TenantForeignKey(Person, related_name="contacts")
    kind = models.CharField("sätt", max_length=8, choices=Kind)
    value = models.CharField("uppgift", max_length=200)
    note = models.CharField("kommentar", max_length=200, blank=True)
    protected_route = models.BooleanField(
        "skyddad kontaktväg", default=False, help_text="The only way to reach a protected person."
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(value=""), name="contact_says_something"),
        ]


class Relation(TenantModel):
    """Someone near the person, known to the register or not, and whether the person lets us talk with them."""

    class Kind(models.TextChoices):
        """What the other is to the person."""

        SPOUSE = "spouse", "Make, maka eller partner"
        COHABITANT = "cohabitant", "Sambo"
        CHILD = "child", "Barn"
        PARENT = "parent", "Förälder"
        SIBLING = "sibling", "Syskon"
        RELATIVE = "relative", "Annan anhörig"
        FRIEND = "friend", "Vän eller granne"

    person = TenantForeignKey(Person, related_name="relations")
    kind = models.CharField("relation", max_length=12, choices=Kind)
    name = models.CharField("namn", max_length=160)
    other = TenantForeignKey(Person, null=True, related_name="+")
    phone = models.CharField("telefon", max_length=40, blank=True)
    email = models.EmailField("e-post", blank=True)
    consent = models.BooleanField(
        "får informeras", default=False, help_text="OSL 26:1, 12:2: the person's consent."
    )
    consent_at = models.DateTimeField(null=True)
    first_choice = models.BooleanField("kontaktas först", default=False)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(consent=False) | Q(consent_at__isnull=False), name="relation_consent_has_a_time"
            ),
        ]


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Sets of mandates."""

    def in_force(self, on: date) -> "MandateQuerySet":
        """Keep those that hold on the Swedish day `on`."""
        running = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        return self.filter(running, ended_at__isnull=True, valid_from__lte=on)


class Mandate(TenantModel):
    """The right of one person (the holder) to act for another (the principal)."""

    class Kind(models.TextChoices):
        """By which right (FB 6:11; FB 11:4, 11:7; avtalslagen 2 kap.)."""

        GUARDIAN = "guardian", "Vårdnadshavare"
        TRUSTEE = "trustee", "God man"
        ADMINISTRATOR_GUARDIAN = "administrator_guardian", "Förvaltare"
        POWER_OF_ATTORNEY = "power_of_attorney", "Ombud med fullmakt"

    class Scope(models.TextChoices):
        """For what."""

        EVERYTHING = "everything", "Allt"
        SERVICES = "services", "Ansökningar och beslut om insatser"
        ECONOMY = "economy", "Ekonomi och avgifter"

    principal = TenantForeignKey(Person, related_name="mandates")
    holder = TenantForeignKey(Person, related_name="mandates_held")
    kind = models.CharField("slag", max_length=24, choices=Kind)
    scope = models.CharField("omfattning", max_length=12, choices=Scope, default=Scope.SERVICES)
    valid_from = models.DateField("gäller från")
    valid_to = models.DateField("gäller till och med", null=True)
    proof = models.CharField("underlag", max_length=200, help_text="What was shown, and where it is kept.")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(principal=F("holder")), name="mandate_for_another"),
            models.CheckConstraint(condition=~Q(proof=""), name="mandate_has_proof"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="mandate_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "holder"], condition=Q(ended_at__isnull=True), name="mandate_running"
            ),
        ]

    def holds(self, on: date) -> bool:
        """Whether it is in force on the Swedish day `on`."""
        running = self.valid_to is None or self.valid_to >= on
        return self.ended_at is None and self.valid_from <= on and running
