import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0002_branches'),
        ('core', '0003_qualifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssistanceDecision',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('payer', models.CharField(choices=[('fk', 'Försäkringskassan'), ('municipality', 'Kommunen')], max_length=12)),
                ('reference', models.CharField(blank=True, help_text="Försäkringskassan's own number.", max_length=60)),
                ('hours_per_week', models.DecimalField(decimal_places=2, max_digits=6)),
                ('accounting_months', models.PositiveSmallIntegerField(default=1, help_text='Beräkningsperiod, 1–6 months.')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('arranger', models.CharField(choices=[('municipality', 'Kommunen'), ('company', 'Ett företag eller ett kooperativ'), ('self', 'Den enskilde är arbetsgivare')], max_length=12)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='assistance', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case', '-valid_from'], name='assistance_case'), models.Index(fields=['municipality', 'payer', 'valid_to'], name='assistance_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('accounting_months__range', (1, 6))), name='assistance_accounting'), models.CheckConstraint(condition=models.Q(('hours_per_week__gt', 0), ('hours_per_week__lte', 336)), name='assistance_hours'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='assistance_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='AssistanceMonth',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('first_day', models.DateField()),
                ('due_on', models.DateField(help_text='The 5th of the second month after.')),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('decision', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='months', to='assistance.assistancedecision')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_on', None)), fields=['municipality', 'due_on'], name='assistance_month_due')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'decision', 'first_day'), name='assistance_month_once'), models.CheckConstraint(condition=models.Q(('first_day__day', 1)), name='assistance_month_first_day')],
            },
        ),
        migrations.CreateModel(
            name='Assistant',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('name', models.CharField(max_length=160)),
                ('employee_number', models.CharField(help_text="As in the employer's pay system; no person number.", max_length=40)),
                ('employer', models.CharField(max_length=160)),
                ('employed_from', models.DateField()),
                ('employed_to', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'employer', 'employee_number'), name='assistant_once'), models.CheckConstraint(condition=models.Q(('employed_to', None), ('employed_to__gte', models.F('employed_from')), _connector='OR'), name='assistant_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='MonthAccount',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('number', models.PositiveSmallIntegerField(help_text='1; a corrected account gets the next number.')),
                ('minutes', models.PositiveIntegerField(help_text='That count, after waiting time and standby are weighed.')),
                ('first_minutes', models.PositiveIntegerField(help_text='Of them, those the municipality pays for.')),
                ('ore', models.BigIntegerField(help_text='Of the rest at the hourly amount; none where that is unknown.', null=True)),
                ('hourly_ore', models.PositiveIntegerField(null=True)),
                ('verify', models.BooleanField(help_text='The hourly amount is not confirmed.')),
                ('receipt', models.CharField(blank=True, max_length=120)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('month', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='assistance.assistancemonth')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'month', 'number'), name='account_number_once'), models.CheckConstraint(condition=models.Q(('first_minutes__lte', models.F('minutes'))), name='account_first_within')],
            },
        ),
        migrations.CreateModel(
            name='TimeReport',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('state', models.CharField(choices=[('draft', 'Skrivs'), ('handed_in', 'Inlämnad'), ('approved', 'Godkänd')], default='draft', max_length=10)),
                ('reported_by_user_id', models.BigIntegerField(null=True)),
                ('reported_by', models.CharField(blank=True, max_length=160)),
                ('reported_at', models.DateTimeField(null=True)),
                ('approved_by_user_id', models.BigIntegerField(null=True)),
                ('approved_by', models.CharField(blank=True, max_length=160)),
                ('approved_at', models.DateTimeField(null=True)),
                ('returned_why', models.TextField(blank=True)),
                ('assistant', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='assistance.assistant')),
                ('month', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='assistance.assistancemonth')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'month', 'assistant'), name='report_once_a_month'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_by_user_id', models.F('reported_by_user_id')), _negated=True), _connector='OR'), name='report_approved_by_another')],
            },
        ),
        migrations.CreateModel(
            name='TimeRow',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('day', models.DateField(help_text='The Swedish day on which it begins; a row never runs past midnight.')),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('active', 'Aktiv tid'), ('waiting', 'Väntetid'), ('standby', 'Beredskap')], max_length=8)),
                ('struck_at', models.DateTimeField(blank=True, null=True)),
                ('struck_by', models.CharField(blank=True, max_length=160)),
                ('struck_why', models.CharField(blank=True, max_length=400)),
                ('assistant', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='assistance.assistant')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('report', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='assistance.timereport')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'assistant', 'begins_at'], name='time_row_assistant'), models.Index(fields=['municipality', 'report', 'begins_at'], name='time_row_report')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='time_row_of_some_time')],
            },
        ),
    ]
