"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce

SQLITE = (
    """CREATE VIRTUAL TABLE tasks_searchindex USING fts5(words, initials, content='tasks_searchtext', content_rowid='id',
        columnsize=0, prefix='1', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER tasks_searchtext_made AFTER INSERT ON tasks_searchtext BEGIN
        INSERT INTO tasks_searchindex (rowid, words, initials) VALUES (new.id, new.words, new.initials); END""",
    """CREATE TRIGGER tasks_searchtext_gone AFTER DELETE ON tasks_searchtext BEGIN
        INSERT INTO tasks_searchindex (tasks_searchindex, rowid, words, initials)
        VALUES ('delete', old.id, old.words, old.initials); END""",
    """CREATE TRIGGER tasks_searchtext_changed AFTER UPDATE OF words, initials ON tasks_searchtext BEGIN
        INSERT INTO tasks_searchindex (tasks_searchindex, rowid, words, initials)
        VALUES ('delete', old.id, old.words, old.initials);
        INSERT INTO tasks_searchindex (rowid, words, initials) VALUES (new.id, new.words, new.initials); END""",
)
POSTGRESQL = tuple(
    f"CREATE INDEX tasks_searchtext_{column} ON tasks_searchtext USING gin (to_tsvector('simple', {column}))"
    for column in ("words", "initials")
)


