"""What waits for a person in chasing: steps that need their yes, and red work they sponsor without acting on it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.core.policy import Policy
from luoshi.insight.rules import Asker, Hands, Item, Need
from luoshi.orgs.rules import Access, Role
from luoshi.supervision.queries.chases import awaiting_for
from luoshi.supervision.queries.sponsoring import list_idle
from luoshi.supervision.queries.step_papers import papers_waiting

READ, NAMED = 200, 3
DECIDES = frozenset({Role.HEAD, Role.SPONSOR, Role.OFFICE})


def list_chasing(access: Access, *, today: date, policy: Policy) -> list[Item]:
    """One row for all steps that wait for the person's yes, one for the papers that wait to be issued, one for each
    idle sponsored task; at most three queries where nothing waits, none for who decides nothing."""
    if not any(seat.role in DECIDES for seat in access.seats):
        return []
    found = [*_list_approvals(access, policy=policy), *_list_idle(access, today=today, policy=policy)]
    return [*found, *_list_papers(access, today=today, policy=policy)]


def _list_approvals(access: Access, *, policy: Policy) -> list[Item]:
    waiting = awaiting_for(access).order_by("made_at", "pk").values_list(
        "made_at", "chase__task__title", "chase__task__tier", "chase__task__urgency"
    )  # fmt: skip
    rows = list(waiting[:READ])
    if not rows:
        return []
    words = ngettext(
        "%(n)s step of chasing to approve: %(names)s", "%(n)s steps of chasing to approve: %(names)s", len(rows)
    )
    names = "、".join(title for _at, title, _tier, _urgency in rows[:NAMED])
    return [
        Item(
            need=Need.APPROVE_CHASE, key="approve-chases", title=words % {"n": len(rows), "names": names},
            light="red", tier=min(row[2] for row in rows), urgency=min(row[3] for row in rows), asker=Asker.OFFICE,
            asker_name=str(_("the ladder of chasing")),
            day=timezone.localtime(rows[0][0]).date() + timedelta(days=policy.acknowledge_days),
        )
    ]  # fmt: skip


def _list_papers(access: Access, *, today: date, policy: Policy) -> list[Item]:
    """Papers of steps that went out ahead of them; the letter follows within the days of a receipt."""
    waiting = papers_waiting(access, today=today).order_by("sent_at", "pk").values_list(
        "sent_at", "chase__task__title", "chase__task__tier", "chase__task__urgency"
    )  # fmt: skip
    rows = list(waiting[:READ])
    if not rows:
        return []
    words = ngettext(
        "%(n)s paper waits to be issued: %(names)s", "%(n)s papers wait to be issued: %(names)s", len(rows)
    )
    names = "、".join(title for _at, title, _tier, _urgency in rows[:NAMED])
    return [
        Item(
            need=Need.ISSUE_PAPERS, key="issue-papers", title=words % {"n": len(rows), "names": names},
            light="yellow", tier=min(row[2] for row in rows), urgency=min(row[3] for row in rows), asker=Asker.OFFICE,
            asker_name=str(_("the ladder of chasing")),
            day=timezone.localtime(rows[0][0]).date() + timedelta(days=policy.acknowledge_days),
        )
    ]  # fmt: skip


def _list_idle(access: Access, *, today: date, policy: Policy) -> list[Item]:
    """Red work that the person sponsors, without an act of theirs for the policy's days: in their own hands."""
    return [
        Item(
            need=Need.SPONSOR_ACT, key=f"task-{row.task.pk}", title=row.task.title, code=row.task.code,
            task_id=row.task.pk, path=row.task.path or "", light="red",
            tier=row.task.tier, urgency=row.task.urgency, asker=Asker.SUPERIOR,
            asker_name=row.task.owner.short_name or row.task.owner.name, day=row.task.due_date, hands=Hands.MINE,
        )
        for row in list_idle(access, today=today, policy=policy)
    ]  # fmt: skip
