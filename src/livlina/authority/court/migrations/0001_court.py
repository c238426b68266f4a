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
            name='Proof',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('kind', models.CharField(choices=[('court_receipt', 'Rättens kvittens eller e-postbekräftelse'), ('sealed_delivery', 'Kvittens från säker digital myndighetspost'), ('signature', 'Överlämnat mot underskrift'), ('fax_journal', 'Faxjournal')], max_length=16)),
                ('receipt_number', models.CharField(blank=True, max_length=80)),
                ('reached_at', models.DateTimeField(help_text='When it came in to the court, as the proof shows.')),
                ('document', models.BinaryField(blank=True, default=b'')),
                ('document_name', models.CharField(blank=True, max_length=120)),
                ('document_type', models.CharField(blank=True, max_length=40)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('receipt_number', ''), _negated=True), models.Q(('sha256', ''), _negated=True), _connector='OR'), name='proof_shows_something'), models.CheckConstraint(condition=models.Q(models.Q(('document', b''), ('document_type', ''), ('sha256', '')), models.Q(('sha256__regex', '^[0-9a-f]{64}$'), models.Q(('document', b''), _negated=True), models.Q(('document_type', ''), _negated=True)), _connector='OR'), name='proof_document_hashed'), models.CheckConstraint(condition=models.Q(('reached_at__lte', models.F('at'))), name='proof_not_from_the_future')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('step', models.CharField(help_text='The step of the process it is for.', max_length=40)),
                ('label', models.CharField(max_length=160)),
                ('court', models.CharField(max_length=160)),
                ('state', models.CharField(choices=[('drafted', 'Utkast, inte skickat'), ('sent', 'Skickat, bevis saknas'), ('proved', 'Bevisat hos rätten'), ('abandoned', 'Gäller inte längre')], default='drafted', max_length=10)),
                ('note', models.TextField(blank=True, help_text="What is sent along, in the sender's words.")),
                ('contents', models.JSONField(default=list, help_text="The case's letters when it was sent: title and hash of each.")),
                ('drafted_at', models.DateTimeField()),
                ('drafted_by', models.CharField(max_length=160)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('sent_how', models.CharField(blank=True, choices=[('digital', 'Säker digital myndighetspost'), ('e_mail', 'E-post till rätten'), ('courier', 'Bud eller personligt överlämnande'), ('fax', 'Fax')], max_length=8)),
                ('sent_by', models.CharField(blank=True, max_length=160)),
                ('used_at', models.DateTimeField(blank=True, help_text='When the step was taken on it.', null=True)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='cases.case')),
                ('deadline', livlina.core.models.base.TenantForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='cases.deadline')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('proof', livlina.core.models.base.TenantForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='court.proof')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case', '-drafted_at'], name='submission_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'abandoned'), models.Q(('proof', None), ('sent_at', None), ('state', 'drafted')), models.Q(('proof', None), ('sent_at__isnull', False), ('state', 'sent')), models.Q(('proof__isnull', False), ('sent_at__isnull', False), ('state', 'proved')), _connector='OR'), name='submission_proved_by_proof'), models.CheckConstraint(condition=models.Q(('used_at', None), ('state', 'proved'), _connector='OR'), name='submission_used_when_proved'), models.UniqueConstraint(condition=models.Q(('used_at', None), models.Q(('state', 'abandoned'), _negated=True)), fields=('municipality', 'case', 'step'), name='court_submission_once'), models.UniqueConstraint(fields=('municipality', 'proof'), name='submission_own_proof')],
            },
        ),
        migrations.CreateModel(
            name='UrgentDecision',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('label', models.CharField(max_length=160)),
                ('law_text', models.CharField(max_length=160)),
                ('decided_on', models.DateField()),
                ('decided_by', models.CharField(choices=[('chair', 'Nämndens ordförande'), ('appointed_member', 'En ledamot som nämnden har förordnat')], max_length=16)),
                ('decider', models.CharField(max_length=160)),
                ('reported_on', models.DateField(blank=True, help_text='The meeting it was reported at.', null=True)),
                ('reported_by', models.CharField(blank=True, max_length=160)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='urgent_decisions', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('reported_on', None)), fields=['municipality', 'decided_on'], name='urgent_to_report')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reported_on', None), ('reported_on__gte', models.F('decided_on')), _connector='OR'), name='urgent_reported_after'), models.CheckConstraint(condition=models.Q(models.Q(('reported_by', ''), ('reported_on', None)), models.Q(('reported_on__isnull', False), models.Q(('reported_by', ''), _negated=True)), _connector='OR'), name='urgent_reported_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='CourtAnswer',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('at', models.DateTimeField()),
                ('by_user_id', models.BigIntegerField(blank=True, null=True)),
                ('by_name', models.CharField(max_length=160)),
                ('by_title', models.CharField(blank=True, max_length=80)),
                ('by_role', models.CharField(max_length=32)),
                ('step', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=160)),
                ('answered_on', models.DateField()),
                ('court_case_number', models.CharField(blank=True, max_length=80)),
                ('holds_at_once', models.BooleanField(null=True)),
                ('until', models.DateField(blank=True, help_text='More time to apply: its last day.', null=True)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='court_answers', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case', '-at'], name='court_answer_case')],
            },
        ),
        migrations.CreateModel(
            name='Hearing',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(editable=False)),
                ('starts_at', models.DateTimeField()),
                ('place', models.CharField(max_length=160)),
                ('court_case_number', models.CharField(blank=True, max_length=80)),
                ('written_by', models.CharField(max_length=160)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('case', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='hearings', to='cases.case')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'case', 'starts_at'], name='hearing_case')],
            },
        ),
    ]
