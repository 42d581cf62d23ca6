"""Chasing in a real browser: reminded, silent, chased, a letter approved and sent, reported, left in peace."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.pages.conftest import Server

SignIn = Callable[..., Page]
TITLE = "核清全县农机存量并建账"
MAKE = f"""
import json
from datetime import timedelta
from django.utils import timezone
from luoshi.core.clock import now, today
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Duty, Task
from luoshi.progress.models import Standing
office, unit = Person.objects.get(username="office"), Unit.objects.get(code="QH-NYJ")
task = Task.objects.create(
    code="QH-CHASE-1", title="{TITLE}", requirement="逐村核清。", standard="账册齐全", kind="measure", tier=3,
    state="in_progress", owner=Unit.objects.get(code="QH"), due_date=today(), original_due_date=today(),
    start_date=today(), created_by=office, created_at=now(), dispatched_at=now(),
)
task.path = f"{{task.pk:010d}}"
task.save()
Duty.objects.create(task=task, unit=unit, role="lead", acknowledged_at=now())
Standing.objects.create(task=task)
print(json.dumps(task.pk))
"""
CHASE = """
from datetime import datetime, time, timedelta
from django.utils import timezone
from luoshi.core.clock import today
from luoshi.core.queries import get_calendar
from luoshi.supervision.jobs import chase_units
calendar = get_calendar(today(), today() + timedelta(days=60))
day = calendar.add_workdays(today(), {n}) if {n} else today()
chase_units(timezone.make_aware(datetime.combine(day, time(8))))
"""


def run(server: Server, script: str) -> str:
    done = server.run("shell", "-v0", "-c", script)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().rpartition("\n")[2]


def pass_days(server: Server, first: int, last: int) -> None:
    """The routine of each working day from so many days on."""
    for n in range(first, last + 1):
        run(server, CHASE.format(n=n))


def test_silence_leads_from_a_reminder_to_a_letter_and_a_report_ends_it(server: Server, sign_in: SignIn) -> None:
    task = json.loads(run(server, MAKE))
    clerk, office = sign_in("deptclerk"), sign_in("office")
    pass_days(server, 0, 0)
    clerk.goto("/notices/")
    expect(clerk.locator("main")).to_contain_text(f"提醒：“{TITLE}”")
    clerk.goto(f"/tasks/{task}/")
    panel = clerk.locator("section", has=clerk.locator("#h-chase"))
    expect(panel).to_contain_text(re.compile("已发出.*提醒", re.DOTALL))
    expect(panel).to_contain_text("只看不办不停")
    pass_days(server, 1, 1)
    clerk.goto("/notices/")
    expect(clerk.locator("main")).to_contain_text(f"催办单：“{TITLE}”")
    run(server, CHASE.format(n=6))
    office.goto("/supervision/chasing/approvals/")
    office.get_by_label(f"督办函：{TITLE}").check()
    office.get_by_label("意见").fill("三日内报送清单。")
    office.get_by_role("button", name="对所选作出决定").click()
    expect(office.locator("main")).to_contain_text("已发出 1 项")
    office.goto(f"/tasks/{task}/")
    expect(office.locator("section", has=office.locator("#h-chase"))).to_contain_text("三日内报送清单。")
    expect(office.locator("section", has=office.locator("#h-chase")).get_by_role("link", name="文书")).to_be_visible()
    clerk.goto(f"/tasks/{task}/report/")
    clerk.locator("textarea[name=done]").fill("11月底已核清12个乡镇农机3400台，账册已建。")
    clerk.locator("form:has(textarea[name=done]) button.btn-primary").click()
    clerk.goto(f"/tasks/{task}/")
    expect(panel).to_contain_text("单位已报送进展")
    clerk.goto("/supervision/chasing/?tab=stopped")
    expect(clerk.locator("main")).to_contain_text(TITLE)
