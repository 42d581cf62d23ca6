"""Changing the tree of units; what was stays readable, and work passes to the successor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, LPad, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Post, Succession, Unit, UnitName
from luoshi.orgs.rules import PATH_STEP
from luoshi.orgs.rules.units import depth, fits, is_below

ONE_DAY = timedelta(days=1)


class CodeTaken(Refusal):
    """A unit code names one unit for ever."""

    sentence = _("This unit code is already in use. Give another one.")


class TooDeep(Refusal):
    """The tree has a bounded number of tiers."""

    sentence = _("The tree would become too deep. Choose a superior unit higher up.")


class UnderItself(Refusal):
    """A unit cannot stand below itself."""

    sentence = _("A unit cannot be placed below itself. Choose another superior unit.")


class UnitIsClosed(Refusal):
    """What is closed stays as it was."""

    sentence = _("This unit is closed. Choose the unit that succeeded it.")


class HasLowerUnits(Refusal):
    """A unit is closed after those below it."""

    sentence = _("Units still stand below this one. Move or close them first.")


class WrongDay(Refusal):
    """The tree records what has happened, after the unit began."""

    sentence = _("Give a day after the unit began and not later than today.")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """A unit to be made."""

    code: str
    name: str
    level: str
    parent: Unit | None
    valid_from: date
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    sort: int = 0


def create_unit(draft: UnitDraft, *, by: Person, now: datetime) -> Unit:
    """Add a unit to the tree. Raises CodeTaken, TooDeep or UnitIsClosed."""
    with transaction.atomic():
        lock_tree()
        unit = _insert(draft)
        record_entry(
            "create_unit", by=by, now=now, subject=unit, unit_path=unit.path or "",
            after={"code": unit.code, "name": unit.name, "level": unit.level, "superior": draft.parent},
        )  # fmt: skip
    return unit


def edit_unit(unit: Unit, *, level: str, category: str, sort: int, by: Person, now: datetime) -> None:
    """Correct what has no history: tier, category for comparison, order."""
    with transaction.atomic():
        unit = _get_open(unit)
        before = {"level": unit.level, "category": unit.category, "sort": unit.sort}
        unit.level, unit.category, unit.sort = level, category, sort
        unit.save(update_fields=["level", "category", "sort"])
        after = {"level": level, "category": category, "sort": sort}
        changed = {key for key, value in after.items() if before[key] != value}
        record_entry(
            "edit_unit", by=by, now=now, subject=unit, unit_path=unit.path or "",
            before={k: before[k] for k in sorted(changed)}, after={k: after[k] for k in sorted(changed)},
        )  # fmt: skip


def rename_unit(
    unit: Unit, *, name: str, short_name: str, aliases: Iterable[str], on: date, by: Person, now: datetime
) -> None:
    """Give new names from a day on; the former ones stay dated in its history. Raises WrongDay or UnitIsClosed."""
    with transaction.atomic():
        unit = _get_open(unit)
        _check_day(on, unit=unit, now=now)
        before = {"name": unit.name, "short_name": unit.short_name, "aliases": _aliases(unit)}
        set_names(unit, name=name, short_name=short_name, aliases=aliases, on=on)
        after = {"name": unit.name, "short_name": unit.short_name, "aliases": _aliases(unit)}
        record_entry(
            "rename_unit", by=by, now=now, subject=unit, unit_path=unit.path or "",
            before={k: v for k, v in before.items() if after[k] != v},
            after={k: v for k, v in after.items() if before[k] != v}, on=on,
        )  # fmt: skip


def move_unit(unit: Unit, *, parent: Unit, by: Person, now: datetime) -> None:
    """Place a unit with all below it under another superior. Raises UnderItself, TooDeep or UnitIsClosed."""
    with transaction.atomic():
        lock_tree()
        unit, parent = _get_open(unit), _get_open(parent)
        before = unit.parent
        place_under(unit, parent=parent)
        record_entry(
            "move_unit", by=by, now=now, subject=unit, unit_path=unit.path or "",
            before={"superior": before}, after={"superior": parent},
        )  # fmt: skip


def merge_units(units: Sequence[Unit], *, into: Unit, on: date, by: Person, now: datetime) -> None:
    """From a day on the units are part of another: their people, lower units, names and open work go there."""
    with transaction.atomic():
        lock_tree()
        into, units = _get_open(into), [_get_open(unit) for unit in units]
        for unit in units:
            if is_below(into.path or "", of=unit.path or ""):
                raise UnderItself
            _check_day(on, unit=unit, now=now)
            _hand_over(unit, to=into, on=on)
        link = Succession.MERGE
        Succession.objects.bulk_create(Succession(predecessor=u, successor=into, kind=link, date=on) for u in units)
        record_entry(
            "merge_units", by=by, now=now, subject=into, unit_path=into.path or "",
            predecessors=[{"id": u.pk, "code": u.code, "name": u.name} for u in units], on=on,
        )  # fmt: skip


def split_unit(unit: Unit, *, into: Sequence[UnitDraft], keep: bool, on: date, by: Person, now: datetime) -> list[Unit]:
    """From a day on new units stand where one stood, or beside it when it is kept.

    Unless kept, the old unit closes and its people, lower units and names go to the first of the new ones.
    """
    with transaction.atomic():
        lock_tree()
        unit = _get_open(unit)
        _check_day(on, unit=unit, now=now)
        made = [_insert(draft) for draft in into]
        if not keep:
            _hand_over(unit, to=made[0], on=on)
        link = Succession.SPLIT
        Succession.objects.bulk_create(Succession(predecessor=unit, successor=new, kind=link, date=on) for new in made)
        record_entry(
            "split_unit", by=by, now=now, subject=unit, unit_path=unit.path or "",
            successors=[{"id": new.pk, "code": new.code, "name": new.name} for new in made], kept=keep, on=on,
        )  # fmt: skip
    return made


def close_unit(unit: Unit, *, last_day: date, by: Person, now: datetime) -> None:
    """End a unit and every post in it after a day. Raises HasLowerUnits, WrongDay or UnitIsClosed."""
    with transaction.atomic():
        lock_tree()
        unit = _get_open(unit)
        if Unit.objects.filter(parent=unit, valid_to__isnull=True).exists():
            raise HasLowerUnits
        if not unit.valid_from <= last_day <= timezone.localtime(now).date():
            raise WrongDay
        _end(unit, last_day=last_day)
        record_entry(
            "close_unit", by=by, now=now, subject=unit, unit_path=unit.path or "", after={"valid_to": last_day}
        )


def lock_tree() -> None:
    """Let one change of the tree at a time through; readers and other work are not held up."""
    list(Unit.objects.select_for_update(no_key=True).filter(parent__isnull=True).order_by("pk").values_list("pk"))


def place_under(unit: Unit, *, parent: Unit | None) -> None:
    """Rewrite the paths of a unit and all below it in one UPDATE. Raises UnderItself or TooDeep."""
    old, above = unit.path or "", (parent.path or "") if parent else ""
    if parent is not None and is_below(above, of=old):
        raise UnderItself
    deepest = Unit.objects.within(old).order_by().values_list("path", flat=True)
    if not fits(max(depth(path or "") for path in deepest) - depth(old) + 1, parent_path=above):
        raise TooDeep
    new = above + old[-PATH_STEP:]
    Unit.objects.within(old).update(path=Concat(Value(new), Substr("path", len(old) + 1), output_field=CharField()))
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    unit.path, unit.parent = new, parent


def fill_paths() -> None:
    """Give a path to units just inserted without one, tier by tier: one UPDATE for each tier."""
    place = LPad(Cast("pk", TextField()), PATH_STEP, Value("0"))
    while (waiting := Unit.objects.filter(path__isnull=True)).exists():
        above = Unit.objects.filter(pk=OuterRef("parent_id")).values("path")
        roots = waiting.filter(parent__isnull=True).update(path=place)
        lower = waiting.filter(parent__path__isnull=False)
        ids = list(lower.values_list("pk", flat=True))
        rest = Unit.objects.filter(pk__in=ids).update(path=Concat(Subquery(above), place, output_field=CharField()))
        if not roots + rest:
            raise UnderItself


def set_names(unit: Unit, *, name: str, short_name: str, aliases: Iterable[str], on: date) -> None:
    """Bear these names from a day on; those borne until now end the day before. No journal entry of its own."""
    wanted = {(UnitName.OFFICIAL, name)} | {(UnitName.ALIAS, alias) for alias in aliases}
    if short_name:
        wanted.add((UnitName.SHORT, short_name))
    open_names = {(row.kind, row.name): row for row in unit.names.filter(valid_to__isnull=True)}
    gone = [row.pk for key, row in open_names.items() if key not in wanted]
    UnitName.objects.filter(pk__in=gone, valid_from__gte=on).delete()
    UnitName.objects.filter(pk__in=gone).update(valid_to=on - ONE_DAY)
    _date_unwritten(unit, known=set(open_names), wanted=wanted, on=on)
    new = [UnitName(unit=unit, kind=k, name=n, valid_from=on) for k, n in sorted(wanted - set(open_names))]
    UnitName.objects.bulk_create(new, ignore_conflicts=True)
    unit.name, unit.short_name = name, short_name
    unit.save(update_fields=["name", "short_name"])


def _date_unwritten(unit: Unit, *, known: set[tuple[str, str]], wanted: set[tuple[str, str]], on: date) -> None:
    """A name that stood only on the unit itself enters the history when it ends."""
    for kind, name in ((UnitName.OFFICIAL, unit.name), (UnitName.SHORT, unit.short_name)):
        if name and (kind, name) not in known | wanted and unit.valid_from < on:
            UnitName.objects.get_or_create(
                unit=unit, kind=kind, name=name, valid_from=unit.valid_from, defaults={"valid_to": on - ONE_DAY}
            )


def add_alias(unit: Unit, *, alias: str, on: date) -> None:
    """Remember one more name under which papers speak of the unit. No journal entry of its own."""
    known = UnitName.objects.filter(unit=unit, name=alias, valid_to__isnull=True).exists()
    if not known and alias not in (unit.name, unit.short_name):
        UnitName.objects.create(unit=unit, kind=UnitName.ALIAS, name=alias, valid_from=on)


def name_rows(unit: Unit, *, aliases: Iterable[str]) -> list[UnitName]:
    """The names of a new unit as rows to insert."""
    names = [(UnitName.OFFICIAL, unit.name), (UnitName.SHORT, unit.short_name)]
    names += [(UnitName.ALIAS, alias) for alias in dict.fromkeys(aliases)]
    return [UnitName(unit=unit, kind=kind, name=name, valid_from=unit.valid_from) for kind, name in names if name]


def _insert(draft: UnitDraft) -> Unit:
    if Unit.objects.filter(code__iexact=draft.code).exists():
        raise CodeTaken
    parent = _get_open(draft.parent) if draft.parent else None
    if not fits(1, parent_path=(parent.path or "") if parent else ""):
        raise TooDeep
    unit = Unit.objects.create(
        code=draft.code, name=draft.name, short_name=draft.short_name, level=draft.level, category=draft.category,
        parent=parent, sort=draft.sort, valid_from=draft.valid_from,
    )  # fmt: skip
    fill_paths()
    unit.refresh_from_db(fields=["path"])
    UnitName.objects.bulk_create(name_rows(unit, aliases=draft.aliases))
    return unit


def _get_open(unit: Unit) -> Unit:
    """The unit as it stands now, inside the transaction. Raises UnitIsClosed."""
    fresh = Unit.objects.select_related("parent").get(pk=unit.pk)
    if fresh.valid_to is not None:
        raise UnitIsClosed
    return fresh


def _check_day(on: date, *, unit: Unit, now: datetime) -> None:
    if not unit.valid_from < on <= timezone.localtime(now).date():
        raise WrongDay


def _hand_over(unit: Unit, *, to: Unit, on: date) -> None:
    """People, lower units and names of a unit that ends go to its successor; open work follows through access."""
    for child in Unit.objects.filter(parent=unit, valid_to__isnull=True).exclude(pk=to.pk):
        place_under(child, parent=to)
    posts = Post.objects.filter(unit=unit).exclude(to_date__lt=on)
    Post.objects.bulk_create(
        [
            Post(
                person_id=p.person_id, unit=to, role=p.role, title=p.title,
                from_date=max(on, p.from_date), to_date=p.to_date,
            )
            for p in posts
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    names = [unit.name, unit.short_name, *unit.names.filter(valid_to__isnull=True).values_list("name", flat=True)]
    for name in filter(None, dict.fromkeys(names)):
        add_alias(to, alias=name, on=on)
    _end(unit, last_day=on - ONE_DAY)


def _end(unit: Unit, *, last_day: date) -> None:
    unit.posts.filter(from_date__gt=last_day).delete()
    unit.posts.exclude(to_date__lte=last_day).update(to_date=last_day)
    unit.names.filter(valid_to__isnull=True, valid_from__lte=last_day).update(valid_to=last_day)
    unit.valid_to = last_day
    unit.save(update_fields=["valid_to"])


def _aliases(unit: Unit) -> list[str]:
    rows = UnitName.objects.filter(unit=unit, kind=UnitName.ALIAS, valid_to__isnull=True)
    return sorted(rows.values_list("name", flat=True))
