from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0005_model_run'),
    ]

    operations = [
        migrations.AddField(
            model_name='intake',
            name='heard_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
