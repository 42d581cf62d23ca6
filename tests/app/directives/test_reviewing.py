"""Proposals are decided, shaped and taken back; every step is one journal entry and safe against a second reviewer."""

from datetime import date

import pytest

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.directives.actions import (
    AlreadyDecided,
    CannotSplit,
    NameNotWaiting,
    NotAllDecided,
    NothingToUndo,
    ReviewClosed,
    UndoTooLate,
    accept_proposal,
    accept_sure,
    add_proposal,
    drop_proposal,
    edit_proposal,
    mark_clause,
    mark_confirmed,
    mark_information,
    mark_rest,
    merge_proposals,
    name_unit,
    reread_directive,
    split_proposal,
    undo_step,
    withdraw_directive,
)
from luoshi.directives.actions.adopting import decide_goal
from luoshi.directives.models import Directive, Goal, Proposal
from luoshi.directives.queries import get_coverage, list_accepted_proposals, list_clauses, list_proposals
from luoshi.orgs.models import UnitName
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import NOW, TODAY, Cast


@pytest.fixture
def directive(cast: Cast) -> Directive:
    return make_directive(cast)


@pytest.fixture
def by(cast: Cast) -> dict[str, object]:
    return {"by": cast["office"], "now": NOW}


def proposals(directive: Directive) -> list[Proposal]:
    return list_proposals(directive)


def test_deciding_leaves_one_entry_each_and_can_be_taken_back(directive: Directive, by) -> None:
    first, second, third, _last = proposals(directive)
    before = Entry.objects.count()
    accept_proposal(first, version=1, **by)
    drop_proposal(second, version=1, **by)
    mark_information(third, version=1, **by)
    assert [p.state for p in proposals(directive)] == ["accepted", "dropped", "information", "proposed"]
    assert Entry.objects.count() == before + 3
    undo_step(second, version=2, **by)
    assert [p.state for p in proposals(directive)] == ["accepted", "proposed", "information", "proposed"]
    assert Proposal.objects.get(pk=second.pk).decided_by is None


def test_second_reviewer_with_an_old_version_is_told_and_changes_nothing(directive: Directive, by) -> None:
    mine, theirs = proposals(directive)[0], proposals(directive)[0]
    drop_proposal(theirs, version=1, **by)
    entries = Entry.objects.count()
    with pytest.raises(EditConflict):
        accept_proposal(mine, version=1, **by)
    with pytest.raises(EditConflict):
        edit_proposal(mine, version=1, title="改写", **by)
    assert Proposal.objects.get(pk=mine.pk).state == "dropped"
    assert Entry.objects.count() == entries


def test_accept_sure_leaves_what_a_person_must_decide(directive: Directive, by) -> None:
    """The third names a unit that nobody knows; of the fourth it is not said who leads."""
    assert accept_sure(directive, **by) == 2
    assert [p.state for p in proposals(directive)] == ["accepted", "accepted", "proposed", "proposed"]
    assert Entry.objects.filter(verb="accept_sure").count() == 1
    first = proposals(directive)[0]
    undo_step(first, version=first.version, **by)
    assert proposals(directive)[0].state == "proposed"


def test_editing_keeps_what_was_there_for_undo(directive: Directive, by) -> None:
    proposal = proposals(directive)[0]
    edit_proposal(proposal, version=1, title="稳住粮食", due_date=date(2026, 9, 30), **by)
    undo_step(proposal, version=2, **by)
    again = Proposal.objects.get(pk=proposal.pk)
    assert (again.title, again.due_date, again.version) == ("稳定粮食生产", date(2026, 10, 31), 3)
    with pytest.raises(NothingToUndo):
        undo_step(again, version=3, **by)


def test_steps_are_taken_back_one_by_one(directive: Directive, by) -> None:
    proposal = proposals(directive)[0]
    edit_proposal(proposal, version=1, title="稳住粮食", **by)
    accept_proposal(proposal, version=2, **by)
    undo_step(proposal, version=3, **by)
    assert (proposal.state, proposal.title) == ("proposed", "稳住粮食")
    undo_step(proposal, version=4, **by)
    assert proposal.title == "稳定粮食生产"


