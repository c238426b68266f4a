"""Deviations: what went wrong or nearly did, told by anyone, judged by a manager."""

from django.db import models

from livlina.core.models import PermanentModel, TenantForeignKey

TRACKS = [
    ("social", "Socialtjänst (SoL, LSS)"),
    ("health", "Hälso- och sjukvård"),
    ("it", "IT-störning"),
    ("environment", "Arbetsmiljö"),
    ("data", "Personuppgifter"),
]
JUDGEMENTS = [
    ("minor", "Avvikelse, åtgärdas i verksamheten"),
    ("lex_sarah", "Missförhållande eller påtaglig risk: utreds enligt lex Sarah"),
    ("lex_maria", "Vårdskada eller risk: utreds enligt patientsäkerhetslagen"),
    ("none", "Ingen avvikelse"),
]


class Deviation(PermanentModel):
    """One report. What was told stays as it was told; what is found out later are `DeviationStep` rows.

    It lies outside the person's file and points at it only by reference (domain: SOSFS 2011:5).
    """

    client_id = models.UUIDField(help_text="Made with the form: the same report sent twice is one.")
    person_id = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    unit = TenantForeignKey("core.Unit", related_name="+")
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reporter_id = models.BigIntegerField()
    reporter_name = models.CharField(max_length=160)
    reporter_title = models.CharField(max_length=80)
    track = models.CharField(max_length=12, choices=TRACKS)
    what = models.TextField()
    measure = models.TextField(blank=True, help_text="What was done at once.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="deviation_told_once"),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("reported_at")),
                name="deviation_not_in_the_future",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "unit", "-reported_at"], name="deviation_unit")]

    def __str__(self) -> str:
        return f"Deviation {self.pk}"

    @property
    def latest(self) -> "DeviationStep | None":
        """The last step taken, or None while nobody has looked at the report."""
        return self.steps.order_by("-at").first()


class DeviationStep(PermanentModel):
    """A judgement, a measure or a closing: who, when, in what words."""

    KINDS = [("judged", "Bedömd"), ("measure", "Åtgärd"), ("closed", "Avslutad")]

    deviation = TenantForeignKey(Deviation, related_name="steps")
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=160)
    kind = models.CharField(max_length=8, choices=KINDS)
    judgement = models.CharField(max_length=12, choices=JUDGEMENTS, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="judged") | ~models.Q(judgement=""),
                name="deviation_judged_as_something",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "deviation", "-at"], name="deviation_step")]
