"""Reading web pages: the article without the furniture of the site, tables as rows, every usual encoding."""

import pytest

from luoshi.papers.facts import Limits, Paper
from luoshi.papers.reading import UnreadablePaper, read_paper


def read(body: str, *, name: str = "x.html", encoding: str = "utf-8") -> Paper:
    return read_paper(f"<!DOCTYPE html><html><body>{body}</body></html>".encode(encoding), name=name)


def lines(body: str) -> list[tuple[str, str]]:
    return [(p.source, p.text) for p in read(body).paragraphs]


def test_blocks_and_breaks_make_lines_and_spans_do_not() -> None:
    body = "<h1>通 知</h1><p>\u3000\u3000甲<b>乙</b>\n<span>丙</span>&nbsp;</p>"
    body += "<div>丁<br>戊<p>己</p>庚</div><ul><li>辛</li></ul>"
    assert [text for _source, text in lines(body)] == ["通 知", "甲乙 丙", "丁", "戊", "己", "庚", "辛"]
    assert [source for source, _text in lines(body)] == [f"p{n}" for n in range(1, 8)]


def test_furniture_of_the_site_is_dropped() -> None:
    body = (
        "<script>var a='<p>x</p>'</script><style>p{}</style><header>青禾县</header><nav>首页</nav>"
        "<p>正文</p><!-- 注 --><p style='display:none'>藏</p><p hidden>藏</p><aside>相关</aside><footer>版权</footer>"
    )
    assert read(body).text == "正文"


@pytest.mark.parametrize("mark", ["id='UCAP-CONTENT'", "class='TRS_Editor'", "id=zoom", "class='article-content'"])
def test_element_that_calls_itself_content_is_taken_when_it_holds_most_words(mark: str) -> None:
    assert (
        read(f"<div>首页 政务公开</div><div {mark}><p>{'正文。' * 30}</p></div><div>打印</div>").text == "正文。" * 30
    )
    assert read(f"<p>{'正文。' * 30}</p><div {mark}>分享</div>").text == "正文。" * 30 + "\n分享"


def test_article_is_also_found_where_the_page_has_no_frame() -> None:
    page = "<!-- 转自某处 --><meta charset='utf-8'><tbody><tr><td id='UCAP-CONTENT'><p>正文</p></td></tr></tbody>"
    assert read_paper(page.encode(), name="x.html").text == "正文"


def test_table_is_read_row_by_row_with_merged_cells_in_place() -> None:
    body = (
        "<p>附表</p><table><caption>分工表</caption><thead><tr><th>序号</th><th>任务</th><th>单位</th></tr></thead>"
        "<tr><td colspan=3>一、民生</td></tr>"
        "<tr><td rowspan=2>1</td><td><p>甲</p><p>乙</p></td><td rowspan='2'>县水利局</td></tr>"
        "<tr><td>丙</td></tr><tr><td>2</td><td></td><td>县教育局</td></tr></table><p>后</p>"
    )
    assert lines(body) == [
        ("p1", "附表"),
        ("t1", "分工表"),
        ("t1r1", "序号\t任务\t单位"),
        ("t1r2c1", "一、民生"),
        ("t1r3", "1\t甲 乙\t县水利局"),
        ("t1r4", "\t丙\t"),
        ("t1r5", "2\t\t县教育局"),
        ("p2", "后"),
    ]


def test_place_of_a_character_in_a_table_is_its_cell() -> None:
    paper = read("<table><tr><td>1</td><td>甲</td></tr><tr><td>2</td><td>县水利局</td></tr></table>")
    assert paper.source_at(paper.text.index("水利")) == "t1r2c2"


def test_table_that_only_lays_out_the_page_is_read_as_lines() -> None:
    body = (
        "<table><tr><td>左</td><td><p>甲</p><table><tr><td>一</td><td>二</td></tr></table></td></tr></table>"
        "<table><tr><td><p>乙</p><p>丙</p></td></tr></table>"
    )
    assert [text for _source, text in lines(body)] == ["左", "甲", "一\t二", "乙", "丙"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("gb18030", ""),
        ("gb18030", "gb2312"),
        ("gb18030", "GBK"),
        ("utf-8-sig", "gb2312"),
        ("utf-16", ""),
    ],
)
def test_page_is_read_in_every_usual_encoding(encoding: str, declared: str) -> None:
    meta = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>" if declared else ""
    page = f"<html><head>{meta}<title>题</title></head><body><p>关于落实责任的通知</p></body></html>"
    assert read_paper(page.encode(encoding), name="x.html").text == "关于落实责任的通知"


def test_page_saved_as_a_word_document_is_read_as_the_page_it_is() -> None:
    paper = read("<p class=MsoNormal>正文<span style='mso-hide:all'>藏</span></p>", name="通知.doc")
    assert (paper.kind, paper.text) == ("html", "正文")


def test_page_saved_with_its_pictures_in_one_file_is_read() -> None:
    words = "<html><body><p>=E9=80=9A=E7=9F=A5</p></body></html>"
    mail = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        f"{words}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )
    assert read_paper(mail.encode(), name="x.mht").text == "通知"


def test_entities_neither_grow_nor_fetch() -> None:
    declared = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(9))
    page = f"<!DOCTYPE html [{declared}<!ENTITY f SYSTEM 'file:///etc/passwd'>]><html><p>文&a8;&f;</p></html>"
    text = read_paper(page.encode(), name="x.html").text
    assert len(text) < 2000
    assert "root:" not in text


def test_very_deep_page_is_read_without_breaking() -> None:
    assert "文" in read("<div>文" * 5000).text


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("<p>文字</p>" * 30, Limits(max_paragraphs=20)),
        (f"<p>{'文' * 50}</p>", Limits(max_characters=40)),
        ("<b>" * 500_000, Limits()),
        ("<tr><td>" * 300_000, Limits()),
    ],
    ids=["lines", "characters", "tags", "cells"],
)
def test_page_beyond_the_bounds_is_refused(body: str, limits: Limits) -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(f"<html>{body}</html>".encode(), name="x.html", limits=limits)
    assert caught.value.code == "too_large"


def test_page_without_words_is_refused() -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read("<script>x</script><img src='a.png'>")
    assert caught.value.code == "no_text"
