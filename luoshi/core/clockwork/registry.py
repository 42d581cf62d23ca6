"""The routines of this installation, as the rooms registered them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.conf import settings

from luoshi.core.rules.routines import CatchUp, Routine

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_routines: dict[str, Routine] = {}


def daily(
    name: str,
    at: time,
    run: Callable[[datetime], object],
    *,
    workdays_only: bool = False,
    catch_up: CatchUp = "each",
    label: "StrOrPromise" = "",
    atomic: bool = False,
) -> None:
    """Call `run(moment)` once a day at an hour of local time; days that were missed one by one, oldest first.

    `run` may be called again for the same moment after its process died: what it writes is guarded by unique rows.
    With `atomic` it runs in the transaction that marks it done, which makes it once only without such rows.
    `catch_up="latest"` is for what is of no use later. LUOSHI_ROUTINE_HOURS may set another hour.
    """
    _routines[name] = Routine(
        name, run, at=at, workdays_only=workdays_only, catch_up=catch_up, label=label, atomic=atomic
    )


def every(name: str, minutes: int, run: Callable[[datetime], object], *, label: "StrOrPromise" = "") -> None:
    """Call `run(moment)` every so many minutes; after a standstill only for the latest moment."""
    _routines[name] = Routine(name, run, minutes=minutes, catch_up="latest", label=label)


def list_routines() -> list[Routine]:
    """All routines in the order of their registration, at the hours that this installation sets."""
    return [_at_own_hour(routine) for routine in _routines.values()]


def get_routine(name: str) -> Routine | None:
    """The routine of that name; None for one that this program no longer has."""
    routine = _routines.get(name)
    return _at_own_hour(routine) if routine else None


def _at_own_hour(routine: Routine) -> Routine:
    own: time | None = settings.ROUTINE_HOURS.get(routine.name)
    return replace(routine, at=own) if own and not routine.minutes else routine
