"""Hostile and broken OFD files: refused with a code, or read, within bounds of time and never otherwise."""

import io
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.demo.ofd import write_ofd
from luoshi.papers.facts import Limits, Paper
from luoshi.papers.ofd import page_svg, read_ofd
from luoshi.papers.refusals import UnreadablePaper
from tests.factories.ofd import NAMESPACE, document, entry, line, ofd, packed, page, resources

WRITTEN = write_ofd("关于抓好工作落实的通知\n一、责任\n由县住建局牵头，2026年6月底前完成。\n序号\t任务\n1\t修路")
SOON = 10.0  # seconds, on a slow machine
PAGE = "Doc_0/Pages/Page_0/Content.xml"
ABSURD = ("nan", "inf", "-inf", "1e300", "-1e300", "999999999999999999999", "", "x", "0", "-1", "1e-300")


def outcome(data: bytes, *, limits: Limits | None = None) -> str:
    """The refusal's code, or "read"; the picture of the first page too must come or be refused."""
    began = time.monotonic()
    with suppress(UnreadablePaper):
        assert page_svg(data, number=1, limits=limits).startswith(b"<?xml")
    try:
        paper = read_ofd(data, limits=limits or Limits(), told=lambda _page, _pages: None)
    except UnreadablePaper as refusal:
        return refusal.code
    finally:
        assert time.monotonic() - began < SOON
    assert isinstance(paper, Paper)
    return "read"


def test_no_zip_is_refused() -> None:
    assert outcome(b"<ofd/>") == "wrong_content"
    assert outcome(b"PK\x03\x04 and nothing more") == "broken"
    assert outcome(packed({"word/document.xml": "<x/>"})) == "wrong_content"


def test_zip_bomb_is_refused() -> None:
    assert outcome(ofd(line("词"), parts={"Doc_0/Res/big.bin": b"\0" * 30_000_000})) == "expands_too_far"
    assert outcome(ofd(line("词"), parts={f"x/{i}": b"" for i in range(5_000)})) == "expands_too_far"


def test_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = ofd(line("词"), parts={PAGE: page(line("词")) + " " * 3_000_000})
    lying = honest.replace(
        (3_000_000 + len(page(line("词")).encode())).to_bytes(4, "little"), (900).to_bytes(4, "little")
    )
    assert lying != honest
    assert outcome(lying) == "broken"


@pytest.mark.parametrize("place", ["OFD.xml", "Doc_0/Document.xml", PAGE])
def test_entities_are_refused(place: str) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><x>&b;&f;</x>'
    )
    assert outcome(ofd(line("词"), parts={place: bomb})) == "unsafe"


def test_ten_thousand_declared_pages_are_refused_at_once() -> None:
    many = document(*["Pages/Page_0/Content.xml"] * 10_000)
    assert outcome(ofd(line("词"), parts={"Doc_0/Document.xml": many})) == "too_many_pages"


def test_units_that_contain_each_other_are_drawn_once() -> None:
    def unit(id: int, *uses: int) -> str:
        inside = "".join(f'<ofd:CompositeObject ResourceID="{use}" Boundary="0 0 9 9"/>' for use in uses)
        content = f"<ofd:Content>{line('词')}{inside}</ofd:Content>"
        return f'<ofd:CompositeGraphicUnit ID="{id}">{content}</ofd:CompositeGraphicUnit>'

    shared = "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    use = '<ofd:CompositeObject ResourceID="1" Boundary="0 0 9 9"/>'
    circle = {"Doc_0/PublicRes.xml": resources(unit(1, 2), unit(2, 1))}
    assert outcome(ofd(use, common=shared, parts=circle)) == "read"
    tower = {"Doc_0/PublicRes.xml": resources(*(unit(i, *[i + 1] * 10) for i in range(1, 15)))}
    assert outcome(ofd(use, common=shared, parts=tower)) in ("expands_too_far", "too_large")


def test_template_that_is_its_own_page_ends() -> None:
    under = '<ofd:Template TemplateID="7"/>'
    own = document("P.xml", common='<ofd:TemplatePage ID="7" BaseLoc="P.xml"/>')
    data = packed(
        {
            "OFD.xml": entry("Doc_0/Document.xml"),
            "Doc_0/Document.xml": own,
            "Doc_0/P.xml": page(line("词"), before=under),
        }
    )
    assert outcome(data) == "read"


def test_draw_parameters_that_refer_to_each_other_end() -> None:
    circle = resources('<ofd:DrawParam ID="1" Relative="2"/>', '<ofd:DrawParam ID="2" Relative="1"/>')
    shared = "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    assert (
        outcome(ofd(line("词", more='DrawParam="1"'), common=shared, parts={"Doc_0/PublicRes.xml": circle})) == "read"
    )


def test_absurd_repetition_costs_nothing() -> None:
    assert outcome(ofd(line("词语", deltas='DeltaX="g 999999999 1"'))) == "read"
    assert outcome(ofd(line("词语", deltas='DeltaX="g 99999999999999999999999999 1 g"'))) == "read"
    huge = '<ofd:CGTransform CodePosition="999999999" CodeCount="999999999" GlyphCount="999999999"/>'
    assert outcome(ofd(line("词").replace("<ofd:TextCode", huge + "<ofd:TextCode"))) == "read"


