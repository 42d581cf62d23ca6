"""All addresses: pages by room, the API, sign-in, administration."""

from django.contrib import admin
from django.urls import include, path

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
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
