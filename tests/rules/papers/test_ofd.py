"""OFD papers: what stands on the page is the text, in order, wherever and however the file says it."""

import io

import pytest

from luoshi.papers.facts import Limits, Paper
from luoshi.papers.ofd import read_ofd
from luoshi.papers.ofd.document import Opened
from luoshi.papers.ofd.reading import Reader
from luoshi.papers.reading import read_paper
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.scan import is_available
from tests.factories.ofd import NAMESPACE, annotated, document, entry, line, ofd, packed, page, resources
from tests.factories.scans import draw_page


def read(data: bytes) -> Paper:
    return read_paper(data, name="x.ofd")


def words(data: bytes) -> list[str]:
    return [p.text for p in read(data).paragraphs]


def glyphs(data: bytes) -> list[tuple[str, float, float]]:
    """Each character of the first page with its left and top edge in millimetres."""
    opened = Opened(data, limits=Limits())
    reader = Reader(opened)
    reader.read(opened.page(opened.pages[0]))
    return [
        (g.char, round(g.left * 25.4 / 72, 2), round(g.top * 25.4 / 72, 2)) for g in reader.with_templates()[0].glyphs
    ]


def test_line_of_text_is_read_with_its_place() -> None:
    paper = read(ofd(line("关于抓好落实的通知", deltas='DeltaX="g 8 5"')))
    assert paper.kind == "ofd"
    assert paper.text == "关于抓好落实的通知"
    assert [(s.number, round(s.width), round(s.height)) for s in paper.sheets] == [(1, 595, 842)]
    run = paper.paragraphs[0].runs[0]
    assert run.page == 1
    assert run.edges[0] == pytest.approx(30 / 210 * 10_000, abs=2)
    assert run.edges[-1] == pytest.approx(75 / 210 * 10_000, abs=2)
    assert run.top / 10_000 * 297 == pytest.approx(40, abs=0.1)


def test_offsets_stand_as_list_as_repetition_and_as_both() -> None:
    for deltas in ("5 5 7 5", "g 2 5 7 5", "g 2 5 g 1 7 g 99 5"):
        assert [x for _, x, _ in glyphs(ofd(line("一二三四五", deltas=f'DeltaX="{deltas}"')))] == [30, 35, 40, 47, 52]


def test_characters_without_offsets_stand_side_by_side() -> None:
    assert [x for _, x, _ in glyphs(ofd(line("2年底")))] == [30, 32.5, 37.5]


def test_offsets_may_lead_down_the_page() -> None:
    found = glyphs(ofd(line("备注", deltas='DeltaX="0" DeltaY="6"')))
    assert found == [("备", 30, 40), ("注", 30, 46)]
    assert glyphs(ofd(line("备注", more='ReadDirection="90"'))) == [("备", 30, 40), ("注", 30, 45)]


def test_later_code_without_pen_goes_on_where_the_earlier_one_began() -> None:
    text = (
        '<ofd:TextObject Boundary="10 10 50 20" Size="5"><ofd:TextCode X="5" Y="4.4">一</ofd:TextCode>'
        '<ofd:TextCode Y="14.4">二</ofd:TextCode></ofd:TextObject>'
    )
    assert glyphs(ofd(text)) == [("一", 15, 10), ("二", 15, 20)]


def test_transformation_scales_and_moves_the_text() -> None:
    text = (
        '<ofd:TextObject Boundary="20 30 50 9" Size="10" CTM="0.5 0 0 0.5 1 2">'
        '<ofd:TextCode X="0" Y="8.8" DeltaX="12">上下</ofd:TextCode></ofd:TextObject>'
    )
    assert glyphs(ofd(text)) == [("上", 21, 32), ("下", 27, 32)]


def test_codes_that_share_a_glyph_share_its_width() -> None:
    text = (
        '<ofd:TextObject Boundary="0 0 50 9" Size="10"><ofd:CGTransform CodePosition="1" CodeCount="2" GlyphCount="1">'
        '<ofd:Glyphs>77</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="8.8" DeltaX="10 6">中fi国</ofd:TextCode>'
        "</ofd:TextObject>"
    )
    assert [(c, x) for c, x, _ in glyphs(ofd(text))] == [("中", 0), ("f", 10), ("i", 13), ("国", 16)]


