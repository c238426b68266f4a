import django.contrib.postgres.fields
import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0005_keypair'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('keywords', models.CharField(blank=True, help_text='Other words people use for it.', max_length=300)),
                ('kind', models.CharField(choices=[('sign_in', 'Inloggning och lösenord'), ('access', 'Behörighet och uppdrag'), ('journal', 'Journal och anteckningar'), ('cases', 'Ärenden, beslut och brev'), ('orders', 'Beställningar'), ('visits', 'Besök, schema och mobilen'), ('alarms', 'Trygghetslarm'), ('doors', 'Dörrar och lås'), ('payments', 'Försörjningsstöd och utbetalningar'), ('correction', 'Rättelse som bara supporten får göra'), ('outage', 'Något är långsamt eller ligger nere'), ('wish', 'Önskemål'), ('other', 'Något annat')], max_length=12)),
                ('audience', models.CharField(choices=[('staff', 'Personal'), ('citizen', 'Enskilda'), ('desk', 'Bara supporten')], default='staff', max_length=8)),
                ('pages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, help_text='Beginnings of route names.', size=None)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('owner_name', models.CharField(max_length=160)),
                ('ended_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'title'), name='sheet_title_once'), models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='sheet_says_something')],
            },
        ),
        migrations.CreateModel(
            name='SheetAnswer',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField()),
                ('version', models.PositiveSmallIntegerField()),
                ('helped', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('sheet', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='support.sheet')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'sheet', 'at'], name='sheet_answer_sheet')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'client_id'), name='sheet_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='SheetVersion',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('keywords', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('sheet', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='support.sheet')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'sheet', 'number'), name='sheet_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(help_text="Made with the form, or from a mail's id: the same twice is one.")),
                ('year', models.SmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('subject', models.CharField(max_length=160)),
                ('kind', models.CharField(choices=[('sign_in', 'Inloggning och lösenord'), ('access', 'Behörighet och uppdrag'), ('journal', 'Journal och anteckningar'), ('cases', 'Ärenden, beslut och brev'), ('orders', 'Beställningar'), ('visits', 'Besök, schema och mobilen'), ('alarms', 'Trygghetslarm'), ('doors', 'Dörrar och lås'), ('payments', 'Försörjningsstöd och utbetalningar'), ('correction', 'Rättelse som bara supporten får göra'), ('outage', 'Något är långsamt eller ligger nere'), ('wish', 'Önskemål'), ('other', 'Något annat')], max_length=12)),
                ('priority', models.CharField(choices=[('acute', 'Akut'), ('high', 'Hög'), ('normal', 'Normal'), ('low', 'Låg')], default='normal', max_length=8)),
                ('channel', models.CharField(choices=[('page', 'Formulär'), ('mail', 'E-post'), ('phone', 'Telefon'), ('system', 'Livlina självt')], max_length=8)),
                ('state', models.CharField(choices=[('new', 'Ny'), ('open', 'Pågår'), ('waiting', 'Väntar på svar från den som frågade'), ('solved', 'Löst, väntar på ett ja'), ('closed', 'Avslutat'), ('merged', 'Hopslaget med ett annat')], default='new', max_length=8)),
                ('line', models.SmallIntegerField(choices=[(1, 'Första linjen'), (2, 'Andra linjen'), (3, 'Tredje linjen')], default=1)),
                ('owner_id', models.BigIntegerField(null=True)),
                ('owner_name', models.CharField(blank=True, max_length=160)),
                ('reporter_kind', models.CharField(choices=[('staff', 'Personal'), ('citizen', 'Enskild'), ('outside', 'Utanför'), ('system', 'Livlina')], max_length=8)),
                ('reporter_id', models.BigIntegerField(null=True)),
                ('reporter_name', models.CharField(max_length=160)),
                ('reporter_role', models.CharField(blank=True, max_length=32)),
                ('reporter_mail', models.CharField(blank=True, max_length=254)),
                ('reporter_phone', models.CharField(blank=True, max_length=40)),
                ('page', models.CharField(blank=True, help_text="The route's name.", max_length=80)),
                ('browser', models.CharField(blank=True, max_length=200)),
                ('error_id', models.CharField(blank=True, max_length=16)),
                ('object_label', models.CharField(blank=True, max_length=40)),
                ('object_id', models.UUIDField(null=True)),
                ('token', models.CharField(help_text='What an answer by mail carries.', max_length=24)),
                ('opened_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField(help_text='When somebody of the support last did something.')),
                ('heard_at', models.DateTimeField(help_text='When whoever asked was last heard.')),
                ('first_due_at', models.DateTimeField()),
                ('solve_due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('waiting_since', models.DateTimeField(null=True)),
                ('solved_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('paused_minutes', models.PositiveIntegerField(default=0, help_text='Working minutes waited for an answer.')),
                ('answer_minutes', models.PositiveIntegerField(help_text='Working minutes to the first answer.', null=True)),
                ('solution_minutes', models.PositiveIntegerField(help_text='Working minutes, without the paused.', null=True)),
                ('times_reopened', models.PositiveSmallIntegerField(default=0)),
                ('merged_into', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='support.ticket')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'state', 'line', 'solve_due_at'], name='ticket_desk'), models.Index(fields=['municipality', 'reporter_id', '-opened_at'], name='ticket_mine'), models.Index(fields=['municipality', 'opened_at'], name='ticket_opened'), models.Index(fields=['municipality', 'owner_id'], name='ticket_owner')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'client_id'), name='ticket_sent_once'), models.UniqueConstraint(fields=('municipality', 'year', 'serial'), name='ticket_number_once'), models.UniqueConstraint(fields=('municipality', 'token'), name='ticket_token_once'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='ticket_merged_into_one'), models.CheckConstraint(condition=models.Q(('waiting_since__isnull', False), models.Q(('state', 'waiting'), _negated=True), _connector='OR'), name='ticket_waits_since'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', False), models.Q(('state', 'closed'), _negated=True), _connector='OR'), name='ticket_closed_at'), models.CheckConstraint(condition=models.Q(('opened_at__lte', models.F('touched_at'))), name='ticket_touched_later')],
            },
        ),
        migrations.CreateModel(
            name='SupplierMessage',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('supplier', models.CharField(max_length=40)),
                ('direction', models.CharField(choices=[('out', 'Till leverantören'), ('in', 'Från leverantören')], max_length=3)),
                ('reference', models.CharField(help_text='Theirs when it came in, our id when it went out.', max_length=80)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('fault', models.CharField(blank=True, max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='supplier_messages', to='support.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'supplier', 'direction', 'reference'), name='supplier_message_once')],
            },
        ),
        migrations.CreateModel(
            name='SheetUse',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('sheet', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='support.sheet')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='support.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'ticket', 'sheet'), name='sheet_used_once')],
            },
        ),
        migrations.CreateModel(
            name='OutMail',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('to', models.CharField(max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('automatic', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('fault', models.CharField(blank=True, max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='support.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'sent_at', 'at'], name='out_mail_waiting')],
            },
        ),
        migrations.CreateModel(
            name='KnownFault',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField()),
                ('title', models.CharField(max_length=160)),
                ('workaround', models.TextField()),
                ('pages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, help_text='Empty: everywhere.', size=None)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.CharField(max_length=160)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=160)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='faults', to='support.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'client_id'), name='known_fault_once'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('published_at')), _connector='OR'), name='known_fault_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='InMail',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('message_id', models.CharField(help_text="SHA-256 of the letter's own id, or of the letter.", max_length=64)),
                ('sender', models.CharField(max_length=254)),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('ticket', 'Nytt ärende'), ('reply', 'Svar i ett ärende'), ('automatic', 'Automatiskt svar, läggs åt sidan'), ('loop', 'Vår egen, läggs åt sidan'), ('flood', 'För många från samma avsändare'), ('empty', 'Tomt')], max_length=10)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='support.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'sender', '-at'], name='in_mail_sender')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'message_id'), name='in_mail_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=160)),
                ('filename', models.CharField(max_length=120)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='support.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'ticket', 'sha256'), name='attachment_once')],
            },
        ),
        migrations.CreateModel(
            name='TicketEvent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('opened', 'Frågan kom in'), ('reporter', 'Den som frågade skrev'), ('answered', 'Svar'), ('note', 'Intern anteckning'), ('asked', 'Fråga tillbaka'), ('took', 'Tog ärendet'), ('given', 'Lämnat till'), ('line', 'Ny linje'), ('priority', 'Ny prioritet'), ('kind', 'Nytt slag'), ('solved', 'Löst'), ('closed', 'Avslutat'), ('reopened', 'Öppnat igen'), ('merged', 'Hopslaget'), ('linked', 'Hör ihop med'), ('sheet', 'Lathund'), ('attached', 'Bilaga'), ('sent_out', 'Skickat till leverantören'), ('supplier', 'Leverantören svarade'), ('silent', 'Tyst för länge'), ('returned', 'Tillbaka till linjen'), ('corrected', 'Rättat')], max_length=10)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_role', models.CharField(max_length=32)),
                ('text', models.TextField(blank=True)),
                ('detail', models.JSONField(default=dict, help_text='Ids and codes only.')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('ticket', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='support.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'ticket', 'at'], name='ticket_event_ticket')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'client_id'), name='ticket_event_once')],
            },
        ),
        migrations.CreateModel(
            name='TicketLink',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=160)),
                ('earlier', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.ticket')),
                ('later', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.ticket')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'earlier', 'later'), name='ticket_linked_once'), models.CheckConstraint(condition=models.Q(('earlier', models.F('later')), _negated=True), name='ticket_not_with_itself')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.BigIntegerField()),
                ('user_name', models.CharField(max_length=160)),
                ('substitute_id', models.BigIntegerField(null=True)),
                ('substitute_name', models.CharField(blank=True, max_length=160)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('told_by', models.CharField(max_length=160)),
                ('ended_at', models.DateTimeField(help_text='Came back earlier.', null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'user_id', 'first_day'], name='absence_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='absence_ends_later'), models.CheckConstraint(condition=models.Q(('substitute_id', None), models.Q(('substitute_id', models.F('user_id')), _negated=True), _connector='OR'), name='absence_someone_else')],
            },
        ),
    ]
