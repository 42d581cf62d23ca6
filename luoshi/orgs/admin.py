"""Looking into units, people and posts; they are changed on the pages, which keep the journal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from luoshi.core.models import CalendarDay, Entry
from luoshi.orgs.models import ApiToken, Person, Post, Unit

# One way to sign in: the administration's own would pass by the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ReadOnlyAdmin(admin.ModelAdmin[models.Model]):
    """Rows are written by actions, which keep the journal."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is Django's
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "short_name", "level", "parent", "valid_from", "valid_to"]
    list_select_related = ["parent"]
    list_filter = ["level"]
    search_fields = ["code", "name", "short_name"]


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["username", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["username", "name"]
    exclude = ["password"]


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ["person", "unit", "role", "title", "from_date", "to_date"]
    list_select_related = ["person", "unit"]
    list_filter = ["role"]
    search_fields = ["person__name", "person__username", "unit__name", "title"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "person", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["person"]
    exclude = ["digest"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["seq", "at", "actor", "verb", "subject_label"]
    list_select_related = ["actor"]
    search_fields = ["subject_label", "verb"]
    show_full_result_count = False


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "is_workday", "name"]
    date_hierarchy = "day"
