"""Evidence is kept once a unit, in versions, and serves as many reports as use it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.progress.actions import SameFile, add_version, describe_exhibit, report_progress
from luoshi.progress.models import Evidence, Exhibit, ExhibitVersion, Feedback
from luoshi.progress.queries.evidence import list_offered
from luoshi.tasks.models import Task
from tests.factories.orgs import Cast
from tests.factories.work import make_task

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def report(cast: Cast, task: Task, *files: SimpleUploadedFile, again: tuple[ExhibitVersion, ...] = ()) -> Feedback:
    return report_progress(
        task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=cast.now, today=TODAY, period="2026-11",
        done="完成3处", files=files, again=again,
    )  # fmt: skip


def permit(content: bytes = b"permit") -> SimpleUploadedFile:
    return SimpleUploadedFile("许可证.pdf", content)


def test_same_file_of_a_unit_is_kept_once_and_serves_both_tasks(cast: Cast) -> None:
    report(cast, make_task(cast), permit())
    report(cast, make_task(cast), permit(), permit())
    version = ExhibitVersion.objects.get()
    assert Evidence.objects.filter(version=version).count() == 2


def test_kept_evidence_is_used_again_without_its_file(cast: Cast) -> None:
    report(cast, make_task(cast), permit())
    kept = list_offered(cast.unit("QH-NYJ"), today=TODAY).get()
    said = report(cast, make_task(cast), again=(kept,))
    assert [e.version for e in said.evidence.all()] == [kept]


def test_newer_file_leaves_the_report_with_the_one_it_used(cast: Cast) -> None:
    said = report(cast, make_task(cast), permit())
    exhibit = Exhibit.objects.get()
    add_version(exhibit, permit(b"newer"), version=1, by=cast["deptclerk"], now=cast.now)
    assert [e.version.number for e in said.evidence.all()] == [1]
    assert list_offered(exhibit.unit, today=TODAY).get().number == 2


def test_what_holds_no_longer_is_not_offered(cast: Cast) -> None:
    report(cast, make_task(cast), permit())
    exhibit = Exhibit.objects.get()
    describe_exhibit(
        exhibit, title="采砂许可证", expires_date=date(2026, 11, 22), version=1, by=cast["deptclerk"], now=cast.now
    )
    assert not list_offered(exhibit.unit, today=TODAY).exists()
    assert Entry.objects.latest("seq").verb == "describe_evidence"


def test_file_kept_before_is_no_new_version_and_leaves_nothing_on_disk(cast: Cast, tmp_path) -> None:  # type: ignore[no-untyped-def]
    report(cast, make_task(cast), permit())
    with pytest.raises(SameFile):
        add_version(Exhibit.objects.get(), permit(), version=1, by=cast["deptclerk"], now=cast.now)
    with pytest.raises(EditConflict):
        add_version(Exhibit.objects.get(), permit(b"x"), version=7, by=cast["deptclerk"], now=cast.now)
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


def test_report_form_offers_what_the_unit_keeps(cast: Cast, client: Client) -> None:
    report(cast, make_task(cast), permit())
    version = ExhibitVersion.objects.get()
    task = make_task(cast)
    client.force_login(cast["deptclerk"])
    assert "许可证.pdf" in client.get(f"/tasks/{task.pk}/report/").content.decode()
    given = {"period": "2026-11", "done": "完成2处，11月20日验收", "again": version.pk}
    assert client.post(f"/tasks/{task.pk}/report/", given).status_code in (200, 302)
    client.post(f"/tasks/{task.pk}/report/", {**given, "seen": ["no_next_step", "empty_words"]})
    assert Feedback.objects.filter(task=task, evidence__version=version).count() == 1


def test_evidence_of_another_unit_cannot_be_used(cast: Cast, client: Client) -> None:
    report(cast, make_task(cast), permit())
    version = ExhibitVersion.objects.get()
    task = make_task(cast, lead="QH-CZJ")
    client.force_login(cast["otherclerk"])
    client.post(f"/tasks/{task.pk}/report/", {"period": "2026-11", "done": "完成2处", "again": version.pk})
    assert not Feedback.objects.filter(task=task).exists()


def test_pages_of_evidence_ask_few_statements(cast: Cast, client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(12):
        report(cast, make_task(cast), permit(b"%d" % n))
    client.force_login(cast["deptclerk"])
    with django_assert_max_num_queries(8):
        assert client.get("/evidence/").status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(f"/evidence/{Exhibit.objects.latest('pk').pk}/").status_code == 200
