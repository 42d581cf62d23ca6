"""A process in which eight writers issue letters of one unit at the same time; prints what stood afterwards."""

import json
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import django

django.setup()

from django.db import connection  # noqa: E402

from luoshi.core.models import Entry  # noqa: E402
from luoshi.core.queries import find_journal_faults  # noqa: E402
from luoshi.letters.actions import FieldsMissing, draft_letter, issue_letter  # noqa: E402
from luoshi.letters.models import Letter, Series  # noqa: E402
from tests.factories.orgs import make_cast  # noqa: E402

WRITERS, EACH = 8, 3


def main() -> None:
    cast = make_cast()
    unit = cast.unit("QH")
    barrier, said = Barrier(WRITERS), []

    def write(writer: int) -> None:
        barrier.wait()
        try:
            for n in range(EACH):
                fields = {"matter": f"事项{writer}-{n}", "lead": "县农业农村局"}
                now = cast.now + timedelta(seconds=n)
                letter = draft_letter(
                    "reminder", unit=unit, by=None, now=now, today=cast.today, fields=fields, subject=unit
                )
                issue_letter(letter, by=cast["office"], now=now, today=cast.today)
            empty = draft_letter("reminder", unit=unit, by=None, now=now, today=cast.today, fields={}, subject=unit)
            with suppress(FieldsMissing):
                issue_letter(empty, by=None, now=now, today=cast.today)
        except Exception as error:
            said.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = Letter.objects.filter(number__isnull=False).order_by("number").values_list("number", flat=True)
    found = {
        "said": said,
        "numbers": list(numbers),
        "last": list(Series.objects.values_list("last", flat=True)),
        "entries": Entry.objects.filter(verb="issue_letter").count(),
        "faults": [str(fault) for fault in find_journal_faults()],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
