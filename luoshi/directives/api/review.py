"""Reviewing over the API: the steps on one proposal, all sure ones at once, corrections, and what was missed."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Status

from luoshi.core.clock import now, today
from luoshi.directives.actions import (
    accept_proposal,
    accept_sure,
    add_proposal,
    confirm_fields,
    drop_proposal,
    edit_proposal,
    mark_information,
    undo_step,
)
from luoshi.directives.api.schemas import (
    ApiRequest,
    ProposalIn,
    ProposalOut,
    RefusalOut,
    Step,
    StepIn,
    SureOut,
    WordsIn,
    proposals_out,
    router,
)
from luoshi.directives.forms import retyped_units
from luoshi.directives.models import Clause, Directive, Proposal
from luoshi.directives.queries import ROLES, get_directive_for, get_proposal, get_unit_index

STEPS: dict[str, Callable[..., object]] = {
    "accept": accept_proposal,
    "drop": drop_proposal,
    "information": mark_information,
    "check": confirm_fields,
    "undo": undo_step,
}
STEPPED = {200: ProposalOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut}


@router.post("/directives/{id}/accept-sure", response={200: SureOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
             summary="Accept all that is sure")  # fmt: skip
def sure(request: ApiRequest, id: int, gaps: bool = False) -> dict[str, int]:  # noqa: FBT001, FBT002
    """Accept every proposal that was surely read; with `gaps` also those whose paper names no lead or no date."""
    directive = get_directive_for(request.access, id=id, to="edit")
    return {"accepted": accept_sure(directive, by=request.auth, now=now(), with_gaps=gaps)}


@router.post("/directives/{id}/proposals", response={**STEPPED, 201: ProposalOut, 422: RefusalOut},
             summary="Propose words of the paper as a duty")  # fmt: skip
def add(request: ApiRequest, id: int, words: WordsIn) -> Status[dict[str, Any]]:
    """What the grammar missed: units, date and numbers are read from the words; a person still accepts it."""
    directive = get_directive_for(request.access, id=id, to="edit")
    clause = get_object_or_404(Clause, directive=directive, position=words.clause)
    made = add_proposal(directive, clause=clause, words=words.words, by=request.auth, now=now(), today=today())
    return Status(201, _out(directive, made.pk))


@router.post("/directives/{id}/proposals/{proposal_id}/{step}", response=STEPPED, summary="Decide about a proposal")
def decide(request: ApiRequest, id: int, proposal_id: int, step: Step, given: StepIn) -> dict[str, Any]:
    """Accept, drop, set aside as information, say that unsure fields were checked, or take the last step back."""
    directive = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(directive, id=proposal_id)
    version = proposal.version if given.version is None else given.version
    STEPS[step](proposal, version=version, by=request.auth, now=now())
    return _out(directive, proposal_id)


@router.patch("/directives/{id}/proposals/{proposal_id}", response=STEPPED, summary="Correct a proposal")
def edit(request: ApiRequest, id: int, proposal_id: int, given: ProposalIn) -> dict[str, Any]:
    """Change some of its fields; a role that is given replaces the units in it."""
    directive = get_directive_for(request.access, id=id, to="edit")
    proposal = get_proposal(directive, id=proposal_id)
    fields = given.dict(exclude_unset=True, exclude={"version", *ROLES})
    fields |= _units(directive, proposal, given.dict(exclude_unset=True, include=set(ROLES)))
    version = proposal.version if given.version is None else given.version
    edit_proposal(proposal, version=version, by=request.auth, now=now(), **fields)
    return _out(directive, proposal_id)


def _units(directive: Directive, proposal: Proposal, given: dict[str, list[str] | None]) -> dict[str, Any]:
    if not given:
        return {}
    kept = [(u["role"], u["name"]) for u in proposal.units if u["role"] not in given]
    typed = [(role, name.strip()[:120]) for role, names in given.items() for name in names or [] if name.strip()]
    index = get_unit_index(directive.unit, today=today())
    return {"units": retyped_units(proposal, [*kept, *typed], index=index, scope_path=directive.unit.path or "")}


def _out(directive: Directive, proposal_id: int) -> dict[str, Any]:
    return proposals_out([get_proposal(directive, id=proposal_id)])[0]
