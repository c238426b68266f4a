import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0004_b_reports'),
        ('core', '0003_qualifications'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Home',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('kinds', models.JSONField(default=list, help_text='Codes of KINDS it is interested in.', verbose_name='uppdrag')),
                ('place', models.CharField(help_text='The municipality it lies in.', max_length=80, verbose_name='kommun')),
                ('since', models.DateField()),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('case', livlina.core.models.base.TenantForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('contact', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('case__isnull', False)), fields=('municipality', 'case'), name='home_of_one_case'), models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('since')), _connector='OR'), name='home_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('kind', models.CharField(choices=[('foster_home', 'Familjehem'), ('on_call_home', 'Jourhem'), ('contact_person', 'Kontaktperson'), ('contact_family', 'Kontaktfamilj'), ('companion', 'Ledsagare'), ('respite', 'Avlösare')], max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('written_by_id', models.BigIntegerField()),
                ('written_by_name', models.CharField(max_length=160)),
                ('signed_on', models.DateField(blank=True, null=True)),
                ('signed_by_id', models.BigIntegerField(blank=True, null=True)),
                ('signed_by_name', models.CharField(blank=True, max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('home', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='contractors.home')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='contract_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('signed_by_id', None), ('signed_on', None)), models.Q(('signed_by_id__isnull', False), ('signed_on__isnull', False), models.Q(('signed_by_id', models.F('written_by_id')), _negated=True)), _connector='OR'), name='contract_signed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('kinds', models.JSONField()),
                ('capacity', models.PositiveSmallIntegerField()),
                ('age_from', models.PositiveSmallIntegerField()),
                ('age_to', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('home', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='contractors.home')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('capacity__gte', 1)), name='approval_for_someone'), models.CheckConstraint(condition=models.Q(('age_to__gte', models.F('age_from'))), name='approval_ages_in_order'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='approval_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Adult',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('home', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='adults', to='contractors.home')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('municipality', 'home', 'person'), name='adult_once')],
            },
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('home_id', models.UUIDField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('kinds', models.JSONField(default=list)),
                ('place', models.CharField(max_length=80)),
                ('capacity', models.PositiveSmallIntegerField()),
                ('age_from', models.PositiveSmallIntegerField()),
                ('age_to', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('foster_home', 'Familjehem'), ('on_call_home', 'Jourhem'), ('contact_person', 'Kontaktperson'), ('contact_family', 'Kontaktfamilj'), ('companion', 'Ledsagare'), ('respite', 'Avlösare')], max_length=20)),
                ('age_from', models.PositiveSmallIntegerField()),
                ('age_to', models.PositiveSmallIntegerField()),
                ('fee_ore', models.PositiveIntegerField(help_text='Arvode, öre a month.')),
                ('expenses_ore', models.PositiveIntegerField(help_text='Omkostnadsersättning, öre a month.')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('source', models.CharField(help_text='The circular it is taken from.', max_length=160)),
                ('verify', models.BooleanField(default=True, help_text='Not yet read against the circular by two persons.')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'kind', 'age_from', 'valid_from'), name='rate_once_a_day'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='rate_has_source')],
            },
        ),
        migrations.CreateModel(
            name='Remuneration',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('fee_ore', models.PositiveIntegerField()),
                ('expenses_ore', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('source', models.CharField(max_length=160)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by_id', models.BigIntegerField(blank=True, null=True)),
                ('confirmed_by_name', models.CharField(blank=True, max_length=160)),
                ('contract', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='remunerations', to='contractors.contract')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by_id', None), models.Q(('confirmed_by_id', models.F('by_user_id')), _negated=True), _connector='OR'), name='remuneration_confirmed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('on', models.DateField()),
                ('home', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='contractors.home')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=64)),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, help_text='Last day.', null=True)),
                ('listing', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='contractors.listing')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('municipality', 'listing', 'source'), name='stay_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('begins_on')), _connector='OR'), name='stay_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('register', models.CharField(choices=[('criminal', 'Belastningsregistret'), ('suspicion', 'Misstankeregistret')], max_length=10)),
                ('asked_on', models.DateField()),
                ('shown_on', models.DateField(blank=True, null=True)),
                ('shown_to', models.CharField(blank=True, max_length=160)),
                ('adult', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='contractors.adult')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('register__in', ('criminal', 'suspicion'))), name='check_known'), models.CheckConstraint(condition=models.Q(models.Q(('shown_on', None), ('shown_to', '')), models.Q(('shown_on__isnull', False), models.Q(('shown_to', ''), _negated=True)), _connector='OR'), name='check_shown_to_someone')],
            },
        ),
        migrations.CreateModel(
            name='Basis',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('month', models.DateField(help_text='The first day of the month.')),
                ('days', models.PositiveSmallIntegerField(help_text='Days of the month the contract was in force.')),
                ('fee_ore', models.PositiveIntegerField()),
                ('expenses_ore', models.PositiveIntegerField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by_id', models.BigIntegerField(blank=True, null=True)),
                ('approved_by_name', models.CharField(blank=True, max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('contract', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='bases', to='contractors.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'contract', 'month'), name='basis_once_a_month'), models.CheckConstraint(condition=models.Q(('approved_by_id', None), models.Q(('approved_by_id', models.F('by_user_id')), _negated=True), _connector='OR'), name='basis_approved_by_another')],
            },
        ),
    ]
