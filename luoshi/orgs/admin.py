"""Looking into units, people and posts; they are changed on the pages, which keep the journal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth import admin as _groups  # noqa: F401 - it registers the groups, which are taken out below
from django.contrib.auth.models import Group

from luoshi.core.admin import ReadOnlyAdmin
from luoshi.orgs.models import ApiToken, Person, Post, Unit

# One way to sign in: the administration's own would pass by the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


# Rights come from posts; a group would give none.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)


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
