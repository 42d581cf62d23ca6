"""All addresses: pages by room, the API, sign-in, administration."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

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
    path("tasks/", include("luoshi.progress.urls")),
    path("", include("luoshi.supervision.urls")),
    path("", include("luoshi.ledger.urls")),
    path("calendar/", include("luoshi.schedule.urls")),
    path("orgs/", include("luoshi.orgs.urls")),
    path("notices/", include("luoshi.notices.urls")),
    path("", include("luoshi.core.urls")),
    path("accounts/", include(sign_in)),
    path("admin/", admin.site.urls),
]
