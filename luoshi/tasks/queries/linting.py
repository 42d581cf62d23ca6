"""What the linter says of tasks and proposals, and how serious each organisation takes its rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet

from luoshi.core.policy import Policy
from luoshi.core.prepared import prepared
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import list_proposals
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.tasks.models import LINT_TEXTS, PHASE_OPEN, Duty, LintSetting, Milestone, Task
from luoshi.tasks.queries.visible import list_visible
from luoshi.tasks.rules.ladder import guess_kind
from luoshi.tasks.rules.linter import (
    Concreteness,
    Finding,
    LintDuty,
    LintFacts,
    LintParent,
    Severity,
    Suggestion,
    concreteness,
    lint,
    suggest,
    with_stops,
)
from luoshi.tasks.rules.targets import first_target

CHUNK = 2_000
MOST = 20_000  # tasks of one check-up on a page; `luoshi lint` has no such bound
KEEPERS = (Role.HEAD, Role.OFFICE)


@dataclass(frozen=True, slots=True)
class Checked:
    """One task or proposal with what the linter says of it, and what its clause offers to mend it."""

    subject: Task | Proposal
    facts: LintFacts
    findings: tuple[Finding, ...]
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What was checked, in sentences: what stops it, and what is worth a look."""

    one: Checked
    stops: Sequence[str]
    hints: Sequence[str]

    @property
    def task(self) -> Task | None:
        return self.one.subject if isinstance(self.one.subject, Task) else None

    @property
    def proposal(self) -> Proposal | None:
        return self.one.subject if isinstance(self.one.subject, Proposal) else None


@dataclass(frozen=True, slots=True)
class CheckUp:
    """A whole ledger gone through: how many tasks, how often each rule spoke, and the tasks of the rule asked for."""

    total: int
    counts: Mapping[str, int]
    found: Sequence[Checked]
    is_whole: bool


class Severities:
    """How serious each unit takes each rule: its own setting, else the nearest above, else the preset."""

    def __init__(self, preset: Mapping[str, Severity], settings: Iterable[tuple[str, str, str]]) -> None:
        self.preset = preset
        self.settings = sorted(settings, key=lambda row: len(row[0]))
        self.known: dict[str, Mapping[str, Severity]] = {}

    def of(self, path: str) -> Mapping[str, Severity]:
        """Severity by code for the unit at the path."""
        if path not in self.known:
            self.known[path] = self._over(row for row in self.settings if path.startswith(row[0]))
        return self.known[path]

    def above(self, path: str) -> Mapping[str, Severity]:
        """What the unit at the path would follow if it said nothing itself."""
        return self._over(row for row in self.settings if row[0] != path and path.startswith(row[0]))

    def _over(self, rows: Iterable[tuple[str, str, str]]) -> Mapping[str, Severity]:
        own = {code: Severity(value) for _path, code, value in rows if code in self.preset}
        return {**self.preset, **own}


def get_severities(policy: Policy) -> Severities:
    """The settings of all organisations; one query."""
    return Severities(with_stops(policy.lint_blocks), _list_settings())


@prepared
def _list_settings() -> QuerySet[LintSetting, Any]:
    rows = LintSetting.objects.filter(unit__path__isnull=False).order_by("pk")
    return rows.values_list("unit__path", "code", "severity")


def list_findings(tasks: Sequence[Task], *, today: date, policy: Policy) -> dict[int, tuple[Finding, ...]]:
    """What the linter says of each task, by id; at most five queries for all of them."""
    return {one.subject.pk: one.findings for one in check_tasks(tasks, today=today, severities=get_severities(policy))}


def check_tasks(tasks: Sequence[Task], *, today: date, severities: Severities) -> list[Checked]:
    """Each task with its facts and findings; three queries for all of them, one more where units have own settings."""
    owners = _list_paths({task.owner_id for task in tasks}) if severities.settings else {}
    found = _list_facts(tasks)
    return [
        Checked(task, facts, lint(facts, today=today, severities=severities.of(owners.get(task.owner_id) or "")))
        for task in tasks
        for facts in [found[task.pk]]
    ]


def _list_paths(ids: set[int]) -> dict[int, str | None]:
    return dict(Unit.objects.filter(pk__in=ids).order_by().values_list("pk", "path"))


def _list_facts(tasks: Sequence[Task]) -> dict[int, LintFacts]:
    ids = [task.pk for task in tasks]
    duties: dict[int, list[LintDuty]] = defaultdict(list)
    for duty in Duty.objects.filter(task__in=ids).select_related("unit").order_by("id"):
        name = str(duty.unit) if duty.unit else duty.written_name or duty.selector
        duties[duty.task_id].append(LintDuty(duty.role, duty.unit_id, duty.selector, name, duty.due_date))
    counted = dict(Milestone.objects.filter(task__in=ids).order_by().values_list("task").annotate(Count("pk")))
    above = Task.objects.filter(pk__in={t.parent_id for t in tasks if t.parent_id}).order_by()
    rows = above.values_list("pk", "requirement", "start_date", "due_date", "cadence")
    parents: dict[int | None, LintParent] = {
        pk: LintParent(words, start, due, cadence) for pk, words, start, due, cadence in rows
    }
    return {
        task.pk: _facts(task, tuple(duties[task.pk]), parents.get(task.parent_id), counted.get(task.pk, 0))
        for task in tasks
    }


