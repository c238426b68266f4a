"""When a figure was counted: one of a day that has been is told as such."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the moment; figures from before have none, and were counted on their day."""

    dependencies: ClassVar = [("statistics", "0002_making")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="figure",
            name="counted_at",
            field=models.DateTimeField(help_text="Later than its day: counted afterwards.", null=True),
        ),
    ]
