"""How a higher room hears of what a lower one did: it subscribes to a verb of the journal in its apps.py."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luoshi.core.models import Entry

Listener = Callable[["Entry"], None]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def subscribe(verb: str, listener: Listener) -> None:
    """Call `listener(entry)` inside the transaction of every action that records `verb`."""
    if listener not in _listeners[verb]:
        _listeners[verb].append(listener)


def publish(entry: "Entry") -> None:
    """Tell every listener of the entry's verb, in the order they subscribed."""
    for listener in _listeners[entry.verb]:
        listener(entry)
