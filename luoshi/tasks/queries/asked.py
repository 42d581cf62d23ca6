"""What a unit's ledger asks already: tasks like a proposal, and the tasks of a directive that is being replaced."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import get_tenant_path
from luoshi.directives.rules.likeness import Demand, Match, compare, find_alike, leads_of, whole
from luoshi.orgs.rules import Access, path_range
from luoshi.tasks.models import LEADING_ROLES, PHASE_ENDED, PHASE_OPEN, Duty, Reference, Task
from luoshi.tasks.queries.searching import list_sharing
from luoshi.tasks.queries.visible import list_visible
from luoshi.tasks.rules.searching import sample_phrases
from luoshi.tasks.rules.states import State

Leads = tuple[tuple[int | str, str], ...]
SHOWN = 3
ROOM = 5  # more than are shown are compared, so that open ones with the same lead come first
LEDGER_MOST = 30_000  # tasks that one paper is compared with whatever they say: open ones first, the latest first
SHARING_MOST = 2000  # texts beyond them that share a phrase with one proposal
SAMPLED = 16  # phrases of a proposal by which these are found
CHUNK = 500
GONE = [State.MERGED.value, State.TRANSFERRED.value, State.WITHDRAWN.value]


@dataclass(frozen=True, slots=True)
class Asked:
    """A task that asks for the same as a proposal, and how it differs."""

    task: Task
    match: Match
    is_ended: bool
    is_earlier: bool  # it came from the directive that is being replaced


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for each proposal, and whether the whole ledger was looked through."""

    by_proposal: dict[int, list[Asked]]
    is_whole: bool = True


def list_ledger(access: Access, directive: Directive, *, today: date, policy: Policy) -> QuerySet[Task]:
    """The tasks that a proposal may be answered by: asked in the unit's government or of the unit itself.

    Open ones, and those that ended within the policy's days; neither parts given down nor the directive's own.
    """
    since = today - timedelta(days=policy.asked_within_days)
    recent = Q(phase=PHASE_OPEN) | Q(phase=PHASE_ENDED, completed_at__date__gte=since)
    theirs = Duty.objects.filter(task=OuterRef("pk"), unit=directive.unit_id)
    asked = Q(owner__path__range=path_range(get_tenant_path(directive.unit)), parent__isnull=True) | Exists(theirs)
    found = list_visible(access).filter(recent, asked).exclude(state__in=GONE)
    return found.exclude(pk__in=Task.objects.filter(clause__directive=directive).order_by().values("pk"))


def list_asked(
    access: Access, directive: Directive, proposals: Sequence[Proposal], *, today: date, policy: Policy
) -> Findings:
    """For each proposal the tasks most like it: open ones first, the same lead before others, then by likeness."""
    wanted = {p.pk: whole(p.title, p.requirement) for p in proposals}
    if not wanted:
        return Findings({})
    ledger = list_ledger(access, directive, today=today, policy=policy)
    texts = _read_texts(ledger.order_by("phase", "-pk")[:LEDGER_MOST])
    is_whole = len(texts) < LEDGER_MOST
    if not is_whole:
        beyond, is_whole = _read_sharing(ledger, wanted.values())
        texts |= beyond
    found = find_alike(wanted, texts, least=policy.alike_percent / 100, most=ROOM)
    tasks = get_with_leads({pk for rows in found.values() for pk, _degree in rows})
    answer = {}
    for proposal in proposals:
        mine = demand_of(proposal)
        rows = [_asked(mine, *tasks[pk], degree=degree, directive=directive) for pk, degree in found[proposal.pk]]
        answer[proposal.pk] = sorted(rows, key=_rank)[:SHOWN]
    return Findings(answer, is_whole)


def _read_texts(tasks: QuerySet[Task]) -> dict[int, str]:
    return {pk: whole(title, words) for pk, title, words in tasks.values_list("pk", "title", "requirement")}


