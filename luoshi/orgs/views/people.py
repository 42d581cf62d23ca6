"""People, their posts and their passwords."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import paginate
from luoshi.orgs import actions
from luoshi.orgs.forms import CloseForm, HolderForm, PersonFactsForm, PersonForm, attempt
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Person, Post
from luoshi.orgs.queries import (
    get_person_for,
    get_unit_for,
    list_people,
    list_posts_of,
    list_unit_names,
    may_administer_person,
)
from luoshi.orgs.rules import administers_any, may_administer


@require_GET
def people(request: SignedRequest) -> HttpResponse:
    """Who works in the reader's governments, with the posts held today."""
    text, unit = request.GET.get("q", "").strip()[:60], None
    if request.GET.get("unit", "").isdecimal():
        unit = get_unit_for(request.access, id=int(request.GET["unit"]))
    page = paginate(list_people(request.access, text=text, unit=unit, today=today()), number=request.GET.get("page", 1))
    context = {
        "q": text,
        "unit": unit,
        "page": page,
        "posts": list_posts_of(page.rows, today=today()),
        "may": administers_any(request.access),
    }
    return render(request, "orgs/people.html", context)


@require_GET
def person(request: SignedRequest, id: int) -> HttpResponse:
    """A person's posts, held and past."""
    person = get_person_for(request.access, id=id)
    posts = list(Post.objects.filter(person=person).select_related("unit").order_by("-from_date", "-pk")[:100])
    context = {
        "person": person,
        "posts": [(post, may_administer(request.access, post.unit.path or "")) for post in posts],
        "may": may_administer_person(request.access, person),
        "today": today(),
    }
    return render(request, "orgs/person.html", context)


def person_new(request: SignedRequest) -> HttpResponse:
    """Make an account with its first post."""
    if not administers_any(request.access):
        raise NotAllowed
    initial = {"from_date": today(), "unit": request.GET.get("unit", "")[:120], "role": "handler"}
    form = PersonForm(request.POST or None, access=request.access, initial=initial)
    made: list[Person] = []

    def create() -> None:
        names = {name: form.cleaned_data[name] for name in ("username", "name", "email")}
        made.append(actions.create_person(**names, post=form.post(), by=request.user, now=now()))

    if form.is_valid() and attempt(form, create):
        messages.success(
            request, _("%(person)s was added. Issue a password so that they can sign in.") % {"person": made[0]}
        )
        return redirect("orgs:person", made[0].pk)
    return _form(request, form, title=_("New person"), button=_("Add person"), back="orgs:people")


def post_new(request: SignedRequest) -> HttpResponse:
    """Let a person hold a post."""
    if not administers_any(request.access):
        raise NotAllowed
    initial = {
        "from_date": today(),
        "unit": request.GET.get("unit", "")[:120],
        "person": request.GET.get("person", "")[:60],
        "role": "handler",
    }
    form = HolderForm(request.POST or None, access=request.access, initial=initial)
    give = partial(actions.give_post, by=request.user, now=now())
    if form.is_valid() and attempt(form, lambda: give(form.cleaned_data["person"], post=form.post())):
        messages.success(request, _("The post was given."))
        return redirect("orgs:person", form.cleaned_data["person"].pk)
    return _form(request, form, title=_("Give a post"), button=_("Give the post"), back="orgs:people")


def post_end(request: SignedRequest, id: int) -> HttpResponse:
    """Let a post end after a day."""
    post = Post.objects.select_related("unit", "person").filter(pk=id).first()
    if post is None:
        raise Http404
    get_unit_for(request.access, id=post.unit_id, to="administer")
    form = CloseForm(request.POST or None, initial={"last_day": today()})
    end = partial(actions.end_post, post, by=request.user, now=now())
    if form.is_valid() and attempt(form, lambda: end(last_day=form.cleaned_data["last_day"])):
        messages.success(request, _("The post was ended."))
        return redirect("orgs:unit", post.unit_id)
    title = _("End %(person)s's post: %(post)s") % {"person": post.person, "post": post}
    return _form(request, form, title=title, button=_("End the post"), person=post.person)


def person_edit(request: SignedRequest, id: int) -> HttpResponse:
    """Correct a person's name and address, or stop their signing in."""
    person = get_person_for(request.access, id=id, to="administer")
    form = PersonFactsForm(
        request.POST or None, initial={"name": person.name, "email": person.email, "is_active": person.is_active}
    )
    edit = partial(actions.edit_person, person, by=request.user, now=now())
    if form.is_valid() and attempt(form, lambda: edit(**form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("orgs:person", person.pk)
    return _form(request, form, title=_("Edit %(unit)s") % {"unit": person}, button=_("Save"), person=person)


@never_cache
@require_POST
def passwords(request: SignedRequest) -> HttpResponse:
    """Issue new passwords to the people picked and show them this once."""
    ids = [int(text) for text in request.POST.getlist("person") if text.isdecimal()][:51]
    chosen = list(list_people(request.access).filter(pk__in=ids))
    if not chosen:
        messages.warning(request, _("Pick at least one person."))
        return redirect("orgs:people")
    if not all(may_administer_person(request.access, person) for person in chosen):
        raise NotAllowed
    issued = actions.issue_passwords(chosen, by=request.user, now=now())
    return render(request, "orgs/passwords.html", {"issued": issued})


def _form(request: SignedRequest, form: Form, **context: Any) -> HttpResponse:
    names = list_unit_names(request.access, today=today()) if "unit" in form.fields else []
    return render(
        request, "orgs/form.html", {"form": form, "unit_names": names, **context}, status=422 if form.is_bound else 200
    )
