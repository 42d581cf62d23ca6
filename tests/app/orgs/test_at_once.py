"""Two people change the organisation at the same moment."""

import json

from tests.app.conftest import OwnDatabase


def test_moves_make_no_circle_and_a_table_is_imported_once(own_database: OwnDatabase) -> None:
    found = json.loads(own_database.run("-m", "tests.app.orgs.together_process"))
    assert found == {"moved": ["UnderItself"], "confirmed": ["SheetApplied"], "made": 1, "paths": True, "faults": 0}
