"""The journal holds, and shows where it does not."""

import pytest
from django.db import DatabaseError, connection, transaction

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from tests.factories.orgs import Cast


def write(cast: Cast, *labels: str) -> None:
    with transaction.atomic():
        for label in labels:
            record_entry("try", by=cast["office"], now=cast.now, subject=cast.unit("QH"), label=label, after={"n": 1.5})


def disarm_triggers() -> None:
    """What somebody with full control of the database could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER core_entry_no_update")
            cursor.execute("DROP TRIGGER core_entry_no_delete")


def test_untouched_journal_holds(cast: Cast) -> None:
    write(cast, "一", "二", "三")
    assert find_journal_faults() == []


@pytest.mark.parametrize("statement", ["UPDATE core_entry SET verb='x'", "DELETE FROM core_entry"])
def test_database_refuses_to_change_an_entry(cast: Cast, statement: str) -> None:
    write(cast, "一")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert find_journal_faults() == []


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE core_entry SET subject_label='四' WHERE seq=2", "altered"),
        ("UPDATE core_entry SET actor_id=NULL WHERE seq=2", "altered"),
        ("DELETE FROM core_entry WHERE seq=2", "missing"),
        ("DELETE FROM core_entry WHERE seq=3", "cut"),
        ("UPDATE core_entry SET seq=9 WHERE seq=2", "missing"),
    ],
)
def test_tampering_past_the_triggers_is_found(cast: Cast, statement: str, kind: str) -> None:
    write(cast, "一", "二", "三")
    disarm_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert kind in {fault.kind for fault in find_journal_faults()}


def test_two_entries_swapped_are_found(cast: Cast) -> None:
    write(cast, "一", "二", "三")
    disarm_triggers()
    with connection.cursor() as cursor:
        for old, new in ((1, 10), (2, 1), (10, 2)):
            cursor.execute("UPDATE core_entry SET seq=%s WHERE seq=%s", [new, old])
    assert find_journal_faults()


def test_refused_action_leaves_no_entry(cast: Cast) -> None:
    def refused() -> None:
        with transaction.atomic():
            write(cast, "一")
            raise Refusal

    with pytest.raises(Refusal):
        refused()
    assert not Entry.objects.exists()
    assert find_journal_faults() == []
