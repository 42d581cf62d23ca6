"""Looking into messages and suggestions from the administration; nothing is changed there."""

from django.contrib import admin

from luoshi.core.admin import ReadOnlyAdmin
from luoshi.notices.models import Notice, Suggestion


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
