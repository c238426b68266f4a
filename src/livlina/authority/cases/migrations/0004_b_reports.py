import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_w_workshop'),
        ('core', '0003_qualifications'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConcernReport',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('process_code', models.CharField(max_length=40)),
                ('process_version', models.CharField(max_length=10)),
                ('answers', models.JSONField(help_text='As FactSpec.dump, by the name of the fact.')),
                ('sha256', models.CharField(help_text='Of the canonical JSON of what was reported.', max_length=64)),
                ('receipt_number', models.CharField(max_length=16)),
                ('received_on', models.DateField(help_text='FL 22 §: every clock begins here, never at registration.')),
                ('received_how', models.CharField(choices=[('e_service', 'E-tjänst'), ('email', 'E-post'), ('visit', 'Vid besök'), ('phone', 'Per telefon'), ('post', 'Med post'), ('letter_box', 'I brevlådan')], max_length=12)),
                ('online', models.BooleanField(help_text='Written by the reporter, without signing in.')),
                ('anonymous', models.BooleanField()),
                ('under_duty', models.BooleanField(help_text='May be told whether an investigation was opened.')),
                ('sorted_at', models.DateTimeField(blank=True, help_text='When its children got their intakes.', null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sorted_at', None)), fields=['municipality', 'received_on'], name='report_unsorted')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'receipt_number'), name='report_receipt_once'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='report_hashed'), models.CheckConstraint(condition=models.Q(('anonymous', False), ('under_duty', False), _connector='OR'), name='report_duty_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='ReportedPerson',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('report', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reported', to='cases.concernreport')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case'], name='reported_case')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'report', 'person'), name='reported_once')],
            },
        ),
    ]
