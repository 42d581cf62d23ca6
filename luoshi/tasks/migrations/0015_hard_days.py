from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0014_clocks_and_matters'),
    ]

    operations = [
        migrations.AddField(
            model_name='clock',
            name='hard_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='due within, hard or complex'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='cadence_critical',
            field=models.CharField(blank=True, choices=[('', 'at milestones'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], max_length=12, verbose_name='reports, critical'),
        ),
    ]
