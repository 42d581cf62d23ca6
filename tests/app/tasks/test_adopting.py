"""A proposal is answered by a task that exists: found, linked, taken back, counted, and shown on the task's page."""

import pytest
from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.directives.actions import accept_proposal, drop_proposal, undo_step
from luoshi.directives.actions.adopting import NotUndecided
from luoshi.directives.actions.refusals import AdoptedAlready
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import get_coverage, list_clauses, list_proposals
from luoshi.orgs.queries import get_access
from luoshi.tasks.actions import NotItsPredecessor, TaskGone, adopt_by_reference, open_tasks
from luoshi.tasks.models import Reference, Task
from luoshi.tasks.queries import asked
from luoshi.tasks.queries.asked import list_also_asked, list_asked
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

AGAIN = PAPER.replace("青政发〔2026〕3号", "青政发〔2026〕9号").replace("12座", "15座").replace("11月底前", "9月底前")


@pytest.fixture
def opened(cast: Cast) -> list[Task]:
    """The tasks of a first directive."""
    directive = make_directive(cast)
    for proposal in list_proposals(directive):
        accept_proposal(proposal, version=1, by=cast["office"], now=NOW)
    return open_tasks(directive, by=cast["office"], now=NOW)


@pytest.fixture
def second(cast: Cast, opened: list[Task]) -> Directive:
    """A second directive that asks for much the same."""
    return make_directive(cast, text=AGAIN)


def asked_of(cast: Cast, directive: Directive, who: str = "office") -> dict[int, list]:
    access = get_access(cast[who], today=TODAY)
    return list_asked(access, directive, list_proposals(directive), today=TODAY, policy=get_policy()).by_proposal


def test_same_demand_of_another_paper_is_found_with_its_changed_number_and_date(cast, opened, second) -> None:
    water = next(p for p in list_proposals(second) if "水利" in p.title)
    best = asked_of(cast, second)[water.pk][0]
    assert best.task == next(t for t in opened if "水利" in t.title)
    assert [(d.field, d.mine, d.theirs) for d in best.match.differences] == [
        ("number", "15座", "12座"), ("due", "2026-09-30", "2026-11-30"),
    ]  # fmt: skip
    assert best.match.percent > 90


def test_demand_far_back_in_a_long_ledger_is_found_by_the_search_index(cast, opened, second, monkeypatch) -> None:
    for _n in range(4):
        make_task(cast, "整治城区道路停车秩序")
    monkeypatch.setattr(asked, "LEDGER_MOST", 3)
    water = next(p for p in list_proposals(second) if "水利" in p.title)
    assert asked_of(cast, second)[water.pk][0].task == next(t for t in opened if "水利" in t.title)


def test_it_is_said_when_too_many_tasks_share_the_words_to_compare_them_all(cast, opened, second, monkeypatch) -> None:
    access = get_access(cast["office"], today=TODAY)

    def is_whole() -> bool:
        return list_asked(access, second, list_proposals(second), today=TODAY, policy=get_policy()).is_whole

    assert is_whole()
    monkeypatch.setattr(asked, "LEDGER_MOST", 1)
    assert is_whole()
    monkeypatch.setattr(asked, "SHARING_MOST", 0)
    assert not is_whole()


def test_ended_long_ago_or_withdrawn_or_given_down_is_not_offered(cast: Cast) -> None:
    year = timezone.timedelta(days=400)
    words = "完成12座病险水库除险加固。"
    long_ago = make_task(cast, "修好水利设施", requirement=words, state="closed", completed_at=NOW - year)
    withdrawn = make_task(cast, "修好水利设施", requirement=words, state="withdrawn")
    recent = make_task(cast, "修好水利设施", requirement=words, state="closed", completed_at=NOW)
    running = make_task(cast, "修好水利设施", requirement=words)
    given = make_task(cast, "修好水利设施", requirement=words, parent=running, owner="QH-NYJ", lead="QH-T01")
    found = asked_of(cast, make_directive(cast))
    tasks = [row.task for rows in found.values() for row in rows]
    assert tasks == [running, recent]
    assert not {long_ago, withdrawn, given} & set(tasks)


def test_task_that_the_reader_may_not_see_is_not_offered(cast: Cast) -> None:
    make_task(cast, "修好水利设施", requirement="完成12座病险水库除险加固。", owner="BS", lead="")
    assert not any(asked_of(cast, make_directive(cast)).values())


def test_adopting_makes_no_task_and_one_entry_and_counts_as_covered(cast, opened, second) -> None:
    proposals = list_proposals(second)
    before, entries = Task.objects.count(), Entry.objects.count()
    for proposal, task in zip(proposals, opened, strict=True):
        adopt_by_reference(proposal, task=task, version=proposal.version, by=cast["office"], now=NOW)
    assert Entry.objects.count() == entries + len(proposals)
    proposals = list_proposals(second)
    coverage = get_coverage(second, clauses=list_clauses(second), proposals=proposals)
    assert coverage.counts["covered"] == len(proposals)
    assert open_tasks(second, by=cast["office"], now=NOW) == []
    assert Task.objects.count() == before
    second.refresh_from_db()
    assert second.state == "confirmed"
    entry = Entry.objects.get(verb="open_tasks", subject_id=str(second.pk))
    assert entry.data["adopted"] == [[p.pk, t.pk] for p, t in zip(proposals, opened, strict=True)]


def test_task_says_who_else_asks_for_it_and_what_differs(cast, opened, second) -> None:
    water = next(p for p in list_proposals(second) if "水利" in p.title)
    task = next(t for t in opened if "水利" in t.title)
    adopt_by_reference(water, task=task, version=1, by=cast["office"], now=NOW)
    [(reference, match)] = list_also_asked(task, access=get_access(cast["office"], today=TODAY))
    assert reference.proposal == water
    assert match.numbers_differ


def test_taking_back_an_adoption_removes_the_link(cast, opened, second) -> None:
    proposal = list_proposals(second)[0]
    adopt_by_reference(proposal, task=opened[0], version=1, by=cast["office"], now=NOW)
    undo_step(proposal, version=2, by=cast["office"], now=NOW)
    assert not Reference.objects.exists()
    assert Proposal.objects.get(pk=proposal.pk).state == "proposed"
    accept_proposal(proposal, version=3, by=cast["office"], now=NOW)


def test_adopted_proposal_cannot_be_decided_again_and_a_decided_one_not_adopted(cast, opened, second) -> None:
    first, other = list_proposals(second)[:2]
    adopt_by_reference(first, task=opened[0], version=1, by=cast["office"], now=NOW)
    with pytest.raises(AdoptedAlready):
        drop_proposal(first, version=2, by=cast["office"], now=NOW)
    drop_proposal(other, version=1, by=cast["office"], now=NOW)
    with pytest.raises(NotUndecided):
        adopt_by_reference(other, task=opened[1], version=2, by=cast["office"], now=NOW)


def test_withdrawn_task_answers_nothing_and_a_strange_one_is_not_updated(cast, opened, second) -> None:
    first = list_proposals(second)[0]
    Task.objects.filter(pk=opened[0].pk).update(state="withdrawn")
    opened[0].refresh_from_db()
    with pytest.raises(TaskGone):
        adopt_by_reference(first, task=opened[0], version=1, by=cast["office"], now=NOW)
    first = list_proposals(second)[0]
    with pytest.raises(NotItsPredecessor):
        adopt_by_reference(first, task=opened[1], version=1, by=cast["office"], now=NOW, updates=True)
    assert Proposal.objects.get(pk=first.pk).state == "proposed"
