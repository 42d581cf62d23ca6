"""A report becomes feedback, moves the task, and is carried up to the root."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction

from luoshi.core.models import Entry
from luoshi.notices.models import Notice
from luoshi.progress.actions import (
    AskedOfNobody,
    NoEvidence,
    NothingReported,
    PercentOutOfRange,
    TooMuchEvidence,
    recompute_standings,
    report_progress,
)
from luoshi.progress.actions.evidence import safe_name
from luoshi.progress.apps import check_palette
from luoshi.progress.models import DayPercent, Evidence, Feedback, Standing
from luoshi.tasks.actions import UnlawfulStep, edit_task, move_task, withdraw_task
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import add_milestone, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path, settings):  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def report(cast: Cast, task: Task, percent: str | None = None, **given: object) -> Feedback:
    unit = given.pop("unit", "QH-NYJ")
    fields = {
        "by": cast["deptclerk"], "now": NOW, "today": TODAY, "period": "2026-11", "done": "建成3200亩",
        "percent": None if percent is None else Decimal(percent), **given,
    }  # fmt: skip
    return report_progress(Task.objects.get(pk=task.pk), unit=cast.unit(unit), **fields)


def standing(task: Task) -> Standing:
    return Standing.objects.get(task=task)


def percent_of(task: Task) -> Decimal | None:
    return standing(task).percent


@pytest.fixture
def tree(cast: Cast) -> dict[str, Task]:
    """A root with two branches: one has two leaves of weights 1 and 3, the other is a leaf of weight 2."""
    root = make_task(cast, "根", expected=3)
    branch = make_task(cast, "枝", parent=root, expected=2)
    leaves = [make_task(cast, f"叶{n}", parent=branch, weight=Decimal(n)) for n in (1, 3)]
    other = make_task(cast, "另", parent=root, weight=Decimal(2))
    return {"root": root, "branch": branch, "leaf1": leaves[0], "leaf3": leaves[1], "other": other}


def test_report_moves_an_acknowledged_task_on(cast: Cast) -> None:
    task = make_task(cast, state="acknowledged")
    report(cast, task, "40")
    task.refresh_from_db()
    assert task.state == "in_progress"
    assert percent_of(task) == 40


def test_report_is_one_journal_entry_with_before_and_after(cast: Cast) -> None:
    task = make_task(cast, percent=20)
    count = Entry.objects.count()
    report(cast, task, "40")
    entry = Entry.objects.latest("seq")
    assert Entry.objects.count() == count + 1
    assert (entry.verb, entry.data["before"], entry.data["after"]["percent"]) == (
        "report_progress", {"percent": "20.00"}, "40",
    )  # fmt: skip


def test_undispatched_or_submitted_work_is_not_reported(cast: Cast) -> None:
    for state in ("draft", "dispatched", "submitted", "completed", "closed", "withdrawn"):
        with pytest.raises(UnlawfulStep):
            report(cast, make_task(cast, state=state), "40")
    assert not Feedback.objects.exists()


def test_report_is_carried_up_by_weight(cast: Cast, tree: dict[str, Task]) -> None:
    report(cast, tree["leaf1"], "100")
    report(cast, tree["leaf3"], "20")
    assert percent_of(tree["branch"]) == 40
    report(cast, tree["other"], "10")
    root = standing(tree["root"])
    assert (root.percent, root.reported, root.expected) == (Decimal("20"), 3, 3)
    assert recompute_standings(check=True) == []


def test_missing_is_not_zero_on_the_way_up(cast: Cast, tree: dict[str, Task]) -> None:
    report(cast, tree["leaf1"], "0")
    branch, root = standing(tree["branch"]), standing(tree["root"])
    assert (branch.percent, branch.reported, branch.expected) == (0, 1, 2)
    assert (root.percent, root.reported, root.expected) == (0, 1, 3)
    assert standing(tree["leaf3"]).percent is None


def test_empty_percent_keeps_the_last_one(cast: Cast) -> None:
    task = make_task(cast)
    report(cast, task, "40")
    report(cast, task, None, done="完成验收")
    assert percent_of(task) == 40
    assert standing(task).last_word == "完成验收"


def test_co_unit_adds_words_but_not_the_percent(cast: Cast) -> None:
    task = make_task(cast, co=["QH-CZJ"])
    report(cast, task, "40")
    report(cast, task, "90", unit="QH-CZJ", by=cast["otherclerk"])
    assert percent_of(task) == 40
    assert Feedback.objects.filter(task=task).count() == 2


def test_value_reached_gives_the_percent(cast: Cast) -> None:
    task = make_task(cast, target_op=">=", target_value=Decimal(12000), target_unit="亩")
    report(cast, task, None, value=Decimal(3200))
    assert percent_of(task) == Decimal("26.67")
    assert standing(task).value == 3200


def test_what_cannot_be_meant_is_refused_by_name(cast: Cast) -> None:
    task = make_task(cast)
    with pytest.raises(NothingReported):
        report(cast, task, None, done="  ")
    with pytest.raises(PercentOutOfRange):
        report(cast, task, "100.01")
    with pytest.raises(PercentOutOfRange):
        report(cast, task, "-1")
    with pytest.raises(AskedOfNobody):
        report(cast, task, "1", asked_unit=cast.unit("QH-CZJ"))
    assert not Feedback.objects.exists()


def test_asked_unit_is_told(cast: Cast) -> None:
    task = make_task(cast)
    report(cast, task, "5", ask="请拨付首期资金", asked_unit=cast.unit("QH-CZJ"))
    notice = Notice.objects.get(person=cast["otherclerk"])
    assert "请拨付首期资金" in notice.text


def test_milestones_of_the_task_are_marked_and_those_of_others_are_not(cast: Cast) -> None:
    task, other = make_task(cast), make_task(cast)
    mine = add_milestone(task, "开工", date(2026, 11, 1), percent=20)
    theirs = add_milestone(other, "开工", date(2026, 11, 1), percent=20)
    report(cast, task, "20", milestones=[mine.pk, theirs.pk])
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.done_date, theirs.done_date) == (TODAY, None)


def test_evidence_is_sealed_and_its_name_is_only_a_name(cast: Cast) -> None:
    task = make_task(cast)
    file = SimpleUploadedFile("现场 照片.jpg", b"12345")
    file.name = "../../etc/现场 照片.jpg"
    report(cast, task, "5", files=[file])
    evidence = Evidence.objects.get()
    assert evidence.name == "现场 照片.jpg"
    assert evidence.version.sha256 == "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"
    assert evidence.version.file.name.endswith(".bin")


def test_name_of_a_file_is_harmless_text() -> None:
    assert safe_name("a\\b\\c\x00\r\n.pdf") == "c.pdf"
    assert safe_name("..") == safe_name(None) == "file"
    assert len(safe_name("长" * 300 + ".docx")) <= 120


def test_too_many_empty_or_large_files_are_refused_and_nothing_is_kept(cast: Cast, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.UPLOAD_MAX_MB = 1
    task = make_task(cast)
    for files in (
        [SimpleUploadedFile("a", b"x")] * 11,
        [SimpleUploadedFile("a", b"")],
        [SimpleUploadedFile("a", b"x"), SimpleUploadedFile("b", b"x" * (1024 * 1024 + 1))],
    ):
        with pytest.raises(TooMuchEvidence):
            report(cast, task, "5", files=files)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", ["验收.exe", "照片.JPG.scr", "打开.LNK ", "..\\run.bat"])
def test_program_is_no_evidence(cast: Cast, name: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NoEvidence):
        report(cast, make_task(cast), "5", files=[SimpleUploadedFile("a.pdf", b"x"), SimpleUploadedFile(name, b"MZ")])
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_refused_report_leaves_no_file_behind(cast: Cast, tmp_path) -> None:  # type: ignore[no-untyped-def]
    task = make_task(cast, state="closed")
    with pytest.raises(UnlawfulStep):
        report(cast, task, "5", files=[SimpleUploadedFile("a", b"x")])
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_each_day_keeps_the_percent_it_ended_with(cast: Cast, tree: dict[str, Task]) -> None:
    report(cast, tree["leaf1"], "10")
    report(cast, tree["leaf1"], "20")
    report(cast, tree["leaf1"], "30", today=TODAY + timedelta(days=1))
    kept = list(DayPercent.objects.filter(task=tree["root"]).values_list("date", "percent"))
    assert kept == [(TODAY, Decimal("20.0000")), (TODAY + timedelta(days=1), Decimal("30.0000"))]


def test_six_levels_cost_at_most_three_queries_a_level(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    task = make_task(cast, "0")
    for level in range(1, 6):
        task = make_task(cast, str(level), parent=task)
    report(cast, task, "10")
    fresh = Task.objects.get(pk=task.pk)
    with django_assert_max_num_queries(18 + 10):
        report_progress(
            fresh, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, today=TODAY, period="2026-11",
            done="30亩", percent=Decimal(30),
        )  # fmt: skip
    assert percent_of(Task.objects.get(title="0")) == 30


def test_withdrawn_part_leaves_the_mean(cast: Cast, tree: dict[str, Task]) -> None:
    report(cast, tree["leaf1"], "100")
    report(cast, tree["leaf3"], "0")
    assert percent_of(tree["branch"]) == 25
    withdraw_task(Task.objects.get(pk=tree["leaf3"].pk), reason="并入", by=cast["office"], now=NOW)
    branch = standing(tree["branch"])
    assert (branch.percent, branch.reported, branch.expected) == (100, 1, 1)
    assert recompute_standings(check=True) == []


def test_recompute_finds_and_mends_what_drifted(cast: Cast, tree: dict[str, Task]) -> None:
    report(cast, tree["leaf1"], "100")
    Standing.objects.filter(task=tree["root"]).update(percent=1, expected=9)
    Standing.objects.filter(task=tree["other"]).delete()
    drifts = recompute_standings(check=True)
    assert {d.task_id for d in drifts} == {tree["root"].pk, tree["other"].pk}
    assert percent_of(tree["root"]) == 1
    recompute_standings()
    assert recompute_standings(check=True) == []
    assert (percent_of(tree["root"]), standing(tree["root"]).expected) == (100, 3)


def test_changed_weight_is_counted_at_once(cast: Cast, tree: dict[str, Task]) -> None:
    report(cast, tree["leaf1"], "100")
    report(cast, tree["leaf3"], "0")
    leaf = Task.objects.get(pk=tree["leaf1"].pk)
    edit_task(leaf, version=leaf.version, by=cast["office"], now=NOW, weight=Decimal(9))
    assert percent_of(tree["branch"]) == 75
    assert recompute_standings(check=True) == []


def test_command_checks_and_mends(cast: Cast, tree: dict[str, Task], capsys) -> None:  # type: ignore[no-untyped-def]
    Standing.objects.filter(task=tree["root"]).update(expected=9)
    with pytest.raises(CommandError, match="1 standings"):
        call_command("progress", "recompute", "--check")
    call_command("progress", "recompute")
    call_command("progress", "recompute", "--check")
    assert "every standing is right" in capsys.readouterr().out


def test_unknown_palette_stops_the_start(settings) -> None:  # type: ignore[no-untyped-def]
    assert check_palette() == []
    settings.LUOSHI = {**settings.LUOSHI, "LIGHT_PALETTE": "rainbow"}
    assert [error.id for error in check_palette()] == ["progress.E001"]


def test_failure_after_the_report_leaves_nothing(cast: Cast, tree: dict[str, Task]) -> None:
    def report_and_fail() -> None:
        with transaction.atomic():
            report(cast, tree["leaf1"], "50")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        report_and_fail()
    assert not Feedback.objects.exists()
    assert percent_of(tree["root"]) is None


def test_reopened_work_counts_what_was_reported(cast: Cast) -> None:
    task = make_task(cast, state="reopened", percent=80)
    move_task(task, "report", now=datetime(2026, 11, 23, tzinfo=UTC))
    assert recompute_standings(check=True) == []
