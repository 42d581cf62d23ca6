"""What the pages of this room share: say that something was done, or show the form again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from luoshi.orgs.middleware import SignedRequest


def done(request: SignedRequest, message: str, name: str, *key: int) -> HttpResponse:
    """Back to a page with what was done."""
    messages.success(request, message)
    return redirect(name, *key)


def show(request: SignedRequest, name: str, form: forms.BaseForm | None = None, **context: Any) -> HttpResponse:
    """A page of this room, with its form if it has one."""
    bad = form is not None and form.is_bound
    status = getattr(form, "status", 422) if bad else 200
    return render(request, f"inspections/{name}.html", {"form": form, **context}, status=status)
