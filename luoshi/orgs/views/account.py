"""One's own account: posts, keys, password, second factor."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from luoshi.core.clock import now, today
from luoshi.orgs import actions
from luoshi.orgs.forms import TokenForm, attempt
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import ApiToken, Post


@never_cache
def me(request: SignedRequest) -> HttpResponse:
    """What I am here, and my keys; a new key is shown this once."""
    form = TokenForm(request.POST or None)
    secret: list[str] = []
    if form.is_valid():
        name = form.cleaned_data["name"]
        attempt(form, lambda: secret.append(actions.create_api_token(request.user, name=name, now=now())[1]))
    context = {
        "form": TokenForm() if secret else form,
        "secret": secret[0] if secret else "",
        "posts": Post.objects.filter(person=request.user).held_on(today()).select_related("unit")[:50],
        "tokens": ApiToken.objects.filter(person=request.user)[:50],
        "has_totp": is_mfa_enabled(request.user),
    }
    return render(request, "orgs/me.html", context, status=422 if form.errors else 200)


@require_POST
def token_revoke(request: SignedRequest, id: int) -> HttpResponse:
    """End one of my keys."""
    token = ApiToken.objects.filter(pk=id, person=request.user).first()
    if token is None:
        raise Http404
    actions.revoke_api_token(token, by=request.user, now=now())
    messages.success(request, _("The key was revoked."))
    return redirect("orgs:me")