def test_splitting_at_a_sentence_sends_numbers_and_steps_with_their_part(directive: Directive, by) -> None:
    proposal = proposals(directive)[0]
    at = proposal.requirement.index("全年")
    first, second = split_proposal(proposal, version=1, at=at, **by)
    rows = proposals(directive)
    assert [p.pk for p in rows][:2] == [first.pk, second.pk]
    assert len(rows) == 5
    assert rows[1].requirement.startswith("全年粮食播种面积")
    assert ([t["value"] for t in rows[0].targets], [t["value"] for t in rows[1].targets]) == ([], ["42.6"])
    assert rows[1].units == rows[0].units
    undo_step(rows[0], version=rows[0].version, **by)
    assert len(proposals(directive)) == 4
    assert "全年粮食播种面积" in proposals(directive)[0].requirement


def test_split_is_not_undone_once_its_part_was_decided(directive: Directive, by) -> None:
    proposal = proposals(directive)[0]
    _first, second = split_proposal(proposal, version=1, at=proposal.requirement.index("全年"), **by)
    accept_proposal(second, version=1, **by)
    with pytest.raises(UndoTooLate):
        undo_step(proposal, version=2, **by)
    assert len(proposals(directive)) == 5


def test_splitting_by_unit_gives_each_its_own_lead(directive: Directive, by) -> None:
    shared = proposals(directive)[3]
    parts = split_proposal(shared, version=1, each="unit", **by)
    assert [[(u["name"], u["role"]) for u in p.units] for p in parts] == [
        [("县农业农村局", "lead")],
        [("县财政局", "lead")],
    ]


def test_splitting_by_step_dates_each_part(directive: Directive, by) -> None:
    parts = split_proposal(proposals(directive)[0], version=1, each="milestone", **by)
    assert [p.due_date for p in parts] == [date(2026, 3, 31), date(2026, 10, 31)]
    assert Proposal.objects.get(pk=parts[0].pk).title == "备足春耕农资"


def test_splitting_nowhere_is_refused(directive: Directive, by) -> None:
    with pytest.raises(CannotSplit):
        split_proposal(proposals(directive)[1], version=1, at=0, **by)
    with pytest.raises(CannotSplit):
        split_proposal(proposals(directive)[1], version=1, each="milestone", **by)


def test_merging_keeps_the_later_date_and_both_units_and_can_be_undone(directive: Directive, by) -> None:
    first, second, *_rest = proposals(directive)
    merge_proposals(first, version=1, **by)
    merged, gone, *_others = proposals(directive)
    assert merged.due_date == date(2026, 11, 30)
    assert {"name": "稳定粮食生产", "date": "2026-10-31"} in merged.milestones
    assert "病险水库" in merged.requirement
    assert next(u["role"] for u in merged.units if u["name"] == "县水利局") == "lead"
    assert gone.state == "dropped"
    undo_step(merged, version=2, **by)
    one, two, *_others = proposals(directive)
    assert (one.requirement, two.state) == (first.requirement.split("\n")[0], "proposed")
    assert second.pk == two.pk


def test_naming_a_unit_resolves_it_everywhere_and_may_be_remembered(cast: Cast, directive: Directive, by) -> None:
    changed = name_unit(directive, name="县低空经济专班", unit=cast.unit("QH-CZJ"), remember=True, today=TODAY, **by)
    assert changed == 1
    lead = next(u for u in proposals(directive)[2].units if u["role"] == "lead")
    assert (lead["unit"], lead["how"]) == (cast.unit("QH-CZJ").pk, "person")
    assert UnitName.objects.filter(unit=cast.unit("QH-CZJ"), name="县低空经济专班", kind=UnitName.ALIAS).exists()
    with pytest.raises(NameNotWaiting):
        name_unit(directive, name="县低空经济专班", unit=cast.unit("QH-CZJ"), today=TODAY, **by)


def test_every_clause_is_accounted_for_or_listed_as_uncovered(directive: Directive, by) -> None:
    def coverage():
        return get_coverage(directive, clauses=list_clauses(directive), proposals=proposals(directive))

    counts = coverage().counts
    assert sum(counts.values()) == coverage().total == len(list_clauses(directive))
    assert (counts["covered"], counts["pending"]) == (0, 4)
    assert [c.excerpt[:8] for c in coverage().open_clauses] == ["（一）压实责任。"]
    accept_sure(directive, **by)
    accept_proposal(proposals(directive)[3], version=1, **by)
    drop_proposal(proposals(directive)[2], version=1, **by)
    assert coverage().counts["covered"] == 3
    assert len(coverage().open_clauses) == 2
    mark_rest(directive, clause_ids=[c.id for c in coverage().open_clauses], **by)
    assert (coverage().share, coverage().counts["uncovered"]) == (100, 0)


