import django.db.models.deletion
import livlina.core.ids7
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0001_initial'),
        ('core', '0004_administration'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyCode',
            fields=[
                ('id', models.UUIDField(default=livlina.core.ids7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.municipality')),
                ('compartment', models.SmallIntegerField(default=2, editable=False)),
                ('user_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=160)),
                ('salt', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=128)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('municipality', 'user_id'), name='emergency_code_once')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='receiver',
            name='receiver_key_once',
        ),
        migrations.AlterField(
            model_name='alarmevent',
            name='did',
            field=models.CharField(choices=[('received', 'Larmet kom'), ('repeated', 'Trycktes igen'), ('withdrawn', 'Återtogs vid larmenheten'), ('more', 'Mer uppgifter från larmenheten'), ('shown', 'Visades'), ('told', 'Någon kallades'), ('escalated', 'Gick vidare'), ('accepted', 'Togs emot'), ('offered', 'Överlämning erbjöds'), ('handed_over', 'Överlämnades'), ('declined', 'Överlämningen avböjdes'), ('called', 'Uppringning'), ('call_came', 'Samtalet kom fram'), ('no_call', 'Inget samtal kom'), ('on_way', 'På väg'), ('on_site', 'På plats'), ('noted', 'Anteckning'), ('closed', 'Avslutades'), ('tied', 'Knöts till en larmenhet'), ('opened', 'Skyddade uppgifter öppnades')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='receiver',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('key_hash',), name='receiver_key_once'),
        ),
    ]
