"""Small OFD packages written part by part, for what no ordinary writer would write."""

import io
import zipfile
from collections.abc import Mapping, Sequence

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
DOCUMENT = "Doc_0/Document.xml"


def entry(*roots: str) -> str:
    """OFD.xml with these documents."""
    bodies = "".join(f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>" for root in roots)
    return f'<ofd:OFD {NAMESPACE} Version="1.1" DocType="OFD">{bodies}</ofd:OFD>'


def document(*pages: str, common: str = "", more: str = "", box: str = "0 0 210 297") -> str:
    """Document.xml: `pages` are the locations of its pages."""
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="{place}"/>' for i, place in enumerate(pages, start=1))
    return (
        f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox>"
        f"</ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{more}</ofd:Document>"
    )


def page(objects: str, *, before: str = "", layer: str = 'Type="Body"') -> str:
    """A page or template with one layer."""
    return (
        f"<ofd:Page {NAMESPACE}>{before}<ofd:Content><ofd:Layer {layer}>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def line(words: str, *, top: float = 40, left: float = 30, more: str = "", deltas: str = "") -> str:
    """A text object with one code of size 5."""
    return (
        f'<ofd:TextObject Boundary="{left} {top} 150 6" Size="5" {more}>'
        f'<ofd:TextCode X="0" Y="4.4" {deltas}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return data.getvalue()


def ofd(*objects: str, common: str = "", more: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A package with one page for each string of objects; `parts` are added or put in place of the usual ones."""
    pages = {f"Pages/Page_{i}/Content.xml": page(xml) for i, xml in enumerate(objects)}
    usual: dict[str, str | bytes] = {
        "OFD.xml": entry(DOCUMENT),
        DOCUMENT: document(*pages, common=common, more=more),
        **{f"Doc_0/{name}": xml for name, xml in pages.items()},
    }
    return packed({**usual, **(parts or {})})


def resources(*things: str) -> str:
    """A resource part that shares these things."""
    return (
        f'<ofd:Res {NAMESPACE} BaseLoc="Res">{"".join(f"<ofd:Group>{thing}</ofd:Group>" for thing in things)}</ofd:Res>'
    )


def annotated(places: Sequence[str]) -> tuple[str, str]:
    """The annotations' list for page 1, and what Document.xml says of it."""
    listed = "".join(f"<ofd:FileLoc>{place}</ofd:FileLoc>" for place in places)
    part = f'<ofd:Annotations {NAMESPACE}><ofd:Page PageID="1">{listed}</ofd:Page></ofd:Annotations>'
    return part, "<ofd:Annotations>Annotations.xml</ofd:Annotations>"
