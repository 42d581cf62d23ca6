"""In which units a person works, decides or leads, as the needle needs it."""

from dataclasses import dataclass

from luoshi.orgs.rules import Access, Role


@dataclass(frozen=True, slots=True)
class Posts:
    """Unit ids by what the person does there. A head or sponsor of a whole government leads; all others work.

    In the units of `handling` they work without being their head.
    """

    doing: frozenset[int]
    handling: frozenset[int]
    working: frozenset[int]
    leading: frozenset[int]
    office_paths: tuple[str, ...]

    @property
    def all(self) -> frozenset[int]:
        return self.doing | self.working | self.leading


def get_posts(access: Access) -> Posts:
    """The seats of a person, sorted by what they do; no query."""
    heads = {s.unit_id for s in access.seats if s.role == Role.HEAD}
    lead = {s.unit_id for s in access.seats if s.path == s.home and s.role == Role.HEAD}
    return Posts(
        doing=frozenset(s.unit_id for s in access.seats if s.role in (Role.HEAD, Role.HANDLER)),
        handling=frozenset(s.unit_id for s in access.seats if s.role == Role.HANDLER and s.unit_id not in heads),
        working=frozenset(
            s.unit_id
            for s in access.seats
            if s.role in (Role.OFFICE, Role.HANDLER) or (s.role == Role.HEAD and s.path != s.home)
        ),
        leading=frozenset(lead),
        office_paths=tuple(s.path for s in access.seats if s.role == Role.OFFICE),
    )
