import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0004_formats_evidence_and_goals'),
        ('tasks', '0003_phase'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('updates', models.BooleanField(default=False)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reference', to='directives.proposal')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='tasks.task')),
            ],
            options={
                'verbose_name': 'reference',
                'verbose_name_plural': 'references',
                'ordering': ['task', 'created_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('applied_at__isnull', True), ('updates', True)), fields=('task',), name='reference_one_update_at_once'), models.CheckConstraint(condition=models.Q(('updates', True), ('applied_at__isnull', True), _connector='OR'), name='reference_applied_only_if_it_updates')],
            },
        ),
    ]
