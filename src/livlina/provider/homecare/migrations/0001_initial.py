import django.contrib.postgres.fields
import django.db.models.deletion
import livlina.core.ids7
import livlina.core.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_enter'),
        ('orders', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CarePlan',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('goal', models.TextField(verbose_name='mål')),
                ('participation', models.TextField(verbose_name='hur den enskilde har deltagit')),
                ('wishes', models.TextField(blank=True, verbose_name='önskemål')),
                ('follow_up_on', models.DateField(verbose_name='följs upp senast')),
                ('agreed_at', models.DateTimeField()),
                ('author_id', models.BigIntegerField()),
                ('author_name', models.CharField(max_length=160)),
                ('author_title', models.CharField(max_length=80)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('order', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='care_plans', to='orders.order')),
                ('person', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='care_plans', to='people.person')),
                ('unit', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'unit', 'follow_up_on'], name='care_plan_follow_up')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'order', 'number'), name='care_plan_version_once'), models.CheckConstraint(condition=models.Q(('compartment', 2)), name='care_plan_is_the_providers')],
            },
        ),
        migrations.CreateModel(
            name='PlannedTask',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=200, verbose_name='vad')),
                ('how', models.TextField(blank=True, verbose_name='hur')),
                ('life_area', models.CharField(blank=True, max_length=20)),
                ('times', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('morning', 'Morgon'), ('forenoon', 'Förmiddag'), ('noon', 'Mitt på dagen'), ('afternoon', 'Eftermiddag'), ('evening', 'Kväll'), ('night', 'Natt')], max_length=10), blank=True, default=list, size=None)),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ('minutes', models.PositiveSmallIntegerField(null=True)),
                ('double_staffing', models.BooleanField(default=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('plan', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='homecare.careplan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'plan', 'position'), name='planned_task_place'), models.CheckConstraint(condition=models.Q(('minutes__isnull', True), ('minutes__range', (1, 600)), _connector='OR'), name='planned_task_minutes')],
            },
        ),
        migrations.CreateModel(
            name='PlanReview',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField()),
                ('user_name', models.CharField(max_length=160)),
                ('outcome', models.CharField(choices=[('kept', 'Planen gäller som den är'), ('changed', 'Planen ändras'), ('need', 'Behovet har ändrats: myndigheten ska få veta')], max_length=8)),
                ('text', models.TextField()),
                ('next_on', models.DateField(verbose_name='nästa uppföljning')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('plan', livlina.core.models.base.TenantForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='homecare.careplan')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
    ]
