"""The office takes the ledger out, edits it in a spreadsheet and brings it back; what it asks for waits for a yes."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.core.policy import get_policy
from luoshi.demo.history.columns import FORM
from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.ledger.actions.layouts import save_layout
from luoshi.ledger.actions.workbooks import keep_workbook, read_workbook
from luoshi.ledger.models import Column
from luoshi.ledger.queries.sheets import Counted, SheetPlan, iterate_rows, list_book_columns, list_meta, plan_sheet
from luoshi.ledger.rules.layouts import PRESETS
from luoshi.ledger.rules.workbooks.lines import META
from luoshi.orgs.models import Person
from luoshi.orgs.queries import get_access
from luoshi.papers.book import BookRow, CellValue, write_book
from luoshi.tasks.actions.steering import Change, steer_tasks
from luoshi.tasks.models import CADENCE_LABELS, TIER_LABELS, URGENCY_LABELS, Task
from luoshi.tasks.rules.states import ENDED
from luoshi.tasks.rules.steering import Steer

OFFICE, COLLEAGUE = "office", "officeclerk"
LAYOUT_DAY, LAYOUT_NAME = "10-21", "青禾县重点工作分解表"
PRESSED = "稳定粮食生产"  # changed here while the file was away
LEFT_OUT = "盘活开发区低效用地"
ABOVE_NEW, NEW = "抓好安全生产", "开展冬季安全生产百日攻坚"
MOVED, UNDER = "秸秆露天焚烧时有发生", "改善空气质量"
PRESSING, QUICK = 1, 3


def expect_offline_work(scene: Scene) -> None:
    """Write into the diary when the office keeps its layout, and when the ledger leaves and comes back edited."""
    scene.diary.put(scene.diary.workday(scene.diary.day(LAYOUT_DAY)), 10, partial(_keep_layout, scene), minute=20)
    back = scene.diary.workday_before(scene.diary.today - timedelta(days=1))
    out = scene.diary.workday_before(back - timedelta(days=1))
    scene.diary.put(max(out, scene.diary.start), 17, partial(_take_out, scene, back), minute=40)


def _keep_layout(scene: Scene, now: datetime) -> None:
    unit, by = scene.unit(COUNTY), scene.person(OFFICE)
    own = [(FORM, f"own:{pk}") for pk in Column.objects.filter(unit=unit, name=FORM).values_list("pk", flat=True)]
    save_layout(unit, name=LAYOUT_NAME, columns=[*PRESETS["breakdown"].columns, *own], by=by, now=now)


def _take_out(scene: Scene, back: date, now: datetime) -> None:
    """What stands now leaves; on the next working day a colleague changes a task, and the edited file comes back."""
    data = _edited_ledger(scene, now)
    if data:
        scene.diary.put(back, 9, partial(_press, scene), minute=15)
        scene.diary.put(back, 10, partial(_bring_back, scene, data), minute=5)


def _edited_ledger(scene: Scene, now: datetime) -> bytes:
    """The county's open tasks as a workbook in which somebody wrote; nothing where there are none yet."""
    person, today = scene.person(OFFICE), timezone.localtime(now).date()
    plan = plan_sheet(get_access(person, today=today))
    tasks = Task.objects.filter(owner=scene.unit(COUNTY)).exclude(state__in=ENDED)
    written = _Written(plan, dict(tasks.filter(parent=None).values_list("title", "code")), year=scene.diary.year)
    rows = Counted(iterate_rows(tasks, plan, today=today, policy=get_policy()))
    file = io.BytesIO()
    return file.getvalue() if _write(file, plan, rows, written, by=person, now=now) else b""


def _write(
    file: io.BytesIO, plan: SheetPlan, rows: Counted, written: "_Written", *, by: Person, now: datetime
) -> int:  # fmt: skip
    today = timezone.localtime(now).date()
    columns = list_book_columns(plan, get_access(by, today=today), today=today)
    meta = list_meta(plan, rows, by=by, now=now)
    return write_book(file, title=_("Ledger"), columns=columns, rows=written.over(rows), hidden=(META, meta))


class _Written:
    """What was typed into the sheet: some cells, a row more, a row less, a row elsewhere, and a slip."""

    def __init__(self, plan: SheetPlan, codes: Mapping[str, str], *, year: int) -> None:
        self.names = [field.name for field in plan.fields]
        self.forms = [f"own:{column.pk}" for column in plan.columns if column.name == FORM]
        self.cells: dict[str, dict[str, CellValue]] = {
            "探索低空经济应用场景": {"cadence": str(CADENCE_LABELS["monthly"]), "urgency": str(URGENCY_LABELS[2])},
            "促进消费扩容升级": {"tier": str(TIER_LABELS[2]), "weight": 2},
            "加快充电设施建设": {"cadence": str(CADENCE_LABELS["monthly"])},
            "提高医疗服务能力": dict.fromkeys(self.forms, "现场核查"),
            PRESSED: {"urgency": str(URGENCY_LABELS[QUICK])},
            "建设高标准农田": {"due_date": date(year, 12, 31)},
            MOVED: {"parent": codes[UNDER]} if UNDER in codes else {},
        }
        self.new: dict[str, CellValue] = {"title": NEW, "lead": "县应急局", "due_date": date(year + 1, 2, 28)}

    def over(self, rows: Counted) -> Iterator[BookRow]:
        """The rows as they come back."""
        for row in rows:
            title = str(row.cells[self.names.index("title")])
            if title == LEFT_OUT:
                continue
            yield replace(row, cells=self._typed(row.cells, self.cells.get(title, {})))
            if title == ABOVE_NEW and row.level == 1:
                yield BookRow(2, self._typed([None] * len(self.names), {**self.new, "level": 2}))

    def _typed(self, cells: Sequence[CellValue], typed: Mapping[str, CellValue]) -> list[CellValue]:
        return [typed.get(name, cell) for name, cell in zip(self.names, cells, strict=True)]


def _press(scene: Scene, now: datetime) -> None:
    """While the file is away somebody else makes a task more urgent."""
    task = scene.task(PRESSED)
    if task is not None and task.state not in ENDED:
        change = Change(task.pk, task.version, task.urgency, PRESSING)
        steer_tasks(
            [change], what=Steer.URGENCY, by=scene.person(COLLEAGUE), now=now, today=timezone.localtime(now).date()
        )


def _bring_back(scene: Scene, data: bytes, now: datetime) -> None:
    person, today = scene.person(OFFICE), timezone.localtime(now).date()
    book = keep_workbook(data, name="青禾县任务台账（科室修改）.xlsx", by=person, now=now, owner=scene.unit(COUNTY))
    read_workbook(book, access=get_access(person, today=today), now=now, today=today)
