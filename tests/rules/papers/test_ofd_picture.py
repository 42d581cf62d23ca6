"""The picture of an OFD page: words where they stand, stamps on top, everything within the one file."""

import base64
import io
import struct
import zlib

import pytest
from lxml import etree
from PIL import Image

from luoshi.demo.ofd import write_ofd
from luoshi.papers.facts import Limits
from luoshi.papers.ofd import page_svg
from luoshi.papers.refusals import UnreadablePaper
from tests.factories.ofd import NAMESPACE, annotated, document, entry, line, ofd, packed, page, resources

S = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
SHARED = "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"


def drawn(data: bytes, *, number: int = 1) -> "etree._Element":
    return etree.fromstring(page_svg(data, number=number))


def picture(size: tuple[int, int] = (8, 8), kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "red").save(data, kind)
    return data.getvalue()


def with_picture(data: bytes, name: str = "x.png") -> bytes:
    thing = f'<ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>'
    use = '<ofd:ImageObject ResourceID="5" CTM="40 0 0 30 0 0" Boundary="10 20 40 30" Alpha="51"/>'
    return ofd(use, common=SHARED, parts={"Doc_0/PublicRes.xml": resources(thing), f"Doc_0/Res/{name}": data})


def test_page_is_as_large_as_its_paper() -> None:
    root = drawn(ofd(line("词")))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("210mm", "297mm", "0 0 210 297")


def test_words_stand_where_the_file_puts_them() -> None:
    text = drawn(ofd(line("落实", deltas='DeltaX="7"'))).find(f"{S}text")
    assert text is not None
    assert text.text == "落实"
    assert (text.get("x"), text.get("y"), text.get("transform")) == ("0 7", "4.4", "matrix(1 0 0 1 30 40)")


def test_paths_keep_their_curves_colours_and_lines() -> None:
    path = (
        '<ofd:PathObject Boundary="1 2 9 9" Fill="true" Rule="Even-Odd" LineWidth="0.5">'
        '<ofd:FillColor Value="#ee 32 37"/><ofd:StrokeColor Value="0 0 255" Alpha="127.5"/>'
        "<ofd:AbbreviatedData>S 0 0 L 9 0 Q 9 9 0 9 B 1 1 2 2 3 3 A 4 4 0 1 0 5 5 C</ofd:AbbreviatedData>"
        "</ofd:PathObject>"
    )
    found = drawn(ofd(path)).find(f"{S}path")
    assert found is not None
    assert found.get("d") == "M0 0 L9 0 Q9 9 0 9 C1 1 2 2 3 3 A4 4 0 1 0 5 5 Z"
    assert (found.get("fill"), found.get("fill-rule")) == ("rgb(238,32,37)", "evenodd")
    assert (found.get("stroke"), found.get("stroke-opacity"), found.get("stroke-width")) == (
        "rgb(0,0,255)",
        "0.5",
        "0.5",
    )


def test_pictures_travel_within_the_file() -> None:
    image = drawn(with_picture(picture())).find(f"{S}image")
    assert image is not None
    assert image.get(LINK) == f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    assert (image.get("transform"), image.get("opacity")) == ("matrix(40 0 0 30 10 20)", "0.2")
    bitmap = drawn(with_picture(picture(kind="BMP"), "x.bmp")).find(f"{S}image")
    assert bitmap is not None
    assert str(bitmap.get(LINK)).startswith("data:image/png;")


def test_damaged_picture_is_left_out_and_a_giant_one_refused() -> None:
    assert drawn(with_picture(b"\x89PNG\r\n\x1a\n broken")).find(f"{S}image") is None
    head, wide = b"IHDR" + struct.pack(">II", 8, 8), b"IHDR" + struct.pack(">II", 20_000, 10_000)
    tail = picture()[24:29]
    sums = [struct.pack(">I", zlib.crc32(part + tail)) for part in (head, wide)]
    giant = picture().replace(head + tail + sums[0], wide + tail + sums[1])
    assert giant != picture()
    with pytest.raises(UnreadablePaper) as caught:
        page_svg(with_picture(giant), number=1)
    assert caught.value.code == "too_many_pixels"


def test_template_lies_under_the_page_and_a_stamp_on_top() -> None:
    part, said = annotated(["Annot.xml"])
    stamp = (
        f'<ofd:PageAnnot {NAMESPACE}><ofd:Annot><ofd:Appearance Boundary="50 60 9 9">{line("章", left=1, top=2)}'
        "</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
    )
    data = packed(
        {
            "OFD.xml": entry("Doc_0/Document.xml"),
            "Doc_0/Document.xml": document("P.xml", common='<ofd:TemplatePage ID="7" BaseLoc="T.xml"/>', more=said),
            "Doc_0/T.xml": page(line("底")),
            "Doc_0/P.xml": page(line("正文"), before='<ofd:Template TemplateID="7"/>'),
            "Doc_0/Annotations.xml": part,
            "Doc_0/Annot.xml": stamp,
        }
    )
    texts = drawn(data).findall(f"{S}text")
    assert [t.text for t in texts] == ["底", "正文", "章"]
    assert texts[2].get("transform") == "matrix(1 0 0 1 51 62)"


def test_clip_cuts_in_page_coordinates() -> None:
    clips = (
        '<ofd:Clips TransFlag="false"><ofd:Clip><ofd:Area><ofd:Path Boundary="1 1 5 5">'
        "<ofd:AbbreviatedData>M 0 0 L 5 0 L 5 5 C"
        "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
    )
    root = drawn(ofd(line("词").replace("<ofd:TextCode", clips + "<ofd:TextCode")))
    cut = root.find(f"{S}clipPath/{S}path")
    group = root.find(f"{S}g")
    assert cut is not None
    assert group is not None
    assert cut.get("transform") == "matrix(1 0 0 1 31 41)"
    assert group.get("clip-path") == "url(#c1)"
    assert group.find(f"{S}text") is not None


def test_picture_fetches_and_runs_nothing() -> None:
    hostile = line('"&gt;&lt;script&gt;alert(1)&lt;/script&gt;', more='Font="url(http://x)"') + line("&#x202e;词")
    fonts = resources('<ofd:Font ID="url(http://x)" FontName="a\';src:url(http://evil)"/>')
    svg = page_svg(ofd(hostile, common=SHARED, parts={"Doc_0/PublicRes.xml": fonts}), number=1).decode()
    assert "<script" not in svg
    assert "url(" not in svg
    assert "http://evil" not in svg


def test_missing_page_is_refused() -> None:
    for number in (0, 2, -1):
        with pytest.raises(UnreadablePaper):
            page_svg(ofd(line("词")), number=number)


def test_drawing_with_too_many_objects_is_cut_not_refused() -> None:
    objects = (
        '<ofd:PathObject Boundary="0 0 1 1"><ofd:AbbreviatedData>M 0 0 L 1 1</ofd:AbbreviatedData></ofd:PathObject>'
    )
    svg = page_svg(ofd(objects * 21_000), number=1, limits=Limits(max_ratio=10_000))
    assert 500_000 < len(svg) < 20_000_000


def test_every_page_of_a_written_paper_is_drawn() -> None:
    data = write_ofd("\n".join(f"第{i}项工作由县住建局牵头。" for i in range(60)))
    words = ["".join(t.text or "" for t in drawn(data, number=n).findall(f"{S}text")) for n in (1, 2, 3)]
    assert words[0].startswith("第0项工作")
    assert words[2].endswith("— 3 —")