@pytest.mark.parametrize("number", ABSURD)
def test_absurd_numbers_are_borne(number: str) -> None:
    n = number
    objects = (
        line("正文。", top=40)
        + f'<ofd:TextObject Boundary="{n} {n} {n} {n}" Size="{n}" HScale="{n}" Alpha="{n}" Weight="{n}"'
        f' CTM="{n} {n} {n} {n} {n} {n}" CharDirection="{n}">'
        f'<ofd:TextCode X="{n}" Y="{n}" DeltaX="{n} g {n} {n}">词语词</ofd:TextCode></ofd:TextObject>'
        f'<ofd:PathObject Boundary="{n} 0 1 1" LineWidth="{n}" DashPattern="{n}" Fill="true">'
        f'<ofd:FillColor Value="{n} {n} #zz" Alpha="{n}"/>'
        f"<ofd:AbbreviatedData>M {n} {n} L {n} 1 A 1 1 0 {n} 1 2 2 C</ofd:AbbreviatedData></ofd:PathObject>"
        f'<ofd:ImageObject Boundary="{n} 0 1 1" ResourceID="{n}" CTM="{n} 0 0 {n} 0 0"/>'
    )
    for box in (f"0 0 {number} {number}", "0 0 210 297"):
        data = ofd(objects, parts={"Doc_0/Document.xml": document("Pages/Page_0/Content.xml", box=box)})
        assert outcome(data) == "read"


def test_deeply_nested_blocks_end() -> None:
    deep = "<ofd:PageBlock>" * 200 + line("词") + "</ofd:PageBlock>" * 200
    assert outcome(ofd(line("正文。") + deep)) == "read"
    deeper = "<ofd:PageBlock>" * 5_000 + "</ofd:PageBlock>" * 5_000
    assert outcome(ofd(deeper)) == "broken"


def test_too_much_text_is_refused() -> None:
    assert outcome(ofd(line("词" * 5_000)), limits=Limits(max_characters=1_000)) == "too_large"


def test_locked_entries_are_refused_as_encrypted() -> None:
    data = bytearray(WRITTEN)
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert outcome(bytes(data)) == "encrypted"


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(WRITTEN) - 1), st.integers(0, 255)), min_size=1, max_size=20),
    st.integers(0, len(WRITTEN)),
)
def test_damaged_bytes_are_refused_or_read(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WRITTEN)
    for at, value in changes:
        data[at] = value
    outcome(bytes(data))
    outcome(bytes(data[:cut]))


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name).decode("utf-8") for name in source.namelist()}


PARTS = parts_of(WRITTEN)
RICH = page(
    line("词语", more='CTM="1 0 0 1 0 0" DrawParam="1" HScale="0.5" ReadDirection="90"')
    + '<ofd:PathObject Boundary="0 0 9 9" LineWidth="1" Fill="true" Rule="Even-Odd">'
    '<ofd:FillColor Value="1 2 3" ColorSpace="4"/>'
    "<ofd:Clips><ofd:Clip><ofd:Area CTM='1 0 0 1 0 0'><ofd:Path Boundary='0 0 5 5'><ofd:AbbreviatedData>"
    "M 0 0 L 5 5 Q 1 1 2 2 B 1 1 2 2 3 3 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
    "<ofd:AbbreviatedData>M 0 0 L 9 9 A 1 1 0 0 1 5 5 C</ofd:AbbreviatedData></ofd:PathObject>"
    '<ofd:CompositeObject ResourceID="3" Boundary="0 0 9 9"/>'
    '<ofd:ImageObject ResourceID="5" CTM="9 0 0 9 0 0" Boundary="0 0 9 9"/>'
)
THINGS = resources(
    '<ofd:DrawParam ID="1" LineWidth="2"/>',
    f'<ofd:CompositeGraphicUnit ID="3"><ofd:Content>{line("单元")}</ofd:Content></ofd:CompositeGraphicUnit>',
    '<ofd:ColorSpace ID="4" Type="CMYK"/>',
    '<ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>x.png</ofd:MediaFile></ofd:MultiMedia>',
)


PIECES = (*ABSURD, "<ofd:Layer>", "/>", '"', "g 999999999 9", NAMESPACE)


@settings(max_examples=200)
@given(st.data())
def test_damaged_xml_is_refused_or_read(data: st.DataObject) -> None:
    parts: dict[str, str | bytes] = {
        **PARTS,
        PAGE: RICH,
        "Doc_0/PublicRes.xml": THINGS,
        "Doc_0/Res/x.png": b"\x89PNG\r\n\x1a\n",
    }
    name = data.draw(st.sampled_from([n for n in parts if n.endswith(".xml")]))
    text = str(parts[name])
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 30)))
    put = data.draw(
        st.one_of(st.sampled_from((*ABSURD, "<ofd:Layer>", "/>", '"', "g 999999999 9", NAMESPACE)), st.text(max_size=8))
    )
    parts[name] = (text[:at] + put + text[until:]).encode("utf-8", "replace")
    outcome(packed(parts))
