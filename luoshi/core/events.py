"""How a room hears of what another did: in its apps.py it subscribes to a verb of the journal, or to work starting."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luoshi.core.models import Entry

Listener = Callable[["Entry"], None]
Starter = Callable[[datetime], None]
_starters: list[Starter] = []
_listeners: dict[str, list[Listener]] = defaultdict(list)


def subscribe(verb: str, listener: Listener) -> None:
    """Call `listener(entry)` inside the transaction of every action that records `verb`."""
    if listener not in _listeners[verb]:
        _listeners[verb].append(listener)


def publish(entry: "Entry") -> None:
    """Tell every listener of the entry's verb, in the order they subscribed."""
    for listener in _listeners[entry.verb]:
        listener(entry)


def at_start_of_work(starter: Starter) -> None:
    """Call `starter(now)` whenever a process begins to work on background jobs."""
    if starter not in _starters:
        _starters.append(starter)


def start_work(*, now: datetime) -> None:
    """A process begins to work on background jobs."""
    for starter in _starters:
        starter(now)
