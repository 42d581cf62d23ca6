"""The linter over tasks, papers and ledgers: severities of organisations, what a clause offers, and the check-up."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.tasks.actions.linting import NoSuchRule, set_severities
from luoshi.tasks.models import LINT_TEXTS, LintSetting, Task
from luoshi.tasks.queries import list_findings
from luoshi.tasks.queries.linting import check_directive, get_severities, score_of
from luoshi.tasks.rules.linter import LINT_RULES
from tests.factories.directives import make_directive
from tests.factories.orgs import Cast
from tests.factories.work import make_task


def codes(cast: Cast, task: Task) -> dict[str, str]:
    found = list_findings([task], today=cast.now.date(), policy=Policy())
    return {f.code: f.severity.value for f in found[task.pk]}


def soft(cast: Cast, **fields: Any) -> Task:
    return make_task(cast, "进一步加强水利工作", lead="QH-NYJ", state="registered", standard="", **fields)


def test_every_rule_has_its_words() -> None:
    assert set(LINT_TEXTS) == {rule.code for rule in LINT_RULES}


def test_nearest_unit_above_decides_how_serious_a_rule_is(cast: Cast) -> None:
    county, bureau = cast.unit("QH"), cast.unit("QH-NYJ")
    task, own = soft(cast, owner="QH"), soft(cast, owner="QH-NYJ")
    assert codes(cast, task)["L111"] == codes(cast, own)["L111"] == "stop"
    set_severities(county, {"L111": "warn", "L104": "off"}, by=cast["office"], now=cast.now)
    assert codes(cast, task)["L111"] == codes(cast, own)["L111"] == "warn"
    assert "L104" not in codes(cast, own)
    set_severities(bureau, {"L111": "hint"}, by=cast["depthead"], now=cast.now)
    assert (codes(cast, task)["L111"], codes(cast, own)["L111"]) == ("warn", "hint")
    set_severities(bureau, {"L111": ""}, by=cast["depthead"], now=cast.now)
    assert codes(cast, own)["L111"] == "warn"
    entry = Entry.objects.filter(verb="set_severities").latest("seq")
    assert (entry.data["before"], entry.data["after"]) == ({"L111": "hint"}, {"L111": ""})


def test_what_stands_already_writes_no_entry(cast: Cast) -> None:
    county = cast.unit("QH")
    assert set_severities(county, {"L101": "warn"}, by=cast["office"], now=cast.now) == 1
    entries = Entry.objects.count()
    assert set_severities(county, {"L101": "warn", "L102": ""}, by=cast["office"], now=cast.now) == 0
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("given", [{"L999": "stop"}, {"L101": "loud"}])
def test_unknown_rule_or_severity_changes_nothing(cast: Cast, given: dict[str, str]) -> None:
    with pytest.raises(NoSuchRule):
        set_severities(cast.unit("QH"), {"L102": "off", **given}, by=cast["office"], now=cast.now)
    assert not LintSetting.objects.exists()


def test_findings_of_many_tasks_cost_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    parent = soft(cast, owner="QH")
    tasks = [soft(cast, owner="QH-NYJ", parent=parent) for _n in range(12)]
    list_findings(tasks, today=cast.now.date(), policy=Policy())
    for some in (tasks[:2], tasks):
        with django_assert_num_queries(4):
            list_findings(some, today=cast.now.date(), policy=Policy())


def test_rules_page_saves_and_shows_what_the_unit_says(cast: Cast, signed_in: Any) -> None:
    client: Client = signed_in("depthead")
    unit = cast.unit("QH-NYJ")
    assert client.post("/tasks/lint/rules/", {"unit": unit.pk, "L104": "stop", "L105": ""}).status_code == 302
    assert list(LintSetting.objects.values_list("unit", "code", "severity")) == [(unit.pk, "L104", "stop")]
    page = client.get(f"/tasks/lint/rules/?unit={unit.pk}").content.decode()
    assert page.count('value="stop" selected') == 1
    assert client.post("/tasks/lint/rules/", {"unit": cast.unit("QH").pk, "L104": "off"}).status_code == 403
    assert client.get(f"/tasks/lint/rules/?unit={cast.unit('QH').pk}").status_code == 404


def test_paper_in_review_is_gone_through_and_its_words_are_taken_over(cast: Cast, signed_in: Any) -> None:
    directive = make_directive(cast)
    proposal = next(p for p in directive.proposals.order_by("position") if p.due_date)
    was = proposal.due_date
    directive.proposals.filter(pk=proposal.pk).update(due_date=None)
    client: Client = signed_in("office")
    page = client.get(f"/tasks/from-directive/{directive.pk}/lint/").content.decode()
    assert "L102" in page
    at = f"/tasks/from-directive/{directive.pk}/proposals/{proposal.pk}/take/"
    assert client.post(at, {"field": "due_date", "version": proposal.version}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.due_date == was
    assert proposal.due_raw
    client.post(at, {"field": "due_date", "version": proposal.version})
    proposal.refresh_from_db()
    assert proposal.due_date == was


def test_slots_for_the_review_page_come_for_each_open_proposal(cast: Cast, signed_in: Any) -> None:
    directive = make_directive(cast)
    page = signed_in("office").get(
        f"/tasks/from-directive/{directive.pk}/lint/", headers={"hx-request": "true"}
    ).content.decode()  # fmt: skip
    for proposal in directive.proposals.filter(state="proposed"):
        assert f'id="lint-{proposal.pk}" hx-swap-oob="true"' in page


def test_score_of_a_paper_is_told_line_by_line(cast: Cast) -> None:
    directive = make_directive(cast)
    score = score_of(check_directive(directive, cast.access("office"), today=cast.now.date(), policy=Policy()))
    assert score.score is not None
    total = sum(part.count for part in score.parts)
    assert abs(float(score.score) - 100 * total / (5 * score.parts[0].of)) < 0.06


def test_check_up_counts_what_the_reader_sees_and_opens_the_rows_behind_a_number(cast: Cast, signed_in: Any) -> None:
    task = soft(cast, owner="QH")
    client: Client = signed_in("office")
    page = client.get("/tasks/lint/").content.decode()
    assert "L104" in page
    assert task.code in client.get("/tasks/lint/?code=L104").content.decode()
    assert task.code not in client.get("/tasks/lint/?code=L113").content.decode()
    assert task.code not in signed_in("outsider").get("/tasks/lint/?code=L104").content.decode()
    assert task.code in client.get("/tasks/lint/?code=L104&unit=QH").content.decode()
    assert task.code not in client.get("/tasks/lint/?code=L104&unit=QH-CZJ").content.decode()
    assert "没有" in client.get("/tasks/lint/?unit=无此单位").content.decode()


def test_command_goes_through_the_ledger(cast: Cast, capsys: Any) -> None:
    task = soft(cast, owner="QH")
    make_task(cast, "完成3座水库除险加固", lead="QH-NYJ", owner="QH-CZJ", state="registered", standard="通过验收")
    call_command("lint", "--json", "--unit", "QH")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = next(row for row in rows if row["task"] == task.code)
    assert {"L104", "L111"} <= {f["code"] for f in found["findings"]}
    call_command("lint", "--code", "L111")
    assert "L104" not in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("lint", "--fail-on", "stop")
    set_severities(cast.unit("QH"), {r.code: "off" for r in LINT_RULES}, by=cast["office"], now=cast.now)
    call_command("lint", "--fail-on", "hint")


def test_api_says_what_is_soft_and_sets_severities(cast: Cast, signed_in: Any) -> None:
    assert get_severities(Policy()).of("")["L101"] == "stop"
