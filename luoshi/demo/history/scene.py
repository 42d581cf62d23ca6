"""Who is there to act: the county's units, its people, and who answers for a unit."""

import random
from dataclasses import dataclass, field
from functools import cached_property

from luoshi.demo.actions import County
from luoshi.demo.history.diary import Diary
from luoshi.directives.models import Directive
from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.rules import Role
from luoshi.tasks.models import Task

COUNTY = "QH"
OFFICE = ("office", "officeclerk", "shao.yifan")


@dataclass
class Scene:
    """The county while its months are lived through."""

    county: County
    diary: Diary
    dice: random.Random
    papers: dict[str, Directive] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    parts: dict[tuple[str, str], int] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        return self.county.units[code]

    def person(self, username: str) -> Person:
        return self.county.people[username]

    def office(self) -> Person:
        """Somebody of the county's supervision office."""
        return self.person(self.dice.choice(OFFICE))

    def clerk(self, unit_id: int) -> Person | None:
        """Who reports for a unit: its handler, else its head."""
        return self._posts.get((unit_id, Role.HANDLER)) or self._posts.get((unit_id, Role.HEAD))

    def head(self, unit_id: int) -> Person | None:
        """Who decides for a unit: its head, else its handler."""
        return self._posts.get((unit_id, Role.HEAD)) or self._posts.get((unit_id, Role.HANDLER))

    @cached_property
    def _posts(self) -> dict[tuple[int, str], Person]:
        """The main post-holder of each unit and role: whoever has no other post before whoever has one."""
        found: dict[tuple[int, str], Person] = {}
        for post in Post.objects.held_on(self.diary.today).select_related("person").order_by("-pk"):
            found[(post.unit_id, post.role)] = post.person
        return found

    @cached_property
    def units_by_id(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in self.county.units.values()}

    def task(self, title: str, *, unit: str = "") -> Task | None:
        """The task of a title as it stands, or a unit's part of it; None while there is none."""
        pk = self.parts.get((title, unit)) if unit else self.tasks.get(title)
        return None if pk is None else Task.objects.select_related("owner").get(pk=pk)
