"""Reads what stands around the body: document number, title, issuer, date, addressees, and the kind of paper."""

import re
from datetime import date
from itertools import pairwise

from luoshi.directives.rules.facts import Header
from luoshi.directives.rules.outline import marker_at
from luoshi.directives.rules.units import looks_like_unit

HEAD = 3000
SPREAD_LENGTH = 16
HEAD_ROWS = 12
MINUTES_HEAD = 200
TAIL = 1500
OPEN_YEAR = r"[〔\[【(（﹝]"
CLOSE_YEAR = r"[〕\]】)）﹞]"
NUMBER = re.compile(
    rf"(?P<code>[\u4e00-\u9fa5]{{0,14}})\s?{OPEN_YEAR}\s?(?P<year>(?:19|20)\d{{2}})\s?{CLOSE_YEAR}\s?第?\s?(?P<serial>\d{{1,5}})\s?[号期]"
)
# 国发〔201529号: a copy that lost the closing bracket (or both) fuses year and serial number.
FUSED = re.compile(
    rf"(?P<code>[\u4e00-\u9fa5]{{1,12}}[发字函办电委政令])\s?{OPEN_YEAR}?\s?(?P<year>20[0-3]\d)\s?{CLOSE_YEAR}?(?P<serial>\d{{1,4}})号"
)
ORDER = re.compile(r"(?P<code>[\u4e00-\u9fa5]{2,20}令)\s?第\s?(?P<serial>\d{1,5})\s?号")
DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s?年\s?(?P<month>1[0-2]|0?[1-9])\s?月\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?日"
)
CHINESE_DATE = re.compile(
    r"(?P<year>[二一][〇○Ｏ零一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"○": "0", "Ｏ": "0", "零": "0"}
TITLE_END = re.compile(
    r"(?:通知|意见|方案|计划|规划|纲要|办法|措施|要点|决定|批复|通报|纪要|清单|台账|分工|条例|规定|细则|报告|公告|函|令|行动|政策|分工表|任务表|责任表)"
    r"(?:》?的(?:通知|函|通报|公告|决定|意见))?(?:[（(〔][^）)〕]{1,20}[）)〕])?》?$"
)
ADDRESSEES = re.compile(r"^[^。；]{2,200}[:：]$")
META = re.compile(
    r"^[-\s]*(?:原文链接|检索时间|检索关键词|发布日期|发布机构|发布时间|来源|索引号|主题分类|文档类型|文件名称|文件编号|基本信息|文档\s*[:：]|成文日期|公开方式|标\s*题\s*[:：]|名\s*称\s*[:：]|发文字号|文\s*号\s*[:：]|发文机关|索\s*引\s*号)"
)
META_TITLE = re.compile(r"^[-\s]*(?:文件名称|标\s*题|名\s*称)\s*[:：]\s*(?P<value>.+)$", re.MULTILINE)
META_DATE = re.compile(
    r"(?:成文日期|发文日期|印发日期|发布日期)\s*[:：]\s*(?P<year>20\d{2})[-年/.](?P<month>\d{1,2})[-月/.](?P<day>\d{1,2})"
)
META_ISSUER = re.compile(r"(?:发文机关|发布机构|制发单位|印发单位|发文单位)\s*[:：]\s*(?P<value>\S{2,30})")
LETTERHEAD = re.compile(r"^(?P<name>[\u4e00-\u9fa5]{4,40})文件$")
MINUTES = re.compile(r"纪要|议定事项")
# 决  定, 财 政 部: characters that a printer spread over the line.
SPREAD = re.compile(r"(?<=[\u4e00-\u9fa5])[ \t\u3000]+(?=[\u4e00-\u9fa5](?:[ \t\u3000]|$))")
UNIT_AND_DATE = re.compile(rf"(?P<unit>[\u4e00-\u9fa5]{{4,30}})[ \t\u3000]+{DATE.pattern}(?:印发)?")
ISSUERS = re.compile(
    r"^(?P<name>[\u4e00-\u9fa5]{2,40}?(?:[ \u3000、][\u4e00-\u9fa5]{2,40}?){0,9}?)[ \u3000]?"
    r"(?:印发|关于|转发|办公会议纪要|常务会议纪要)"
)
ABOUT_MINUTES = re.compile(r"[^。]{0,20}关于[^。]{2,50}的?(?:专题)?会议?纪要")
LIST = re.compile(r"(?:整改|问题|任务|责任|措施|项目|督办)[^，。\n]{0,12}(?:清单|台账|一览表|责任表|分解表)")


def read_header(text: str) -> tuple[Header, int]:
    """Return the header and the offset at which the body begins."""
    rows = _head_rows(text)
    title, title_end = _title(text, rows)
    addressees, addressed_end = _addressees(rows)
    issued = issued_date(text)
    head = text[: rows[-1][1] if rows else 0]
    header = Header(_number(text), title, _issuer(text, title), issued, addressees, _kind(title, head))
    return header, _head_end(rows, max(title_end, addressed_end), header)


def _head_rows(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, words) of the lines before the first numbered one."""
    rows: list[tuple[int, int, str]] = []
    start = 0
    while start < min(len(text), HEAD):
        found = text.find("\n", start)
        end = len(text) if found < 0 else found + 1
        line = text[start : min(end, start + HEAD)]
        if marker_at(line):
            break
        rows.append((start, end, SPREAD.sub("", line.strip()) if len(line) < SPREAD_LENGTH else line.strip()))
        start = end
    return rows


def _head_end(rows: list[tuple[int, int, str]], reached: int, header: Header) -> int:
    """Go past the number, issuer and date that may stand below the title."""
    for start, end, line in rows:
        if start < reached:
            continue
        known = not line or line == header.issuer or META.match(line) or LETTERHEAD.match(line)
        if not (known or DATE.fullmatch(line) or NUMBER.search(line[:60]) or line.startswith(("（此件", "(此件"))):
            break
        reached = end
    return reached


def _number(text: str) -> str:
    head = re.sub(r"[ \t]*\n[ \t]*(?=号)|(?<=[〕】\]])[ \t]*\n[ \t]*(?=\d{1,5}[ \t]*(?:\n[ \t]*)?号)", "", text[:HEAD])
    for line in head.split("\n"):
        if "《" in line and "〔" in line and len(line) > 80:
            continue
        found = NUMBER.search(line) or FUSED.search(line)
        if found:
            mark = "期" if found.group().rstrip().endswith("期") else "号"
            first = "第" if "第" in found.group() else ""
            return f"{found.group('code')}〔{found.group('year')}〕{first}{found.group('serial')}{mark}"
    order = ORDER.search(head) or re.search(
        r"^[ \t\u3000]*(?P<code>)第(?P<serial>\d{1,5})号[ \t\u3000]*$", head, re.MULTILINE
    )
    return f"{order.group('code')}第{order.group('serial')}号" if order else ""


def _title(text: str, rows: list[tuple[int, int, str]]) -> tuple[str, int]:
    """Join the lines that end in a word for a kind of document; a named file's own title counts first."""
    named = META_TITLE.search(text[:HEAD])
    about = next((i for i, row in enumerate(rows[:HEAD_ROWS]) if ABOUT_MINUTES.fullmatch(row[2])), 0)
    for index, (_start, end, line) in enumerate(rows):
        if index < about:
            continue
        if not line or META.match(line) or len(line) > 120 or not TITLE_END.search(line.rstrip("。")):
            continue
        words, first = line, index
        while first and _goes_before_title(rows[first - 1][2], words):
            first -= 1
            words = rows[first][2] + words
        words, closed = _closed(words, end, rows[index + 1 :])
        return (named.group("value").strip() if named else words), closed
    if named:
        return named.group("value").strip(), 0
    plain = next(((line, end) for _s, end, line in rows if line and len(line) <= 60 and not META.match(line)), ("", 0))
    return plain[0], 0


def _closed(words: str, end: int, below: list[tuple[int, int, str]]) -> tuple[str, int]:
    """Go on to the line that closes a title's 《."""
    for _start, stop, line in below[:3]:
        if words.count("《") <= words.count("》"):
            break
        words, end = words + line, stop
    return words, end


def _goes_before_title(line: str, title: str) -> bool:
    if (
        not line
        or META.match(line)
        or line[-1] in "。：:；号"
        or re.search(r"第\d+期$", line)
        or LETTERHEAD.match(line)
        or NUMBER.search(line)
    ):
        return False
    return len(line) <= 45 and len(title) <= 120 and not DATE.search(line) and not line.endswith(("文件", "办公室"))


def _addressees(rows: list[tuple[int, int, str]]) -> tuple[str, int]:
    for _start, end, line in rows:
        if ADDRESSEES.match(line) and not META.match(line) and re.search(r"[省市县区部委局办院]|单位|政府|机构", line):
            return line.rstrip(":："), end
    return "", 0


def _issuer(text: str, title: str) -> str:
    head = text[:HEAD]
    for line in head.split("\n"):
        found = LETTERHEAD.match(line.strip())
        if found:
            return found.group("name")
    about = ISSUERS.match(title)
    names = re.split(r"[ \u3000、]", about.group("name")) if about else []
    if about and all(looks_like_unit(n) for n in names):
        return "、".join(names)
    meta = META_ISSUER.search(head)
    return meta.group("value") if meta else _signature(text) or _above_title(head, title)


def _above_title(head: str, title: str) -> str:
    """Return the unit that stands alone above a title that begins with 关于."""
    rows = [line.strip() for line in head.split("\n") if line.strip()]
    for above, line in pairwise(rows[:HEAD_ROWS]):
        if re.match("关于|印发|转发", line) and title.startswith(line[:8]) and looks_like_unit(above):
            return above
    return ""


def _signature(text: str) -> str:
    """Return the unit that stands on a line of its own above the date."""
    rows = [line.strip() for line in (text[:HEAD] + "\n" + text[-TAIL:]).split("\n")]
    for above, line in pairwise(rows):
        if DATE.fullmatch(line) and len(above) <= 30 and looks_like_unit(above):
            return above
    return ""


def issued_date(text: str) -> date | None:
    """Return the date on a line of its own, else the one before 印发, else the page's own metadata."""
    whole = text[:HEAD] + "\n" + text[-TAIL:]
    for line in whole.split("\n"):
        found = DATE.fullmatch(line.strip()) or CHINESE_DATE.fullmatch(line.strip())
        if found:
            return _as_date(found)
    for line in whole.split("\n"):
        signed = UNIT_AND_DATE.fullmatch(line.strip())
        if signed and looks_like_unit(signed.group("unit")):
            return _as_date(signed)
    printed = re.search(DATE.pattern + r"\s?印发", whole)
    meta = META_DATE.search(whole)
    in_line = re.search(
        r"[\u4e00-\u9fa5]" + DATE.pattern + r"(?=[\u4e00-\u9fa5]{2,20}(?:省|市|县|区|国家|关于))", whole
    )
    held = DATE.search(text[:HEAD]) if MINUTES.search(text[:MINUTES_HEAD]) else None
    found = in_line or meta or printed or re.search(r"[（(]" + DATE.pattern + r"[^）)]{0,10}[）)]", text[:HEAD]) or held
    return _as_date(found) if found else None


def _as_date(found: re.Match[str]) -> date | None:
    year, month, day = (_int(found.group(part)) for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _int(words: str) -> int:
    if words.isdigit():
        return int(words)
    if len(words) == 4:
        return int("".join(DIGITS.get(c, "0") for c in words))
    tens, ten, ones = words.rpartition("十")
    return (int(DIGITS.get(tens, "1")) * 10 if ten else 0) + int(DIGITS.get(ones, "0") if ones else "0")


def document_year(header: Header, *, received: date | None) -> int | None:
    """Return the year that bare months belong to: the title's (2026年重点工作), else of issue, else of receipt."""
    in_title = re.search(r"(20\d{2})\s?年(?!行动|-|—)", header.title)
    if in_title and (not header.issued_date or 0 <= int(in_title.group(1)) - header.issued_date.year <= 1):
        return int(in_title.group(1))
    day = header.issued_date or received
    return day.year if day else None


def _kind(title: str, head: str) -> str:
    if MINUTES.search(title) or MINUTES.search(head[:200]):
        return "minutes"
    return "list" if LIST.search(title) and "方案" not in title else "directive"
