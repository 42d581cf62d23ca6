"""Random histories that follow through as well: suspend, go on, steer, grant time and chase."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from luoshi.core.policy import get_policy
from luoshi.supervision.actions.chasing import take_due_steps
from luoshi.supervision.actions.extensions import decide_extension, request_extension
from luoshi.supervision.actions.pausing import end_pause, suspend_task
from luoshi.supervision.models import Extension, Pause
from luoshi.tasks.actions.steering import Change, steer_tasks
from luoshi.tasks.rules.steering import Steer
from tests.app.progress.histories import History

NEW_YEAR = date(2027, 1, 1)


class Following(History):
    """Deeds of one more kind, on the same tree."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        more: dict[Callable[[], Any], int] = {
            self.suspend: 2, self.go_on: 3, self.steer: 3, self.ask_time: 3, self.grant_time: 3, self.chase: 2
        }  # fmt: skip
        self.deeds |= more

    def suspend(self) -> None:
        suspend_task(self.task(), unit=self.unit, reason="汛期", until_date=NEW_YEAR, by=self.by, now=self.now)

    def go_on(self) -> None:
        running = list(Pause.objects.filter(state="running").select_related("task__owner").order_by("pk"))
        if running:
            end_pause(self.random.choice(running), by=self.by, now=self.now, reason="汛期已过")

    def steer(self) -> None:
        tasks = {task.pk: task for task in (self.task() for _n in range(4))}
        changes = [Change(task.pk, task.version, task.urgency, self.random.choice([2, 3])) for task in tasks.values()]
        steer_tasks(changes, what=Steer.URGENCY, by=self.by, now=self.now, today=self.cast.today)

    def ask_time(self) -> None:
        task = self.task()
        to_date = (task.due_date or self.cast.today) + timedelta(days=9)
        request_extension(
            task, unit=self.cast.unit("QH-NYJ"), by=self.cast["deptclerk"], now=self.now, to_date=to_date,
            cause="weather", reason="连续降雨", progress="过半",
        )  # fmt: skip

    def grant_time(self) -> None:
        asked = list(Extension.objects.filter(state="requested").select_related("task__owner").order_by("pk"))
        if asked:
            found = self.random.choice(asked)
            decide_extension(
                found, approve=True, granted_date=found.to_date, opinion="同意", by=self.by, now=self.now
            )  # fmt: skip

    def chase(self) -> None:
        take_due_steps(now=self.now + timedelta(days=self.random.choice([0, 30, 60])), policy=get_policy())
