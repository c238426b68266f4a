import django.db.models.deletion
import livlina.core.ids
import livlina.core.ids7
import livlina.core.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_enter'),
        ('core', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('given_names', models.CharField(max_length=120, verbose_name='förnamn')),
                ('called_name', models.CharField(blank=True, max_length=60, verbose_name='tilltalsnamn')),
                ('family_name', models.CharField(max_length=120, verbose_name='efternamn')),
                ('birth_date', models.DateField(help_text='May differ from the date in the number.', null=True, verbose_name='födelsedatum')),
                ('sex', models.CharField(blank=True, choices=[('female', 'Kvinna'), ('male', 'Man'), ('', 'Okänt')], max_length=6, verbose_name='kön')),
                ('died_on', models.DateField(null=True, verbose_name='avliden')),
                ('language', models.CharField(blank=True, help_text='Empty: Swedish.', max_length=40, verbose_name='språk')),
                ('interpreter', models.BooleanField(default=False, verbose_name='behöver tolk')),
                ('protection', models.CharField(choices=[('none', 'Inget skydd'), ('secrecy_marked', 'Sekretessmarkering'), ('protected_registration', 'Skyddad folkbokföring'), ('fictitious', 'Skyddade personuppgifter')], default='none', max_length=24, verbose_name='skydd')),
                ('street', models.CharField(blank=True, max_length=160, verbose_name='gatuadress')),
                ('postcode', models.CharField(blank=True, max_length=6, verbose_name='postnummer')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='ort')),
                ('home_municipality', models.CharField(blank=True, help_text='Kommunkod.', max_length=4, verbose_name='folkbokföringskommun')),
                ('followed_at', models.DateTimeField(help_text='Last told by the population register.', null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('protection', 'none'), _negated=True), fields=['municipality', 'id'], name='person_protected'), models.Index(fields=['municipality', 'followed_at'], name='person_followed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('given_names', ''), _negated=True), models.Q(('family_name', ''), _negated=True), _connector='OR'), name='person_has_a_name'), models.CheckConstraint(condition=models.Q(('died_on__isnull', True), ('birth_date__isnull', True), ('died_on__gte', models.F('birth_date')), _connector='OR'), name='person_dies_after_birth'), models.CheckConstraint(condition=models.Q(('protection__in', ['none', 'secrecy_marked', 'protected_registration', 'fictitious'])), name='person_protection_known')],
            },
        ),
        migrations.CreateModel(
            name='NameToken',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(db_collation='C', max_length=60)),
                ('others', models.CharField(db_collation='C', max_length=240)),
                ('sound', models.CharField(db_collation='C', max_length=12)),
                ('hidden', models.BooleanField(default=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='name_tokens', to='people.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('hidden', False)), fields=['municipality', 'token', 'others', 'person'], name='name_token_open'), models.Index(condition=models.Q(('hidden', True)), fields=['municipality', 'token', 'others', 'person'], name='name_token_hidden'), models.Index(condition=models.Q(('hidden', False)), fields=['municipality', 'sound', 'token', 'person'], name='name_token_sound')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('guardian', 'Vårdnadshavare'), ('trustee', 'God man'), ('administrator_guardian', 'Förvaltare'), ('power_of_attorney', 'Ombud med fullmakt')], max_length=24, verbose_name='slag')),
                ('scope', models.CharField(choices=[('everything', 'Allt'), ('services', 'Ansökningar och beslut om insatser'), ('economy', 'Ekonomi och avgifter')], default='services', max_length=12, verbose_name='omfattning')),
                ('valid_from', models.DateField(verbose_name='gäller från')),
                ('valid_to', models.DateField(null=True, verbose_name='gäller till och med')),
                ('proof', models.CharField(help_text='What was shown, and where it is kept.', max_length=200, verbose_name='underlag')),
                ('given_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('holder', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to='people.person')),
                ('principal', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='people.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['municipality', 'holder'], name='mandate_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('principal', models.F('holder')), _negated=True), name='mandate_for_another'), models.CheckConstraint(condition=models.Q(('proof', ''), _negated=True), name='mandate_has_proof'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='mandate_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('given_names', models.CharField(max_length=120)),
                ('family_name', models.CharField(max_length=120)),
                ('until', models.DateTimeField()),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='people.person')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('mobile', 'Mobil'), ('phone', 'Telefon'), ('email', 'E-post'), ('post', 'Postadress')], max_length=8, verbose_name='sätt')),
                ('value', models.CharField(max_length=200, verbose_name='uppgift')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='kommentar')),
                ('protected_route', models.BooleanField(default=False, help_text='The only way to reach a protected person.', verbose_name='skyddad kontaktväg')),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='contact_says_something')],
            },
        ),
        migrations.CreateModel(
            name='PersonNumber',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('value', livlina.core.ids.IdentityNumberColumn(db_collation='C', max_length=12, verbose_name='personnummer')),
                ('kind', models.CharField(choices=[('personnummer', 'personnummer'), ('samordningsnummer', 'samordningsnummer'), ('interim', 'interimsnummer'), ('nrid', 'nationellt reservnummer'), ('reserve_sll', 'reservnummer, Region Stockholm'), ('reserve_vgr', 'reservnummer, Västra Götalandsregionen'), ('reserve_varmland', 'reservnummer, Region Värmland'), ('local_temp', 'tillfälligt nummer')], max_length=20, verbose_name='typ')),
                ('current', models.BooleanField(default=True)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'value'), name='number_is_one_persons'), models.UniqueConstraint(condition=models.Q(('current', True)), fields=('municipality', 'person'), name='number_current_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['personnummer', 'samordningsnummer', 'interim', 'nrid', 'reserve_sll', 'reserve_vgr', 'reserve_varmland', 'local_temp'])), name='number_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='ProtectedAccess',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=200, verbose_name='skäl')),
                ('since', models.DateTimeField()),
                ('until', models.DateField(null=True, verbose_name='till och med')),
                ('ended_at', models.DateTimeField(null=True)),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='protected_accesses', to='people.person')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('municipality', 'person', 'user'), name='protected_access_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='protected_access_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Reach',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(help_text='What it rests on, as `label:id`; one reach per source.', max_length=64)),
                ('reason', models.CharField(max_length=64)),
                ('since', models.DateTimeField()),
                ('until', models.DateField(help_text='Last day.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reaches', to='people.person')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'unit', 'person'], name='reach_of_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('municipality', 'person', 'unit', 'source'), name='reach_once_per_source')],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('spouse', 'Make, maka eller partner'), ('cohabitant', 'Sambo'), ('child', 'Barn'), ('parent', 'Förälder'), ('sibling', 'Syskon'), ('relative', 'Annan anhörig'), ('friend', 'Vän eller granne')], max_length=12, verbose_name='relation')),
                ('name', models.CharField(max_length=160, verbose_name='namn')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telefon')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-post')),
                ('consent', models.BooleanField(default=False, help_text="OSL 26:1, 12:2: the person's consent.", verbose_name='får informeras')),
                ('consent_at', models.DateTimeField(null=True)),
                ('first_choice', models.BooleanField(default=False, verbose_name='kontaktas först')),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('other', livlina.core.models.base.TenantForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('consent', False), ('consent_at__isnull', False), _connector='OR'), name='relation_consent_has_a_time')],
            },
        ),
    ]
