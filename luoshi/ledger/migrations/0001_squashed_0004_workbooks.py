"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ('ledger', '0001_initial'),
        ('ledger', '0002_initial'),
        ('ledger', '0003_own_columns'),
        ('ledger', '0004_workbooks'),
    ]

    initial = True

    dependencies = [
        ('orgs', '0001_squashed_0004_days_of_units'),
        ('tasks', '0001_squashed_0015_hard_days'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('query', models.CharField(max_length=1000)),
                    ('created_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ledger_views', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ledger_views', to='orgs.unit')),
                ],
                options={
                    'ordering': ['name'],
                    'constraints': [models.UniqueConstraint(fields=('person', 'name'), name='view_name_once')],
                },
            ),
            migrations.CreateModel(
                name='Column',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=40, verbose_name='heading')),
                    ('kind', models.CharField(choices=[('text', 'text'), ('number', 'number'), ('date', 'date'), ('choice', 'choice')], max_length=6, verbose_name='kind')),
                    ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                    ('sort', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                    ('retired_at', models.DateTimeField(blank=True, null=True)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ledger_columns', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'own column',
                    'verbose_name_plural': 'own columns',
                    'ordering': ['unit', 'sort', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='column_once')],
                },
            ),
            migrations.CreateModel(
                name='ColumnValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(blank=True, max_length=500)),
                    ('number', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                    ('day', models.DateField(null=True)),
                    ('column', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='ledger.column')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='column_values', to='tasks.task')),
                ],
                options={
                    'indexes': [models.Index(fields=['column', 'number'], name='column_value_number'), models.Index(fields=['column', 'day'], name='column_value_day'), models.Index(fields=['column', 'text'], name='column_value_text')],
                    'constraints': [models.UniqueConstraint(fields=('task', 'column'), name='column_value_once')],
                },
            ),
            migrations.CreateModel(
                name='Workbook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('layout', models.CharField(blank=True, max_length=40, verbose_name='layout')),
                    ('file', models.FileField(blank=True, upload_to='workbooks/%Y/')),
                    ('file_name', models.CharField(max_length=200)),
                    ('uploaded_at', models.DateTimeField()),
                    ('exported_at', models.DateTimeField(null=True)),
                    ('state', models.CharField(choices=[('waiting', 'waiting to be read'), ('reading', 'being read'), ('read', 'waits for your yes'), ('refused', 'could not be read'), ('applied', 'imported'), ('dropped', 'set aside')], default='waiting', max_length=8, verbose_name='state')),
                    ('problem', models.CharField(blank=True, max_length=20)),
                    ('columns', models.JSONField(default=dict)),
                    ('counts', models.JSONField(default=dict)),
                    ('heard_at', models.DateTimeField(null=True)),
                    ('applied_at', models.DateTimeField(null=True)),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='asked by')),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tasks.task', verbose_name='under the task')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='workbooks', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'workbook',
                    'verbose_name_plural': 'workbooks',
                    'ordering': ['-uploaded_at', '-id'],
                    'indexes': [models.Index(fields=['person', '-uploaded_at'], name='workbook_by_person')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='workbook_applied_with_its_moment')],
                },
            ),
            migrations.CreateModel(
                name='WorkbookRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(verbose_name='row')),
                    ('state', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('conflict', 'changed by both'), ('error', 'error')], max_length=8)),
                    ('choice', models.CharField(blank=True, max_length=6)),
                    ('data', models.JSONField(default=dict)),
                    ('workbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='ledger.workbook')),
                ],
                options={
                    'ordering': ['workbook', 'number'],
                    'indexes': [models.Index(fields=['workbook', 'state', 'number'], name='workbook_row_by_state')],
                    'constraints': [models.UniqueConstraint(fields=('workbook', 'number'), name='workbook_row_once')],
                },
            ),
            migrations.CreateModel(
                name='Layout',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('columns', models.JSONField(default=list, verbose_name='columns')),
                    ('created_at', models.DateTimeField()),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='layouts', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'table layout',
                    'verbose_name_plural': 'table layouts',
                    'ordering': ['unit', 'name'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='layout_once')],
                },
            ),
        ]),
    ]