def _facts(task: Task, duties: tuple[LintDuty, ...], parent: LintParent | None, milestones: int) -> LintFacts:
    return LintFacts(
        title=task.title,
        requirement=task.requirement,
        standard=task.standard,
        kind=task.kind,
        tier=task.tier,
        start_date=task.start_date,
        due_date=task.due_date,
        review_date=task.review_date,
        target_value=task.target_value,
        target_unit=task.target_unit,
        cadence=task.cadence,
        sponsor_id=task.sponsor_id,
        duties=duties,
        parent=parent,
        milestones=milestones,
    )


def facts_of(proposal: Proposal) -> LintFacts:
    """A proposal as the task that it would become."""
    target = first_target(proposal.targets)
    value = target.get("target_value")
    duties = [
        LintDuty(u["role"], u.get("unit"), u.get("selector") or "", u.get("name") or u.get("selector") or "")
        for u in proposal.units
    ]
    return LintFacts(
        title=proposal.title,
        requirement=proposal.requirement,
        standard=proposal.standard,
        kind=guess_kind(proposal.title, requirement=proposal.requirement, has_number=value is not None).value,
        due_date=proposal.due_date,
        review_date=proposal.review_date,
        target_value=value,
        target_unit=target.get("target_unit", ""),
        cadence=proposal.cadence,
        duties=tuple(duties),
        milestones=len(proposal.milestones),
    )


def check_directive(directive: Directive, access: Access, *, today: date, policy: Policy) -> list[Checked]:
    """The open proposals of a directive in review, or the tasks it became, with what its clauses offer."""
    severities = get_severities(policy)
    if directive.state != "review":
        tasks = list_visible(access).filter(clause__directive=directive, parent=None).select_related("clause")
        return [_with_offer(one, directive) for one in check_tasks(list(tasks), today=today, severities=severities)]
    open_ones = [p for p in list_proposals(directive) if p.state in ("proposed", "accepted")]
    return [_check_proposal(p, directive, today=today, severities=severities) for p in open_ones]


def check_proposal(proposal: Proposal, *, today: date, policy: Policy) -> Checked:
    """One proposal with what the linter would say of its task, and what its clause offers."""
    return _check_proposal(proposal, proposal.directive, today=today, severities=get_severities(policy))


def _check_proposal(proposal: Proposal, directive: Directive, *, today: date, severities: Severities) -> Checked:
    facts = facts_of(proposal)
    findings = lint(facts, today=today, severities=severities.of(directive.unit.path or ""))
    return _with_offer(Checked(proposal, facts, findings), directive)


def _with_offer(one: Checked, directive: Directive) -> Checked:
    clause = one.subject.clause
    if clause is None:
        return one
    words = directive.text[clause.start : clause.end]
    offers = suggest(one.facts, one.findings, words=words, issued=directive.issued_date)
    return Checked(one.subject, one.facts, one.findings, offers)


def check_task(task: Task, *, today: date, policy: Policy) -> Checked:
    """One task with what the linter says and what its clause offers."""
    one = check_tasks([task], today=today, severities=get_severities(policy))[0]
    return _with_offer(one, task.clause.directive) if task.clause else one


def score_of(checked: Iterable[Checked]) -> Concreteness:
    """How concrete the tasks of a directive are together."""
    return concreteness(one.facts for one in checked)


def iterate_checked(tasks: QuerySet[Task], *, today: date, policy: Policy) -> Iterator[Checked]:
    """Every task of the set, checked a chunk at a time in constant memory."""
    severities = get_severities(policy)
    rows = tasks.order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from check_tasks(chunk, today=today, severities=severities)


def check_up(tasks: QuerySet[Task], *, code: str, skip: int, size: int, today: date, policy: Policy) -> CheckUp:
    """Go through the newest MOST tasks; those to which the rule `code` spoke, `size` of them after `skip`."""
    newest = list(tasks.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
    kept = Task.objects.filter(pk__in=[]) if not newest else tasks.filter(pk__gte=newest[:MOST][-1])
    counts: dict[str, int] = defaultdict(int)
    found, total = [], 0
    for one in iterate_checked(kept, today=today, policy=policy):
        total += 1
        codes = {f.code for f in one.findings}
        for spoken in codes:
            counts[spoken] += 1
        if code in codes and skip < counts[code] <= skip + size:
            found.append(one)
    return CheckUp(total, counts, found, is_whole=len(newest) <= MOST)


def list_keepers_units(access: Access) -> QuerySet[Unit]:
    """The units whose severities this person may set: those in which they are head or office."""
    held = {s.unit_id for s in access.seats if s.role in KEEPERS}
    return Unit.objects.filter(pk__in=held, valid_to__isnull=True).order_by("path")


def list_own_severities(unit: Unit) -> dict[str, str]:
    """What the unit itself says, by code."""
    return dict(LintSetting.objects.filter(unit=unit).values_list("code", "severity"))


def list_open_visible(access: Access, *, unit: Unit | None = None) -> QuerySet[Task]:
    """The open tasks that a person sees, of one unit and those below it or of all who ask."""
    tasks = list_visible(access, whole=True).filter(phase=PHASE_OPEN)
    return tasks.filter(owner__in=Unit.objects.within(unit.path or "").values("pk")) if unit else tasks


def explain_finding(finding: Finding) -> str:
    """The sentence that says what is missing and what to do."""
    return str(LINT_TEXTS[finding.code].sentence) % {"words": finding.words}


def tell(one: Checked) -> Told:
    """The findings as sentences with their codes."""
    said = [(f.blocks, f"{f.code} {explain_finding(f)}") for f in one.findings]
    return Told(one, [words for blocks, words in said if blocks], [words for blocks, words in said if not blocks])
