"""What the pages of this room share: do the action of a filled form, and say so or show the form again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from luoshi.core.errors import NotAllowed, Refusal
from luoshi.orgs.middleware import SignedRequest


def run(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Do the action when the form is whole; a refusal becomes the form's error, and nothing typed is lost."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        form.status = refusal.status  # type: ignore[attr-defined]
        return False
    return True


def done(request: SignedRequest, message: str, name: str, *key: int) -> HttpResponse:
    """Back to a page with what was done."""
    messages.success(request, message)
    return redirect(name, *key)


def show(request: SignedRequest, name: str, form: forms.BaseForm | None = None, **context: Any) -> HttpResponse:
    """A page of this room, with its form if it has one."""
    bad = form is not None and form.is_bound
    status = getattr(form, "status", 422) if bad else 200
    return render(request, f"inspections/{name}.html", {"form": form, **context}, status=status)
