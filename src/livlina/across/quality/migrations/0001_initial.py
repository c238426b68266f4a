import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_enter'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deviation',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(help_text='Made with the form: the same report sent twice is one.')),
                ('person_id', models.UUIDField(null=True)),
                ('order_id', models.UUIDField(null=True)),
                ('happened_at', models.DateTimeField()),
                ('reported_at', models.DateTimeField()),
                ('reporter_id', models.BigIntegerField()),
                ('reporter_name', models.CharField(max_length=160)),
                ('reporter_title', models.CharField(max_length=80)),
                ('track', models.CharField(choices=[('social', 'Socialtjänst (SoL, LSS)'), ('health', 'Hälso- och sjukvård'), ('it', 'IT-störning'), ('environment', 'Arbetsmiljö'), ('data', 'Personuppgifter')], max_length=12)),
                ('what', models.TextField()),
                ('measure', models.TextField(blank=True, help_text='What was done at once.')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'unit', '-reported_at'], name='deviation_unit')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'client_id'), name='deviation_told_once'), models.CheckConstraint(condition=models.Q(('happened_at__lte', models.F('reported_at'))), name='deviation_not_in_the_future')],
            },
        ),
        migrations.CreateModel(
            name='DeviationStep',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField()),
                ('user_name', models.CharField(max_length=160)),
                ('kind', models.CharField(choices=[('judged', 'Bedömd'), ('measure', 'Åtgärd'), ('closed', 'Avslutad')], max_length=8)),
                ('judgement', models.CharField(blank=True, choices=[('minor', 'Avvikelse, åtgärdas i verksamheten'), ('lex_sarah', 'Missförhållande eller påtaglig risk: utreds enligt lex Sarah'), ('lex_maria', 'Vårdskada eller risk: utreds enligt patientsäkerhetslagen'), ('none', 'Ingen avvikelse')], max_length=12)),
                ('text', models.TextField()),
                ('deviation', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='quality.deviation')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'deviation', '-at'], name='deviation_step')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'judged'), _negated=True), models.Q(('judgement', ''), _negated=True), _connector='OR'), name='deviation_judged_as_something')],
            },
        ),
    ]
