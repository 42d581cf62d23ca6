"""Units with dated names, people, and dated posts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.rules import Level, Role, path_range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from luoshi.orgs.rules import Access

LEVEL_LABELS = {
    Level.PROVINCE.value: _("province"),
    Level.CITY.value: _("city"),
    Level.COUNTY.value: _("county"),
    Level.DEPARTMENT.value: _("department"),
    Level.TOWNSHIP.value: _("township"),
    Level.VILLAGE.value: _("village"),
    Level.GROUP.value: _("group"),
    Level.COMPANY.value: _("company"),
    Level.DIVISION.value: _("division"),
    Level.TEAM.value: _("team"),
}
ROLE_LABELS = {
    Role.HEAD.value: _("head"),
    Role.SPONSOR.value: _("leader in charge"),
    Role.OFFICE.value: _("supervision office"),
    Role.HANDLER.value: _("handler"),
    Role.OBSERVER.value: _("observer"),
}


class UnitQuerySet(models.QuerySet["Unit"]):
    """Chainable reading of the tree."""

    def within(self, *paths: str) -> Self:
        """Units at or below any of the paths; none for no path."""
        return self.between([path_range(path) for path in paths])

    def between(self, ranges: Iterable[tuple[str, str]]) -> Self:
        """Units whose path lies in any of the ranges of rules.path_range."""
        inside = Q(pk__in=[])
        for given in ranges:
            inside |= Q(path__range=given)
        return self.filter(inside)

    def valid_on(self, day: date) -> Self:
        return self.filter(valid_from__lte=day).exclude(valid_to__lt=day)

    def visible_to(self, access: Access) -> Self:
        """The directory a person may read: the whole government or company of each seat."""
        return self.all() if access.admin else self.within(*access.homes)


class Unit(models.Model):
    """A node of the tree. Rename, merge and split keep the old row and link it to its successor."""

    code = models.CharField(_("unit code"), max_length=40, unique=True)
    name = models.CharField(_("official name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=list(LEVEL_LABELS.items()))
    category = models.CharField(_("category"), max_length=40, blank=True, help_text=_("for pooled comparison"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("superior unit")
    )
    path = models.CharField(max_length=120, db_index=True, null=True, editable=False)  # ends in its own key
    sort = models.PositiveIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        indexes = [
            models.Index(fields=["-valid_from", "-id"], name="unit_by_first_day"),
            models.Index(fields=["valid_to"], name="unit_by_last_day", condition=Q(valid_to__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_validity_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class UnitName(models.Model):
    """A name a unit bears or bore: official, short or alias, with its dates."""

    OFFICIAL, SHORT, ALIAS = "official", "short", "alias"
    KINDS = {OFFICIAL: _("official name"), SHORT: _("short name"), ALIAS: _("alias")}

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=120, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=list(KINDS.items()))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["unit", "kind", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["unit", "name", "kind", "valid_from"], name="unit_name_once")]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """A unit that became another on a date: renamed, merged into it, or split off to it."""

    RENAME, MERGE, SPLIT = "rename", "merge", "split"
    KINDS = {RENAME: _("renamed"), MERGE: _("merged"), SPLIT: _("split")}

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    date = models.DateField()

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor", "date"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Person(AbstractUser):
    """Somebody who signs in. What they may do follows from their posts, never from the account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=60)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Chainable reading of posts."""

    def held_on(self, day: date) -> Self:
        return self.filter(from_date__lte=day).exclude(to_date__lt=day)


class Post(models.Model):
    """A dated post of a person in a unit; one person may hold several."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=10, choices=list(ROLE_LABELS.items()))
    title = models.CharField(_("title"), max_length=60, blank=True)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["unit__path", "role"]
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "role", "from_date"], name="post_once"),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="post_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title or self.get_role_display()}"


class ApiToken(models.Model):
    """A person's key to the API, kept only as its SHA-256."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Sheet(models.Model):
    """An uploaded table of units, people, posts or figures, previewed, awaiting its yes; applied once, all or none."""

    KINDS = {"units": _("units"), "people": _("people"), "posts": _("posts"), "figures": _("figures")}

    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name


class UnitFigure(models.Model):
    """A number of a unit that targets are divided by: population, last year's actual, capacity; one a year and name."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="figures", verbose_name=_("unit"))
    name = models.CharField(_("figure"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    source = models.CharField(_("source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("figure of a unit")
        verbose_name_plural = _("figures of units")
        ordering = ["unit", "name", "year"]
        constraints = [models.UniqueConstraint(fields=["name", "year", "unit"], name="unit_figure_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.name} {self.year}: {self.value}"


class Absence(models.Model):
    """Days on which a person is away, so that nobody hands them work by mistake."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences", verbose_name=_("person"))
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["from_date", "person"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="absence_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.from_date}"
