import django.contrib.postgres.fields
import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('kind', models.CharField(choices=[('staff', 'Personal'), ('citizen', 'Enskild')], default='staff', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('language', models.CharField(default='sv', max_length=8)),
                ('appearance', models.CharField(default='auto', help_text='auto, light or dark', max_length=8)),
                ('single_keys', models.BooleanField(default=True, help_text='Single-letter shortcuts (WCAG 2.1.4).')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('code', models.CharField(max_length=4, unique=True, verbose_name='kommunkod')),
                ('parameters', models.JSONField(default=dict, help_text='Values for settings.PARAMETERS; never steps of a process.')),
            ],
        ),
        migrations.CreateModel(
            name='RecurringRun',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('name', models.CharField(max_length=120)),
                ('side', models.CharField(choices=[('authority', 'Myndighet'), ('provider', 'Utförare'), ('operations', 'Förvaltning')], max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'name'), name='unit_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='core.unit')),
                ('role', models.CharField(max_length=32)),
                ('title', models.CharField(help_text='As it stands below a note or a decision.', max_length=80)),
                ('compartments', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, size=None)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='assignment_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('assignment_id', models.UUIDField(null=True)),
                ('actor_name', models.CharField(max_length=160)),
                ('role', models.CharField(max_length=32)),
                ('unit_id', models.UUIDField(null=True)),
                ('unit_name', models.CharField(max_length=120)),
                ('verb', models.CharField(max_length=64)),
                ('outcome', models.CharField(choices=[('read', 'läste'), ('wrote', 'skrev'), ('refused', 'nekades')], max_length=8)),
                ('person_id', models.UUIDField(null=True)),
                ('object_type', models.CharField(blank=True, max_length=64)),
                ('object_id', models.CharField(blank=True, max_length=64)),
                ('review', models.CharField(blank=True, help_text='Why it must be looked at: outside, protected…', max_length=24)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('detail', models.JSONField(default=dict, help_text='Identifiers and codes only, never text from a case.')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'person_id', '-at'], name='audit_person'), models.Index(fields=['municipality', 'user_id', '-at'], name='audit_user'), models.Index(condition=models.Q(('review', ''), _negated=True), fields=['municipality', '-at'], name='audit_review')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('assignment_id', models.UUIDField(null=True)),
                ('person_id', models.UUIDField(help_text="The citizen's own person row.", null=True)),
                ('created_at', models.DateTimeField(null=True)),
                ('device', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'db_table': 'core_session',
                'abstract': False,
                'indexes': [models.Index(fields=['user'], name='session_user')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('user_id', models.BigIntegerField()),
                ('key', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('location', models.CharField(help_text='Where the first answer sent the browser.', max_length=400)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'user_id', 'key'), name='submission_once')],
            },
        ),
    ]