def make_index(_apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop_index(_apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE tasks_searchindex")


class Migration(migrations.Migration):
    replaces = [
        ('tasks', '0001_initial'),
        ('tasks', '0002_code_series'),
        ('tasks', '0003_phase'),
        ('tasks', '0004_reference'),
        ('tasks', '0005_half_yearly'),
        ('tasks', '0006_indicators_and_adaptations'),
        ('tasks', '0007_searching'),
        ('tasks', '0008_inflation_says_who'),
        ('tasks', '0009_ledger_paging'),
        ('tasks', '0010_ledger_by_tier'),
        ('tasks', '0011_ledger_by_title'),
        ('tasks', '0012_inflation_sight'),
        ('tasks', '0013_task_entries'),
        ('tasks', '0014_clocks_and_matters'),
        ('tasks', '0015_hard_days'),
    ]

    initial = True

    dependencies = [
        ('core', '0001_squashed_0005_clockwork'),
        ('directives', '0001_squashed_0007_paper_notes'),
        ('orgs', '0001_squashed_0004_days_of_units'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Task',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='number')),
                    ('title', models.CharField(max_length=300, verbose_name='task')),
                    ('requirement', models.TextField(blank=True, verbose_name='requirement')),
                    ('standard', models.TextField(blank=True, verbose_name='standard')),
                    ('kind', models.CharField(choices=[('principle', 'principle'), ('initiative', 'initiative'), ('measure', 'measure'), ('hard_target', 'hard target'), ('project', 'project'), ('action', 'action')], max_length=12, verbose_name='rung of the ladder')),
                    ('tier', models.PositiveSmallIntegerField(choices=[(1, 'critical'), (2, 'key'), (3, 'routine')], default=3, verbose_name='tier')),
                    ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'immediate'), (2, 'urgent'), (3, 'normal')], default=3, verbose_name='urgency')),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('registered', 'registered'), ('proposed', 'handling proposed'), ('approved', 'approved'), ('dispatched', 'dispatched'), ('acknowledged', 'acknowledged'), ('planned', 'planned'), ('in_progress', 'in progress'), ('submitted', 'submitted'), ('returned', 'returned'), ('under_verification', 'under verification'), ('completed', 'completed'), ('closed', 'closed'), ('archived', 'archived'), ('reopened', 'reopened'), ('suspended', 'suspended'), ('merged', 'merged'), ('transferred', 'transferred'), ('withdrawn', 'withdrawn')], default='draft', max_length=20, verbose_name='state')),
                    ('path', models.CharField(editable=False, max_length=120, null=True, unique=True)),
                    ('weight', models.DecimalField(decimal_places=3, default=1, max_digits=9, verbose_name='weight')),
                    ('start_date', models.DateField(blank=True, null=True, verbose_name='start')),
                    ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                    ('original_due_date', models.DateField(blank=True, editable=False, null=True, verbose_name='original due date')),
                    ('review_date', models.DateField(blank=True, help_text='for open-ended work, which is never overdue', null=True, verbose_name='review date')),
                    ('target_op', models.CharField(blank=True, max_length=2, verbose_name='operator')),
                    ('target_value', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='target')),
                    ('target_unit', models.CharField(blank=True, max_length=20, verbose_name='unit of measure')),
                    ('cadence', models.CharField(blank=True, choices=[('', 'at milestones'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], default='', max_length=12, verbose_name='reporting cadence')),
                    ('cadence_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='report by day')),
                    ('selector', models.CharField(blank=True, max_length=120, verbose_name='selector')),
                    ('created_at', models.DateTimeField()),
                    ('dispatched_at', models.DateTimeField(blank=True, null=True)),
                    ('completed_at', models.DateTimeField(blank=True, null=True)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by leader')),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='directives.clause')),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_tasks', to='orgs.unit', verbose_name='asked by')),
                    ('parent', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='tasks.task')),
                    ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='directives.proposal')),
                    ('sponsor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sponsored_tasks', to=settings.AUTH_USER_MODEL, verbose_name='sponsor')),
                    ('phase', models.GeneratedField(db_persist=True, expression=models.Case(models.When(state__in=['completed', 'closed', 'archived', 'merged', 'transferred', 'withdrawn'], then=models.Value(2)), default=models.Value(1)), output_field=models.SmallIntegerField())),
                    ('matter', models.CharField(choices=[('document', 'document'), ('meeting', 'meeting decision'), ('remark', "leader's remark"), ('hotline', 'hotline'), ('finding', 'inspection finding'), ('project', 'project matter'), ('proposal', "deputies' proposal")], default='document', max_length=10, verbose_name='kind of matter')),
                ],
                options={
                    'verbose_name': 'task',
                    'verbose_name_plural': 'tasks',
                    'ordering': ['path'],
                    'indexes': [models.Index(fields=['owner', 'state', 'due_date'], name='task_by_owner'), models.Index(fields=['state', 'due_date', 'id'], name='task_by_due'), models.Index(fields=['tier', 'due_date', 'id'], name='task_by_tier'), models.Index(fields=['phase', 'due_date', 'id'], name='task_by_phase'), models.Index(fields=['parent', 'id'], name='task_by_parent'), models.Index(condition=models.Q(('parent__isnull', True)), fields=['due_date', 'id'], name='task_top_by_due'), models.Index(fields=['phase', 'tier', 'id'], name='task_by_phase_tier'), models.Index(fields=['phase', 'title', 'id'], name='task_by_phase_title')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='task_not_its_own_parent'), models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='task_weight_not_negative'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'registered', 'proposed', 'approved']), ('due_date__isnull', False), ('review_date__isnull', False), ('state__in', ['withdrawn', 'merged']), _connector='OR'), name='task_dated_before_dispatch')],
                },
            ),
            migrations.CreateModel(
                name='Milestone',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, verbose_name='milestone')),
                    ('due_date', models.DateField(verbose_name='due')),
                    ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='planned %')),
                    ('done_date', models.DateField(blank=True, null=True, verbose_name='done on')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='tasks.task')),
                ],
                options={
                    'verbose_name': 'milestone',
                    'verbose_name_plural': 'milestones',
                    'ordering': ['task', 'due_date', 'id'],
                    'indexes': [models.Index(fields=['task', 'due_date'], name='milestone_path')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('percent__isnull', True), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='milestone_percent_range')],
                },
            ),
            migrations.CreateModel(
                name='Duty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('lead', 'lead unit'), ('co', 'co-unit'), ('joint', 'jointly responsible'), ('guide', 'guiding unit'), ('verifier', 'verifying unit')], max_length=10, verbose_name='role')),
                    ('written_name', models.CharField(blank=True, max_length=120, verbose_name='as written')),
                    ('selector', models.CharField(blank=True, max_length=120, verbose_name='selector')),
                    ('text', models.TextField(blank=True, verbose_name='own duty')),
                    ('due_date', models.DateField(blank=True, null=True, verbose_name='own due date')),
                    ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                    ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='orgs.unit', verbose_name='unit')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='tasks.task')),
                    ('handler', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='handled_duties', to=settings.AUTH_USER_MODEL, verbose_name='handled by')),
                ],
                options={
                    'verbose_name': 'duty',
                    'verbose_name_plural': 'duties',
                    'ordering': ['task', 'id'],
                    'indexes': [models.Index(fields=['unit', 'role', 'task'], name='duty_by_unit')],
                    'constraints': [models.UniqueConstraint(fields=('task', 'unit', 'role'), name='duty_once'), models.CheckConstraint(condition=models.Q(('unit__isnull', False), models.Q(('written_name', ''), _negated=True), models.Q(('selector', ''), _negated=True), _connector='OR'), name='duty_names_somebody')],
                },
            ),
            migrations.CreateModel(
                name='CodeSeries',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('last', models.PositiveIntegerField(default=0)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'year'), name='code_series_once')],
                },
            ),
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
            migrations.CreateModel(
                name='Indicator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='indicator')),
                    ('measure', models.CharField(blank=True, max_length=20, verbose_name='unit of measure')),
                    ('places', models.PositiveSmallIntegerField(default=0, verbose_name='decimal places')),
                    ('direction', models.CharField(choices=[('up', 'more is better'), ('down', 'less is better'), ('band', 'within a band')], default='up', max_length=4, verbose_name='direction')),
                    ('over_time', models.CharField(choices=[('sum', 'sum of the periods'), ('last', 'latest period'), ('mean', 'mean of the periods'), ('min', 'lowest period'), ('max', 'highest period')], default='sum', max_length=4, verbose_name='over time')),
                    ('over_units', models.CharField(choices=[('sum', 'sum of the units'), ('mean', 'mean weighted by a base'), ('ratio', 'ratio of sums'), ('last', 'latest reading'), ('min', 'lowest unit'), ('max', 'highest unit'), ('done', 'units that reached the target')], default='sum', max_length=5, verbose_name='over units')),
                    ('base', models.CharField(blank=True, max_length=40, verbose_name='base')),
                    ('cadence', models.CharField(choices=[('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], default='monthly', max_length=12, verbose_name='reported')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('is_main', models.BooleanField(default=True, verbose_name='measures the task itself')),
                    ('created_at', models.DateTimeField()),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='orgs.unit', verbose_name='kept by')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='tasks.task', verbose_name='task')),
                ],
                options={
                    'verbose_name': 'indicator',
                    'verbose_name_plural': 'indicators',
                    'ordering': ['task', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('task', 'name', 'year'), name='indicator_once'), models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('task',), name='indicator_one_main'), models.CheckConstraint(condition=models.Q(('places__lte', 4)), name='indicator_places_at_most_four'), models.CheckConstraint(condition=models.Q(models.Q(('over_units', 'mean'), _negated=True), models.Q(('base', ''), _negated=True), _connector='OR'), name='indicator_mean_names_its_base')],
                },
            ),
            migrations.CreateModel(
                name='Allotment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('baseline', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='baseline')),
                    ('target', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='target')),
                    ('ceiling', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='ceiling')),
                    ('weight', models.DecimalField(decimal_places=4, default=1, max_digits=18, verbose_name='weight')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allotments', to='tasks.task', verbose_name='task')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allotments', to='tasks.indicator', verbose_name='indicator')),
                ],
                options={
                    'verbose_name': 'allotment',
                    'verbose_name_plural': 'allotments',
                    'ordering': ['indicator', 'task'],
                    'constraints': [models.UniqueConstraint(fields=('task', 'indicator'), name='allotment_once'), models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='allotment_weight_not_negative'), models.CheckConstraint(condition=models.Q(('ceiling__isnull', True), ('target__isnull', True), ('ceiling__gte', models.F('target')), _connector='OR'), name='allotment_band_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Inflation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('target', 'target raised'), ('date', 'date moved earlier'), ('report', 'more reports demanded'), ('evidence', 'more papers demanded')], max_length=10, verbose_name='kind')),
                    ('figure', models.DecimalField(decimal_places=4, max_digits=12)),
                    ('reason', models.TextField(verbose_name='reason')),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('part', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tasks.task', verbose_name='part')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inflations', to='tasks.task', verbose_name='task')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='given down by')),
                    ('was', models.CharField(blank=True, max_length=200, verbose_name='asked from above')),
                    ('now', models.CharField(blank=True, max_length=200, verbose_name='asked of the part')),
                ],
                options={
                    'verbose_name': 'target inflation',
                    'verbose_name_plural': 'target inflations',
                    'ordering': ['task', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='inflation_has_a_reason')],
                },
            ),
            migrations.CreateModel(
                name='LintSetting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=8)),
                    ('severity', models.CharField(max_length=8)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lint_settings', to='orgs.unit')),
                ],
                options={
                    'ordering': ['unit', 'code'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'code'), name='lint_setting_once')],
                },
            ),
            migrations.CreateModel(
                name='PeriodTarget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('period', models.CharField(max_length=10, verbose_name='period')),
                    ('value', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='target')),
                    ('allotment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='period_targets', to='tasks.allotment')),
                ],
                options={
                    'ordering': ['allotment', 'period'],
                    'constraints': [models.UniqueConstraint(fields=('allotment', 'period'), name='period_target_once')],
                },
            ),
            migrations.CreateModel(
                name='Adaptation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('target_value', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='target proposed')),
                    ('due_date', models.DateField(blank=True, null=True, verbose_name='date proposed')),
                    ('measure', models.TextField(blank=True, verbose_name='measure proposed')),
                    ('asked_target_value', models.DecimalField(decimal_places=4, editable=False, max_digits=18, null=True)),
                    ('asked_due_date', models.DateField(editable=False, null=True)),
                    ('asked_measure', models.TextField(blank=True, editable=False)),
                    ('reason', models.TextField(verbose_name='reason')),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('accepted', 'accepted'), ('declined', 'declined')], default='proposed', editable=False, max_length=10, verbose_name='state')),
                    ('at', models.DateTimeField()),
                    ('answer', models.TextField(blank=True, verbose_name='answer')),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adaptations', to='tasks.task', verbose_name='task')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'adaptation',
                    'verbose_name_plural': 'adaptations',
                    'ordering': ['-at', '-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('task', 'unit'), name='adaptation_one_open_for_a_unit'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='adaptation_decided_with_its_day'), models.CheckConstraint(condition=models.Q(('target_value__isnull', False), ('due_date__isnull', False), models.Q(('measure', ''), _negated=True), _connector='OR'), name='adaptation_proposes_something')],
                },
            ),
            migrations.CreateModel(
                name='SearchText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.PositiveSmallIntegerField()),
                    ('key', models.BigIntegerField()),
                    ('words', models.TextField()),
                    ('initials', models.TextField(blank=True)),
                ],
                options={
                    'verbose_name': 'searchable text',
                    'verbose_name_plural': 'searchable texts',
                    'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='search_text_once')],
                },
            ),
            migrations.CreateModel(
                name='SearchLine',
                fields=[
                    ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_line', serialize=False, to='tasks.task')),
                    ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='tasks.searchtext')),
                ],
                options={
                    'verbose_name': 'searchable task',
                    'verbose_name_plural': 'searchable tasks',
                },
            ),
            migrations.CreateModel(
                name='InflationSight',
                fields=[
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('last', models.BigIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'sight of target inflation',
                    'verbose_name_plural': 'sights of target inflation',
                },
            ),
            migrations.CreateModel(
                name='TaskEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.entry')),
                    ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tasks.task')),
                ],
                options={
                    'verbose_name': 'task in a journal entry',
                    'verbose_name_plural': 'tasks in journal entries',
                    'constraints': [models.UniqueConstraint(fields=('task', 'entry'), name='task_entry_once')],
                },
            ),
            migrations.CreateModel(
                name='ClockSet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('preset', models.CharField(max_length=20, verbose_name='made from')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='clock_set', to='orgs.unit', verbose_name='government or company')),
                ],
                options={
                    'verbose_name': 'set of clocks',
                    'verbose_name_plural': 'sets of clocks',
                },
            ),
            migrations.CreateModel(
                name='Clock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('matter', models.CharField(choices=[('document', 'document'), ('meeting', 'meeting decision'), ('remark', "leader's remark"), ('hotline', 'hotline'), ('finding', 'inspection finding'), ('project', 'project matter'), ('proposal', "deputies' proposal")], max_length=10, verbose_name='kind of matter')),
                    ('in_workdays', models.BooleanField(default=True, verbose_name='working days')),
                    ('acknowledge_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='acknowledge within')),
                    ('first_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='first feedback within')),
                    ('due_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='due within, where nothing is said')),
                    ('urgent_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='due within, urgent')),
                    ('immediate_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='due within, immediate')),
                    ('grace_days', models.PositiveSmallIntegerField(default=0, verbose_name='grace')),
                    ('cadence_critical', models.CharField(blank=True, choices=[('', 'at milestones'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], max_length=12, verbose_name='reports, critical')),
                    ('cadence_key', models.CharField(blank=True, choices=[('', 'at milestones'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], max_length=12, verbose_name='reports, key')),
                    ('cadence_routine', models.CharField(blank=True, choices=[('', 'at milestones'), ('weekly', 'weekly'), ('monthly', 'monthly'), ('quarterly', 'quarterly'), ('semiannual', 'half-yearly'), ('annual', 'yearly')], max_length=12, verbose_name='reports, routine')),
                    ('opens_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='window opens on day')),
                    ('closes_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='window closes on day')),
                    ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='tasks.clockset')),
                    ('hard_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='due within, hard or complex')),
                ],
                options={
                    'verbose_name': 'clock',
                    'verbose_name_plural': 'clocks',
                    'ordering': ['set', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('set', 'matter'), name='clock_once_a_matter')],
                },
            ),
            migrations.CreateModel(
                name='Node',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('matter', models.CharField(choices=[('document', 'document'), ('meeting', 'meeting decision'), ('remark', "leader's remark"), ('hotline', 'hotline'), ('finding', 'inspection finding'), ('project', 'project matter'), ('proposal', "deputies' proposal")], max_length=10, verbose_name='kind of matter')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='order')),
                    ('name', models.CharField(max_length=40, verbose_name='node')),
                    ('reached_by', models.CharField(max_length=20, verbose_name='reached by')),
                    ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nodes', to='tasks.clockset')),
                ],
                options={
                    'verbose_name': 'node',
                    'verbose_name_plural': 'nodes',
                    'ordering': ['set', 'matter', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('set', 'matter', 'number'), name='node_once')],
                },
            ),
        ]),
        migrations.RunPython(make_index, drop_index),
    ]
