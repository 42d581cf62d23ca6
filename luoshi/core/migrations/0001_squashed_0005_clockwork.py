"""The room's tables in one step; a database under way goes on by the migrations that this one replaces."""

from datetime import date, timedelta

import chinese_calendar
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luoshi.core.migrations import AtOnce

SATURDAY = 5
GENESIS = "0" * 64

SQLITE = [
    "CREATE TRIGGER core_entry_no_update BEFORE UPDATE ON core_entry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER core_entry_no_delete BEFORE DELETE ON core_entry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
]
POSTGRES = [
    "CREATE FUNCTION core_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    "CREATE TRIGGER core_entry_no_change BEFORE UPDATE OR DELETE ON core_entry "
    "FOR EACH ROW EXECUTE FUNCTION core_entry_refuse()",
    "CREATE TRIGGER core_entry_no_truncate BEFORE TRUNCATE ON core_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION core_entry_refuse()",
]


def seal(apps, schema_editor):
    apps.get_model("core", "ChainHead").objects.create(id=1, seq=0, hash=GENESIS)
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def unseal(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION core_entry_refuse CASCADE")


def known_days():
    day = date(2024, 1, 1)
    while True:
        try:
            worked, (_, name) = chinese_calendar.is_workday(day), chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return
        if worked != (day.weekday() < SATURDAY):
            yield day, worked, chinese_calendar.Holiday(name).chinese if name else ""
        day += timedelta(days=1)


def seed(apps, schema_editor):
    table = apps.get_model("core", "CalendarDay")
    table.objects.bulk_create(table(day=day, is_workday=worked, name=name) for day, worked, name in known_days())


class Migration(migrations.Migration):
    replaces = [
        ('core', '0001_initial'),
        ('core', '0002_initial'),
        ('core', '0003_seal_journal'),
        ('core', '0004_seed_calendar'),
        ('core', '0005_clockwork'),
    ]

    initial = True

    dependencies = [
        ('orgs', '0001_squashed_0004_days_of_units'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('day', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                    ('is_workday', models.BooleanField(verbose_name='working day')),
                    ('name', models.CharField(blank=True, max_length=40, verbose_name='occasion')),
                ],
                options={
                    'verbose_name': 'calendar day',
                    'verbose_name_plural': 'working-day calendar',
                    'ordering': ['day'],
                },
            ),
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                    ('at', models.DateTimeField(db_index=True, verbose_name='time')),
                    ('verb', models.CharField(db_index=True, max_length=60, verbose_name='what was done')),
                    ('subject_type', models.CharField(max_length=40, verbose_name='kind of subject')),
                    ('subject_id', models.CharField(max_length=40, verbose_name='subject')),
                    ('subject_label', models.CharField(blank=True, max_length=300, verbose_name='subject')),
                    ('unit_path', models.CharField(blank=True, db_index=True, max_length=120, verbose_name='unit')),
                    ('data', models.JSONField(default=dict, verbose_name='before and after')),
                    ('previous_hash', models.CharField(max_length=64)),
                    ('hash', models.CharField(max_length=64, unique=True)),
                    ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ],
                options={
                    'verbose_name': 'journal entry',
                    'verbose_name_plural': 'journal',
                    'ordering': ['-seq'],
                    'indexes': [models.Index(fields=['subject_type', 'subject_id', 'seq'], name='entry_by_subject')],
                },
            ),
            migrations.CreateModel(
                name='ChainHead',
                fields=[
                    ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                    ('seq', models.PositiveBigIntegerField(default=0)),
                    ('hash', models.CharField(max_length=64)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_chain_head')],
                },
            ),
            migrations.CreateModel(
                name='Lease',
                fields=[
                    ('name', models.CharField(max_length=30, primary_key=True, serialize=False)),
                    ('holder', models.CharField(blank=True, max_length=80)),
                    ('until', models.DateTimeField()),
                ],
                options={
                    'verbose_name': 'lease',
                    'verbose_name_plural': 'leases',
                },
            ),
            migrations.CreateModel(
                name='Run',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('routine', models.CharField(max_length=60, verbose_name='name of the routine')),
                    ('due_at', models.DateTimeField(verbose_name='fell due')),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'given up')], default='waiting', max_length=8, verbose_name='state')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                    ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='not before')),
                    ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='given to a worker')),
                    ('holder', models.CharField(blank=True, max_length=80, verbose_name='worker')),
                    ('until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='begun')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
                    ('error', models.TextField(blank=True, verbose_name='last error')),
                ],
                options={
                    'verbose_name': 'run of a routine',
                    'verbose_name_plural': 'runs of routines',
                    'ordering': ['due_at', 'id'],
                    'indexes': [models.Index(fields=['state', 'due_at'], name='run_by_state')],
                    'constraints': [models.UniqueConstraint(fields=('routine', 'due_at'), name='run_once'), models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('routine',), name='one_run_at_a_time')],
                },
            ),
        ]),
        migrations.RunPython(seal, unseal),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
