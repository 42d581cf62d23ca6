"""How placed characters become lines, paragraphs and tables."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.papers.facts import Limits, Paragraph
from luoshi.papers.layout import Glyph, PageContent, Ruling, lay_out
from luoshi.papers.refusals import UnreadablePaper

LEFT, SIZE, WIDE = 90.0, 16.0, 26  # a column of 26 characters, as official papers have
INDENT = "\u3000\u3000"


def glyphs(x: float, y: float, words: str, *, size: float = SIZE, sure: float | None = None) -> list[Glyph]:
    found = []
    for char in words:
        width = size / 2 if char.isascii() else size
        found.append(Glyph(char, x, y, x + width, y + size, size, sure))
        x += width
    return found


def page(number: int, rows: Iterable[str], *, top: float = 120, pitch: float = 28) -> PageContent:
    """A page of rows as they are printed; full-width spaces indent."""
    found = [g for i, row in enumerate(rows) for g in glyphs(LEFT, top + pitch * i, row)]
    return PageContent(number, 595, 842, tuple(found))


def wrapped(words: str) -> list[str]:
    return [words[i : i + WIDE] for i in range(0, len(words), WIDE)]


def texts(*pages: PageContent) -> list[str]:
    return [p.text for p in lay_out(pages, limits=Limits())]


BODY = "坚持目标导向和问题导向相结合，统筹推进各项改革任务落地见效，健全分级负责、协同联动、闭环管理的工作机制"
OTHER = "完善督查督办与绩效考核衔接机制，推动重点工作事项化、事项清单化、清单责任化，确保各项部署落到实处"


class TestParagraphs:
    def test_lines_of_a_paragraph_are_joined_without_a_space(self) -> None:
        assert texts(page(1, wrapped(f"{INDENT}{BODY}。"))) == [f"{BODY}。"]

    def test_indented_line_begins_a_paragraph_though_the_one_before_is_full(self) -> None:
        first = f"{INDENT}{BODY * 2}"[: WIDE * 3 - 1] + "。"
        assert texts(page(1, wrapped(first) + wrapped(f"{INDENT}{OTHER}。"))) == [first.strip(), f"{OTHER}。"]

    def test_paragraph_goes_on_over_a_page_and_its_number(self) -> None:
        rows = wrapped(f"{INDENT}{BODY}，{OTHER}。{BODY}。")
        numbered = [glyphs(280, 780, f"— {n} —", size=14) for n in (1, 2)]
        pages = [page(1, rows[:3]), page(2, rows[3:])]
        full = [replace(p, glyphs=(*p.glyphs, *extra)) for p, extra in zip(pages, numbered, strict=True)]
        assert texts(*full) == [f"{BODY}，{OTHER}。{BODY}。"]

    def test_bracket_that_a_page_splits_is_whole_again(self) -> None:
        first = [f"{INDENT}{BODY[:24]}", f"{BODY[24:40]}。（责任单位：省财政"]
        assert texts(
            page(1, [*first, BODY[:26]][:2]), page(2, ["厅、省教育厅）", f"{INDENT}{OTHER[:24]}", OTHER[24:]])
        )[0].endswith("（责任单位：省财政厅、省教育厅）")

    def test_outline_marks_begin_paragraphs_without_indentation(self) -> None:
        rows = [*wrapped((BODY + "，" + OTHER)[: WIDE * 2 - 1] + "）"), *wrapped("（二）" + OTHER + "。")]
        assert texts(page(1, rows))[1] == "（二）" + OTHER + "。"

    def test_count_within_an_indented_paragraph_goes_on_where_it_begins_a_line(self) -> None:
        words = f"{INDENT}整改措施：①{BODY[:16]}；②{BODY[:25]}；③{OTHER}。"
        rows = wrapped(words)
        assert rows[2].startswith("③")
        assert texts(page(1, rows)) == [words.strip()]

    def test_labelled_line_begins_a_paragraph_though_the_one_before_is_full(self) -> None:
        rows = [f"{INDENT}责任单位：{BODY[:19]}", f"{INDENT}责任人：武大成", *wrapped(f"{INDENT}{OTHER}，{BODY}。")]
        assert texts(page(1, rows))[:2] == [f"责任单位：{BODY[:19]}", "责任人：武大成"]

    def test_heading_on_its_own_line_stays_apart(self) -> None:
        rows = [f"{INDENT}一、总体要求", *wrapped(f"{INDENT}{BODY}。")]
        assert texts(page(1, rows)) == ["一、总体要求", f"{BODY}。"]

    def test_mention_of_an_item_does_not_begin_one(self) -> None:
        rows = wrapped(f"{INDENT}{BODY[:22]}第（二）项规定执行，{OTHER}。")
        assert rows[1].startswith("二）项") or rows[1].startswith("（二）项")
        assert len(texts(page(1, rows))) == 1

    def test_title_over_two_centred_lines_is_one(self) -> None:
        title = glyphs(188, 120, "关于加快推进数字政府", size=22) + glyphs(221, 156, "建设的实施方案", size=22)
        body = page(1, wrapped(f"{INDENT}{BODY}，{OTHER}。"), top=230)
        assert texts(replace(body, glyphs=(*title, *body.glyphs)))[0] == "关于加快推进数字政府建设的实施方案"

    def test_names_of_two_issuers_stay_two_lines(self) -> None:
        names = glyphs(210, 120, "江北省财政厅", size=22) + glyphs(210, 156, "江北省教育厅", size=22)
        body = page(1, wrapped(f"{INDENT}{BODY}，{OTHER}。"), top=230)
        assert texts(replace(body, glyphs=(*names, *body.glyphs)))[:2] == ["江北省财政厅", "江北省教育厅"]

    def test_signature_and_date_stay_apart(self) -> None:
        rows = [
            *wrapped(f"{INDENT}{BODY}，{OTHER}。"),
            "",
            "\u3000" * 16 + "江北省人民政府",
            "\u3000" * 16 + "2026年3月1日",
        ]
        assert texts(page(1, rows))[1:] == ["江北省人民政府", "2026年3月1日"]

    def test_hanging_lines_belong_to_their_label(self) -> None:
        rows = ["抄送：" + OTHER[:23], "\u3000" * 3 + OTHER[23:46], *wrapped(BODY)]
        assert texts(page(1, rows))[0].startswith("抄送：" + OTHER[:46])

    def test_number_that_had_no_place_on_the_line_does_not_end_the_paragraph(self) -> None:
        rows = [
            f"{INDENT}{BODY[:23]}",
            "2026年底前建成100个示范点，" + OTHER[:10],
            *wrapped(f"{INDENT}{OTHER}，{BODY}。"),
        ]
        assert texts(page(1, rows))[0] == BODY[:23] + "2026年底前建成100个示范点，" + OTHER[:10]


class TestLines:
    def test_full_width_digits_and_letters_are_folded_and_punctuation_is_not(self) -> None:
        assert texts(page(1, ["２０２７年ＡＩ％，：（）"])) == ["2027年AI％，：（）"]

    def test_radicals_become_the_characters_they_look_like(self) -> None:
        assert texts(page(1, ["⼀、⾦融⼯作"])) == ["一、金融工作"]

    def test_spread_title_loses_its_spaces(self) -> None:
        spread = [g for i, c in enumerate("江北省文件") for g in glyphs(100 + 40 * i, 120, c, size=24)]
        assert texts(PageContent(1, 595, 842, tuple(spread))) == ["江北省文件"]

    def test_latin_words_keep_their_spaces(self) -> None:
        assert texts(page(1, ["使用 Open Data 平台"])) == ["使用Open Data平台"]

    def test_names_side_by_side_keep_a_space(self) -> None:
        both = glyphs(90, 120, "江北省财政厅") + glyphs(250, 120, "江北省教育厅")
        assert texts(PageContent(1, 595, 842, tuple(both))) == ["江北省财政厅 江北省教育厅"]

    def test_character_drawn_twice_to_look_bold_counts_once(self) -> None:
        twice = [
            g for g in glyphs(90, 120, "重点工作") for g in (g, replace(g, left=g.left + 0.4, right=g.right + 0.4))
        ]
        assert texts(PageContent(1, 595, 842, tuple(twice))) == ["重点工作"]

    def test_word_beside_a_stack_of_issuers_stays_apart(self) -> None:
        stack = [g for n in range(2) for g in glyphs(90, 120 + 40 * n, f"江北省财政{'厅局'[n]}", size=30)]
        both = PageContent(1, 595, 842, (*stack, *glyphs(300, 137, "文件", size=36)))
        assert texts(both) == ["江北省财政厅", "文件", "江北省财政局"]

    def test_raised_note_mark_stays_in_its_line(self) -> None:
        row = [*glyphs(90, 120, "营业收入"), *glyphs(154, 117, "2", size=8), *glyphs(158, 120, "万亿元")]
        assert texts(PageContent(1, 595, 842, tuple(row))) == ["营业收入2万亿元"]

    @pytest.mark.parametrize("slope", [-0.03, 0.02, 0.035])
    def test_page_scanned_askew_reads_in_lines(self, slope: float) -> None:
        straight = page(1, wrapped(f"{INDENT}{BODY}，{OTHER}，{BODY}。"))
        turned = [replace(g, top=g.top + slope * g.left, bottom=g.bottom + slope * g.left) for g in straight.glyphs]
        assert texts(replace(straight, glyphs=tuple(turned))) == [f"{BODY}，{OTHER}，{BODY}。"]

    def test_jitter_of_recognised_lines_does_no_harm(self) -> None:
        straight = page(1, wrapped(f"{INDENT}{BODY}，{OTHER}。"))
        shaken = [
            replace(g, top=g.top + (i * 7 % 5 - 2), bottom=g.bottom + (i * 3 % 5 - 2), confidence=0.9)
            for i, g in enumerate(straight.glyphs)
        ]
        assert texts(replace(straight, glyphs=tuple(shaken))) == [f"{BODY}，{OTHER}。"]


class TestFurniture:
    @pytest.mark.parametrize(
        "number", ["— {} —", "- {} -", "{}", "第{}页 共9页", "第 {} 页", "{}/9", "·{}·", "Page {} of 9"]
    )
    def test_page_numbers_are_dropped(self, number: str) -> None:
        pages = []
        for n in (1, 2, 3):
            body = page(n, wrapped(f"{INDENT}{BODY}，{OTHER}。"))
            pages.append(replace(body, glyphs=(*body.glyphs, *glyphs(260, 785, number.format(n), size=12))))
        assert texts(*pages) == [f"{BODY}，{OTHER}。"] * 3

    def test_running_head_is_dropped_and_the_title_it_repeats_is_not(self) -> None:
        pages = []
        for n in (1, 2, 3):
            body = page(n, wrapped(f"{INDENT}{BODY}，{OTHER}{n}。"), top=160)
            pages.append(replace(body, glyphs=(*glyphs(200, 50, "江北省人民政府公报", size=10), *body.glyphs)))
        titled = replace(pages[0], glyphs=(*glyphs(200, 122, "江北省人民政府公报", size=20), *pages[0].glyphs))
        assert texts(titled, *pages[1:]) == ["江北省人民政府公报", *(f"{BODY}，{OTHER}{n}。" for n in (1, 2, 3))]

    def test_annexes_that_begin_pages_are_no_running_heads(self) -> None:
        pages = [page(n, [f"附件{n}", *wrapped(f"{INDENT}{BODY}，{OTHER}{n}。")], top=80) for n in (1, 2, 3)]
        assert [t for t in texts(*pages) if t.startswith("附件")] == ["附件1", "附件2", "附件3"]

    def test_entries_of_a_table_of_contents_are_dropped(self) -> None:
        rows = ["一、总体要求……………3", "二、重点任务........12", *wrapped(f"{INDENT}{BODY}，{OTHER}。")]
        assert texts(page(1, rows)) == [f"{BODY}，{OTHER}。"]

    def test_year_in_the_text_is_no_page_number(self) -> None:
        assert texts(page(1, ["2026", *wrapped(f"{INDENT}{BODY}，{OTHER}。")], top=300))[0] == "2026"


def grid(xs: list[float], ys: list[float]) -> list[Ruling]:
    return [
        *(Ruling(xs[0], y, xs[-1], y) for y in ys),
        *(Ruling(x, ys[0], x, ys[-1]) for x in xs),
    ]


def cell(x: float, y: float, *rows: str) -> list[Glyph]:
    return [g for i, row in enumerate(rows) for g in glyphs(x + 4, y + 4 + 14 * i, row, size=10)]


def laid(*pages: PageContent) -> list[tuple[str, str]]:
    return [(p.source, p.text) for p in lay_out(pages, limits=Limits())]


XS = [90.0, 120.0, 320.0, 420.0]


class TestTables:
    def test_rows_become_lines_with_tabs_and_name_their_row(self) -> None:
        words = cell(90, 100, "序号") + cell(120, 100, "任务") + cell(320, 100, "责任单位")
        words += cell(90, 130, "1") + cell(120, 130, "推进改革") + cell(320, 130, "省财政厅")
        page = PageContent(1, 595, 842, tuple(words), tuple(grid(XS, [100, 130, 160])))
        assert laid(page) == [("t1r1", "序号\t任务\t责任单位"), ("t1r2", "1\t推进改革\t省财政厅")]

    def test_merged_cell_stands_in_its_first_row_and_leaves_the_others_empty(self) -> None:
        words = cell(90, 100, "甲") + cell(120, 100, "任务一") + cell(320, 100, "省财政厅")
        words += cell(120, 130, "任务二") + cell(320, 130, "省教育厅")
        rules = [r for r in grid(XS, [100, 130, 160]) if not (r.top == r.bottom == 130)]
        page = PageContent(1, 595, 842, tuple(words), (*rules, Ruling(120, 130, 420, 130)))
        assert [t for _s, t in laid(page)] == ["甲\t任务一\t省财政厅", "\t任务二\t省教育厅"]

    def test_row_merged_over_all_columns_is_its_words_alone(self) -> None:
        words = (
            cell(90, 100, "一、重点任务") + cell(90, 130, "1") + cell(120, 130, "推进改革") + cell(320, 130, "省财政厅")
        )
        rules = [Ruling(90, y, 420, y) for y in (100, 130, 160)] + [Ruling(x, 130, x, 160) for x in (120, 320)]
        rules += [Ruling(90, 100, 90, 160), Ruling(420, 100, 420, 160)]
        assert laid(PageContent(1, 595, 842, tuple(words), tuple(rules)))[0] == ("t1r1c1", "一、重点任务")

    def test_lines_of_a_cell_are_joined_and_names_on_their_own_lines_are_not(self) -> None:
        words = (
            cell(90, 100, "1")
            + cell(120, 100, "推进各项改革任务落地见效健全工作机制协同", "联动")
            + cell(320, 100, "省财政厅", "省教育厅")
        )
        page = PageContent(1, 595, 842, tuple(words), tuple(grid([90, 120, 320, 420], [100, 140])))
        assert texts(page) == ["1\t推进各项改革任务落地见效健全工作机制协同联动\t省财政厅 省教育厅"]

    def test_full_width_punctuation_stays_in_its_cell(self) -> None:
        words = cell(90, 100, "1") + cell(120, 100, "推进改革，（一）") + cell(320, 100, "（省厅）")
        page = PageContent(1, 595, 842, tuple(words), tuple(grid(XS, [100, 130])))
        assert texts(page) == ["1\t推进改革，（一）\t（省厅）"]

    def test_table_goes_on_over_a_page_without_its_head(self) -> None:
        head = cell(90, 100, "序号") + cell(120, 100, "任务") + cell(320, 100, "责任单位")
        first = head + cell(90, 130, "1") + cell(120, 130, "推进改革") + cell(320, 130, "省财政厅")
        second = head + cell(90, 130, "2") + cell(120, 130, "健全机制") + cell(320, 130, "省教育厅")
        rules = tuple(grid(XS, [100, 130, 160]))
        pages = [PageContent(n, 595, 842, tuple(w), rules) for n, w in ((1, first), (2, second))]
        assert laid(*pages) == [
            ("t1r1", "序号\t任务\t责任单位"), ("t1r2", "1\t推进改革\t省财政厅"), ("t1r3", "2\t健全机制\t省教育厅"),
        ]  # fmt: skip

    def test_row_that_a_page_cuts_is_whole_again(self) -> None:
        first = cell(90, 100, "1") + cell(120, 100, "推进各项改革任务落地见效健全工作机制") + cell(320, 100, "省财政厅")
        second = (
            cell(120, 100, "协同联动。")
            + cell(90, 130, "2")
            + cell(120, 130, "健全机制。")
            + cell(320, 130, "省教育厅")
        )
        pages = [
            PageContent(1, 595, 842, tuple(first), tuple(grid([90, 120, 320, 420], [100, 130]))),
            PageContent(2, 595, 842, tuple(second), tuple(grid([90, 120, 320, 420], [100, 130, 160]))),
        ]
        assert texts(*pages)[0] == "1\t推进各项改革任务落地见效健全工作机制协同联动。\t省财政厅"

    def test_frame_around_a_text_is_no_table(self) -> None:
        framed = replace(page(1, wrapped(f"{INDENT}{BODY}，{OTHER}。")), rulings=tuple(grid([60, 540], [80, 800])))
        assert laid(framed) == [("p1", f"{BODY}，{OTHER}。")]

    def test_table_without_side_lines_has_its_outer_columns(self) -> None:
        words = cell(90, 100, "1") + cell(120, 100, "推进改革") + cell(320, 100, "省财政厅")
        rules = [r for r in grid(XS, [100, 130]) if not (r.left == r.right and r.left in (90, 420))]
        assert texts(PageContent(1, 595, 842, tuple(words), tuple(rules))) == ["1\t推进改革\t省财政厅"]

    def test_heading_between_lines_without_sides_belongs_to_the_table(self) -> None:
        words = cell(90, 100, "一、重点任务")
        rules = [Ruling(90, 100, 420, 100)]
        for y in (130, 190):
            words += cell(90, y, "1") + cell(120, y, "推进改革") + cell(320, y, "省财政厅")
            rules += [*grid(XS, [y, y + 30])]
        words += cell(90, 160, "二、保障措施")
        page = PageContent(1, 595, 842, tuple(words), (*rules, Ruling(120, 145, 150, 145)))
        assert [s for s, _t in laid(page)] == ["t1r1c1", "t1r2", "t1r3c1", "t1r4"]

    def test_border_that_was_left_out_does_not_merge_columns(self) -> None:
        words = cell(90, 100, "类") + cell(120, 100, "任务") + cell(320, 100, "单位") + cell(90, 130, "甲")
        words += cell(120, 130, "改革") + cell(320, 130, "省财政厅")
        rules = [r for r in grid(XS, [100, 130, 160]) if not (r.left == r.right == 320)]
        rules += [Ruling(320, 100, 320, 130)]
        rules = [r for r in rules if not (r.top == r.bottom == 130)] + [Ruling(90, 130, 320, 130)]
        assert texts(PageContent(1, 595, 842, tuple(words), tuple(rules)))[0].split("\t")[:2] == ["类", "任务"]


class TestUnruledTables:
    HEAD = cell(90, 100, "序号") + cell(150, 100, "重点任务") + cell(330, 100, "责任单位") + cell(430, 100, "完成时限")

    def rows(self, start: float, pitch: float) -> list[Glyph]:
        found = []
        for n in range(3):
            y = start + pitch * n
            found += (
                cell(90, y, str(n + 1))
                + cell(150, y, "推进各项改革任务落地见效健全机制并", "闭环")
                + cell(330, y, "省财政厅")
            )
            found += cell(430, y, "2026年底前")
        return found

    @pytest.mark.parametrize("pitch", [28, 45])
    def test_words_under_the_names_of_columns_are_cells(self, pitch: float) -> None:
        page = PageContent(1, 595, 842, (*self.HEAD, *self.rows(130, pitch)))
        assert laid(page) == [
            ("t1r1", "序号\t重点任务\t责任单位\t完成时限"),
            *((f"t1r{n + 1}", f"{n}\t推进各项改革任务落地见效健全机制并闭环\t省财政厅\t2026年底前") for n in (1, 2, 3)),
        ]

    def test_horizontal_lines_alone_part_rows_whose_numbers_stand_in_the_middle(self) -> None:
        words, rules = list(self.HEAD), [Ruling(90, y, 520, y) for y in (95, 120, 170, 220, 270)]
        for n in range(3):
            y = 125 + 50 * n
            words += cell(
                150, y, "推进各项改革任务落地见效健全机制并", "推进各项改革任务落地见效健全机制并", "闭环"
            ) + cell(90, y + 14, str(n + 1))
            words += cell(330, y + 7, "省财政厅", "省教育厅") + cell(430, y + 14, "2026年底前")
        assert texts(PageContent(1, 595, 842, tuple(words), tuple(rules)))[3] == (
            "3\t推进各项改革任务落地见效健全机制并推进各项改革任务落地见效健全机制并闭环\t省财政厅 省教育厅\t2026年底前"
        )

    def test_table_goes_on_over_a_page_and_ends_with_the_words_after_it(self) -> None:
        first = PageContent(1, 595, 842, (*self.HEAD, *self.rows(130, 45)))
        second = PageContent(2, 595, 842, (*self.rows(100, 45), *glyphs(90, 300, "附注：本表由督查室解释。")))
        found = laid(first, second)
        assert [source for source, _text in found] == [*(f"t1r{n}" for n in range(1, 8)), "p1"]

    def test_sentence_with_wide_gaps_is_no_table(self) -> None:
        words = cell(90, 100, "工作任务，") + cell(200, 100, "责任单位。") + cell(320, 100, "时限；")
        assert next(s for s, _t in laid(PageContent(1, 595, 842, (*words, *self.rows(130, 45))))) == "p1"


class TestColumns:
    def test_gazette_is_read_one_column_after_the_other(self) -> None:
        left, right = f"{INDENT}{BODY}，{OTHER}，{BODY}，", f"{OTHER}，{BODY}，{OTHER}。"
        words = glyphs(200, 60, "江北省人民政府公报第三期", size=16)
        for n in range(9):
            words += glyphs(60, 120 + 18 * n, (left * 2)[n * 20 : n * 20 + 20], size=11)
            words += glyphs(305, 120 + 18 * n, (right * 2)[n * 20 : n * 20 + 20], size=11)
        found = texts(PageContent(1, 595, 842, tuple(words)))
        assert "".join(found[1:]).replace(" ", "") == ((left * 2)[:180] + (right * 2)[:180]).replace(INDENT, "")


class TestPlaces:
    def test_every_character_of_a_line_has_its_edges(self) -> None:
        found = lay_out([page(1, wrapped(f"{INDENT}{BODY}。"))], limits=Limits())[0]
        assert [(r.start, r.end) for r in found.runs] == [(0, 24), (24, 50), (50, len(found.text))]
        first = found.runs[0]
        assert len(first.edges) == first.end - first.start + 1
        assert first.edges[0] == round((LEFT + 2 * SIZE) / 595 * 10_000)
        assert (first.top, first.bottom) == (round(120 / 842 * 10_000), round(136 / 842 * 10_000))

    def test_tabs_between_cells_stand_nowhere(self) -> None:
        words = cell(90, 100, "1") + cell(120, 100, "推进改革") + cell(320, 100, "省财政厅")
        found = lay_out([PageContent(1, 595, 842, tuple(words), tuple(grid(XS, [100, 130])))], limits=Limits())[0]
        covered = {i for run in found.runs for i in range(run.start, run.end)}
        assert {i for i, c in enumerate(found.text) if c == "\t"} == set(range(len(found.text))) - covered

    def test_least_certain_character_of_a_line_speaks_for_it(self) -> None:
        row = [*glyphs(90, 120, "到2027", sure=0.99), *glyphs(140, 120, "年", sure=0.6)]
        found = lay_out([PageContent(1, 595, 842, tuple(row))], limits=Limits())[0]
        assert [run.confidence for run in found.runs] == [0.6]


def test_more_characters_than_allowed_are_refused() -> None:
    with pytest.raises(UnreadablePaper) as refusal:
        lay_out([page(1, wrapped(BODY))], limits=Limits(max_characters=10))
    assert refusal.value.code == "too_large"


LENGTH = st.floats(-50, 900, allow_nan=False)
SOUP = st.builds(
    lambda char, x, y, w, size, sure: Glyph(char, x, y, x + w, y + size, size, sure),
    st.characters(codec="utf-8"), LENGTH, LENGTH, st.floats(0, 60), st.floats(0.1, 80), st.none() | st.floats(0, 1),
)  # fmt: skip
RULES = st.builds(Ruling, LENGTH, LENGTH, LENGTH, LENGTH) | st.builds(
    lambda x, y, w: Ruling(x, y, x + w, y), LENGTH, LENGTH, st.floats(5, 500)
) | st.builds(lambda x, y, h: Ruling(x, y, x, y + h), LENGTH, LENGTH, st.floats(5, 500))  # fmt: skip
PAGES = st.lists(st.tuples(st.lists(SOUP, max_size=60), st.lists(RULES, max_size=25)), max_size=3)


def check_places(paragraph: Paragraph) -> None:
    end = 0
    for run in paragraph.runs:
        assert end <= run.start < run.end <= len(paragraph.text)
        assert len(run.edges) == run.end - run.start + 1
        assert all(0 <= edge <= 10_000 for edge in (*run.edges, run.top, run.bottom))
        end = run.end


@settings(max_examples=150)
@given(PAGES)
def test_any_soup_of_characters_and_lines_is_laid_out_with_places(
    drawn: list[tuple[list[Glyph], list[Ruling]]],
) -> None:
    pages = [PageContent(n, 595, 842, tuple(g), tuple(r)) for n, (g, r) in enumerate(drawn, start=1)]
    for paragraph in lay_out(pages, limits=Limits()):
        assert paragraph.text.strip("\t")
        check_places(paragraph)
