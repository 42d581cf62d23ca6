"""Looking into messages and suggestions from the administration; nothing is changed there."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from luoshi.notices.models import Notice, Suggestion


class ReadOnlyAdmin(admin.ModelAdmin[models.Model]):
    """Rows are written by actions, which keep the journal."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is Django's
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["at", "person", "kind", "text", "read_at"]
    list_select_related = ["person"]
    search_fields = ["text", "person__name", "person__username"]
    list_filter = ["kind"]


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    list_display = ["at", "person", "text", "answered_at"]
    list_select_related = ["person"]
