import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0004_b_reports'),
        ('core', '0003_qualifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuarterReport',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('year', models.PositiveSmallIntegerField()),
                ('quarter', models.PositiveSmallIntegerField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'year', 'quarter'), name='unexecuted_once'), models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4)), name='unexecuted_four_quarters')],
            },
        ),
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('cause', models.CharField(choices=[('no_place', 'Ledig plats saknas'), ('no_staff', 'Personal eller uppdragstagare saknas'), ('declined', 'Den enskilde har tackat nej till ett erbjudande'), ('waits', 'Den enskilde vill vänta'), ('illness', 'Sjukdom eller sjukhusvistelse'), ('other', 'Annat skäl')], max_length=12)),
                ('text', models.CharField(max_length=400)),
                ('offered_on', models.DateField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('', 'Inget svar'), ('declined', 'Tackade nej'), ('accepted', 'Tackade ja')], max_length=8)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reasons_unexecuted', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case', '-at'], name='unexecuted_reason_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='unexecuted_reason_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('cause', 'declined'), _negated=True), ('offered_on__isnull', False), _connector='OR'), name='unexecuted_declined_an_offer')],
            },
        ),
        migrations.CreateModel(
            name='ReportRow',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('clock_id', models.UUIDField(help_text='The clock of the case it was read from.')),
                ('kind', models.CharField(choices=[('open', 'Inte verkställt'), ('executed', 'Verkställt'), ('ended', 'Avslutat utan att verkställas')], max_length=8)),
                ('substitute', models.CharField(blank=True, help_text='Stands for the number where none may be shown.', max_length=14)),
                ('sex', models.CharField(blank=True, max_length=6)),
                ('law', models.CharField(max_length=160)),
                ('service', models.CharField(max_length=400)),
                ('decided_on', models.DateField()),
                ('interrupted_on', models.DateField(null=True)),
                ('cause', models.CharField(blank=True, choices=[('no_place', 'Ledig plats saknas'), ('no_staff', 'Personal eller uppdragstagare saknas'), ('declined', 'Den enskilde har tackat nej till ett erbjudande'), ('waits', 'Den enskilde vill vänta'), ('illness', 'Sjukdom eller sjukhusvistelse'), ('other', 'Annat skäl')], max_length=12)),
                ('text', models.CharField(blank=True, max_length=400)),
                ('offered_on', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('', 'Inget svar'), ('declined', 'Tackade nej'), ('accepted', 'Tackade ja')], max_length=8)),
                ('done_on', models.DateField(help_text='Carried out, or ended.', null=True)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('report', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='unexecuted.quarterreport')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'clock_id'], name='unexecuted_clock')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'report', 'clock_id'), name='unexecuted_row_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_on', None), ('kind', 'open')), models.Q(models.Q(('kind', 'open'), _negated=True), ('done_on__isnull', False)), _connector='OR'), name='unexecuted_done_some_day')],
            },
        ),
    ]
