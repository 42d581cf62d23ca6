"""What the writer of OFD papers wrote, the reader reads: the same paragraphs, rows, duties and places."""

import re
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luoshi.demo.ofd import Offsets, broken, width_of, write_ofd
from luoshi.papers.facts import Paper
from luoshi.papers.reading import read_paper

PAPERS = ("fengong.txt", "jiyao.txt", "jiyao19.txt", "zhenggai.txt")
CHINESE = st.text(
    st.sampled_from("县政府办公室负责牵头落实推进项目建设，、。；：（）〔〕《》“”2026年月日%AB "),
    min_size=1,
    max_size=200,
)


def text_of(name: str) -> str:
    return (files("luoshi.demo") / "papers" / name).read_text(encoding="utf-8")


def read(data: bytes) -> Paper:
    return read_paper(data, name="x.ofd")


def flat(paragraphs: list[str]) -> list[str]:
    """Paragraphs without white space, which a page does not keep; cells stay apart."""
    return [found for p in paragraphs if (found := re.sub(r"[ \u3000\xa0]+", "", p))]


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("offsets", ["listed", "repeated", "apart"])
def test_written_paper_reads_back_the_same(name: str, offsets: Offsets) -> None:
    paper = read(write_ofd(text_of(name), offsets=offsets))
    assert flat([p.text for p in paper.paragraphs]) == flat(text_of(name).splitlines())


def test_same_text_gives_the_same_file() -> None:
    assert write_ofd(text_of("jiyao.txt")) == write_ofd(text_of("jiyao.txt"))


def test_every_character_read_back_has_its_place_on_a_page() -> None:
    paper = read(write_ofd(text_of("fengong.txt")))
    assert len(paper.sheets) > 1
    for paragraph in paper.paragraphs:
        placed = {at for run in paragraph.runs for at in range(run.start, run.end)}
        assert placed == {at for at, char in enumerate(paragraph.text) if char != "\t"}
        assert all(list(run.edges) == sorted(run.edges) and run.top < run.bottom for run in paragraph.runs)


def test_page_numbers_are_not_part_of_the_text() -> None:
    assert "—" not in read(write_ofd("落实责任。\n" * 60)).text


def test_table_reads_back_row_by_row_over_pages() -> None:
    rows = ["序号\t工作任务\t牵头单位\t完成时限"]
    work = "推进第{}项工程建设，完成土地平整和管网配套，年底前投入使用"
    rows += [f"{i}\t{work.format(i)}\t县住建局、县财政局\t2026年{i % 12 + 1}月底前" for i in range(1, 41)]
    paper = read(write_ofd("任务分解表\n" + "\n".join(rows)))
    assert flat([p.text for p in paper.paragraphs[1:]]) == flat(rows)
    assert len(paper.sheets) > 2
    assert paper.source_at(paper.text.index("县住建局")) == "t1r2c3"


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    for piece in broken(text_of("fengong.txt").replace("\n", ""), 28.0):
        assert piece[0] not in "，。、；：）》”"
        assert piece[-1] not in "（《“"
        assert width_of(piece) <= 28.01


@settings(max_examples=60)
@given(st.lists(CHINESE, min_size=1, max_size=8))
@example(["0（"])
@example(["（1）", "一"])
def test_nothing_that_is_written_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    if not text.strip():
        return
    written = "".join(flat(text.splitlines()))
    assert re.sub(r"\s", "", read(write_ofd(text)).text) == re.sub(r"\s", "", written)
