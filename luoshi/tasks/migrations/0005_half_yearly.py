from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0004_reference'),
    ]

    operations = [
        migrations.AlterField(
            model_name='task',
            name='cadence',
            field=models.CharField(blank=True, choices=[('', 'at milestones'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], default='', max_length=12, verbose_name='reporting cadence'),
        ),
    ]
