import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_enter'),
        ('core', '__first__'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(help_text="The owner's side of the wall: the other side's rows are not seen.")),
                ('type', models.CharField(max_length=64)),
                ('object_type', models.CharField(help_text='What it is about: a label this room does not know.', max_length=64)),
                ('object_id', models.UUIDField()),
                ('role', models.CharField(max_length=32)),
                ('opened_at', models.DateTimeField()),
                ('shown_from', models.DateTimeField(help_text='Before this moment it disturbs nobody.')),
                ('due_at', models.DateTimeField()),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('level', models.SmallIntegerField(default=0, help_text='Rungs of the ladder recorded as climbed.')),
                ('acted_at', models.DateTimeField(help_text='When a person first did something about it.', null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_why', models.CharField(blank=True, max_length=200)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['municipality', 'object_id'], name='watch_open_source'), models.Index(fields=['municipality', 'shown_from', 'type'], name='watch_measured')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('municipality', 'type', 'object_type', 'object_id'), name='watch_once'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='watch_closes_after'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_why', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='watch_says_why_closed'), models.CheckConstraint(condition=models.Q(('shown_from__gte', models.F('opened_at'))), name='watch_shown_after')],
            },
        ),
        migrations.CreateModel(
            name='WatchDesk',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField()),
                ('rung', models.SmallIntegerField(help_text="0 is the owner's desk.")),
                ('role', models.CharField(max_length=32)),
                ('since', models.DateTimeField()),
                ('recorded', models.BooleanField(default=False, help_text='Whether the climb to this rung stands in WatchEvent.')),
                ('type', models.CharField(max_length=64)),
                ('calm', models.BooleanField(help_text='False for a dangerous watch, so that danger sorts first.')),
                ('due_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('watch', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='watches.watch')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'role', 'unit', 'calm', 'due_at', 'id'], include=('compartment', 'user', 'since', 'type'), name='watch_desk_list'), models.Index(condition=models.Q(('recorded', False)), fields=['municipality', 'since'], name='watch_desk_climb')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'watch', 'rung'), name='watch_desk_once')],
            },
        ),
        migrations.CreateModel(
            name='WatchEvent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField()),
                ('kind', models.CharField(choices=[('raised', 'uppkom'), ('acted', 'åtgärdad'), ('snoozed', 'uppskjuten'), ('handed_over', 'överlämnad'), ('escalated', 'eskalerad'), ('ignored', 'inget för mig'), ('closed', 'avslutad')], max_length=12)),
                ('at', models.DateTimeField(help_text='When it took effect; for an escalation the second it was due.')),
                ('recorded_at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=160)),
                ('role', models.CharField(help_text='Whoever acted; for an escalation the role it climbed to.', max_length=32)),
                ('unit_name', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('watch', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='watches.watch')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'watch', 'at'], name='watch_event_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['snoozed', 'ignored', 'handed_over']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='watch_event_has_reason')],
            },
        ),
    ]
