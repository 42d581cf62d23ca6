"""The journal refuses change: its first link, and triggers against UPDATE and DELETE on both databases."""

from django.db import migrations

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
        schema_editor.execute("DROP TRIGGER core_entry_no_change ON core_entry")
        schema_editor.execute("DROP TRIGGER core_entry_no_truncate ON core_entry")
        schema_editor.execute("DROP FUNCTION core_entry_refuse")
    else:
        schema_editor.execute("DROP TRIGGER core_entry_no_update")
        schema_editor.execute("DROP TRIGGER core_entry_no_delete")
    apps.get_model("core", "ChainHead").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunPython(seal, unseal)]
