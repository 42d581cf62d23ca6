"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ('progress', '0001_initial'),
        ('progress', '0002_submitted_date'),
        ('progress', '0003_day_percents'),
        ('progress', '0004_readings'),
        ('progress', '0005_orders_of_standings'),
        ('progress', '0006_turns_months_obstacles'),
        ('progress', '0007_evidence_objects'),
        ('progress', '0008_evidence_uses_objects'),
        ('progress', '0009_red_months_not_caught_up'),
    ]

    initial = True

    dependencies = [
        ('orgs', '0001_squashed_0004_days_of_units'),
        ('tasks', '0001_squashed_0015_hard_days'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Standing',
                fields=[
                    ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standing', serialize=False, to='tasks.task')),
                    ('percent', models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                    ('own_percent', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                    ('value', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                    ('reported', models.PositiveIntegerField(default=0)),
                    ('expected', models.PositiveIntegerField(default=1)),
                    ('weighted', models.DecimalField(decimal_places=7, default=0, max_digits=24)),
                    ('weight', models.DecimalField(decimal_places=3, default=0, max_digits=15)),
                    ('last_at', models.DateTimeField(null=True)),
                    ('last_word', models.CharField(blank=True, max_length=200)),
                    ('last_problem', models.CharField(blank=True, max_length=200)),
                    ('last_cause', models.CharField(blank=True, max_length=20)),
                    ('returned', models.PositiveSmallIntegerField(default=0)),
                    ('submitted_date', models.DateField(null=True)),
                    ('hollow', models.PositiveSmallIntegerField(default=0)),
                    ('mismatched', models.PositiveSmallIntegerField(default=0)),
                    ('paused_date', models.DateField(null=True)),
                ],
                options={
                    'verbose_name': 'standing',
                    'verbose_name_plural': 'standings',
                    'indexes': [models.Index(fields=['percent', 'task'], name='standing_by_percent'), models.Index(fields=['last_at', 'task'], name='standing_by_last')],
                },
            ),
            migrations.CreateModel(
                name='Feedback',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='time')),
                    ('period', models.CharField(max_length=10, verbose_name='period')),
                    ('done', models.TextField(verbose_name='physical progress')),
                    ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='% done')),
                    ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='value reached')),
                    ('problem', models.TextField(blank=True, verbose_name='problem')),
                    ('cause', models.CharField(blank=True, choices=[('funds', 'funds'), ('land', 'land'), ('approval', 'approval'), ('coordination', 'coordination'), ('weather', 'weather'), ('upper_unclear', 'not settled above'), ('staff', 'staff'), ('other', 'other cause')], max_length=20, verbose_name='cause')),
                    ('ask', models.TextField(blank=True, verbose_name='what is asked')),
                    ('next_step', models.TextField(blank=True, verbose_name='next step')),
                    ('next_date', models.DateField(blank=True, null=True, verbose_name='by')),
                    ('asked_unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='asked of')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reported by')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='tasks.task')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='reporting unit')),
                ],
                options={
                    'verbose_name': 'feedback',
                    'verbose_name_plural': 'feedback',
                    'ordering': ['-at', '-id'],
                    'indexes': [models.Index(fields=['task', '-at'], name='feedback_latest'), models.Index(condition=models.Q(('asked_unit__isnull', False)), fields=['asked_unit', 'at'], name='feedback_asked')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('percent__isnull', True), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='feedback_percent_range')],
                },
            ),
            migrations.CreateModel(
                name='DayPercent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('date', models.DateField()),
                    ('percent', models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='day_percents', to='tasks.task')),
                ],
                options={
                    'ordering': ['task', 'date'],
                    'constraints': [models.UniqueConstraint(fields=('task', 'date'), name='one_percent_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Coverage',
                fields=[
                    ('allotment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='coverage', serialize=False, to='tasks.allotment')),
                    ('parts', models.PositiveIntegerField()),
                    ('expected', models.PositiveIntegerField()),
                ],
                options={
                    'verbose_name': 'coverage',
                    'verbose_name_plural': 'coverages',
                },
            ),
            migrations.CreateModel(
                name='Confirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('period', models.CharField(max_length=10, verbose_name='period')),
                    ('value', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('to_date', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('reported', models.PositiveIntegerField(default=0)),
                    ('expected', models.PositiveIntegerField(default=1)),
                    ('note', models.TextField(blank=True, verbose_name='note')),
                    ('at', models.DateTimeField()),
                    ('reopened_at', models.DateTimeField(null=True)),
                    ('why_reopened', models.TextField(blank=True, verbose_name='why it was reopened')),
                    ('allotment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='tasks.allotment', verbose_name='allotment')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('reopened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reopened by')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='confirmed for')),
                ],
                options={
                    'verbose_name': 'confirmation',
                    'verbose_name_plural': 'confirmations',
                    'ordering': ['allotment', 'period', '-at'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('reopened_at__isnull', True)), fields=('allotment', 'period'), name='confirmation_one_open'), models.CheckConstraint(condition=models.Q(('reopened_at__isnull', True), models.Q(('why_reopened', ''), _negated=True), _connector='OR'), name='confirmation_reopened_for_a_reason')],
                },
            ),
            migrations.CreateModel(
                name='Reading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('period', models.CharField(max_length=10, verbose_name='period')),
                    ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='value')),
                    ('numerator', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='numerator')),
                    ('denominator', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='denominator')),
                    ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                    ('note', models.TextField(blank=True, verbose_name='note')),
                    ('at', models.DateTimeField(verbose_name='time')),
                    ('why', models.TextField(blank=True, verbose_name='why it was corrected')),
                    ('replaced_at', models.DateTimeField(editable=False, null=True)),
                    ('allotment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='tasks.allotment', verbose_name='allotment')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reported by')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='reporting unit')),
                ],
                options={
                    'verbose_name': 'reading',
                    'verbose_name_plural': 'readings',
                    'ordering': ['allotment', 'period', '-at', '-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('allotment', 'period'), name='reading_one_counts'), models.CheckConstraint(condition=models.Q(models.Q(('denominator__isnull', True), ('numerator__isnull', True), ('value__isnull', False)), models.Q(('denominator__isnull', False), ('numerator__isnull', False), ('value__isnull', True)), _connector='OR'), name='reading_is_a_value_or_both_parts')],
                },
            ),
            migrations.CreateModel(
                name='Tally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('period', models.CharField(max_length=10, verbose_name='period')),
                    ('value', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('numerator', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('denominator', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('period_at', models.DateTimeField(null=True)),
                    ('to_date', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('to_date_numerator', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('to_date_denominator', models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                    ('last_period', models.CharField(max_length=10)),
                    ('last_at', models.DateTimeField()),
                    ('reported', models.PositiveIntegerField(default=0)),
                    ('heard', models.PositiveIntegerField(default=0)),
                    ('reached', models.PositiveIntegerField(default=0)),
                    ('allotment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='tasks.allotment', verbose_name='allotment')),
                ],
                options={
                    'verbose_name': 'tally',
                    'verbose_name_plural': 'tallies',
                    'ordering': ['allotment', 'period'],
                    'constraints': [models.UniqueConstraint(fields=('allotment', 'period'), name='tally_once')],
                },
            ),
            migrations.CreateModel(
                name='LightTable',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('made_at', models.DateTimeField()),
                    ('palette', models.CharField(max_length=20, verbose_name='palette')),
                    ('lines', models.JSONField(default=dict, verbose_name='colour of each condition')),
                    ('thresholds', models.JSONField(default=dict, verbose_name='thresholds')),
                    ('reason', models.TextField(blank=True, verbose_name='why')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'table of lights',
                    'verbose_name_plural': 'tables of lights',
                    'ordering': ['-made_at', '-id'],
                },
            ),
            migrations.CreateModel(
                name='MonthLight',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('month', models.DateField(verbose_name='first day of the month')),
                    ('light', models.PositiveSmallIntegerField()),
                    ('reason', models.CharField(max_length=16)),
                    ('caught_up_date', models.DateField(blank=True, null=True, verbose_name='caught up on')),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='month_lights', to='tasks.task')),
                ],
                options={
                    'verbose_name': 'light of a month',
                    'verbose_name_plural': 'lights of months',
                    'ordering': ['task', 'month'],
                    'indexes': [models.Index(fields=['month', 'light'], name='month_light_by_month'), models.Index(condition=models.Q(('caught_up_date__isnull', True), ('light', 1)), fields=['task'], name='month_red_not_caught_up')],
                    'constraints': [models.UniqueConstraint(fields=('task', 'month'), name='one_light_a_month')],
                },
            ),
            migrations.CreateModel(
                name='Obstacle',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('cause', models.CharField(choices=[('funds', 'funds'), ('land', 'land'), ('approval', 'approval'), ('coordination', 'coordination'), ('weather', 'weather'), ('upper_unclear', 'not settled above'), ('staff', 'staff'), ('other', 'other cause')], max_length=20, verbose_name='cause')),
                    ('note', models.TextField(verbose_name='what holds it up')),
                    ('named_at', models.DateTimeField()),
                    ('cleared_at', models.DateTimeField(blank=True, null=True)),
                    ('how', models.TextField(blank=True, verbose_name='how it was removed')),
                    ('cleared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('holder_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='leader who can remove it')),
                    ('holder_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='unit that can remove it')),
                    ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='obstacles', to='tasks.task')),
                ],
                options={
                    'verbose_name': 'obstacle',
                    'verbose_name_plural': 'obstacles',
                    'ordering': ['-named_at', '-id'],
                    'indexes': [models.Index(condition=models.Q(('cleared_at__isnull', True)), fields=['holder_unit'], name='obstacle_of_unit'), models.Index(condition=models.Q(('cleared_at__isnull', True)), fields=['holder_person'], name='obstacle_of_person')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('cleared_at__isnull', True)), fields=('task',), name='one_open_obstacle'), models.CheckConstraint(condition=models.Q(('holder_unit__isnull', False), ('holder_person__isnull', False), _connector='OR'), name='obstacle_has_an_owner')],
                },
            ),
            migrations.CreateModel(
                name='Turn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('period', models.CharField(max_length=10, verbose_name='period')),
                    ('opens_date', models.DateField(verbose_name='opens')),
                    ('closes_date', models.DateField(verbose_name='closes')),
                    ('state', models.CharField(choices=[('on_time', 'on time'), ('late', 'reported late'), ('missing', 'not reported'), ('excused', 'excused')], max_length=8, verbose_name='state')),
                    ('reported_at', models.DateTimeField(blank=True, null=True)),
                    ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='tasks.task')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                ],
                options={
                    'verbose_name': 'reporting turn',
                    'verbose_name_plural': 'reporting turns',
                    'ordering': ['-closes_date', 'task'],
                    'indexes': [models.Index(fields=['unit', 'closes_date', 'state'], name='turn_by_unit')],
                    'constraints': [models.UniqueConstraint(fields=('task', 'unit', 'period'), name='turn_once')],
                },
            ),
            migrations.CreateModel(
                name='Exhibit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200, verbose_name='evidence')),
                    ('expires_date', models.DateField(blank=True, null=True, verbose_name='valid until')),
                    ('kept_at', models.DateTimeField()),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('kept_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='orgs.unit', verbose_name='keeping unit')),
                ],
                options={
                    'verbose_name': 'piece of evidence',
                    'verbose_name_plural': 'evidence',
                    'ordering': ['-kept_at', '-id'],
                    'indexes': [models.Index(fields=['unit', '-kept_at'], name='exhibit_of_unit'), models.Index(condition=models.Q(('expires_date__isnull', False)), fields=['unit', 'expires_date'], name='exhibit_expiring')],
                },
            ),
            migrations.CreateModel(
                name='ExhibitVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                    ('file', models.FileField(upload_to='evidence/%Y/')),
                    ('name', models.CharField(max_length=200)),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='progress.exhibit')),
                ],
                options={
                    'verbose_name': 'version of a piece of evidence',
                    'verbose_name_plural': 'versions of evidence',
                    'ordering': ['exhibit', '-number'],
                    'constraints': [models.UniqueConstraint(fields=('exhibit', 'number'), name='exhibit_version_once'), models.UniqueConstraint(fields=('exhibit', 'sha256'), name='exhibit_file_once')],
                },
            ),
            migrations.CreateModel(
                name='Evidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('feedback', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='progress.feedback')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='progress.exhibitversion')),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('feedback', 'version'), name='evidence_once_a_report')],
                },
            ),
        ]),
    ]
