"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ('directives', '0001_initial'),
        ('directives', '0002_initial'),
        ('directives', '0003_proposal_review_and_undo'),
        ('directives', '0004_formats_evidence_and_goals'),
        ('directives', '0005_model_run'),
        ('directives', '0006_intake_heard_at'),
        ('directives', '0007_paper_notes'),
    ]

    initial = True

    dependencies = [
        ('orgs', '0001_squashed_0004_days_of_units'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Directive',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=300, verbose_name='title')),
                    ('number', models.CharField(blank=True, max_length=80, verbose_name='document number')),
                    ('issuer', models.CharField(blank=True, max_length=160, verbose_name='issued by')),
                    ('kind', models.CharField(choices=[('directive', 'directive'), ('minutes', 'meeting minutes'), ('list', 'rectification list')], max_length=12, verbose_name='kind')),
                    ('issued_date', models.DateField(blank=True, null=True, verbose_name='issued on')),
                    ('received_date', models.DateField(verbose_name='received on')),
                    ('text', models.TextField(verbose_name='text')),
                    ('file', models.FileField(blank=True, upload_to='directives/%Y/', verbose_name='original')),
                    ('file_name', models.CharField(blank=True, max_length=200)),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('state', models.CharField(choices=[('review', 'in review'), ('confirmed', 'confirmed'), ('withdrawn', 'withdrawn')], default='review', max_length=10, verbose_name='state')),
                    ('created_at', models.DateTimeField()),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='orgs.unit', verbose_name='registered by')),
                    ('is_internal', models.BooleanField(default=False, verbose_name='internal')),
                    ('paper_kind', models.CharField(blank=True, max_length=8)),
                    ('sources', models.JSONField(default=list)),
                    ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='directives.directive', verbose_name='supersedes')),
                    ('tables', models.JSONField(default=list)),
                    ('paper_notes', models.JSONField(default=list)),
                ],
                options={
                    'verbose_name': 'directive',
                    'verbose_name_plural': 'directives',
                    'ordering': ['-created_at'],
                },
            ),
            migrations.CreateModel(
                name='Clause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField()),
                    ('outline', models.CharField(blank=True, max_length=40, verbose_name='number')),
                    ('level', models.PositiveSmallIntegerField(default=0)),
                    ('role', models.CharField(max_length=12)),
                    ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                    ('start', models.PositiveIntegerField()),
                    ('end', models.PositiveIntegerField()),
                    ('is_information', models.BooleanField(default=False, verbose_name='information only')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='directives.clause')),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='directives.directive')),
                ],
                options={
                    'verbose_name': 'clause',
                    'verbose_name_plural': 'clauses',
                    'ordering': ['directive', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('directive', 'position'), name='clause_place_once'), models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='clause_span_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Proposal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField()),
                    ('title', models.CharField(max_length=300, verbose_name='task')),
                    ('requirement', models.TextField(verbose_name='requirement')),
                    ('standard', models.TextField(blank=True, verbose_name='standard')),
                    ('start', models.PositiveIntegerField()),
                    ('end', models.PositiveIntegerField()),
                    ('duty_start', models.PositiveIntegerField(null=True)),
                    ('duty_end', models.PositiveIntegerField(null=True)),
                    ('units', models.JSONField(default=list)),
                    ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                    ('due_raw', models.CharField(blank=True, max_length=120, verbose_name='due as written')),
                    ('is_open_ended', models.BooleanField(default=False, verbose_name='open-ended')),
                    ('cadence', models.CharField(blank=True, max_length=12, verbose_name='reporting cadence')),
                    ('milestones', models.JSONField(default=list)),
                    ('targets', models.JSONField(default=list)),
                    ('notes', models.JSONField(default=list)),
                    ('rule', models.CharField(blank=True, max_length=120)),
                    ('is_sure', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('accepted', 'accepted'), ('dropped', 'dropped'), ('information', 'information only'), ('adopted', 'adopted by reference')], default='proposed', max_length=12, verbose_name='state')),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='directives.clause')),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='directives.directive')),
                    ('due_end', models.PositiveIntegerField(null=True)),
                    ('due_start', models.PositiveIntegerField(null=True)),
                    ('review_date', models.DateField(blank=True, null=True, verbose_name='review date')),
                    ('undo', models.JSONField(default=dict)),
                    ('evidence', models.JSONField(default=list)),
                    ('origin', models.CharField(choices=[('grammar', 'read by the grammar'), ('model', 'proposed by the language model'), ('person', 'added by hand')], default='grammar', max_length=8)),
                ],
                options={
                    'verbose_name': 'proposal',
                    'verbose_name_plural': 'proposals',
                    'ordering': ['directive', 'position'],
                },
            ),
            migrations.CreateModel(
                name='Goal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=120, verbose_name='indicator')),
                    ('op', models.CharField(max_length=2)),
                    ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='value')),
                    ('unit', models.CharField(blank=True, max_length=30, verbose_name='unit of measure')),
                    ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                    ('start', models.PositiveIntegerField()),
                    ('end', models.PositiveIntegerField()),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('accepted', 'accepted'), ('dropped', 'dropped')], default='proposed', max_length=10, verbose_name='state')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='directives.clause')),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='directives.directive')),
                ],
                options={
                    'verbose_name': 'document indicator',
                    'verbose_name_plural': 'document indicators',
                    'ordering': ['directive', 'position'],
                },
            ),
            migrations.CreateModel(
                name='Intake',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField()),
                    ('received_date', models.DateField(verbose_name='received on')),
                    ('file', models.FileField(blank=True, upload_to='intakes/%Y/')),
                    ('file_name', models.CharField(max_length=200)),
                    ('sha256', models.CharField(max_length=64)),
                    ('is_internal', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('waiting', 'waiting to be read'), ('reading', 'being read'), ('done', 'read'), ('refused', 'could not be read'), ('cancelled', 'cancelled')], default='waiting', max_length=10, verbose_name='state')),
                    ('pages_read', models.PositiveIntegerField(default=0)),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('problem', models.CharField(blank=True, max_length=20)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('directive', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='intake', to='directives.directive')),
                    ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directives.directive')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='registered by')),
                    ('heard_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'paper being read',
                    'verbose_name_plural': 'papers being read',
                    'ordering': ['-created_at'],
                },
            ),
            migrations.CreateModel(
                name='ColumnName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('heading', models.CharField(max_length=40, verbose_name='heading')),
                    ('role', models.CharField(blank=True, max_length=10, verbose_name='read as')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orgs.unit')),
                ],
                options={
                    'verbose_name': 'remembered heading',
                    'verbose_name_plural': 'remembered headings',
                    'constraints': [models.UniqueConstraint(fields=('unit', 'heading'), name='heading_once_a_unit')],
                },
            ),
            migrations.CreateModel(
                name='SourcePage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('width', models.FloatField()),
                    ('height', models.FloatField()),
                    ('runs', models.JSONField(default=list)),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='directives.directive')),
                ],
                options={
                    'verbose_name': 'page of the original',
                    'verbose_name_plural': 'pages of the original',
                    'ordering': ['directive', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('directive', 'number'), name='page_once')],
                },
            ),
            migrations.CreateModel(
                name='ModelRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('created_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('asked', models.PositiveIntegerField(default=0)),
                    ('kept', models.PositiveIntegerField(default=0)),
                    ('dropped', models.PositiveIntegerField(default=0)),
                    ('failed', models.PositiveIntegerField(default=0)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='model_runs', to='directives.directive')),
                ],
                options={
                    'verbose_name': 'question to the language model',
                    'verbose_name_plural': 'questions to the language model',
                    'ordering': ['-created_at'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('directive',), name='one_question_at_a_time')],
                },
            ),
        ]),
    ]
