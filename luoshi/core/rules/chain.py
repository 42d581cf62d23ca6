"""The journal's hash chain: each link seals its own content and the link before it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One journal entry as sealed: `content` is its canonical JSON."""

    seq: int
    content: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the chain does not hold; `kind` is altered, missing, reordered or cut."""

    seq: int
    kind: str


def canonical(content: object) -> str:
    """The one spelling of a JSON value that is hashed: sorted keys, no white space, UTF-8 as is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(seq: int, content: str, *, previous_hash: str) -> str:
    """The SHA-256 over the place, the content and the hash before it, in hex."""
    return hashlib.sha256(f"{seq}\n{previous_hash}\n{content}".encode()).hexdigest()


def find_faults(links: Iterable[Link], *, head_seq: int, head_hash: str) -> list[Fault]:
    """Every altered, missing, reordered or cut-off entry of a chain given in its stored order."""
    faults: list[Fault] = []
    seq, previous = 0, GENESIS
    for link in links:
        if link.seq <= seq:
            faults.append(Fault(link.seq, "reordered"))
        elif link.seq != seq + 1:
            faults.append(Fault(seq + 1, "missing"))
        elif link.previous_hash != previous:
            faults.append(Fault(link.seq, "reordered"))
        if seal(link.seq, link.content, previous_hash=link.previous_hash) != link.hash:
            faults.append(Fault(link.seq, "altered"))
        seq, previous = max(seq, link.seq), link.hash
    if (seq, previous) != (head_seq, head_hash):
        faults.append(Fault(head_seq, "cut"))
    return faults
