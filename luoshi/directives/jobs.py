"""Long papers are read here, away from whoever waits; a job that dies leaves its paper to the next."""

import logging
import time
from datetime import datetime

from django.db import transaction
from django_tasks import task

from luoshi.core import clock
from luoshi.core.models import Entry
from luoshi.directives.actions import (
    SILENT_FOR,
    IntakeEnded,
    PaperUnreadable,
    Source,
    TooManyClauses,
    claim_intake,
    read_file,
    refuse_intake,
    register_directive,
    release_intake,
    take_up_again,
    tell_progress,
)
from luoshi.directives.actions.assisting import ask_model, finish_model_run
from luoshi.directives.models import Intake, ModelRun
from luoshi.directives.queries import is_anything_being_read

logger = logging.getLogger(__name__)
BETWEEN_WORDS = 0.5  # seconds between two notes of progress


@task()
def read_intake(intake_id: int) -> None:
    """Read one paper and register it for review, or note why it cannot be read."""
    intake = claim_intake(intake_id, now=clock.now())
    if intake is None:
        return
    try:
        _read(intake)
    except IntakeEnded:
        logger.info("Intake %s was cancelled while it was read", intake_id)
    except PaperUnreadable as refusal:
        refuse_intake(intake, problem=refusal.code, now=clock.now())
    except TooManyClauses:
        refuse_intake(intake, problem="too_many_clauses", now=clock.now())
    except Exception:
        logger.exception("Intake %s could not be read", intake_id)
        refuse_intake(intake, problem="failed", now=clock.now())
        raise
    except BaseException:  # the process is told to end
        release_intake(intake)
        raise


def _read(intake: Intake) -> None:
    with intake.file.open("rb") as file:
        source = Source(file.read(), intake.file_name)
    paper = read_file(source.data, name=source.name, told=Teller(intake).told)
    register_directive(
        source, unit=intake.unit, by=intake.created_by, now=clock.now(), today=clock.today(),
        received_date=intake.received_date, again=True, is_internal=intake.is_internal,
        supersedes=intake.supersedes, paper=paper, intake=intake,
    )  # fmt: skip


class Teller:
    """Notes how far the reading has come, not oftener than people look."""

    def __init__(self, intake: Intake) -> None:
        self.intake, self.told_at = intake, 0.0

    def told(self, pages_read: int, pages: int) -> None:
        """So many pages of all are read."""
        if time.monotonic() - self.told_at >= BETWEEN_WORDS or pages_read == pages:
            self.told_at = time.monotonic()
            tell_progress(self.intake, pages_read=pages_read, pages=pages, now=clock.now())


def enqueue_reading(entry: Entry) -> None:
    """A paper was kept to be read: ask for a job once that is committed."""
    intake_id = int(entry.subject_id)
    transaction.on_commit(lambda: read_intake.enqueue(intake_id))


def begin(now: datetime) -> None:
    """Take up what was left; a paper whose job was heard of lately is looked at again when it may be given up."""
    for intake_id in take_up_again(now=now):
        read_intake.enqueue(intake_id)
    if is_anything_being_read():
        look_again.using(run_after=now + SILENT_FOR).enqueue()


@task()
def look_again() -> None:
    """Take up papers whose job has fallen silent meanwhile."""
    for intake_id in take_up_again(now=clock.now()):
        read_intake.enqueue(intake_id)


@task()
def ask_language_model(run_id: int) -> None:
    """Ask about what the grammar left uncovered, and keep what stands in the paper."""
    run = ModelRun.objects.select_related("directive", "created_by").filter(pk=run_id, finished_at=None).first()
    if run:
        finish_model_run(run, ask_model(run), now=clock.now(), today=clock.today())


def enqueue_asking(entry: Entry) -> None:
    """Somebody asked the language model: ask for a job once that is committed."""
    run_id = int(entry.data["run"])
    transaction.on_commit(lambda: ask_language_model.enqueue(run_id))
