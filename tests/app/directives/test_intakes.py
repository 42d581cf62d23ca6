"""Long papers: kept, read by a job with progress, cancelled, refused, taken up again after a crash."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.core.models import Entry
from luoshi.demo.ofd import write_ofd
from luoshi.directives import jobs
from luoshi.directives.actions import (
    SILENT_FOR,
    IntakeEnded,
    Source,
    cancel_intake,
    claim_intake,
    read_at_once,
    read_file,
    register_directive,
    retry_intake,
    start_intake,
    take_up_again,
    tell_progress,
)
from luoshi.directives.models import Directive, Intake
from tests.factories.directives import PAPER, make_intake, picture
from tests.factories.orgs import Cast

LONG = (
    PAPER
    + "三、其他任务\n"
    + "".join(f"{n}.推进第{n}项工作，年底前完成{n}件。（县财政局牵头，县水利局配合）\n" for n in range(1, 41))
)
OFD = write_ofd(LONG)
CUT_OFF = OFD[: len(OFD) // 2]


def send(cast: Cast, data: bytes = OFD) -> Intake:
    return start_intake(
        Source(data, "长文件.ofd"), unit=cast.unit("QH"), by=cast["office"], now=cast.now, received_date=cast.today
    )


def test_long_paper_becomes_a_directive_with_pages_and_its_file_moves(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    intake = send(cast)
    kept = intake.file.name or ""
    with django_capture_on_commit_callbacks(execute=True):
        jobs.read_intake.call(intake.pk)
    intake.refresh_from_db()
    directive = intake.directive
    assert directive is not None
    assert (intake.state, intake.file.name) == ("done", "")
    assert intake.pages_read == intake.pages == directive.pages.count() >= 3
    assert directive.file.read() == OFD
    assert not Intake._meta.get_field("file").storage.exists(kept)
    assert directive.paper_kind == "ofd"
    start, end, *_place = directive.pages.all()[1].runs[0]
    assert directive.text[start:end].strip() in LONG
    assert 2 in {page for _offset, _place, page in directive.sources}


def test_start_is_enqueued_once_committed(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        intake = send(cast)
    intake.refresh_from_db()
    assert intake.state == "done"


def test_a_paper_on_its_way_is_not_started_twice(cast: Cast) -> None:
    assert send(cast) == send(cast)
    assert Entry.objects.filter(verb="start_intake").count() == 1


def test_two_jobs_do_not_read_the_same_paper(cast: Cast) -> None:
    intake = send(cast)
    assert claim_intake(intake.pk, now=cast.now) == intake
    assert claim_intake(intake.pk, now=cast.now) is None


def test_cancelling_stops_the_reading_at_the_next_page(cast: Cast) -> None:
    intake = send(cast)
    claimed = claim_intake(intake.pk, now=cast.now)
    assert claimed is not None
    cancel_intake(intake, by=cast["office"], now=cast.now)
    with pytest.raises(IntakeEnded):
        read_file(OFD, name="a.ofd", told=jobs.Teller(claimed).told)
    intake.refresh_from_db()
    assert (intake.state, intake.file.name) == ("cancelled", "")


def test_cancelling_at_the_last_moment_registers_nothing_either(cast: Cast) -> None:
    intake = send(cast)
    claimed = claim_intake(intake.pk, now=cast.now)
    cancel_intake(intake, by=cast["office"], now=cast.now)
    with pytest.raises(IntakeEnded):
        register_directive(
            Source(OFD, "a.ofd"), unit=cast.unit("QH"), by=cast["office"], now=cast.now, today=cast.today,
            intake=claimed,
        )  # fmt: skip
    assert not Directive.objects.exists()


def test_refused_paper_is_kept_with_the_reason_and_may_be_read_once_more(cast: Cast) -> None:
    intake = send(cast, CUT_OFF)
    jobs.read_intake.call(intake.pk)
    intake.refresh_from_db()
    assert (intake.state, intake.problem, bool(intake.file)) == ("refused", "broken", True)
    retry_intake(intake, by=cast["office"], now=cast.now)
    with intake.file.open("wb") as file:  # as if what was missing had been mended
        file.write(OFD)
    jobs.read_intake.call(intake.pk)
    assert Directive.objects.count() == 1
    with pytest.raises(IntakeEnded):
        retry_intake(intake, by=cast["office"], now=cast.now)


def test_fault_of_the_program_is_said_and_kept_for_the_log(cast: Cast) -> None:
    intake = send(cast)
    intake.file.storage.delete(intake.file.name)
    with pytest.raises(FileNotFoundError):
        jobs.read_intake.call(intake.pk)
    intake.refresh_from_db()
    assert (intake.state, intake.problem) == ("refused", "failed")


def test_paper_whose_job_fell_silent_is_taken_up_again_and_one_heard_of_lately_is_not(cast: Cast) -> None:
    silent = make_intake(cast, state="reading", heard_at=cast.now - SILENT_FOR - timedelta(seconds=1))
    heard = make_intake(cast, state="reading", heard_at=cast.now)
    waiting = make_intake(cast)
    assert take_up_again(now=cast.now) == [silent.pk, waiting.pk]
    heard.refresh_from_db()
    assert heard.state == "reading"


def test_progress_is_shown_every_second_and_leads_to_the_review(cast: Cast, signed_in: Any) -> None:
    client: Client = signed_in("office")
    intake = send(cast)
    claim_intake(intake.pk, now=cast.now)
    tell_progress(intake, pages_read=12, pages=300, now=cast.now)
    page = client.get(f"/directives/intakes/{intake.pk}/").content.decode()
    assert "第 12 页" in page
    assert 'hx-trigger="every 1s"' in page
    assert "第 12 页" in client.get("/directives/").content.decode()
    Intake.objects.filter(pk=intake.pk).update(state="waiting")
    jobs.read_intake.call(intake.pk)
    directive = Directive.objects.get()
    assert client.get(f"/directives/intakes/{intake.pk}/")["Location"] == f"/directives/{directive.pk}/"
    answer = client.get(f"/directives/intakes/{intake.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/directives/{directive.pk}/"
    assert "长文件.ofd" not in client.get("/directives/").content.decode()


def test_refused_paper_says_why_and_what_to_do(cast: Cast, signed_in: Any) -> None:
    intake = make_intake(cast, state="refused")
    client: Client = signed_in("office")
    page = client.get(f"/directives/intakes/{intake.pk}/").content.decode()
    assert 'role="alert"' in page
    assert f"/directives/intakes/{intake.pk}/retry/" in page
    client.post(f"/directives/intakes/{intake.pk}/cancel/")
    assert intake.file_name not in client.get("/directives/").content.decode().split('id="main"')[1].split("</div>")[-1]
    intake.refresh_from_db()
    assert (intake.state, intake.file.name) == ("cancelled", "")


def test_scan_is_sent_to_the_background_and_kept_with_what_was_typed(cast: Cast, signed_in: Any) -> None:
    pytest.importorskip("rapidocr")
    data = {"file": SimpleUploadedFile("扫描件.png", picture()), "unit": cast.unit("QH").pk,
            "received_date": "2026-11-20", "is_internal": "on"}  # fmt: skip
    answer = signed_in("office").post("/directives/new/", data)
    intake = Intake.objects.get()
    assert answer["Location"] == f"/directives/intakes/{intake.pk}/"
    assert (intake.is_internal, str(intake.received_date), intake.created_by) == (True, "2026-11-20", cast["office"])


def test_short_paper_needs_no_job() -> None:
    paper = read_at_once(PAPER.encode(), name="a.txt")
    assert paper is not None
    assert paper.kind == "txt"
