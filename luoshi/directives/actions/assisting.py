"""Asking a language model to point at duties that the grammar left uncovered; off unless a site turned it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.directives.actions.steps import lock_review
from luoshi.directives.actions.storing import draft_proposal, reader_for
from luoshi.directives.models import Clause, Directive, ModelRun, Proposal
from luoshi.directives.queries import clause_facts, get_unit_index, list_clauses, list_proposals, reach
from luoshi.directives.rules import Header, Reading, Span
from luoshi.directives.rules import Proposal as Duty
from luoshi.directives.rules.header import document_year
from luoshi.directives.rules.pointing import Nonsense, Passage, batches, messages_for, read_answer
from luoshi.directives.rules.review import ProposalFacts, clause_states
from luoshi.orgs.models import Person

SHORTEST_PASSAGE = 16
MAX_PASSAGES = 120
MAX_ANSWER = 400_000  # bytes
GIVEN_UP = timedelta(hours=1)  # after which a question without an answer no longer stands in the way


class ModelOff(NotAllowed):
    """No language model is configured, so nothing may be sent."""

    sentence = _("No language model is connected here. An administrator may set LUOSHI_MODEL_URL; see the settings.")


class PaperInternal(NotAllowed):
    """The paper is marked internal and stays here."""

    sentence = _("This paper is marked internal: its words are never sent to a language model.")


class ModelBusy(Refusal):
    """A request for this directive is under way."""

    sentence = _("The language model is already being asked about this paper. Wait for its answer.")


class ModelSilent(Exception):
    """The endpoint did not answer in its protocol; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint: base URL up to and without /chat/completions, key, model name, seconds to wait."""

    url: str
    key: str
    model: str
    seconds: float


@dataclass(slots=True)
class Tally:
    """What came of the requests of one run."""

    duties: list[Duty]
    asked: int = 0
    dropped: int = 0
    failed: int = 0


def get_endpoint() -> Endpoint | None:
    """The endpoint that the site's settings name; None where none is set."""
    made = settings.LANGUAGE_MODEL
    return Endpoint(made["URL"].rstrip("/"), made["KEY"], made["NAME"], made["SECONDS"]) if made["URL"] else None


def start_model_run(directive: Directive, *, by: Person, now: datetime) -> ModelRun:
    """Note that the model is to be asked. Raises ModelOff, PaperInternal, ModelBusy, ReviewClosed."""
    endpoint = get_endpoint()
    if endpoint is None:
        raise ModelOff
    with transaction.atomic():
        locked = lock_review(directive.pk)
        if locked.is_internal:
            raise PaperInternal
        under_way = ModelRun.objects.filter(directive=locked, finished_at=None)
        under_way.filter(created_at__lt=now - GIVEN_UP).update(finished_at=now)
        if under_way.exists():
            raise ModelBusy
        run = ModelRun.objects.create(directive=locked, created_by=by, created_at=now)
        record_entry(
            "ask_model", by=by, now=now, subject=locked, unit_path=locked.unit.path or "", run=run.pk,
            model=endpoint.model, host=httpx.URL(endpoint.url).host,
        )  # fmt: skip
    return run


def ask_model(run: ModelRun) -> Tally:
    """Ask about every uncovered clause. Nothing is written, and no transaction waits for the network."""
    directive = run.directive
    endpoint = get_endpoint()
    if endpoint is None or directive.is_internal or directive.state != "review":
        return Tally([])
    return _ask(directive, endpoint)


def finish_model_run(run: ModelRun, tally: Tally, *, now: datetime, today: date) -> ModelRun:
    """Keep what stands in the paper as proposals that are never sure.

    A paper that was confirmed, withdrawn or marked internal meanwhile keeps nothing.
    """
    run.asked, run.dropped, run.failed, run.finished_at = tally.asked, tally.dropped, tally.failed, now
    with transaction.atomic():
        locked = _still_open(run)
        if locked:
            kept = _store(locked, tally.duties, today=today)
            run.kept = len(kept)
            record_entry(
                "keep_model_answer", by=run.created_by, now=now, subject=locked, unit_path=locked.unit.path or "",
                asked=run.asked, proposals=kept, dropped=run.dropped, failed=run.failed,
            )  # fmt: skip
        run.save()
    return run


def _still_open(run: ModelRun) -> Directive | None:
    try:
        locked = lock_review(run.directive_id)
    except Refusal:
        return None
    return None if locked.is_internal else locked


def _ask(directive: Directive, endpoint: Endpoint) -> Tally:
    tally = Tally([])
    clauses = list_clauses(directive)
    text, issued = directive.text, directive.issued_date
    year = document_year(_header(directive), received=directive.received_date)
    with httpx.Client(timeout=endpoint.seconds, follow_redirects=False) as client:
        for batch in batches(_uncovered(directive, clauses)):
            tally.asked += len(batch)
            try:
                answer = _complete(client, endpoint, messages_for(text, batch))
                answered = read_answer(answer, text, batch, issued=issued, year=year)
            except (ModelSilent, Nonsense, httpx.HTTPError):
                tally.failed += 1
                continue
            tally.duties += answered.proposals
            tally.dropped += answered.dropped
    return tally


def _complete(client: httpx.Client, endpoint: Endpoint, messages: list[dict[str, str]]) -> str:
    """One chat completion, read no further than MAX_ANSWER bytes."""
    body = {"model": endpoint.model, "messages": messages, "temperature": 0, "stream": False}
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    received = b""
    with client.stream("POST", f"{endpoint.url}/chat/completions", json=body, headers=headers) as response:
        if response.status_code != 200:
            raise ModelSilent(f"HTTP {response.status_code}")
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > MAX_ANSWER:
                raise ModelSilent("the answer is too long")
    return _content(received)


def _content(received: bytes) -> str:
    try:
        found = httpx.Response(200, content=received).json()["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelSilent("the answer is no chat completion") from None
    if not isinstance(found, str):
        raise ModelSilent("the answer has no words")
    return found


def _uncovered(directive: Directive, clauses: Sequence[Clause]) -> list[Passage]:
    """The clauses that no proposal covers and nobody set aside."""
    proposals = [ProposalFacts(p.pk, p.start, reach(p), p.state) for p in list_proposals(directive)]
    states = clause_states([clause_facts(c) for c in clauses], proposals)
    found = [
        Passage(c.position, c.outline, Span(c.start, c.end))
        for c in clauses
        if states[c.pk] == "uncovered" and c.end - c.start >= SHORTEST_PASSAGE
    ]
    return found[:MAX_PASSAGES]


def _store(directive: Directive, duties: Sequence[Duty], *, today: date) -> list[int]:
    """Insert the model's proposals, each after the proposals that begin before it; their ids."""
    clauses = {c.position: c for c in list_clauses(directive)}
    before = list_proposals(directive)
    reading = Reading(directive.text, _header(directive), (), ())
    reader = reader_for(
        reading, index=get_unit_index(directive.unit, today=today), scope_path=directive.unit.path or "",
        day=directive.issued_date or directive.received_date,
    )  # fmt: skip
    rows: list[Proposal] = []
    for duty in (d for d in duties if d.clause in clauses):  # fewer where it was read again meanwhile
        position = max((p.position for p in before if p.start <= duty.span.start), default=0)
        row = draft_proposal(directive, clauses[duty.clause], duty, reader=reader, position=position)
        row.origin = "model"
        rows.append(row)
    Proposal.objects.bulk_create(rows)
    return [row.pk for row in rows]


def _header(directive: Directive) -> Header:
    return Header(directive.number, directive.title, directive.issuer, directive.issued_date, "", directive.kind)
