"""The care plan (genomförandeplan): how an ordered service is carried out, made with the person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from livlina.core.models import PermanentModel, TenantForeignKey
from livlina.provider.homecare.models.words import PROVIDER

TIMES = [
    ("morning", "Morgon"),
    ("forenoon", "Förmiddag"),
    ("noon", "Mitt på dagen"),
    ("afternoon", "Eftermiddag"),
    ("evening", "Kväll"),
    ("night", "Natt"),
]
OUTCOMES = [
    ("kept", "Planen gäller som den är"),
    ("changed", "Planen ändras"),
    ("need", "Behovet har ändrats: myndigheten ska få veta"),
]


class CarePlan(PermanentModel):
    """One version of a plan. The newest number holds; older ones stay to be read."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    order = TenantForeignKey("orders.Order", related_name="care_plans")
    person = TenantForeignKey("people.Person", related_name="care_plans")
    unit = TenantForeignKey("core.Unit", related_name="+")
    number = models.PositiveSmallIntegerField()
    goal = models.TextField("mål")
    participation = models.TextField("hur den enskilde har deltagit")
    wishes = models.TextField("önskemål", blank=True)
    follow_up_on = models.DateField("följs upp senast")
    agreed_at = models.DateTimeField()
    author_id = models.BigIntegerField()
    author_name = models.CharField(max_length=160)
    author_title = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "order", "number"], name="care_plan_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(compartment=PROVIDER), name="care_plan_is_the_providers"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "unit", "follow_up_on"], name="care_plan_follow_up")]


class PlannedTask(PermanentModel):
    """One thing to be done, with the life area it serves: the same code as in investigation, decision and order."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    plan = TenantForeignKey(CarePlan, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    what = models.CharField("vad", max_length=200)
    how = models.TextField("hur", blank=True)
    life_area = models.CharField(max_length=20, blank=True)
    times = ArrayField(models.CharField(max_length=10, choices=TIMES), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    double_staffing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "position"], name="planned_task_place"),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True) | models.Q(minutes__range=(1, 600)),
                name="planned_task_minutes",
            ),
        ]

    @property
    def when_words(self) -> str:
        """`morgon, kväll; må, to; 20 minuter; två i personalen`."""
        names = dict(TIMES)
        days = ["må", "ti", "on", "to", "fr", "lö", "sö"]
        parts = [
            ", ".join(names[time].lower() for time in self.times),
            ", ".join(days[day - 1] for day in self.weekdays),
            f"{self.minutes} minuter" if self.minutes else "",
            "två i personalen" if self.double_staffing else "",
        ]
        return "; ".join(part for part in parts if part)


class PlanReview(PermanentModel):
    """A follow-up of a plan: what came of it, who took part."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    plan = TenantForeignKey(CarePlan, related_name="reviews")
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=160)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    text = models.TextField()
    next_on = models.DateField("nästa uppföljning")
