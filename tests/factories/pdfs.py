"""Writes small PDFs by hand: Chinese words at given places, ruled lines, pictures, turned pages."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

A4 = (595.0, 842.0)


@dataclass
class PdfPage:
    """A page; places are in points from the top left of the upright page."""

    size: tuple[float, float] = A4
    rotate: int = 0
    content: list[str] = field(default_factory=list)
    picture: bytes = b""
    pixels: int = 8  # on each side of the picture
    form: str = ""

    def words(self, x: float, y: float, words: str, *, size: float = 16) -> "PdfPage":
        """Write words whose first character's box has its top left at a place; characters are as wide as high."""
        base = self.size[1] - y - 0.86 * size
        code = words.encode("utf-16-be").hex()
        self.content.append(f"BT /F1 {size} Tf 1 0 0 1 {x:.2f} {base:.2f} Tm <{code}> Tj ET")
        return self

    def lines(self, x: float, y: float, rows: Iterable[str], *, size: float = 16, pitch: float = 28) -> "PdfPage":
        """Write rows of words one under the other."""
        for index, row in enumerate(rows):
            self.words(x, y + pitch * index, row, size=size)
        return self

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, filled: bool = False) -> "PdfPage":
        """Draw a straight line: a stroke, or the thin filled box that word processors draw."""
        height = self.size[1]
        if filled:
            wide, high = max(x2 - x1, 0.5), max(y2 - y1, 0.5)
            self.content.append(f"{x1:.2f} {height - y1 - high:.2f} {wide:.2f} {high:.2f} re f")
        else:
            self.content.append(f"{x1:.2f} {height - y1:.2f} m {x2:.2f} {height - y2:.2f} l S")
        return self

    def table(self, xs: list[float], ys: list[float], cells: list[list[str]], *, filled: bool = False) -> "PdfPage":
        """Draw a full grid with words in its cells, ten points high."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y, filled=filled)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1], filled=filled)
        for y, row in zip(ys, cells, strict=False):
            for x, words in zip(xs, row, strict=False):
                self.lines(x + 4, y + 4, words.split("\n"), size=10, pitch=14)
        return self


def write_pdf(pages: list[PdfPage], *, trailer: str = "") -> bytes:
    """The bytes of a PDF of these pages."""
    font = "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
    below = (
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>"
    )
    descriptor = (
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -140 1000 860] /ItalicAngle 0 "
        "/Ascent 860 /Descent -140 /CapHeight 700 /StemV 80 >>"
    )
    bodies: list[bytes] = [b"", b"", font.encode(), below.encode(), descriptor.encode()]
    kids = []
    for page in pages:
        number = len(bodies) + 1
        kids.append(f"{number} 0 R")
        bodies.extend(_page_objects(page, number))
    bodies[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    bodies[1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(kids)}] >>".encode()
    return _assembled(bodies, trailer)


def _page_objects(page: PdfPage, number: int) -> list[bytes]:
    """A page's objects: itself, its content, and its picture and form where it has them."""
    width, height = page.size
    extra: list[bytes] = []
    names, content = [], list(page.content)
    if page.picture:
        names.append(f"/Im0 {number + 2} 0 R")
        kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
        extra.append(_stream(page.picture, f"{kind} /Width {page.pixels} /Height {page.pixels}"))
        content.insert(0, f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q")
    if page.form:
        names.append(f"/Fm0 {number + 2 + len(extra)} 0 R")
        extra.append(_stream(page.form.encode(), f"/Type /XObject /Subtype /Form /BBox [0 0 {width} {height}]"))
        content.append("q 1 0 0 1 20 0 cm /Fm0 Do Q")
    head = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {page.rotate} "
        f"/Contents {number + 1} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << {' '.join(names)} >> >> >>"
    )
    return [head.encode(), _stream("\n".join(content).encode()), *extra]


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


def _assembled(bodies: list[bytes], trailer: str) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
