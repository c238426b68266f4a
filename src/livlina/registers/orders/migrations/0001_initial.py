import django.contrib.postgres.fields
import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_enter'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='namn')),
                ('regime', models.CharField(choices=[('own', 'Egen regi'), ('lov', 'LOV-utförare')], max_length=4)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('capacity_hours', models.PositiveIntegerField(help_text='Empty: not stated.', null=True, verbose_name='timmar per vecka')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telefon')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'name'), name='provider_name_once'), models.UniqueConstraint(fields=('municipality', 'unit'), name='provider_unit_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='provider_ends_after_start'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='provider_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('social_alarm', 'Trygghetslarm'), ('hospital_discharge', 'Hemgång från sjukhus'), ('home_care', 'Hemtjänst'), ('other', 'Övrigt')], max_length=20)),
                ('area', models.CharField(blank=True, max_length=80, verbose_name='område')),
                ('state', models.CharField(choices=[('draft', 'Utkast'), ('sent', 'Skickad, inte öppnad'), ('opened', 'Öppnad, inte besvarad'), ('confirmed', 'Bekräftad'), ('declined', 'Avböjd'), ('active', 'Pågår'), ('superseded', 'Ersatt av ny beställning'), ('ended', 'Avslutad'), ('recalled', 'Återkallad')], default='draft', max_length=10)),
                ('version', models.PositiveSmallIntegerField(default=1, help_text='Number of the OrderVersion that holds.')),
                ('orderer_role', models.CharField(max_length=32)),
                ('orderer_name', models.CharField(max_length=160)),
                ('drafted_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(help_text='The second the time to answer ran out.', null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('opened_by', models.CharField(blank=True, max_length=160)),
                ('answered_at', models.DateTimeField(null=True)),
                ('start_date', models.DateField(help_text='As the provider confirmed it.', null=True)),
                ('contact', models.CharField(blank=True, max_length=160)),
                ('decline_reason', models.CharField(blank=True, choices=[('no_capacity', 'Ingen ledig kapacitet'), ('outside_area', 'Utanför vårt område'), ('lacks_competence', 'Saknar rätt kompetens'), ('wrong_recipient', 'Beställningen hör inte hit'), ('other', 'Annat skäl')], max_length=20)),
                ('recall_asked_at', models.DateTimeField(null=True)),
                ('recalled_at', models.DateTimeField(null=True)),
                ('active_at', models.DateTimeField(null=True)),
                ('end_date', models.DateField(help_text='Last day.', null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('goal_met', 'Målet är uppnått'), ('client_request', 'Personens egen begäran'), ('moved', 'Flyttat'), ('died', 'Avliden'), ('new_provider', 'Byter utförare'), ('new_decision', 'Nytt beslut'), ('not_sent', 'Skickades aldrig'), ('other', 'Annat skäl')], max_length=20)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('orderer_unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
                ('replaces', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='orders.order')),
                ('provider', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.provider')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'provider', 'state', 'answer_by'], name='order_inbox'), models.Index(fields=['municipality', 'orderer_unit', 'state', 'answer_by'], name='order_unread')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'sent', 'opened', 'confirmed', 'declined', 'active', 'superseded', 'ended', 'recalled'])), name='order_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['social_alarm', 'hospital_discharge', 'home_care', 'other'])), name='order_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'ended']), models.Q(('answer_by__isnull', False), ('provider__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='order_sent_to_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['opened', 'confirmed', 'declined', 'active', 'superseded']), _negated=True), models.Q(('opened_at__isnull', False), models.Q(('opened_by', ''), _negated=True)), _connector='OR'), name='order_opened_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('opened_at__isnull', True), _connector='OR'), name='order_sent_is_unopened'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'active', 'superseded']), _negated=True), models.Q(('answered_at__isnull', False), ('start_date__isnull', False), models.Q(('contact', ''), _negated=True)), _connector='OR'), name='order_confirmed_with_start'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('decline_reason', ''), _negated=True), _connector='OR'), name='order_declined_why'), models.CheckConstraint(condition=models.Q(models.Q(('recalled_at__isnull', False), ('state', 'recalled')), models.Q(models.Q(('state', 'recalled'), _negated=True), ('recalled_at__isnull', True)), _connector='OR'), name='order_recalled_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('end_date__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='order_ended_why'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', True), ('opened_at__gte', models.F('sent_at')), _connector='OR'), name='order_opened_after_sent')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('period_from', models.DateField()),
                ('period_to', models.DateField()),
                ('minutes', models.PositiveIntegerField(help_text='Performed minutes with the person, without travel.', null=True)),
                ('count', models.PositiveIntegerField(help_text='Performed times, where time is not measured.', null=True)),
                ('note_ref', models.UUIDField(help_text='A note in the journal, by id alone.', null=True)),
                ('deviation', models.CharField(blank=True, max_length=400, verbose_name='avvikelse')),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('reported_by', models.CharField(max_length=160)),
                ('corrects', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='orders.delivery')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('order', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='orders.order')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('period_to__gte', models.F('period_from'))), name='delivery_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('count', None), ('minutes__isnull', False)), models.Q(('count__isnull', False), ('minutes', None)), _connector='OR'), name='delivery_one_figure'), models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('municipality', 'order', 'period_from', 'period_to'), name='delivery_once_per_period'), models.UniqueConstraint(fields=('municipality', 'corrects'), name='delivery_corrected_once')],
            },
        ),
        migrations.CreateModel(
            name='OrderEvent',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('drafted', 'utkast skrivet'), ('revised', 'utkast ändrat'), ('provider_chosen', 'utförare vald'), ('sent', 'skickad'), ('recalled', 'återkallad'), ('opened', 'öppnad'), ('confirmed', 'bekräftad'), ('declined', 'avböjd'), ('recall_asked', 'återkallelse begärd'), ('recall_agreed', 'återkallelse godtagen'), ('recall_refused', 'återkallelse avvisad'), ('escalated', 'obesvarad i tid, eskalerad'), ('delivered_first', 'första insatsen utförd'), ('superseded', 'ersatt av ny beställning'), ('ended', 'avslutad')], max_length=16)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=160)),
                ('role', models.CharField(max_length=32)),
                ('unit_name', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('text', models.CharField(blank=True, max_length=400)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('order', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'order', 'at'], name='order_event_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['drafted', 'revised', 'provider_chosen', 'sent', 'recalled', 'opened']), _negated=True), ('text', ''), _connector='OR'), name='order_event_unopened_wordless'), models.UniqueConstraint(condition=models.Q(('kind__in', ['drafted', 'sent', 'recalled', 'opened', 'confirmed', 'declined', 'escalated', 'delivered_first', 'superseded', 'ended'])), fields=('municipality', 'order', 'kind'), name='order_event_once')],
            },
        ),
        migrations.CreateModel(
            name='OrderVersion',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('compartment', models.SmallIntegerField()),
                ('source_type', models.CharField(blank=True, help_text="What it rests on; the provider's copy has none.", max_length=64)),
                ('source_id', models.UUIDField(null=True)),
                ('service', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict, help_text='Name → text: what the provider needs, as the orderer chose.')),
                ('life_areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('lines', models.JSONField(default=list)),
                ('weekly_minutes', models.PositiveIntegerField(help_text='Ordered: minutes per week, from the lines.')),
                ('granted_minutes', models.PositiveIntegerField(help_text='Granted: minutes per month, from the decision.', null=True)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('written_at', models.DateTimeField()),
                ('written_by', models.CharField(max_length=160)),
                ('digest', models.CharField(help_text='SHA-256 of what it says: both copies have the same.', max_length=64)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('order', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='orders.order')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'person'], name='order_version_person'), models.Index(condition=models.Q(('compartment', 1)), fields=['municipality', 'source_type', 'source_id'], name='order_version_source')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'order', 'number', 'compartment'), name='order_version_once'), models.CheckConstraint(condition=models.Q(('compartment__in', [1, 2])), name='order_version_two_copies'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='order_version_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('compartment', 1), ('source_id__isnull', False)), models.Q(('compartment', 2), ('source_id', None)), _connector='OR'), name='order_version_source_stays')],
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('escalated_at__isnull', True), ('state__in', ('sent', 'opened'))), fields=['municipality', 'answer_by'], name='order_escalate'),
        ),
    ]
