"""A language model, spoken to over a real socket, may point at words of the paper and do nothing else."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.directives.actions import ReviewClosed, withdraw_directive
from luoshi.directives.actions.assisting import (
    ModelBusy,
    ModelOff,
    PaperInternal,
    ask_model,
    finish_model_run,
    start_model_run,
)
from luoshi.directives.models import Directive, ModelRun, Proposal
from luoshi.directives.queries import list_proposals
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import NOW, TODAY, Cast

pytestmark = pytest.mark.one_database

HIDDEN = "各单位要把任务分解到人，县水利局须在2026年9月30日前摸清全县山塘底数，县财政局做好技术支撑。"
TEXT = PAPER.replace("各单位要把任务分解到人。", HIDDEN)
GOOD = {
    "passage": 0,
    "quote": "县水利局须在2026年9月30日前摸清全县山塘底数",
    "lead": ["县水利局"],
    "co": ["县财政局"],
    "due": "2026年9月30日前",
}

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


class Model:
    """A small server of the chat-completions protocol that answers as a test wishes and remembers what it was sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answer: Answer = lambda body: completion({"duties": []})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, dict(self.headers), body))
                status, payload = outer.answer(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *args: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def words(self) -> str:
        """Everything that was sent as passages."""
        return "\n".join(body["messages"][1]["content"] for _path, _headers, body in self.requests)


def completion(content: object) -> tuple[int, bytes]:
    words = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()


def pointing(**changes: object) -> Answer:
    """Answer with the good suggestion, changed, for the passage that holds the hidden duty."""

    def answer(body: dict[str, Any]) -> tuple[int, bytes]:
        passages = body["messages"][1]["content"].split("\n")
        number = next((n for n, words in enumerate(passages, start=1) if "县水利局" in words), 1)
        return completion({"duties": [{**GOOD, "passage": number, **changes}]})

    return answer


@pytest.fixture
def model(settings) -> Iterator[Model]:
    served = Model()
    settings.LANGUAGE_MODEL = {"URL": served.url, "KEY": "geheim", "NAME": "small", "SECONDS": 5}
    yield served
    served.server.shutdown()


@pytest.fixture
def directive(cast: Cast) -> Directive:
    return make_directive(cast, text=TEXT)


def run(directive: Directive, cast: Cast) -> ModelRun:
    started = start_model_run(directive, by=cast["office"], now=NOW)
    return finish_model_run(started, ask_model(started), now=NOW, today=TODAY)


def added(directive: Directive) -> list[Proposal]:
    return [p for p in list_proposals(directive) if p.origin == "model"]


def test_quoted_words_become_a_proposal_that_is_never_sure(model: Model, directive: Directive, cast: Cast) -> None:
    model.answer = pointing()
    before = Entry.objects.count()
    done = run(directive, cast)
    [proposal] = added(directive)
    assert (done.kept, done.dropped, done.failed) == (1, 0, 0)
    assert directive.text[proposal.start : proposal.end] == GOOD["quote"]
    assert [(u["role"], u["name"]) for u in proposal.units] == [("lead", "县水利局"), ("co", "县财政局")]
    assert all(u["unit"] for u in proposal.units)
    assert proposal.due_date == date(2026, 9, 30)
    assert not proposal.is_sure
    assert proposal.state == "proposed"
    assert Entry.objects.count() == before + 2
    assert list_proposals(directive)[-1] == proposal


def test_only_clauses_without_a_duty_are_sent_and_the_key_goes_with_them(
    model: Model, directive: Directive, cast: Cast
) -> None:
    run(directive, cast)
    path, headers, body = model.requests[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer geheim"
    assert body["model"] == "small"
    assert "县水利局须在" in model.words
    assert "病险水库" not in model.words


@pytest.mark.parametrize(
    "changes",
    [
        {"quote": "县水利局须在2026年12月31日前建成五座新山塘"},  # not in the paper
        {"quote": "县水利局"},  # too short to be a quotation of work
        {"quote": 7},
        {"quote": "2026年3月底前备足春耕农资；全年粮食播种面积"},  # stands in another passage
        {"passage": 99},
        {"passage": "1"},
        {"lead": ["县公安局"], "co": []},  # a unit that the passage does not name
        {"lead": "县水利局", "co": None},
    ],
)
def test_suggestion_that_does_not_quote_its_passage_is_dropped(
    model: Model, directive: Directive, cast: Cast, changes: dict[str, object]
) -> None:
    model.answer = pointing(**changes)
    done = run(directive, cast)
    assert (done.kept, done.dropped) == (0, 1)
    assert added(directive) == []


def test_made_up_unit_and_made_up_date_are_left_out_of_a_true_quotation(
    model: Model, directive: Directive, cast: Cast
) -> None:
    model.answer = pointing(lead=["县水利局", "县公安局"], due="2026年12月31日前")
    run(directive, cast)
    [proposal] = added(directive)
    assert [u["name"] for u in proposal.units] == ["县水利局", "县财政局"]
    assert proposal.due_date is None
    assert "no_due" in proposal.notes


@pytest.mark.parametrize(
    "answer",
    [
        completion("我认为没有任务。"),
        completion("{"),
        completion("[1, 2]"),
        completion({"duties": "none"}),
        (200, b"not json"),
        (200, b'{"choices": []}'),
        (200, b'{"choices": [{"message": {"content": null}}]}'),
        (200, b"[" * 100_000),
        (200, b" " * 500_000),
        (500, b"{}"),
        (302, b""),
    ],
)
def test_nonsense_changes_nothing_and_is_counted(
    model: Model, directive: Directive, cast: Cast, answer: tuple[int, bytes]
) -> None:
    model.answer = lambda body: answer
    done = run(directive, cast)
    assert (done.kept, done.failed) == (0, 1)
    assert added(directive) == []


def test_answer_wrapped_in_talk_is_still_read(model: Model, directive: Directive, cast: Cast) -> None:
    wrapped = pointing()

    def answer(body: dict[str, Any]) -> tuple[int, bytes]:
        _status, payload = wrapped(body)
        content = json.loads(payload)["choices"][0]["message"]["content"]
        return completion(f"好的：\n```json\n{content}\n```")

    model.answer = answer
    assert run(directive, cast).kept == 1


def test_nothing_is_sent_while_no_model_is_configured(directive: Directive, cast: Cast, model: Model, settings) -> None:
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "URL": ""}
    with pytest.raises(ModelOff):
        run(directive, cast)
    assert model.requests == []


def test_internal_paper_is_never_sent(model: Model, directive: Directive, cast: Cast) -> None:
    Directive.objects.filter(pk=directive.pk).update(is_internal=True)
    with pytest.raises(PaperInternal):
        run(directive, cast)
    assert model.requests == []


def test_paper_marked_internal_while_the_question_waited_is_not_sent(
    model: Model, directive: Directive, cast: Cast
) -> None:
    started = start_model_run(directive, by=cast["office"], now=NOW)
    Directive.objects.filter(pk=directive.pk).update(is_internal=True)
    again = ModelRun.objects.get(pk=started.pk)
    done = finish_model_run(again, ask_model(again), now=NOW, today=TODAY)
    assert model.requests == []
    assert done.finished_at == NOW


def test_paper_withdrawn_meanwhile_keeps_nothing(model: Model, directive: Directive, cast: Cast) -> None:
    model.answer = pointing()
    started = start_model_run(directive, by=cast["office"], now=NOW)
    tally = ask_model(started)
    withdraw_directive(directive, reason="发错了", version=directive.version, by=cast["office"], now=NOW)
    assert finish_model_run(started, tally, now=NOW, today=TODAY).kept == 0
    assert added(directive) == []
    with pytest.raises(ReviewClosed):
        start_model_run(directive, by=cast["office"], now=NOW)


def test_answer_about_a_clause_that_is_gone_since_the_paper_was_read_again_is_left_out(
    model: Model, directive: Directive, cast: Cast
) -> None:
    model.answer = pointing()
    started = start_model_run(directive, by=cast["office"], now=NOW)
    tally = ask_model(started)
    directive.clauses.filter(position=tally.duties[0].clause).delete()
    assert finish_model_run(started, tally, now=NOW, today=TODAY).kept == 0


def test_one_question_at_a_time(model: Model, directive: Directive, cast: Cast) -> None:
    start_model_run(directive, by=cast["office"], now=NOW)
    with pytest.raises(ModelBusy):
        start_model_run(directive, by=cast["office"], now=NOW)


def test_asking_again_does_not_propose_the_same_twice(model: Model, directive: Directive, cast: Cast) -> None:
    model.answer = pointing()
    run(directive, cast)
    run(directive, cast)
    assert len(added(directive)) == 1


def test_reviewer_asks_on_the_page_and_finds_what_came_of_it(
    model: Model, directive: Directive, cast: Cast, client: Client, django_capture_on_commit_callbacks
) -> None:
    model.answer = pointing()
    client.force_login(cast["office"])
    page, here = f"/directives/{directive.pk}/", f"/directives/{directive.pk}/model/"
    assert "small" in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(here).status_code == 302
    assert client.get(here, headers={"HX-Request": "true"}).status_code == 200
    assert len(added(directive)) == 1
    assert "由语言模型提出" in client.get(page).content.decode()


def test_page_says_nothing_of_a_model_while_there_is_none(
    directive: Directive, cast: Cast, client: Client, settings
) -> None:
    settings.LANGUAGE_MODEL = {"URL": "", "KEY": "", "NAME": "", "SECONDS": 1}
    client.force_login(cast["office"])
    assert 'id="model"' not in client.get(f"/directives/{directive.pk}/").content.decode()
    refused = client.post(f"/directives/{directive.pk}/model/")
    assert refused.status_code == 409
    assert "LUOSHI_MODEL_URL" in refused.content.decode()
