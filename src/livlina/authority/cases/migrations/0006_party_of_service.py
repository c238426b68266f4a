"""A decision is served on each party of its own."""

from typing import ClassVar

import django.db.models.deletion
import livlina.core.models.base
from django.db import migrations


class Migration(migrations.Migration):
    """Add the column; empty is the one the case is about."""

    dependencies: ClassVar = [
        ('cases', '0005_p_decisions'),
        ('people', '0002_same_person'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='serviceofnotice',
            name='party',
            field=livlina.core.models.base.TenantForeignKey(blank=True, db_constraint=False, help_text='Empty: the one the case is about.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
    ]
