"""Long workbooks are compared here, away from whoever waits."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django_tasks import task

from luoshi.core import clock
from luoshi.ledger.actions.workbooks import list_waiting, read_workbook
from luoshi.ledger.models import Workbook
from luoshi.orgs.queries import get_access
from luoshi.orgs.rules import Access

SILENT_FOR = timedelta(minutes=10)  # a comparison that takes longer has died
AT_ONCE = 400_000  # bytes of a file that is compared while its sender waits; a longer one is left to a job


@task()
def read_kept(book_id: int) -> None:
    """Compare one kept workbook with what stands, as its sender may see and change it."""
    book = Workbook.objects.select_related("person", "owner", "parent").filter(pk=book_id).first()
    if book:
        access = get_access(book.person, today=clock.today())
        read_workbook(book, access=access, now=clock.now(), today=clock.today())


def compare_soon(book: Workbook, *, access: Access, now: datetime, today: date) -> None:
    """Compare a small file now, and leave a large one to the background."""
    if not book.file or book.file.size <= AT_ONCE:
        read_workbook(book, access=access, now=now, today=today)
    else:
        transaction.on_commit(lambda: read_kept.enqueue(book.pk))


def begin(now: datetime) -> None:
    """Take up what a process that ended left behind."""
    for book_id in list_waiting(before=now - SILENT_FOR):
        read_kept.enqueue(book_id)
