"""Earlier rows of a person: marked, mirrored, and never moved."""

from typing import ClassVar

import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the mark, and the record of who set it."""

    dependencies: ClassVar = [
        ('core', '0004_administration'),
        ('people', '0001_initial'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='SamePerson',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=400, verbose_name='skäl')),
                ('before', models.JSONField(help_text='What the earlier row said of the person, to give back if this was wrong.')),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField()),
                ('by_name', models.CharField(max_length=160)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_name', models.CharField(blank=True, max_length=160)),
                ('end_reason', models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.AddField(
            model_name='person',
            name='same_as',
            field=livlina.core.models.base.TenantForeignKey(blank=True, db_constraint=False, db_index=False, help_text="The row with this person's number, for a row that was made before it was known. It mirrors that one.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='also', to='people.person'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('same_as__isnull', False)), fields=['municipality', 'same_as'], name='person_also'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('same_as__isnull', True), models.Q(('same_as', models.F('id')), _negated=True), _connector='OR'), name='person_same_as_another'),
        ),
        migrations.AddField(
            model_name='sameperson',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality'),
        ),
        migrations.AddField(
            model_name='sameperson',
            name='person',
            field=livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='samenesses', to='people.person'),
        ),
        migrations.AddField(
            model_name='sameperson',
            name='same_as',
            field=livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='earlier_rows', to='people.person'),
        ),
        migrations.AddConstraint(
            model_name='sameperson',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('municipality', 'person'), name='same_person_once'),
        ),
        migrations.AddConstraint(
            model_name='sameperson',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('same_as')), _negated=True), name='same_person_two_rows'),
        ),
        migrations.AddConstraint(
            model_name='sameperson',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='same_person_says_why'),
        ),
    ]
