"""Reads a web page: the body of the article as lines and table rows, without the furniture of the site."""

import email
import email.policy
import re

from lxml import etree, html

from luoshi.papers.facts import Limits, Paper, Paragraph
from luoshi.papers.html_tables import as_rows, is_laid_out
from luoshi.papers.plain_text import LINE_BREAK, MARKS, decoded
from luoshi.papers.refusals import UnreadablePaper

DROPPED = frozenset(
    "script style noscript template title meta link base nav header footer aside form button select textarea input "
    "iframe object embed svg audio video canvas map rt rp".split()
)
BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr html "
    "legend li main ol p pre section summary ul caption".split()
)
CONTENT = re.compile(
    r"ucap-?content|trs_(ue)?editor|custom_unionstyle|zoom|article|content|maintext|detail|news_?con|txt_?con|bodytext",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "utf8": "utf-8", "big5": "big5",
}  # fmt: skip
PICTURE = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]*")
MOST_TAGS = 400_000
MARKUP = 2  # characters of a page for each that it may show
MOST = 0.6  # of the page's words
DEPTH = 150
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
SPACES = re.compile(r"[ \t\r\n\f\v\xa0\u200b\ufeff]+")
MAIL = re.compile(rb"\A\s*[A-Za-z-]+:[^\n]*\n")


def read_html(data: bytes, *, limits: Limits) -> Paper:
    """Read a page, or a page saved with its pictures in one file (.mht). Raises UnreadablePaper."""
    text = PICTURE.sub("", _characters(_page_in(data), limits))
    if len(text) > MARKUP * limits.max_characters:
        raise UnreadablePaper("too_large")
    body = _body(text)
    reader = Page(limits)
    reader.walk(_article(body))
    return Paper("html", tuple(reader.finished()))


def _page_in(data: bytes) -> bytes:
    """Return the page inside a .mht file; any other data as it is."""
    if not MAIL.match(data) or b"multipart/" not in data[:9000]:
        return data
    try:
        parts = email.message_from_bytes(data, policy=email.policy.compat32).walk()
        page = next((p.get_payload(decode=True) for p in parts if p.get_content_type() == "text/html"), None)
    except (RecursionError, ValueError, LookupError):
        page = None
    if not isinstance(page, bytes):
        raise UnreadablePaper("broken")
    return page


def _characters(data: bytes, limits: Limits) -> str:
    """Decode a page by its mark, by being UTF-8, or by what it says of itself."""
    if data.count(b"<") > MOST_TAGS:
        raise UnreadablePaper("too_large")
    told = CHARSET.search(data[:4096])
    encoding = CHARSETS.get(told[1].decode().lower() if told else "")
    if encoding and not data.startswith(MARKS) and b"\x00" not in data:
        return data.decode(encoding, errors="replace")
    bounds = Limits(max_characters=limits.max_bytes)
    return decoded(data, limits=bounds)


def _body(text: str) -> "etree._Element":
    parser = html.HTMLParser(recover=True, huge_tree=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_without_declaration(text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadablePaper("no_text") from None
    for element in list(root.iter()):
        if _is_dropped(element) and element.getparent() is not None:
            element.clear(keep_tail=True)
    return root


def _without_declaration(text: str) -> str:
    """Cut what would contradict the encoding that was found, and characters that no page may hold."""
    return CONTROL.sub("", re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text))


def _is_dropped(element: "etree._Element") -> bool:
    if not isinstance(element.tag, str):
        return True
    return (
        element.tag in DROPPED or element.get("hidden") is not None or bool(HIDDEN.search(element.get("style") or ""))
    )


def _lengths(root: "etree._Element") -> "dict[etree._Element, int]":
    """Return how many characters each element shows, the innermost counted first."""
    found: dict[etree._Element, int] = {}
    for element in reversed(list(root.iter())):
        inside = sum(found[child] + len((child.tail or "").strip()) for child in element)
        found[element] = inside + len((element.text or "").strip())
    return found


def _article(root: "etree._Element") -> "etree._Element":
    """Return the innermost element that calls itself content and holds most of the words, else the whole page."""
    lengths = _lengths(root)
    best = root
    for element in root.iter("div", "article", "section", "main", "td", "table", "font", "span"):
        called = f"{element.get('id') or ''} {element.get('class') or ''}"
        if (element.tag in ("article", "main") or CONTENT.search(called)) and lengths[element] >= MOST * lengths[root]:
            best = element
    return best


class Page:
    """Collects a page's lines and table rows in reading order."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.size = limits, 0
        self.found: list[Paragraph] = []
        self.parts: list[str] = []
        self.count = self.tables = 0

    def walk(self, element: "etree._Element", depth: int = 0) -> None:
        """Collect an element's words, without what follows it."""
        self._say(element.text, element)
        for child in element:
            self._enter(child, depth)
            self._say(child.tail, element)

    def _enter(self, child: "etree._Element", depth: int) -> None:
        if child.tag == "br":
            self._end()
        elif child.tag == "table" and not is_laid_out(child):
            self._end()
            self.tables += 1
            for row in as_rows(child, f"t{self.tables}", self._lines):
                self._add(row)
        elif child.tag in BLOCKS or child.tag in ("table", "tr", "td", "th"):
            self._end()
            self._deeper(child, depth)
            self._end()
        else:
            self._deeper(child, depth)

    def _deeper(self, child: "etree._Element", depth: int) -> None:
        if depth < DEPTH:
            self.walk(child, depth + 1)
        else:
            self._say(" ".join(child.itertext()), child)

    def _say(self, words: str | None, element: "etree._Element") -> None:
        if not words:
            return
        if element.tag == "pre":
            first, *others = LINE_BREAK.split(words)
            self.parts.append(first)
            for line in others:
                self._end()
                self.parts.append(line)
        else:
            self.parts.append(words)

    def _end(self) -> None:
        line = SPACES.sub(" ", "".join(self.parts)).strip(" \u3000")
        self.parts = []
        if line:
            self.count += 1
            self._add(Paragraph(line, f"p{self.count}"))

    def _add(self, paragraph: Paragraph) -> None:
        self.size += len(paragraph.text)
        if self.size > self.limits.max_characters or len(self.found) >= self.limits.max_paragraphs:
            raise UnreadablePaper("too_large")
        self.found.append(paragraph)

    def _lines(self, cell: "etree._Element") -> list[str]:
        """Return the lines of a table's cell."""
        inner = Page(self.limits)
        inner.walk(cell)
        return [paragraph.text.replace("\t", " ") for paragraph in inner.finished()]

    def finished(self) -> list[Paragraph]:
        """Return the paragraphs, the last included."""
        self._end()
        return self.found
