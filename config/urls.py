"""All addresses: pages by room, the API, sign-in, administration."""

from allauth.account import views as account
from django.contrib import admin
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from ninja import NinjaAPI
from ninja.errors import ValidationError

from luoshi.core.api import UNSTORABLE, explain_faults
from luoshi.core.api import router as core_router
from luoshi.core.errors import Refusal
from luoshi.directives.api import router as directives_router
from luoshi.insight.api import router as insight_router
from luoshi.inspections.api import router as inspections_router
from luoshi.ledger.api import router as ledger_router
from luoshi.letters.api import router as letters_router
from luoshi.notices.api import router as notices_router
from luoshi.orgs.api import TokenAuth
from luoshi.orgs.api import router as orgs_router
from luoshi.progress.api import router as progress_router
from luoshi.supervision.api import router as supervision_router
from luoshi.tasks.api import router as tasks_router

api = NinjaAPI(
    title="Luoshi · 落实",
    version="1",
    description="The same gate and the same actions as the pages. Make a key under 我的账号 · My account.",
    auth=TokenAuth(),
    urls_namespace="api",
)
for router in (
    core_router,
    orgs_router,
    directives_router,
    letters_router,
    tasks_router,
    progress_router,
    supervision_router,
    inspections_router,
    ledger_router,
    insight_router,
    notices_router,
):
    api.add_router("", router)


@api.exception_handler(Refusal)
def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal of any action, with its sentence."""
    return api.create_response(request, {"detail": str(refusal.sentence)}, status=refusal.status)


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that cannot be read: the fields, and what is wrong with each."""
    return api.create_response(request, {"detail": explain_faults(error.errors)}, status=422)


@api.exception_handler(DataError)
def unstorable(request: HttpRequest, _error: DataError) -> HttpResponse:
    """A value that the database cannot hold, such as a text with a NUL in it."""
    return api.create_response(request, {"detail": str(UNSTORABLE)}, status=422)


# Of allauth only what an organisation without e-mail and without sign-up needs.
sign_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", include("luoshi.insight.urls")),
    path("directives/", include("luoshi.directives.urls")),
    path("tasks/", include("luoshi.tasks.urls")),
    path("", include("luoshi.progress.urls")),
    path("", include("luoshi.supervision.urls")),
    path("inspections/", include("luoshi.inspections.urls")),
    path("", include("luoshi.ledger.urls")),
    path("calendar/", include("luoshi.schedule.urls")),
    path("orgs/", include("luoshi.orgs.urls")),
    path("notices/", include("luoshi.notices.urls")),
    path("letters/", include("luoshi.letters.urls")),
    path("", include("luoshi.core.urls")),
    path("api/", api.urls),
    path("accounts/", include(sign_in)),
    path("admin/", admin.site.urls),
]
