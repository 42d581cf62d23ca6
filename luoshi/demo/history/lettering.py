"""The letters of the county's office: orders, a reminder, a chasing sheet, a void one, a circular that waits."""

import io
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone
from docx import Document

from luoshi.core.policy import get_policy
from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.letters.actions import approve_letter, draft_letter, issue_letter, set_mark, upload_template, void_letter
from luoshi.letters.models import Letter
from luoshi.letters.rules import default_form
from luoshi.orgs.queries import get_access
from luoshi.supervision.queries.circulars import circular_fields, get_scope, list_parties
from luoshi.supervision.queries.papers import letter_parties, task_fields
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import State

BUREAU = "QH-NYJ"
ORDERS = 3
CONTACT = "县政府督查室 林岚"
WORKING = (State.DISPATCHED.value, State.ACKNOWLEDGED.value, State.PLANNED.value, State.IN_PROGRESS.value)


def expect_letters(scene: Scene) -> None:
    """Write the office's letters of the last weeks into the diary, and the bureau's own form."""
    diary = scene.diary
    for ago, hour, act in (
        (24, 9, _set_forms), (23, 10, _order), (16, 10, partial(_remind, "reminder")),
        (9, 10, partial(_remind, "chase")), (8, 16, _void), (1, 15, _circulate),
    ):  # fmt: skip
        day = diary.workday_before(diary.today - timedelta(days=ago))
        if day >= diary.start:
            diary.put(day, hour, partial(act, scene), minute=20)


def _set_forms(scene: Scene, now: datetime) -> None:
    """The county numbers its orders under a mark of its own; the bureau sets its feedback sheet in Word."""
    set_mark(scene.unit(COUNTY), "order", mark="青政督", by=scene.person("office"), now=now)
    unit = scene.unit(BUREAU)
    head = scene.head(unit.pk)
    if head is not None:
        upload_template(
            unit, "feedback", data=_bureau_form(unit.name), file_name="反馈单（局内格式）.docx", by=head, now=now
        )


def _bureau_form(issuer: str) -> bytes:
    """The usual feedback sheet with a line of the bureau's own."""
    document = Document(io.BytesIO(default_form("feedback", issuer=issuer)))
    place = next(line for line in document.paragraphs if "反馈如下" in line.text)
    place.insert_paragraph_before("（此件须经分管局长审签后报出）")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _tasks() -> list[Task]:
    """The county's weightiest work under way, the soonest due first."""
    found = Task.objects.filter(owner__code=COUNTY, state__in=WORKING, due_date__isnull=False, parent__isnull=True)
    return list(
        found.select_related("owner", "sponsor", "clause__directive").order_by("tier", "due_date", "pk")[:ORDERS]
    )


def _draft(scene: Scene, task: Task, kind: str, *, now: datetime) -> Letter:
    today = timezone.localtime(now).date()
    fields = task_fields(task, kind, today=today, policy=get_policy(), chaser="林岚")
    more = {"contact": CONTACT}
    if kind == "reminder":
        more["report_by"] = scene.diary.after(today, 3).isoformat()
    if kind == "chase":
        more["new_date"] = scene.diary.after(today, 10).isoformat()
    return draft_letter(
        kind, unit=task.owner, by=scene.person("office"), now=now, today=today, fields={**fields, **more}, subject=task,
        recipients=[unit for unit in letter_parties(task, kind)[1] if unit != task.owner],
    )  # fmt: skip


def _issue(scene: Scene, letter: Letter, *, now: datetime) -> None:
    today = timezone.localtime(now).date()
    if letter.needs_approval:
        approve_letter(letter, by=scene.person("leader"), now=now)
    issue_letter(letter, by=scene.person("office"), now=now, today=today)


def _order(scene: Scene, now: datetime) -> None:
    for task in _tasks():
        letter = _draft(scene, task, "order", now=now)
        if {"requirement", "lead", "due_date"} <= letter.fields.keys():
            _issue(scene, letter, now=now)


def _remind(kind: str, scene: Scene, now: datetime) -> None:
    for task in _tasks()[:2]:
        letter = _draft(scene, task, kind, now=now)
        if letter.fields.get("lead"):
            _issue(scene, letter, now=now)


def _void(scene: Scene, now: datetime) -> None:
    last = Letter.objects.filter(kind="chase", state="issued", unit__code=COUNTY).select_related("unit").first()
    if last is not None:
        void_letter(last, by=scene.person("office"), now=now, reason="该单位当日已书面反馈，催办单作废。")


def _circulate(scene: Scene, now: datetime) -> None:
    """A circular over this quarter, which waits for the leader's approval."""
    today, unit, by = timezone.localtime(now).date(), scene.unit(COUNTY), scene.person("office")
    access = get_access(by, today=today)
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    scope = get_scope(access, unit=unit, first=first, last=today)
    fields = {**circular_fields("circular", scope, today=today), "contact": CONTACT}
    fields["next_steps"] = "滞后事项的牵头单位于5个工作日内书面说明原因和补救措施，报县政府督查室。"
    draft_letter(
        "circular", unit=unit, by=by, now=now, today=today, fields=fields, subject=unit,
        title="关于本季度督查事项办理情况的通报", recipients=list_parties(scope),
    )  # fmt: skip