def test_marking_a_clause_twice_is_a_conflict(directive: Directive, by) -> None:
    clause = next(c for c in list_clauses(directive) if c.title == "压实责任")
    mark_clause(clause, is_information=True, **by)
    with pytest.raises(EditConflict):
        mark_clause(clause, is_information=True, **by)


def test_confirming_needs_every_proposal_decided(directive: Directive, by) -> None:
    accept_sure(directive, **by)
    with pytest.raises(NotAllDecided):
        mark_confirmed(directive, **by)
    accept_proposal(proposals(directive)[3], version=1, **by)
    drop_proposal(proposals(directive)[2], version=1, **by)
    entries = Entry.objects.count()
    mark_confirmed(directive, **by)
    assert Directive.objects.get().state == "confirmed"
    assert Entry.objects.count() == entries
    assert len(list_accepted_proposals(directive)) == 3
    with pytest.raises(ReviewClosed):
        mark_confirmed(directive, **by)


def test_closed_review_takes_no_more_steps(directive: Directive, by) -> None:
    withdraw_directive(directive, reason="发文有误", version=1, **by)
    proposal = proposals(directive)[0]
    for step in (accept_proposal, drop_proposal, mark_information, merge_proposals):
        with pytest.raises(ReviewClosed):
            step(proposal, version=1, **by)
    with pytest.raises(ReviewClosed):
        accept_sure(directive, **by)
    assert Entry.objects.get(verb="withdraw_directive").data["reason"] == "发文有误"


def test_rereading_is_refused_once_something_is_decided(directive: Directive, by) -> None:
    drop_proposal(proposals(directive)[0], version=1, **by)
    with pytest.raises(AlreadyDecided):
        reread_directive(directive, today=TODAY, **by)
    assert len(proposals(directive)) == 4


def test_rereading_never_loses_what_a_person_corrected_added_or_set_aside(cast: Cast, directive: Directive, by) -> None:
    clause = next(c for c in list_clauses(directive) if "压实责任" in c.title)
    goal = Goal.objects.create(
        directive=directive, clause=clause, position=0, name="粮食产量", op=">=", value=1, unit="万吨", start=0, end=1
    )
    papers = [make_directive(cast, again=True) for _ in range(4)]
    edit_proposal(proposals(papers[0])[0], version=1, title="改写", **by)
    added = add_proposal(papers[1], clause=list_clauses(papers[1])[-2], today=TODAY, **by)
    name_unit(papers[2], name="县低空经济专班", unit=cast.unit("QH-CZJ"), today=TODAY, **by)
    mark_clause(next(c for c in list_clauses(papers[3]) if "压实责任" in c.title), is_information=True, **by)
    decide_goal(goal, state="accepted", version=1, **by)
    for paper in (directive, *papers):
        with pytest.raises(AlreadyDecided):
            reread_directive(paper, today=TODAY, **by)
    assert proposals(papers[0])[0].title == "改写"
    assert added in proposals(papers[1])
    assert Goal.objects.get(pk=goal.pk).state == "accepted"


def test_a_long_paper_is_stored_set_based(cast: Cast, django_assert_max_num_queries) -> None:
    body = "".join(f"{n}.推进第{n}项工作。年底前完成{n}件。（县财政局牵头，县水利局配合）\n" for n in range(1, 401))
    with django_assert_max_num_queries(40):
        directive = make_directive(cast, text=PAPER + "三、其他任务\n" + body)
    assert directive.proposals.count() == 404
    with django_assert_max_num_queries(12):
        accept_sure(directive, by=cast["office"], now=NOW)


def test_what_lacks_only_a_date_or_a_lead_is_taken_along_when_asked_for(directive: Directive, by) -> None:
    _first, second, third, _last = proposals(directive)
    Proposal.objects.filter(pk=second.pk).update(due_date=None, due_raw="", notes=["no_due"])
    Proposal.objects.filter(pk=third.pk).update(is_sure=False)
    accept_sure(directive, **by)
    assert proposals(directive)[1].state == "proposed"
    before = Entry.objects.count()
    assert accept_sure(directive, with_gaps=True, **by) >= 1
    assert [p.state for p in proposals(directive)][1:3] == ["accepted", "proposed"]
    assert Entry.objects.count() == before + 1
