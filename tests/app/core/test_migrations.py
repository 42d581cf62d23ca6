"""A fresh database is made in one step a room; one under way goes on by the migrations that these steps replace."""

from typing import Any

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter

pytestmark = pytest.mark.one_database

ROOMS = {app.label for app in apps.get_app_configs() if app.name.startswith("luoshi.")}


def traits(model: ModelState) -> dict[str, Any]:
    """All that makes a table, in no order and without what says nothing."""
    options = {name: value for name, value in model.options.items() if value not in ([], None)}
    for name in ("indexes", "constraints"):
        options[name] = {MigrationWriter.serialize(part)[0] for part in options.get(name, [])}
    return {**options, "fields": {name: MigrationWriter.serialize(field)[0] for name, field in model.fields.items()}}


def test_one_step_ends_where_the_long_way_ends() -> None:
    loader = MigrationLoader(None, replace_migrations=False)
    steps = {key: step for key, step in loader.disk_migrations.items() if key[0] in ROOMS and step.replaces}
    replaced = [old for step in steps.values() for old in step.replaces]
    last = {room: max(old for old in replaced if old[0] == room) for room, _ in replaced}
    long_way = loader.project_state(list(last.values()))
    in_one_step = MigrationLoader(None).project_state(list(steps))
    models = [key for key in long_way.models if key[0] in last]
    assert models
    assert {key for key in in_one_step.models if key[0] in last} == set(models)
    for key in models:
        assert traits(in_one_step.models[key]) == traits(long_way.models[key]), key


def test_each_migration_is_replaced_once() -> None:
    migrations = MigrationLoader(None, replace_migrations=False).disk_migrations
    replaced = [old for step in migrations.values() for old in step.replaces if old[0] in ROOMS]
    assert replaced
    assert len(replaced) == len(set(replaced))
    assert set(replaced) <= set(migrations)
