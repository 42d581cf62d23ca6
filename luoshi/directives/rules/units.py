"""Reads a list of units as a clerk writes it: 、 ， 和 及, nested brackets, selectors, 等14部门, elided prefixes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.directives.rules.brackets import CLOSE, OPEN, depth_of, split_outside
from luoshi.directives.rules.facts import Mention, Span

NAME_LENGTH = 40
PHRASE_LENGTH = 30
SHORT_NAME = 3
HEADS = re.compile(r"国务院|中央|[省市县区州]委|[省市县区州](?:人民)?政府|国家|全国")
MARKS = "*＊★☆▲△●◆※#＃"
LIST_SIGNS = "、，,；;\n/／|丨"
ENDINGS = "部委局厅办署院会社台室府处科股站所队校店行庭馆组团司"
LONG_ENDINGS = tuple(
    """
    中心 公司 集团 大学 学院 实验室 总部 分行 支行 海关 总社 联社 工委 党委 总队 支队 大队 专班 指挥部
    街道 乡镇 开发区 高新区 园区 新区 委员会 管委会 基金 联合会 协会 商会 工商联 团委 妇联 科协 残联 文联
    侨联 社科联 记协 作协 贸促会 供销社 银行 税务 法院 检察院 总工会 军分区 武装部 组委 党校 报社 医院
    学校 企业 国资委 电网 电力 烟草 邮政 共青团中央 政府 市委 县委 区委 省委 党工委 工作站 监委 村 镇 乡
    县 区 市 省 州
    """.split()
)
PLACE = (
    r"(?:自治州|自治县|自治旗|设区的市|省|自治区|直辖市|设区市|地级以上市|地级市|直管市|省直管县|[\u4e00-\u9fa5]{2,4}(?:林区|示范区)"
    r"|市|州|盟|地区|地(?=[（(])"
    r"|县级市|县|区|旗|乡|镇|乡镇|街道|村|社区)"
)
PLACES = rf"{PLACE}{{1,3}}(?:[（(〔\[][^（()）〔〕\[\]]{{1,20}}[）)〕\]])?"
JOINED_PLACES = re.compile(
    rf"各{PLACES}(?:人民政府|政府|党委|行政公署|行署)?(?:[、，和及]\s?各?{PLACES}){{1,4}}(?:"
    r"人民政府|政府|党委政府|党委|党工委|管委会|办事处|有关部门|相关部门|部门|(?=[、，；。;,\s]|$|等|按|负责|牵头|配合|结合))"
    rf"|各(?:{PLACES}|级)党委(?:[（(]党组[）)])?[、和及](?:人民)?政府"
    r"|各(?:有关|相关)?(?:部、?)?委、?办、?(?:厅、?)?局"
)
SELECTOR = re.compile(
    r"^(?:各|有关|相关|其他|其它|全[省市县区乡镇]各|地方|所有|省级?各|市级?各|县级?各|区级?各)"
    r"|各[^、，]{0,8}(?:部门|单位|委办局|地区|地市|机构|企业|专班|乡镇|街道|镇|村|社区|政府|开发区|园区|功能区|党委)"
    r"|(?:有关|相关|直属?|属|级|所属|成员|责任|承办|牵头|协办|配合)(?:各)?(?:有关|相关|主管|职能|行业)?"
    r"(?:部门|单位|地区|地方|机构|企业|园区|方面|乡镇|镇街)"
    r"|(?:主管|职能)部门$|省级人民政府$|^驻[^、，]{1,6}(?:单位|部队|机构)$|^(?:属地|所在)(?:乡镇|镇街|街道|县|区)|^机关各|^[省市县]级以上"
)
OPEN_TAIL = re.compile(
    r"等(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})?(?:个|家|多个|多家)?(?P<rest>"
    r"(?:省|市|县|区|国家|中央|国务院)?(?:级|直|属|直属|政府)?(?:有关|相关|各|主要|成员|职能|行业|主管)*"
    r"(?:部门和单位|部门及单位|部门、单位|单位和部门|部门|单位|委办局|机构|企业|乡镇|乡镇街道|镇街|街道|地区|地|县区|区县|方面|市县|区|县|市)?)$"
)
NOT_BEFORE_DENG = "中高平均同初优对"
SPACES = re.compile(r"[ \t\u3000]+")
GLUE = re.compile(r"以及|[和及与]")
BARE = re.compile(
    r"^(?:单位|部门|机构|企业|街道|乡镇|地区|政府|人民政府|社会|个人|园区|社区|村|镇|区|县|市|办事处|管委会|科研院所|高校|院校)$"
)
# First halves of names with 和 inside that end like a unit: 农业农村和水利局, 社会保障.
HALVES = ("社会", "农村", "乡村", "城乡", "城市", "城镇", "社区", "园区", "景区", "水务", "市场")
LEAD_IN = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,2}[）)]|[①-⑳]|\d{1,2}[.．])?(?:主要|分别|具体|统一|并|请|则|同时|共同)*由?|^请"
)
NAME_END = (
    r"(?:分局|总局|局(?![长党部])|委员会|委(?![办组宣统政网编巡员会老直社金党托派任])(?:监委)?|厅(?!长)|部(?!门|长|分|署|队|属|委)|办公室"
    r"|办(?!公|理|法|好|事|学|税|结|实|案)|中心(?!城|区|任|组)|公司|集团|院(?!校|长|士|所)|支队|大队|总队|镇(?![区街村])|乡(?![镇村])|街道(?!办)|街道办事处"
    r"|管委会|指挥部|专班|工作组|银行|人民政府|政府(?!部|投|采|性|有|办)|联社|供销社|海关|协会|联合会|妇联|团县?委|总工会"
    r"|(?<=[政业法电务理生出究土商境])所(?![有在需得属以谓述涉])|(?<=[技业林卫务保肥种护])站(?![点位在长]))"
)
UNIT_HEAD = re.compile(
    rf"(?:[省市县区州各]|国家|中央|国务院|自治区)?(?:(?![由请的要并是])[\u4e00-\u9fa5]){{1,14}}?{NAME_END}"
)
BLANKED = re.compile(r" {6,}")  # where a rule of the paper stood inside a list
NEXT_NUMBER = re.compile(r"(?<=\D)\s+\d{1,2}$")  # 1、县发改局 2、县财政局: the number of the next
EMPTY = {"", "无", "暂无", "/", "—", "-", "——", "－", "下同", "以下同", "同上", "略"}
# 县发改局（牵头）: the part that a unit has is written behind its name.
TAG = re.compile(
    r"[（(〔\[［](?P<lead>总?牵头(?:单位|部门|负责|抓总|落实)?|主办(?:单位)?|主责(?:单位)?|主要责任(?:单位)?|牵头责任单位)?"
    r"(?P<co>(?:配合|协办|协助|参与|协同)(?:单位|部门|落实)?)?(?P<guide>(?:业务)?指导(?:单位|部门)?)?"
    r"(?P<verifier>(?:督办|督导|验收|督查)(?:单位|部门)?)?(?P<same>负责|责任单位|承办(?:单位)?|落实)?[）)〕\]］]$"
)
TAG_WITHIN = re.compile(
    r"(?<=[局委办厅部院会府社司镇道处心])[（(](?:牵头|主办|主责|配合|协办|参与|负责)(?:单位|部门)?[）)](?=[\u4e00-\u9fa5])"
)
# 各市（州）人民政府为落实主体
BEING = re.compile(
    r"(?:均|都)?(?:为|是|作为)(?:(?P<lead>总?牵头|主办|主责)|(?P<co>配合|协办|协同|参与|协助)|(?P<same>落实|实施|责任|执行|承担|推进))"
    r"(?:责任)?(?:主体|单位|部门)$"
)
# 县水利局局长王某: a unit's name with the post, and the person who holds it.
POST = re.compile(
    r"^(?P<unit>[^，、]{2,24}?(?:局|委|办|厅|部|镇|乡|街道|中心|公司|集团|院|政府|室|社|行))"
    r"(?:党(?:组|委|工委)(?:副?书记)?[、，]?)?"
    r"(?:(?:常务)?副?(?:局长|主任|部长|厅长|镇长|乡长|经理|总经理|董事长|院长|书记|主席|理事长|行长|科长|处长)|负责人|主要负责人|分管负责人)"
    r"[\u4e00-\u9fa5·×X某]{0,4}$"
)
LEVEL_PREFIX = re.compile(
    r"^(?:省|市(?![场容]|政[工管园])|县(?!域)|区(?!域)|州|旗|镇|乡(?!村))(?:委(?=[组宣统政网编办老直巡社金]))?(?=[^级直属辖内])"
)
NUMERALS = {c: i + 1 for i, c in enumerate("一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class UnitList:
    """Units in the order written; `declared` is the count that 等14部门 states."""

    mentions: tuple[Mention, ...]
    open_list: bool = False
    declared: int | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def miscounted(self) -> bool:
        """Tell whether more units are named than the list says there are."""
        return self.declared is not None and len(self.mentions) > self.declared


def read_units(text: str, *, offset: int = 0) -> UnitList:
    """Read a list of units; spans are shifted by `offset`."""
    found: list[Mention] = []
    tags: list[str] = []
    people: list[str] = []
    open_list, declared = False, None
    for start, end in unit_pieces(text):
        piece, at = _without_lead_in(text[start:end], start)
        tail = open_tail(re.sub(r"\s", "", piece))
        if tail:
            open_list = True
            declared = declared or _number(tail.group("count"))
            piece = piece[: _nth(piece, tail.start())]
        piece, at, tag = _untagged(piece, at)
        post = POST.match(piece)
        if post:
            people.append(piece)
            piece = post.group("unit")
        mention = _mention(piece, offset + at)
        if mention:
            found.append(mention)
            tags.append(tag)
    complete = declared is not None and len(found) == declared
    return UnitList(tuple(found), open_list and not complete, declared, tuple(tags), tuple(people))


def _nth(piece: str, count: int) -> int:
    """Return where the character stands that has `count` others before it, white space not counted."""
    for index, char in enumerate(piece):
        if not char.isspace():
            if not count:
                return index
            count -= 1
    return len(piece)


def _untagged(piece: str, at: int) -> tuple[str, int, str]:
    """Take the part written behind a name (（牵头）), or the sign beside it (★), off the name."""
    piece = piece.rstrip(" \t\n\u3000。")
    being = BEING.search(piece, max(0, len(piece) - 12))
    if being and being.start():
        return piece[: being.start()], at, str(being.lastgroup)
    tag = TAG.search(piece, max(0, len(piece) - 12))
    if tag and tag.start() and tag.lastgroup:
        return piece[: tag.start()], at, tag.lastgroup
    marks = [c for c in piece[:1] + piece[-1:] if c in MARKS]
    if not marks or len(piece) < 3:
        return piece, at, ""
    bare = piece.lstrip(MARKS)
    return bare.rstrip(MARKS), at + len(piece) - len(bare), marks[0]


def open_tail(piece: str) -> re.Match[str] | None:
    """Match the 等… that ends a piece and opens its list, not the 等 of 中等 or 高等."""
    found = OPEN_TAIL.search(piece.rstrip(), max(0, piece.find("等")))
    at = found.start() if found else 0
    return None if found and at and piece[at - 1] in NOT_BEFORE_DENG else found


def _number(words: str | None) -> int | None:
    if not words:
        return None
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    return (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(ones, 0)


def _without_lead_in(piece: str, start: int) -> tuple[str, int]:
    stripped = piece.lstrip()
    lead_in = LEAD_IN.match(stripped)
    bare = (stripped[lead_in.end() :] if lead_in else stripped).lstrip()
    return bare, start + len(piece) - len(bare)


def _mention(piece: str, start: int) -> Mention | None:
    words = BLANKED.split(piece, maxsplit=1)[0].rstrip(" \t\n\u3000。；;，,、:：")
    if depth_of(words) < 0 and words[-1:] in CLOSE:
        words = words[:-1]
    words = NEXT_NUMBER.sub("", words)
    name = re.sub(r"[\s\u3000]+", "", words)
    if name in EMPTY or name.isdigit():
        return None
    return Mention(name, Span(start, start + len(words)), is_selector(name))


def is_selector(name: str) -> bool:
    """Tell whether a name stands for a set of units (各乡镇, 县直有关部门)."""
    return bool(SELECTOR.search(name))


def unit_pieces(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the single names of a list."""
    joined = [m.span() for m in JOINED_PLACES.finditer(text)]
    found: list[tuple[int, int]] = []
    begin = 0
    for _, end in split_outside(text, LIST_SIGNS):
        if any(a < end < b for a, b in joined):
            continue
        for start, stop in _tagged(text, begin, end):
            for first, last in _spaced(text, start, stop):
                found.extend(_unglue(text, first, last, joined))
        begin = end + 1
    return found