def test_blocks_nest_and_units_are_drawn_where_they_are_used() -> None:
    drawn = line("单元", top=1, left=2)
    unit = f'<ofd:CompositeGraphicUnit ID="9"><ofd:Content>{drawn}</ofd:Content></ofd:CompositeGraphicUnit>'
    block = f"<ofd:PageBlock><ofd:PageBlock>{line('块内', top=60)}</ofd:PageBlock></ofd:PageBlock>"
    use = '<ofd:CompositeObject ResourceID="9" Boundary="20 80 9 9" CTM="2 0 0 2 0 0"/>'
    data = ofd(
        block + use,
        common="<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>",
        parts={"Doc_0/PublicRes.xml": resources(unit)},
    )
    assert [(c, x, y) for c, x, y in glyphs(data) if c in "块单"] == [("块", 30, 60), ("单", 24, 82)]


def test_pages_stand_in_the_order_the_document_gives() -> None:
    data = packed(
        {
            "OFD.xml": entry("Doc_0/Document.xml"),
            "Doc_0/Document.xml": document("Pages/B.xml", "Pages/A.xml"),
            "Doc_0/Pages/A.xml": page(line("第二页。")),
            "Doc_0/Pages/B.xml": page(line("第一页。")),
        }
    )
    assert "".join(words(data)) == "第一页。第二页。"


def test_several_documents_of_a_package_are_read_one_after_another() -> None:
    data = packed(
        {
            "OFD.xml": entry("Doc_0/Document.xml", "/Doc_1/Document.xml"),
            "Doc_0/Document.xml": document("P.xml"),
            "Doc_0/P.xml": page(line("正文。")),
            "Doc_1/Document.xml": document("P.xml", box="0 0 297 210"),
            "Doc_1/P.xml": page(line("附件。")),
        }
    )
    paper = read(data)
    assert "".join(p.text for p in paper.paragraphs) == "正文。附件。"
    assert [(s.number, round(s.width)) for s in paper.sheets] == [(1, 595), (2, 842)]


@pytest.mark.parametrize("place", ["/Doc_0/pages/P.XML", "Pages\\P.xml", "./Pages/../Pages/P.xml", "Doc_0/Pages/P.xml"])
def test_location_is_found_however_it_is_written(place: str) -> None:
    data = packed(
        {
            "ofd.xml": entry("Doc_0/Document.xml"),
            "Doc_0/Document.xml": document(place),
            "Doc_0/Pages/P.xml": page(line("到了")),
        }
    )
    assert words(data) == ["到了"]


def template_of(*pages: str) -> bytes:
    under = '<ofd:Template TemplateID="7" ZOrder="Background"/>'
    return packed(
        {
            "OFD.xml": entry("Doc_0/Document.xml"),
            "Doc_0/Document.xml": document(
                *(f"{i}.xml" for i in range(len(pages))), common='<ofd:TemplatePage ID="7" BaseLoc="T.xml"/>'
            ),
            "Doc_0/T.xml": page(line("青禾县人民政府文件", top=20)),
            **{f"Doc_0/{i}.xml": page(xml, before=under) for i, xml in enumerate(pages)},
        }
    )


def test_template_under_several_pages_is_furniture() -> None:
    assert "".join(words(template_of(line("甲事项。"), line("乙事项。")))) == "甲事项。乙事项。"


def test_template_of_one_page_says_what_the_page_says() -> None:
    assert words(template_of(line("甲事项。"))) == ["青禾县人民政府文件", "甲事项。"]


def test_template_is_read_where_a_page_has_no_words_of_its_own() -> None:
    assert words(template_of(line("甲事项。"), "")) == ["甲事项。", "青禾县人民政府文件"]


def test_annotations_watermarks_and_hidden_words_are_no_text() -> None:
    part, said = annotated(["Annot.xml"])
    stamp = (
        f'<ofd:PageAnnot {NAMESPACE}><ofd:Annot Type="Stamp"><ofd:Appearance Boundary="50 50 60 60">'
        f"{line('已阅')}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
    )
    objects = (
        line("正文留下。")
        + line("斜着的水印", top=90, more='CTM="0.7 -0.7 0.7 0.7 0 0"')
        + line("看不见的", top=120, more='Visible="false"')
        + line("透明的", top=130, more='Alpha="0"')
        + line("没有着色", top=140, more='Fill="false"')
        + line("页外的", top=400)
    )
    data = ofd(objects, more=said, parts={"Doc_0/Annotations.xml": part, "Doc_0/Annot.xml": stamp})
    assert words(data) == ["正文留下。"]


