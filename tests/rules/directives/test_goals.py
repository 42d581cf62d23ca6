"""The indicators that a document sets for itself, apart from those of single duties."""

import pytest

from luoshi.directives.rules import read_directive

HEAD = "青禾县人民政府关于印发行动方案的通知\n青政发〔2026〕3号\n2026年2月27日\n"
Row = tuple[str, str, str, str | None]


def goals(text: str) -> list[Row]:
    found = read_directive(HEAD + text).goals
    return [(g.name, g.op, f"{g.value}{g.unit}", str(g.due.date) if g.due else None) for g in found]


SHAPES = [
    "一、总体目标\n到2027年，建成灌区30处，供水率达到95%以上。\n二、重点任务\n（一）建水库。（县水利局负责）\n",
    "一、总体要求\n（一）指导思想。坚持节水优先。\n（二）发展目标。到2027年，建成灌区30处，供水率达到95%以上。\n二、重点任务\n"
    "（一）建水库。（县水利局负责）\n",
    "一、主要目标\n到2027年，灌区体系基本形成。\n——灌区更多。建成灌区30处。\n——供水更稳。供水率达到95%以上。\n二、重点任务\n"
    "（一）建水库。（县水利局负责）\n",
    "工作目标：到2027年，建成灌区30处，供水率达到95%以上。\n一、重点任务\n（一）建水库。（县水利局负责）\n",
    "工作目标\n到2027年，建成灌区30处，供水率达到95%以上。\n一、重点任务\n（一）建水库。（县水利局负责）\n",
]


@pytest.mark.parametrize("text", SHAPES)
def test_goal_is_found_wherever_its_heading_stands(text: str) -> None:
    assert goals(text) == [("建成灌区", "=", "30处", "2027-12-31"), ("供水率", ">=", "95%", "2027-12-31")]


def test_each_goal_takes_the_nearest_year_before_it() -> None:
    text = "一、总体目标\n到2027年，建成灌区30处；到2030年，建成灌区50处。\n二、任务\n（一）建水库。（县水利局负责）\n"
    assert [row[3] for row in goals(text)] == ["2027-12-31", "2030-12-31"]


def test_number_of_a_duty_is_not_the_documents_goal() -> None:
    text = "一、工作目标\n（一）建成水库3座。（县水利局负责）\n（二）建成渠道30公里。（县水利局负责）\n"
    assert goals(text) == []


def test_number_outside_the_goals_is_none() -> None:
    text = (
        "一、总体目标\n体系基本形成。\n二、重点任务\n（一）建成水库3座。（县水利局负责）\n（二）建成渠道30公里以上。\n"
    )
    assert goals(text) == []


def test_goal_points_at_its_clause_and_words() -> None:
    text = f"{HEAD}一、总体目标\n到2027年，建成灌区30处。\n二、重点任务\n（一）建水库。（县水利局负责）\n"
    reading = read_directive(text)
    (goal,) = reading.goals
    clause = reading.clauses[goal.clause]
    assert clause.span.start <= goal.span.start < goal.span.end <= clause.span.end
    assert text[goal.span.start : goal.span.end] == "30处"
