import django.contrib.postgres.fields
import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0005_keypair'),
        ('people', '0002_same_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('kind', models.CharField(choices=[('shift', 'Arbetspass'), ('stand_in', 'Vikariat eller byte'), ('round', 'Nattpatrull eller larm'), ('nursing', 'Hälso- och sjukvård'), ('fitting', 'Montering'), ('emergency', 'Nödöppning'), ('continuation', 'Fortsättning vid avbrott')], max_length=12)),
                ('name', models.CharField(help_text="The token's `cti`, 16 bytes in hexadecimals.", max_length=32)),
                ('holder_name', models.CharField(max_length=160)),
                ('thumbprint', models.CharField(help_text="Of the phone's key.", max_length=64)),
                ('lock_numbers', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveBigIntegerField(), default=list, size=None)),
                ('area', models.CharField(blank=True, max_length=80)),
                ('not_before', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(help_text='Emergency: when a lock or the phone told of it.', null=True)),
                ('used_reason', models.CharField(blank=True, max_length=200)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('reviewed_by', models.CharField(blank=True, max_length=160)),
                ('review', models.CharField(blank=True, max_length=400)),
                ('holder', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.assignment')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'thumbprint'], name='grant_phone'), models.Index(fields=['municipality', 'unit', '-made_at'], name='grant_unit')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'name'), name='grant_name_once'), models.CheckConstraint(condition=models.Q(('expires__gt', models.F('not_before'))), name='grant_ends_after')],
            },
        ),
        migrations.CreateModel(
            name='Lock',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('number', models.PositiveBigIntegerField(help_text='Below 2**32; random, never reused.', verbose_name='låsets nummer')),
                ('area', models.CharField(blank=True, max_length=80, verbose_name='område')),
                ('place', models.CharField(default='Ytterdörren', max_length=80, verbose_name='vilken dörr')),
                ('vendor', models.CharField(default='simulator', max_length=20, verbose_name='fabrikat')),
                ('model', models.CharField(blank=True, max_length=60, verbose_name='modell')),
                ('serial', models.CharField(blank=True, max_length=40, verbose_name='serienummer')),
                ('state', models.CharField(choices=[('planned', 'Ska monteras'), ('fitted', 'Monterat'), ('faulty', 'Ur funktion'), ('removed', 'Borttaget')], default='planned', max_length=8)),
                ('epoch', models.PositiveIntegerField(default=1, help_text='Tokens of an older epoch open nothing.')),
                ('fit_on', models.DateField(null=True, verbose_name='monteras')),
                ('fitter', models.CharField(blank=True, max_length=160, verbose_name='montör')),
                ('fitted_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('battery', models.PositiveSmallIntegerField(null=True, verbose_name='batteri, procent')),
                ('heard_at', models.DateTimeField(null=True, verbose_name='senast hämtad logg')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='locks', to='people.person')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, help_text='Who goes there.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'person'], name='lock_person'), models.Index(fields=['municipality', 'unit', 'state'], name='lock_unit')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'number'), name='lock_number_once'), models.CheckConstraint(condition=models.Q(('number__range', (1, 4294967295))), name='lock_number_small'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'fitted'), _negated=True), ('fitted_at__isnull', False), _connector='OR'), name='lock_fitted_when')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('whose', models.CharField(choices=[('client', 'Den enskilde'), ('owner', 'Fastighetsägaren')], max_length=6)),
                ('name', models.CharField(max_length=160, verbose_name='vem som samtyckte')),
                ('how', models.CharField(max_length=120, verbose_name='hur')),
                ('given_on', models.DateField()),
                ('withdrawn_on', models.DateField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('lock', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='doors.lock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_on', None)), fields=('municipality', 'lock', 'whose'), name='consent_once')],
            },
        ),
        migrations.CreateModel(
            name='MetalKey',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('number', models.CharField(max_length=20, verbose_name='nyckelnummer')),
                ('place', models.CharField(max_length=80, verbose_name='var den hänger')),
                ('reserve', models.BooleanField(default=False, verbose_name='reserv i förseglad låda')),
                ('out_since', models.DateTimeField(null=True)),
                ('lost_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('holder', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.assignment')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'unit', 'number'), name='metal_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('holder__isnull', True), ('out_since__isnull', True)), models.Q(('holder__isnull', False), ('out_since__isnull', False)), _connector='OR'), name='metal_key_out_with_somebody')],
            },
        ),
        migrations.CreateModel(
            name='MetalKeyEvent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('what', models.CharField(choices=[('made', 'Togs emot'), ('out', 'Lämnades ut'), ('in', 'Lämnades in'), ('lost', 'Förlorades'), ('returned', 'Lämnades tillbaka till ägaren')], max_length=8)),
                ('at', models.DateTimeField()),
                ('holder_name', models.CharField(blank=True, max_length=160)),
                ('by_id', models.BigIntegerField()),
                ('by_name', models.CharField(max_length=160)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('key', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='doors.metalkey')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('number', models.PositiveIntegerField()),
                ('previous', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('raw', models.BinaryField(max_length=400)),
                ('at', models.DateTimeField(help_text="By the lock's clock.")),
                ('outcome', models.CharField(choices=[('opened', 'Öppnade'), ('locked', 'Låste'), ('refused', 'Nekade')], max_length=8)),
                ('fault', models.CharField(blank=True, max_length=24)),
                ('thumbprint', models.CharField(blank=True, max_length=64)),
                ('holder_name', models.CharField(blank=True, max_length=160)),
                ('carried_by', models.CharField(help_text='Thumbprint of the phone that brought it.', max_length=64)),
                ('received_at', models.DateTimeField()),
                ('follows', models.BooleanField(help_text='Whether it follows on the entry before it, by number and hash.')),
                ('grant', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='doors.grant')),
                ('lock', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='doors.lock')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, help_text='Whose door it was that day.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'person', '-at'], name='opening_person'), models.Index(fields=['municipality', 'lock', '-number'], name='opening_lock')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'lock', 'number', 'digest'), name='opening_once')],
            },
        ),
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('number', models.PositiveIntegerField()),
                ('thumbprint', models.CharField(blank=True, max_length=64)),
                ('name', models.CharField(blank=True, help_text="One token's cti.", max_length=32)),
                ('until', models.DateTimeField(help_text='When the last thing it ends would have ended by itself.')),
                ('reason', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'number'), name='revocation_number_once'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('thumbprint', ''), _negated=True), ('name', '')), models.Q(('thumbprint', ''), models.Q(('name', ''), _negated=True)), _connector='OR'), name='revocation_of_one_thing')],
            },
        ),
    ]
