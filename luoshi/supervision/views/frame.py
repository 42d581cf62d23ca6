"""What the forms of this room share: run the action of a filled form, show the form beside its task."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from luoshi.core.clock import today
from luoshi.core.forms import attempt
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import get_outlook
from luoshi.tasks.models import Task


def run(
    request: SignedRequest, form: forms.Form, task: Task, act: Callable[[], None], message: str
) -> HttpResponse | None:
    """Run the action of a filled form: back to the task when it is done, None when the form is to be shown."""
    if request.method != "POST" or not attempt(form, act):
        return None
    messages.success(request, message)
    return HttpResponseRedirect(url("ledger:task", task.pk) or url("supervision:queue"))


def show(request: SignedRequest, name: str, form: forms.Form, task: Task, **context: Any) -> HttpResponse:
    """The form beside what was asked and how it stands; nothing typed is lost."""
    context["outlook"] = get_outlook(task, today=today(), policy=get_policy())
    status = getattr(form, "status", 200)
    return render(request, f"supervision/{name}.html", {**context, "form": form, "task": task}, status=status)