def test_private_characters_are_noted() -> None:
    assert read(ofd(line("\ue11e落实"))).notes == ("glyphs_without_text",)
    assert read(ofd(line("落实"))).notes == ()


def ruled(x: float, y: float, width: float, height: float, *, filled: bool) -> str:
    data, how = f"M 0 0 L {width} 0" if width > height else f"M 0 0 L 0 {height}", ""
    if filled:
        data, how = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C", 'Stroke="false" Fill="true"'
    path = f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject Boundary="{x} {y} {width} {height}" {how}>{path}</ofd:PathObject>'


@pytest.mark.parametrize("filled", [True, False])
def test_ruled_lines_make_a_table_whether_stroked_or_filled(filled: bool) -> None:
    lines = [ruled(30, y, 90, 0.2, filled=filled) for y in (40, 50, 60)]
    lines += [ruled(x, 40, 0.2, 20, filled=filled) for x in (30, 60, 120)]
    cells = [
        line("任务", top=42, left=32),
        line("单位", top=42, left=62),
        line("修路", top=52, left=32),
        line("县交通局", top=52, left=62),
    ]
    assert words(ofd("".join(lines + cells))) == ["任务\t单位", "修路\t县交通局"]


def test_progress_is_told_page_by_page() -> None:
    told: list[tuple[int, int]] = []
    read_ofd(ofd(line("一。"), line("二。")), limits=Limits(), told=lambda page, pages: told.append((page, pages)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"Doc_0/Document.xml": "<not closed"}, "broken"),
        ({"Doc_0/Pages/Page_0/Content.xml": "<ofd:Page"}, "broken"),
        ({"OFD.xml": entry("Doc_9/Document.xml")}, "broken"),
        ({"Doc_0/Document.xml": document("Pages/none.xml")}, "broken"),
        ({"Doc_0/Document.xml": document()}, "broken"),
        ({"Doc_0/Pages/Page_0/Content.xml": page("")}, "no_text"),
        ({"Encryptions.xml": "<x/>"}, "encrypted"),
    ],
)
def test_package_that_cannot_be_read_is_refused(parts: dict[str, str | bytes], code: str) -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read(ofd(line("词"), parts=parts))
    assert caught.value.code == code


def test_missing_or_damaged_extras_do_not_hide_the_text() -> None:
    data = ofd(
        line("正文。"),
        common="<ofd:PublicRes>none.xml</ofd:PublicRes><ofd:DocumentRes>bad.xml</ofd:DocumentRes>",
        more="<ofd:Annotations>bad.xml</ofd:Annotations>",
        parts={"Doc_0/bad.xml": "<"},
    )
    assert words(data) == ["正文。"]


def scanned(*, hidden: str = "") -> bytes:
    """A page that is a picture of two lines, perhaps with the words recognised before, unseen, on it."""
    clean = draw_page(["关于抓好工作落实的通知", "由县住建局牵头，年底前完成。"])
    data = io.BytesIO()
    clean.save(data, "PNG")
    thing = '<ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>x.png</ofd:MediaFile></ofd:MultiMedia>'
    use = '<ofd:ImageObject ResourceID="5" CTM="210 0 0 297 0 0" Boundary="0 0 210 297"/>'
    parts: dict[str, str | bytes] = {"Doc_0/PublicRes.xml": resources(thing), "Doc_0/Res/x.png": data.getvalue()}
    return ofd(use + hidden, common="<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>", parts=parts)


def test_words_recognised_before_are_taken_from_under_a_scan() -> None:
    known = "由县住建局牵头抓好工作落实，县财政局、县发改局配合，年底前完成并报县政府。"
    paper = read(scanned(hidden=line(known, more='Visible="false"', deltas='DeltaX="g 99 4"')))
    assert paper.text == known
    assert paper.recognised == ()


@pytest.mark.skipif(not is_available(), reason="the reader of scans is not installed")
def test_scanned_page_is_recognised_in_its_place() -> None:
    paper = read(scanned())
    assert "由县住建局牵头" in paper.text
    assert paper.notes == ("ocr",)
    assert paper.recognised[0][0] == 0
    assert {run.page for p in paper.paragraphs for run in p.runs} == {1}