def _tagged(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split 甲局（牵头）乙局（配合） behind each part."""
    for found in TAG_WITHIN.finditer(text, start, end):
        yield start, found.end()
        start = found.end()
    yield start, end


def _spaced(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split 甲局 乙局 at its spaces, but not 住房和 城乡建设局."""
    pieces, begin = [], start
    for found in SPACES.finditer(text, start, end):
        following = SPACES.search(text, found.end(), end)
        right = text[found.end() : following.start() if following else end]
        if not _inside_bracket(text[begin : found.start()]) and _two_names(text[begin : found.start()], right):
            pieces.append((begin, found.start()))
            begin = found.end()
    return [*pieces, (begin, end)]


def _two_names(left: str, right: str) -> bool:
    """Tell whether a space parts two names, rather than one that a printer spread (国务院 扶贫办)."""
    if len(right) < SHORT_NAME or left.endswith(HALVES) or (HEADS.fullmatch(left) and not LEVEL_PREFIX.match(right)):
        return False
    return looks_like_unit(left) and looks_like_unit(right)


def _unglue(text: str, start: int, end: int, joined: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Split 甲局和乙局 at its conjunction, but not 文化和旅游部 or 有关部门和单位."""
    pieces, begin = [], start
    for found in GLUE.finditer(text, start, end):
        at = found.start()
        if any(a < at < b for a, b in joined) or _inside_bracket(text[start:at]):
            continue
        left, right = text[begin:at].strip(), text[found.end() : end].strip()
        if _splits(left, right):
            pieces.append((begin, at))
            begin = found.end()
    return [*pieces, (begin, end)]


def _inside_bracket(text: str) -> bool:
    return sum(c in OPEN for c in text) > sum(c in CLOSE for c in text)


def _splits(left: str, right: str) -> bool:
    if BARE.match(right) or (not left and not right):
        return False
    if not left:
        return True
    return left.endswith("等") or (looks_like_unit(left) and not left.endswith(HALVES) and looks_like_unit(right))


def looks_like_unit(name: str) -> bool:
    """Tell whether a name has the shape of a unit's name: a known ending, or a selector."""
    plain = re.sub(r"[（(〔\[][^（()）〔〕\[\]]*[）)〕\]]$", "", re.sub(r"\s", "", name))
    if not 2 <= len(plain) <= NAME_LENGTH or BARE.match(plain):
        return False
    tail = open_tail(plain)
    plain = plain[: tail.start()] if tail and tail.start() else plain
    return plain.endswith(tuple(ENDINGS)) or plain.endswith(LONG_ENDINGS) or is_selector(plain)


def unit_head(words: str) -> int:
    """Return where the unit's name ends with which words begin (县财政局研究提出 → 4), or 0."""
    found = UNIT_HEAD.match(words)
    return found.end() if found else 0


def is_phrase(name: str) -> bool:
    """Tell whether words are too many, or too much of a sentence, to be a name."""
    return len(name) > PHRASE_LENGTH or "的" in name.replace("设区的市", "")


def elided_prefixes(mentions: tuple[Mention, ...], *, text: str) -> tuple[str, ...]:
    """Return the prefix each name inherits: 县科技局、工业和信息化局 gives ("", "县"); a full-width comma resets."""
    hints: list[str] = []
    inherited = ""
    for index, mention in enumerate(mentions):
        if index and set(text[mentions[index - 1].span.end : mention.span.start]) & set("，；,;。\n"):
            inherited = ""
        own = LEVEL_PREFIX.match(mention.name)
        hints.append("" if own or mention.selector else inherited)
        if own:
            inherited = own.group()
    return tuple(hints)
