import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
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
            name='File',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(verbose_name='bok')),
                ('law', models.CharField(choices=[('SoL', 'Socialtjänstlagen'), ('LSS', 'Lagen om stöd och service till vissa funktionshindrade'), ('LVU', 'Lagen med särskilda bestämmelser om vård av unga'), ('LVM', 'Lagen om vård av missbrukare i vissa fall'), ('SFB', 'Socialförsäkringsbalken'), ('FB', 'Föräldrabalken'), ('HSL', 'Hälso- och sjukvårdslagen')], help_text='What its notes usually rest on.', max_length=4, verbose_name='lagrum')),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.BigIntegerField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='people.person')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'person'], name='file_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('municipality', 'person', 'compartment', 'unit'), name='file_open_once'), models.CheckConstraint(condition=models.Q(('compartment__in', [1, 2, 3])), name='file_in_a_book'), models.CheckConstraint(condition=models.Q(models.Q(('compartment', 3), ('law', 'HSL')), models.Q(models.Q(('compartment', 3), _negated=True), models.Q(('law', 'HSL'), _negated=True)), _connector='OR'), name='file_law_fits_book'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='file_closes_after')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField()),
                ('form', models.CharField(max_length=80)),
                ('tab', models.UUIDField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('text', models.TextField(blank=True)),
                ('fields', models.JSONField(default=dict)),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(help_text='When the unit was told that it lies unfinished.', null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='journal.file')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'user', 'file', 'form', 'tab'), name='draft_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(verbose_name='bok')),
                ('author_id', models.BigIntegerField(help_text='The user; 0 is Livlina itself.')),
                ('author_name', models.CharField(max_length=160)),
                ('author_title', models.CharField(help_text='As it was then: titles change.', max_length=80)),
                ('author_unit', models.CharField(max_length=120)),
                ('author_unit_id', models.UUIDField(null=True)),
                ('authored_at', models.DateTimeField(help_text="The server's time; nobody sets it.", verbose_name='skriven')),
                ('seq', models.BigIntegerField(default=0)),
                ('salt', models.UUIDField(help_text='Destroyed with the text, so that the digest tells nothing.', null=True)),
                ('digest', models.BinaryField(default=b'')),
                ('prev_hash', models.BinaryField(default=b'')),
                ('hash', models.BinaryField(default=b'')),
                ('log_index', models.BigIntegerField(null=True)),
                ('client_id', models.UUIDField(help_text='Made where it was written, before it was sent.')),
                ('content_hash', models.BinaryField(help_text='Of what the author gave: the same twice is the same note.')),
                ('event_at', models.DateTimeField(verbose_name='hände')),
                ('event_precision', models.CharField(choices=[('minute', 'Klockslag'), ('day', 'Dag')], max_length=6)),
                ('late_reason', models.CharField(blank=True, max_length=400, verbose_name='skäl till sen anteckning')),
                ('kind', models.CharField(choices=[('phone', 'Telefonsamtal'), ('home_visit', 'Hembesök'), ('meeting', 'Möte'), ('letter', 'Brev eller meddelande'), ('received_document', 'Inkommen handling'), ('decision_ref', 'Beslut'), ('measure', 'Åtgärd'), ('significant_event', 'Händelse av betydelse'), ('follow_up', 'Uppföljning'), ('child_talk', 'Samtal med barn'), ('deviation_ref', 'Avvikelse'), ('health_status', 'Hälsotillstånd')], max_length=24, verbose_name='slag')),
                ('law', models.CharField(choices=[('SoL', 'Socialtjänstlagen'), ('LSS', 'Lagen om stöd och service till vissa funktionshindrade'), ('LVU', 'Lagen med särskilda bestämmelser om vård av unga'), ('LVM', 'Lagen om vård av missbrukare i vissa fall'), ('SFB', 'Socialförsäkringsbalken'), ('FB', 'Föräldrabalken'), ('HSL', 'Hälso- och sjukvårdslagen')], max_length=4, verbose_name='lagrum')),
                ('source_person', models.CharField(blank=True, max_length=160, verbose_name='uppgiftslämnare')),
                ('life_areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, default=list, size=None)),
                ('text', models.TextField(verbose_name='anteckning')),
                ('about_type', models.CharField(blank=True, help_text='`label` of a row in a room above.', max_length=64)),
                ('about_id', models.UUIDField(null=True)),
                ('cites_author', models.CharField(blank=True, help_text='Who first wrote a moved note.', max_length=380)),
                ('cites_at', models.DateTimeField(help_text='When a moved note was first written.', null=True)),
                ('placed_at', models.DateTimeField(help_text='Where it stands in the timeline: event_at, or as corrected.')),
                ('struck_at', models.DateTimeField(null=True)),
                ('sealed_at', models.DateTimeField(null=True)),
                ('signed_at', models.DateTimeField(null=True, verbose_name='signerad')),
                ('signed_by', models.BigIntegerField(null=True)),
                ('signed_name', models.CharField(blank=True, max_length=240)),
                ('file', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='journal.file')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('variant_of', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='journal.note')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['municipality', 'person', '-placed_at', '-seq'], name='note_timeline'), models.Index(fields=['municipality', 'content_hash'], name='note_content')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'person', 'compartment', 'seq'), name='note_place_once'), models.UniqueConstraint(fields=('municipality', 'author_id', 'client_id', 'content_hash'), name='note_sent_once'), models.CheckConstraint(condition=models.Q(('event_at__lte', models.F('authored_at'))), name='note_not_in_the_future'), models.CheckConstraint(condition=models.Q(('event_at__gte', django.db.models.expressions.CombinedExpression(models.F('authored_at'), '-', models.Value(datetime.timedelta(days=30)))), models.Q(('late_reason', ''), _negated=True), _connector='OR'), name='note_late_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('compartment', 3), ('law', 'HSL')), models.Q(models.Q(('compartment', 3), _negated=True), models.Q(('law', 'HSL'), _negated=True)), _connector='OR'), name='note_law_fits_book'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('about_id__isnull', True), ('about_type', '')), models.Q(models.Q(('about_type', ''), _negated=True), ('about_id__isnull', False)), _connector='OR'), name='note_about_whole'), models.CheckConstraint(condition=models.Q(models.Q(('cites_at__isnull', True), ('cites_author', '')), models.Q(models.Q(('cites_author', ''), _negated=True), ('cites_at__isnull', False)), _connector='OR'), name='note_cites_whole'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', True), ('signed_by__isnull', True)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='note_signed_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='Dissent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(verbose_name='bok')),
                ('author_id', models.BigIntegerField(help_text='The user; 0 is Livlina itself.')),
                ('author_name', models.CharField(max_length=160)),
                ('author_title', models.CharField(help_text='As it was then: titles change.', max_length=80)),
                ('author_unit', models.CharField(max_length=120)),
                ('author_unit_id', models.UUIDField(null=True)),
                ('authored_at', models.DateTimeField(help_text="The server's time; nobody sets it.", verbose_name='skriven')),
                ('seq', models.BigIntegerField(default=0)),
                ('salt', models.UUIDField(help_text='Destroyed with the text, so that the digest tells nothing.', null=True)),
                ('digest', models.BinaryField(default=b'')),
                ('prev_hash', models.BinaryField(default=b'')),
                ('hash', models.BinaryField(default=b'')),
                ('log_index', models.BigIntegerField(null=True)),
                ('said_by', models.CharField(max_length=160, verbose_name='vem säger det')),
                ('text', models.TextField(verbose_name='den enskildes uppfattning')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('note', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='dissents', to='journal.note')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'person', 'compartment', 'seq'), name='dissent_place_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='dissent_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(verbose_name='bok')),
                ('author_id', models.BigIntegerField(help_text='The user; 0 is Livlina itself.')),
                ('author_name', models.CharField(max_length=160)),
                ('author_title', models.CharField(help_text='As it was then: titles change.', max_length=80)),
                ('author_unit', models.CharField(max_length=120)),
                ('author_unit_id', models.UUIDField(null=True)),
                ('authored_at', models.DateTimeField(help_text="The server's time; nobody sets it.", verbose_name='skriven')),
                ('seq', models.BigIntegerField(default=0)),
                ('salt', models.UUIDField(help_text='Destroyed with the text, so that the digest tells nothing.', null=True)),
                ('digest', models.BinaryField(default=b'')),
                ('prev_hash', models.BinaryField(default=b'')),
                ('hash', models.BinaryField(default=b'')),
                ('log_index', models.BigIntegerField(null=True)),
                ('kind', models.CharField(choices=[('struck_wrong_text', 'Fel text stryks'), ('wrong_person', 'Fel person'), ('wrong_date', 'Fel datum'), ('wrong_law', 'Fel lagrum'), ('duplicate', 'Dubblett'), ('supplement', 'Komplettering')], max_length=20, verbose_name='rättelse')),
                ('reason', models.CharField(max_length=400, verbose_name='skäl')),
                ('corrected_event_at', models.DateTimeField(null=True)),
                ('corrected_precision', models.CharField(blank=True, choices=[('minute', 'Klockslag'), ('day', 'Dag')], max_length=6)),
                ('corrected_law', models.CharField(blank=True, choices=[('SoL', 'Socialtjänstlagen'), ('LSS', 'Lagen om stöd och service till vissa funktionshindrade'), ('LVU', 'Lagen med särskilda bestämmelser om vård av unga'), ('LVM', 'Lagen om vård av missbrukare i vissa fall'), ('SFB', 'Socialförsäkringsbalken'), ('FB', 'Föräldrabalken'), ('HSL', 'Hälso- och sjukvårdslagen')], max_length=4)),
                ('sealed', models.BooleanField(default=False, help_text="The text no longer shows in this person's file.")),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('note', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='journal.note')),
                ('replacement', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='journal.note')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'person', 'compartment', 'seq'), name='correction_place_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'wrong_date'), ('corrected_event_at__isnull', False), models.Q(('corrected_precision', ''), _negated=True)), models.Q(models.Q(('kind', 'wrong_date'), _negated=True), ('corrected_event_at__isnull', True), ('corrected_precision', '')), _connector='OR'), name='correction_date_when_wrong'), models.CheckConstraint(condition=models.Q(('corrected_event_at__isnull', True), ('corrected_event_at__lte', models.F('authored_at')), _connector='OR'), name='correction_not_in_the_future'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'wrong_law'), models.Q(('corrected_law', ''), _negated=True)), models.Q(models.Q(('kind', 'wrong_law'), _negated=True), ('corrected_law', '')), _connector='OR'), name='correction_law_when_wrong'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'wrong_person'), ('sealed', True)), models.Q(models.Q(('kind', 'wrong_person'), _negated=True), ('sealed', False)), _connector='OR'), name='correction_seals_wrong_person'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['wrong_person', 'duplicate', 'supplement']), _negated=True), ('replacement__isnull', False), _connector='OR'), name='correction_names_replacement'), models.UniqueConstraint(condition=models.Q(('kind__in', ['struck_wrong_text', 'wrong_person', 'duplicate'])), fields=('municipality', 'note', 'kind'), name='correction_strikes_once')],
            },
        ),
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField()),
                ('seq', models.BigIntegerField()),
                ('hash', models.BinaryField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'person', 'compartment'), name='chain_head_once')],
            },
        ),
    ]
