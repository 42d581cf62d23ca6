"""Tells what kind of paper a file is: by its content first, then by the ending of its name."""

import re

from luoshi.papers.refusals import UnreadablePaper

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
ENDINGS = {
    "docx": "docx", "docm": "docx", "dotx": "docx", "doc": "doc", "wps": "doc", "rtf": "doc", "odt": "doc",
    "pdf": "pdf", "ofd": "ofd", "png": "scan", "jpg": "scan", "jpeg": "scan", "tif": "scan", "tiff": "scan",
    "bmp": "scan", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xlsx", "et": "xlsx", "csv": "csv", "tsv": "csv",
    "html": "html", "htm": "html", "mht": "html", "mhtml": "html", "txt": "txt", "md": "txt",
}  # fmt: skip
DRAWN = frozenset({"pdf", "ofd", "scan"})
PLAIN = frozenset({"txt", "csv"})
PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
# What a zip holds tells what it is; names of entries stand in it unpacked.
ZIPPED = {
    "docx": (b"word/document.xml",),
    "xlsx": (b"xl/workbook.xml",),
    "ofd": (b"OFD.xml", b"ofd.xml"),
    "doc": (b"opendocument.text",),
}
# The streams of the old format: a text, a workbook.
STREAMS = {"doc": ("WordDocument",), "xlsx": ("Workbook", "Book")}
OTHERS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8", b"MZ", b"\x7fELF")
SPACE = b"\xef\xbb\xbf \t\r\n\x0b\x0c"
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|meta|title|table|div|style|script)[\s>/]", re.IGNORECASE)
MAIL = re.compile(
    rb"\A(from|mime-version|subject|date|content-type|x-[a-z-]+|snapshot-content-location):", re.IGNORECASE
)
LOOKED = 2048


def kind_of(name: str) -> str:
    """The kind of paper that a file's name promises; empty where it promises none that is read."""
    return ENDINGS.get(name.rpartition(".")[2].lower() if "." in name else "", "")


def kind_in(data: bytes, *, name: str) -> str:
    """The kind of paper that a file is. Raises UnreadablePaper where it is none, or clearly not what its name says."""
    promised = kind_of(name)
    found = _in_bytes(data, promised) or _in_markup(data)
    if promised in PLAIN:
        if found and found != "html":
            raise UnreadablePaper("wrong_content")
        return "html" if found and promised == "csv" else promised
    if found == "html" and promised in DRAWN:
        raise UnreadablePaper("wrong_content")  # what a server said instead of sending the paper
    if found == "unsupported":
        raise UnreadablePaper("wrong_content" if promised else "unsupported")
    return found or _in_words(data, promised)


def _in_bytes(data: bytes, promised: str) -> str:
    """What the first bytes say; empty where they may be words."""
    if data.startswith(b"PK\x03\x04"):
        return _marked(data, ZIPPED, promised)
    if data.startswith(OLD_OFFICE):
        if ENCRYPTED_PACKAGE in data:
            raise UnreadablePaper("encrypted")
        return _marked(data, {k: tuple(n.encode("utf-16-le") for n in v) for k, v in STREAMS.items()}, promised)
    head = data[:LOOKED]
    if head.lstrip(SPACE).startswith(b"%PDF") or (promised == "pdf" and b"%PDF-" in head):
        return "pdf"
    if head.startswith(PICTURES) or (promised == "scan" and head.startswith(b"BM")):
        return "scan"
    if head.startswith(b"{\\rtf"):
        return "doc"
    return "unsupported" if head.startswith(OTHERS) else ""


def _marked(data: bytes, marks: dict[str, tuple[bytes, ...]], promised: str) -> str:
    """The kind whose mark is in the data, the promised one first: a text may have a workbook embedded in it."""
    for kind in sorted(marks, key=lambda kind: kind != promised):
        if any(mark in data for mark in marks[kind]):
            return kind
    return promised if promised in marks else "unsupported"


def _in_markup(data: bytes) -> str:
    head = data[: 2 * LOOKED]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode()
    head = head.lstrip(SPACE)[:LOOKED]
    if head.startswith(b"<?xml") and (b"Word.Document" in head or b"xmlPackage" in head):
        return "doc"
    if head.startswith(b"<?xml") and b"Excel.Sheet" in head:
        return "unsupported"
    if head.startswith(b"<") and PAGE.search(head):
        return "html"
    return "html" if MAIL.match(head) and b"multipart/related" in data[: 4 * LOOKED] else ""


def _in_words(data: bytes, promised: str) -> str:
    """What a file without any mark may be taken for."""
    if promised == "html":
        return "html"
    if promised == "xlsx" and b"\t" in data[:LOOKED] and b"\x00" not in data[:LOOKED]:
        return "csv"  # words between tabs under the name of a workbook: many programs export that
    raise UnreadablePaper("wrong_content" if promised else "unsupported")