def _read_sharing(ledger: QuerySet[Task], wanted: Iterable[str]) -> tuple[dict[int, str], bool]:
    """Tasks anywhere in the ledger that share a phrase with a wanted text, by the search index; are these all?"""
    texts: set[int] = set()
    is_whole = True
    for words in wanted:
        found = list_sharing(sample_phrases(words, most=SAMPLED)).values_list("pk", flat=True)[: SHARING_MOST + 1]
        ids = list(found)
        is_whole = is_whole and len(ids) <= SHARING_MOST
        texts.update(ids)
    rows: dict[int, str] = {}
    keys = sorted(texts)
    for start in range(0, len(keys), CHUNK):
        rows |= _read_texts(ledger.filter(search_line__text__in=keys[start : start + CHUNK]).order_by())
    return rows, is_whole


def _rank(row: Asked) -> tuple[bool, bool, bool, int]:
    return (not row.is_earlier, row.is_ended, not row.match.same_leads, -row.match.percent)


def _asked(mine: Demand, task: Task, leads: Leads, *, degree: float, directive: Directive) -> Asked:
    match = compare(mine, demand_of_task(task, leads), degree=degree)
    return Asked(task, match, task.phase == PHASE_ENDED, comes_from(task, directive.supersedes_id))


def comes_from(task: Task, directive_id: int | None) -> bool:
    """Did the directive of this id ask for the task first?"""
    return directive_id is not None and task.clause is not None and task.clause.directive_id == directive_id


def demand_of(proposal: Proposal) -> Demand:
    """A proposal as it is compared."""
    return Demand(
        proposal.pk, proposal.title, proposal.requirement, proposal.due_date, leads_of(proposal.units),
        proposal.standard,
    )  # fmt: skip


def demand_of_task(task: Task, leads: Leads) -> Demand:
    """A task as it is compared."""
    return Demand(task.pk, task.title, task.requirement, task.due_date, leads, task.standard)


def get_with_leads(ids: Iterable[int]) -> dict[int, tuple[Task, Leads]]:
    """Tasks with their owner and directive, and who answers for them; two queries."""
    rows = Task.objects.filter(pk__in=list(ids)).select_related("owner", "clause__directive", "proposal")
    tasks = list(rows.defer("clause__directive__text", "clause__directive__sources").order_by("pk"))
    leads: dict[int, list[tuple[int | str, str]]] = defaultdict(list)
    duties = Duty.objects.filter(task__in=tasks, role__in=LEADING_ROLES).select_related("unit").order_by("pk")
    for duty in duties if tasks else ():
        name = str(duty.unit) if duty.unit else duty.written_name or duty.selector
        leads[duty.task_id].append((duty.unit_id or name, name))
    return {task.pk: (task, tuple(leads[task.pk])) for task in tasks}


def list_references(directive: Directive) -> dict[int, Reference]:
    """How the adopted proposals of a directive are answered, by proposal."""
    found = Reference.objects.filter(proposal__directive=directive, proposal__state="adopted")
    return {r.proposal_id: r for r in found.select_related("task__proposal", "proposal__clause").order_by("pk")}


@prepared
def _list_reference_keys(task: int) -> QuerySet[Reference, Any]:
    return Reference.objects.filter(task=task).order_by("pk").values_list("pk", flat=True)[:1]


def list_also_asked(task: Task, *, access: Access) -> list[tuple[Reference, Match]]:
    """The other clauses that ask for this task, as far as the reader may see them, with where they differ from it."""
    if not _list_reference_keys(task.pk):
        return []
    visible = Directive.objects.visible_to(access).values("pk")
    found = Reference.objects.filter(task=task, proposal__directive__in=visible).select_related(
        "proposal__clause", "proposal__directive", "created_by"
    )  # fmt: skip
    rows = list(found.defer("proposal__directive__text", "proposal__directive__sources").order_by("created_at", "pk"))
    if not rows:
        return []
    theirs = demand_of_task(*get_with_leads([task.pk])[task.pk])
    return [(row, compare(demand_of(row.proposal), theirs)) for row in rows]
