"""The planned path: milestones of a task."""

from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.core.clock import now, today
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import FaultyPath, set_milestones
from luoshi.tasks.forms import SPARE_ROWS, MilestoneForm, milestone_rows
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.rules.ladder import quarter_path
from luoshi.tasks.rules.states import BEFORE_DISPATCH
from luoshi.tasks.views.drafting import to_task

MAX_ROWS = 60


@require_http_methods(["GET", "POST"])
def milestones(request: SignedRequest, id: int) -> HttpResponse:
    """Edit the planned path; “by quarter” fills a straight line up to the due date, which may then be changed."""
    task = get_task_for(request.access, id=id)
    task = get_task_for(request.access, id=id, to="draft" if task.state in BEFORE_DISPATCH else "plan")
    factory = formset_factory(MilestoneForm, extra=SPARE_ROWS, max_num=MAX_ROWS, absolute_max=MAX_ROWS + 20)
    fault = ""
    if request.method == "POST" and "fill" in request.POST:
        rows = factory(initial=_filled(task), prefix="m")
    elif request.method == "POST":
        rows = factory(_data(request), prefix="m")
        if "more" not in request.POST and rows.is_valid():
            points = [point for form in rows.forms if form.has_changed() for point in [form.point()] if point]
            try:
                set_milestones(task, rows=points, by=request.user, now=now())
            except FaultyPath as refusal:
                fault = str(refusal.sentence)
            else:
                messages.success(request, _("The planned path is saved."))
                return to_task(task)
    else:
        rows = factory(initial=milestone_rows(task), prefix="m")
    return render(request, "tasks/milestones.html", {"task": task, "rows": rows, "fault": fault})


def _data(request: SignedRequest) -> Any:
    data = request.POST.copy()
    if "more" in data:
        data["m-TOTAL_FORMS"] = str(int(data.get("m-TOTAL_FORMS", "0") or 0) + SPARE_ROWS)
    return data


def _filled(task: Task) -> list[dict[str, Any]]:
    """A straight line by quarter from the start to the due date (or the review date)."""
    due = task.due_date or task.review_date
    if due is None:
        return milestone_rows(task)
    line = quarter_path(task.start_date or today(), due)
    return [
        {"name": _("%(percent)s%% done") % {"percent": f"{p.normalize():f}"}, "due_date": day, "percent": p}
        for day, p in line
    ]
