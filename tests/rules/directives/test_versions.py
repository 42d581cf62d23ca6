"""A revision is laid beside what it replaces: the same, changed, new and gone, and which paper that is."""

import pytest

from luoshi.directives.rules.versions import Known, Part, compare_versions, find_superseded, word_changes

GRAIN, WATER = (
    "（一）稳定粮食生产。全年粮食播种面积稳定在42.6万亩以上。",
    "（二）修好水利设施。完成12座病险水库除险加固。",
)
SKY, HOMES = "（三）探索低空经济。在农林植保领域开放一批场景。", "（四）建设和美乡村。年底前建成示范村20个。"


def parts(*texts: str, start: int = 1) -> list[Part]:
    return [Part(start + n, f"一/（{'一二三四五六'[n]}）", text) for n, text in enumerate(texts)]


def kinds(old: list[Part], new: list[Part]) -> list[tuple[str, int | None, int | None]]:
    return [(p.kind, p.old and p.old.id, p.new and p.new.id) for p in compare_versions(old, new)]


def test_clause_that_only_moved_and_was_renumbered_is_the_same() -> None:
    moved = [WATER.replace("（二）", "（一）"), GRAIN.replace("（一）", "（二）")]
    assert kinds(parts(GRAIN, WATER), parts(*moved, start=11)) == [("same", 2, 11), ("same", 1, 12)]


def test_gone_stands_where_it_stood_and_new_where_it_stands() -> None:
    new = parts(GRAIN, "（二）抓好造林绿化。造林2万亩，抚育森林5万亩。", HOMES.replace("（四）", "（三）"), start=11)
    assert kinds(parts(GRAIN, SKY, HOMES), new) == [
        ("same", 1, 11), ("new", None, 12), ("gone", 2, None), ("same", 3, 13),
    ]  # fmt: skip


def test_changed_number_is_one_change_of_a_whole_number() -> None:
    [pair] = compare_versions(parts(GRAIN), parts(GRAIN.replace("42.6", "45"), start=11))
    assert [(c.kind, c.text) for c in pair.changes if c.kind != "same"] == [("gone", "42.6"), ("new", "45")]


def test_every_clause_of_both_stands_once() -> None:
    old = parts(GRAIN, WATER, SKY, HOMES)
    new = parts(HOMES, WATER.replace("12", "18"), "（三）全新的事。培育市场主体300户。", start=11)
    pairs = compare_versions(old, new)
    assert sorted(p.old.id for p in pairs if p.old) == [1, 2, 3, 4]
    assert [p.new.id for p in pairs if p.new] == [11, 12, 13]


def test_repeated_words_are_paired_one_to_one() -> None:
    line = "（一）压实责任。"
    assert kinds(parts(line, line), parts(line, line, line, start=11)) == [
        ("same", 1, 11), ("same", 2, 12), ("new", None, 13),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"), [("", "甲"), ("甲", ""), ("完成12座", "完成12座"), ("甲乙丙丁戊", "甲丙丁己戊"), ("a1b", "b1a")]
)
def test_changes_rebuild_both_texts(old: str, new: str) -> None:
    changes = word_changes(old, new)
    assert "".join(c.text for c in changes if c.kind != "new") == old
    assert "".join(c.text for c in changes if c.kind != "gone") == new


KNOWN = [
    Known(7, "青禾县人民政府关于印发2025年重点任务分工方案的通知", "青政发〔2025〕3号"),
    Known(8, "青禾县督查工作办法（试行）", ""),
    Known(9, "青禾县人民政府办公室关于做好防汛工作的通知", "青政办发〔2025〕13号"),
]


@pytest.mark.parametrize(
    ("text", "title", "found"),
    [
        ("本方案自印发之日起施行，青政发〔2025〕3号同时废止。", "分工方案", 7),
        ("《2025年重点任务分工方案》（青政发[2025]3号）同时废止", "分工方案", 7),
        ("原《青禾县督查工作办法（试行）》同时废止。", "督查办法", 8),
        ("根据《青禾县督查工作办法（试行）》开展督查。", "督查方案", None),  # named, not ended
        ("某规定同时废止。", "规定", None),  # ended, not known
        ("为做好工作，现通知如下。", "青禾县督查工作办法（2026年修订）", 8),
        ("为做好工作，现通知如下。", "青禾县督查工作办法", None),
    ],
)
def test_replaced_paper_is_known_by_words_that_end_it_or_by_its_revised_title(
    text: str, title: str, found: int | None
) -> None:
    answer = find_superseded(text, title=title, known=KNOWN)
    assert (answer[0] if answer else None) == found
