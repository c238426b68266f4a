"""A unit may end, and an assignment may be taken back before it began."""

import datetime
from typing import ClassVar

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the column, and let an assignment end the day before it begins: it then never held."""

    dependencies: ClassVar = [
        ("core", "0003_qualifications"),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_ends_after_start",
        ),
        migrations.AddField(
            model_name="unit",
            name="ended_on",
            field=models.DateField(
                blank=True, help_text="Nobody is given an assignment there any more.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    (
                        "valid_to__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("valid_from"), "-", models.Value(datetime.timedelta(days=1))
                        ),
                    ),
                    _connector="OR",
                ),
                name="assignment_ends_after_start",
            ),
        ),
    ]
