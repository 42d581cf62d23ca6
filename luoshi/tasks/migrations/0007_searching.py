"""Tables of what is searched, with full-text search in the database's own manner, filled from what there is."""

from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

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
NEVER_MIND = (
    "DROP TRIGGER IF EXISTS tasks_searchtext_made",
    "DROP TRIGGER IF EXISTS tasks_searchtext_gone",
    "DROP TRIGGER IF EXISTS tasks_searchtext_changed",
    "DROP TABLE IF EXISTS tasks_searchindex",
)


def make_index(_apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop_index(_apps, editor):
    if editor.connection.vendor == "sqlite":
        for statement in NEVER_MIND:
            editor.execute(statement)


def fill(apps, _editor):
    """Existing rows become searchable: tasks, units, directives."""
    from luoshi.tasks.rules.searching import initials_of, key_of, words_of

    text, line = apps.get_model("tasks", "SearchText"), apps.get_model("tasks", "SearchLine")
    rows = apps.get_model("tasks", "Task").objects.values_list("pk", "title", "requirement").iterator(chunk_size=2000)
    known = {}
    while chunk := list(islice(rows, 2000)):
        keys = {pk: key_of(title, words) for pk, title, words in chunk}
        fresh = {key_of(t, w): (t, w) for _pk, t, w in chunk if key_of(t, w) not in known}
        made = [text(kind=1, key=key, words=words_of(t, w), initials=initials_of(t)) for key, (t, w) in fresh.items()]
        text.objects.bulk_create(made)
        known |= dict(text.objects.filter(kind=1, key__in=list(fresh)).values_list("key", "pk"))
        line.objects.bulk_create([line(task_id=pk, text_id=known[key]) for pk, key in keys.items()])
    names = {}
    for unit, name in apps.get_model("orgs", "UnitName").objects.values_list("unit", "name").iterator():
        names.setdefault(unit, []).append(name)
    units = apps.get_model("orgs", "Unit").objects.values_list("pk", "name", "short_name", "code").iterator()
    _put(text, 2, ((pk, list(dict.fromkeys([name, short, *names.get(pk, ()), code]))) for pk, name, short, code in units))
    papers = apps.get_model("directives", "Directive").objects.values_list("pk", "title", "number").iterator()
    _put(text, 3, ((pk, [title, number]) for pk, title, number in papers))


def _put(text, kind, rows):
    from luoshi.tasks.rules.searching import initials_of, words_of

    while chunk := list(islice(rows, 2000)):
        text.objects.bulk_create(
            [text(kind=kind, key=pk, words=words_of(*names), initials=initials_of(names[0])) for pk, names in chunk]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0006_indicators_and_adaptations"),
        ("directives", "0004_formats_evidence_and_goals"),
        ("orgs", "0002_figures_and_absences"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.PositiveSmallIntegerField()),
                ("key", models.BigIntegerField()),
                ("words", models.TextField()),
                ("initials", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "searchable text",
                "verbose_name_plural": "searchable texts",
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="search_text_once")],
            },
        ),
        migrations.CreateModel(
            name="SearchLine",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_line",
                        serialize=False,
                        to="tasks.task",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="tasks.searchtext"
                    ),
                ),
            ],
            options={"verbose_name": "searchable task", "verbose_name_plural": "searchable tasks"},
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
