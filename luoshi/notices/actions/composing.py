"""Writing what a delivery says, in its reader's language, just before it is first sent."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luoshi.core.shell import url
from luoshi.notices.models import GROUP_LABELS, Delivery, Notice
from luoshi.notices.queries.wishes import (
    Line,
    Wishes,
    list_chat_posts,
    list_internal,
    list_opening,
    reads_otherwise,
    tells_titles,
)
from luoshi.notices.rules.kinds import PRIVATE_KINDS, Group, group_of

SHOWN = 5  # things of one group that are named; the others are counted


@dataclass(frozen=True, slots=True)
class Thing:
    """What was said about one page: the latest sentence, and how many there were."""

    kind: str
    url: str
    count: int
    text: str

    @property
    def line(self) -> Line:
        return self.text, self.url


def compose(deliveries: Sequence[Delivery], *, wishes: Callable[[int], Wishes], now: datetime) -> None:
    """Write subject, text and payload of each; one of which nothing is left to say keeps an empty subject."""
    to_people = [delivery for delivery in deliveries if delivery.person_id]
    things = _things_of_people(to_people)
    internal = list_internal({thing.line for found in things.values() for thing in found})
    for delivery in to_people:
        with translation.override(wishes(delivery.person_id or 0).language):
            _compose_letter(delivery, things.get(delivery.pk, []), internal=internal, now=now)
    for delivery in deliveries:
        if delivery.robot_id:
            with translation.override(settings.LANGUAGE_CODE):
                _compose_for_robot(delivery, now=now)


def _things_of_people(deliveries: Sequence[Delivery]) -> dict[int, list[Thing]]:
    """By delivery what is still unread of it; two queries, however much there is."""
    rows = (
        Notice.objects.filter(delivery__in=[d.pk for d in deliveries], read_at__isnull=True)
        .order_by()
        .values("delivery_id", "kind", "url")
        .annotate(n=Count("pk"), last=Max("pk"))
    )
    by_delivery: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_delivery[row["delivery_id"]].append({**row})
    return _with_texts(by_delivery)


def _with_texts(by_delivery: dict[int, list[dict[str, Any]]]) -> dict[int, list[Thing]]:
    wanted = [row["last"] for rows in by_delivery.values() for row in rows]
    texts: dict[int, str] = {}
    for start in range(0, len(wanted), 1000):
        texts |= dict(Notice.objects.filter(pk__in=wanted[start : start + 1000]).values_list("pk", "text"))
    return {
        pk: [
            Thing(row["kind"], row["url"], row["n"], texts.get(row["last"], ""))
            for row in sorted(rows, key=lambda row: -row["last"])
        ]
        for pk, rows in by_delivery.items()
    }


def _compose_letter(delivery: Delivery, things: Sequence[Thing], *, internal: set[Line], now: datetime) -> None:
    if not things:
        return
    delivery.notices = sum(thing.count for thing in things)
    sections = _sections(things, internal=internal)
    person = delivery.person
    assert person is not None
    opening = list_opening(person.pk, now=now) if delivery.is_digest and tells_titles() else []
    hidden = list_internal(set(opening))
    opening = [(_hidden() if line in hidden else line[0], line[1]) for line in opening]
    delivery.subject = _subject(delivery, sections)
    lines = [_("%(name)s,") % {"name": person.name}, "", _intro(delivery), ""]
    lines += [*_opening_lines(opening), *_section_lines(sections), *_end_lines()]
    delivery.text = "\n".join(lines)
    delivery.payload = {}


def _compose_for_robot(delivery: Delivery, *, now: datetime) -> None:
    robot = delivery.robot
    assert robot is not None
    if delivery.is_test:
        things = [Thing("test", url("notices:robots"), 1, _("This is a test. Messages of %(unit)s will arrive here."))]
        unit = str(robot.unit) if robot.unit else settings.LUOSHI_SITE_NAME
        things = [Thing(things[0].kind, things[0].url, 1, things[0].text % {"unit": unit})]
    elif delivery.is_digest:
        things = _things_of_robot(delivery)
    else:
        items = delivery.payload.get("items", [])
        things = [Thing(item["kind"], item["url"], 1, item["text"]) for item in items]
        delivery.people = _count_people(delivery)
    if not things:
        return
    _write_for_robot(delivery, things, now=now)


def _write_for_robot(delivery: Delivery, things: Sequence[Thing], *, now: datetime) -> None:
    robot = delivery.robot
    assert robot is not None
    delivery.notices = sum(thing.count for thing in things)
    sections = _sections(things, internal=list_internal({thing.line for thing in things}))
    delivery.subject = _("Test message") if delivery.is_test else _subject(delivery, sections)
    unit = str(robot.unit) if robot.unit else ""
    head = f"【{settings.LUOSHI_SITE_NAME}】{unit} {delivery.subject}".replace("  ", " ")
    lines = [head, *_section_lines(sections, labelled=not delivery.is_test)]
    delivery.text = "\n".join(line for line in lines if line)
    delivery.payload = _payload(delivery, sections, now=now)


def _things_of_robot(delivery: Delivery) -> list[Thing]:
    """What the people of the unit were told since the last digest, the same thing told to several once.

    In the site's own language, unless only readers of another were told.
    """
    found = _told_in(delivery)
    delivery.people = found.aggregate(n=Count("person", distinct=True))["n"] or 1
    ours = ~reads_otherwise()
    rows = (
        found.order_by()
        .values("kind", "url")
        .annotate(
            n=Count("text", distinct=True), last=Max("pk"),
            ours=Count("text", distinct=True, filter=ours), our_last=Max("pk", filter=ours),
        )
    )  # fmt: skip
    told = [{**row, "n": row["ours"] or row["n"], "last": row["our_last"] or row["last"]} for row in rows]
    return _with_texts({0: told}).get(0, [])


def _told_in(delivery: Delivery) -> QuerySet[Notice]:
    found = Notice.objects.filter(at__gt=delivery.since or delivery.upto, at__lte=delivery.upto)
    found = found.exclude(kind__in=PRIVATE_KINDS)
    robot = delivery.robot
    assert robot is not None
    if robot.unit_id is None:
        return found
    return found.filter(person__in=list_chat_posts(delivery.day).filter(unit=robot.unit_id).values("person"))


def _count_people(delivery: Delivery) -> int:
    robot = delivery.robot
    if robot is None or robot.unit_id is None:
        return 1
    held = list_chat_posts(delivery.day).filter(unit=robot.unit_id)
    return held.values("person").distinct().count() or 1


def _hidden() -> str:
    return _("about an internal paper: sign in to read it")


Section = tuple[Group, list[Thing]]


def _sections(things: Iterable[Thing], *, internal: set[Line]) -> list[Section]:
    """By group in the order of urgency; the titles of internal papers stay here."""
    found: dict[Group, list[Thing]] = defaultdict(list)
    for thing in things:
        text = _hidden() if thing.line in internal else thing.text
        found[group_of(thing.kind)].append(Thing(thing.kind, thing.url, thing.count, text))
    return [(group, found[group]) for group in Group if group in found]


def _subject(delivery: Delivery, sections: Sequence[Section]) -> str:
    """Counts only: subjects show on locked screens."""
    said = _(", ").join(f"{GROUP_LABELS[group]} {sum(t.count for t in things)}" for group, things in sections)
    words = _("Today: %(said)s") if delivery.is_digest else _("Urgent: %(said)s") if delivery.is_urgent else "%(said)s"
    return (words % {"said": said})[:200]


def _intro(delivery: Delivery) -> str:
    if delivery.is_digest:
        return _("%(n)s messages have come for you that you have not read on the site yet.") % {"n": delivery.notices}
    if delivery.is_urgent:
        return _("This is urgent:")
    return _("You wished to hear of this at once:")


def _opening_lines(opening: Sequence[Line]) -> list[str]:
    if not opening:
        return []
    return [_("What comes first now"), *_numbered([(text, path, "") for text, path in opening]), ""]


def _section_lines(sections: Sequence[Section], *, labelled: bool = True) -> list[str]:
    lines: list[str] = []
    for group, things in sections:
        count = sum(thing.count for thing in things)
        if labelled:
            lines.append(_("%(what)s (%(n)s)") % {"what": GROUP_LABELS[group], "n": count})
        if tells_titles() or not labelled:
            lines += _numbered([(t.text, t.url, _more(t.count)) for t in things[:SHOWN]])
            if len(things) > SHOWN:
                lines.append(_("   and %(n)s more things") % {"n": len(things) - SHOWN})
        lines.append("")
    return lines


def _more(count: int) -> str:
    return " " + _("(%(n)s messages)") % {"n": count} if count > 1 else ""


def _numbered(lines: Sequence[tuple[str, str, str]]) -> list[str]:
    found = []
    for number, (text, path, more) in enumerate(lines, 1):
        found.append(f"{number}. {' '.join(text.split())}{more}")
        if link := absolute(path):
            found.append(f"   {link}")
    return found


def absolute(path: str) -> str:
    """The whole address of a page; empty where the site does not say its own, or the path leads elsewhere."""
    if not settings.LUOSHI_SITE_URL or not path.startswith("/") or path.startswith("//"):
        return ""
    return f"{settings.LUOSHI_SITE_URL}{path}"


def _end_lines() -> list[str]:
    lines = ["—"]
    if link := absolute(url("notices:list")):
        lines.append(_("All messages: %(link)s") % {"link": link})
    wishes = absolute(url("notices:wishes")) or _("Notices → How you are told")
    lines.append(_("Sent by %(site)s as you wished; change it here: %(link)s") % {
        "site": settings.LUOSHI_SITE_NAME, "link": wishes,
    })  # fmt: skip
    return lines


def _payload(delivery: Delivery, sections: Sequence[Section], *, now: datetime) -> dict[str, Any]:
    """The body of a signed webhook."""
    robot = delivery.robot
    kind = "test" if delivery.is_test else "digest" if delivery.is_digest else "urgent"
    groups = [
        {
            "group": group.value, "label": str(GROUP_LABELS[group]), "count": sum(t.count for t in things),
            "items": [
                {"text": t.text, "url": absolute(t.url), "count": t.count} for t in things[: SHOWN * 4]
            ] if tells_titles() else [],
        }
        for group, things in sections
    ]  # fmt: skip
    return {
        "type": f"luoshi.{kind}", "timestamp": timezone.localtime(now).isoformat(timespec="seconds"),
        "data": {
            "unit": robot.unit.code if robot and robot.unit else "", "subject": delivery.subject, "text": delivery.text,
            "count": delivery.notices, "groups": groups,
        },
    }  # fmt: skip


__all__ = ["absolute", "compose"]
