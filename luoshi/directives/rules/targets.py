"""Reads numeric outcomes (培育30家龙头企业); rates, ceilings, thresholds and counts of what exists are not targets.

An outcome in words alone (全覆盖, 翻一番, 百家) has no number and is none; a range (5—10个) asks for its lower end.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from luoshi.directives.rules.dates import number
from luoshi.directives.rules.facts import Span, Target

SCALE = r"[万亿]*"
MEASURE = (
    r"个工作日|个百分点|家|个|项|名|人次|人|户|处|座|所|条|套|台|辆|艘|件|批次|批|场|场次|次|宗|本|部|篇|册|份|亩|公顷|平方公里|平方千米|平方米|立方米|公里|千米|米|吨标准煤|微克/立方米|毫克/升|元/平方米|公斤/亩|‰|工作日|"
    r"吨|千瓦时|学时|课时|千瓦|兆瓦|吉瓦|度|元|美元|倍|百分点|％|%|户次|村|支|对|组|类|种|间|张|床|张床位|升|天|小时|分钟|公斤|斤|只|头|羽|株|棵|"
    r"EFLOPS|EFlops|PFLOPS|PB|TB|GB|FLOPS|Gbps|"
    r"分"
)
NUMBER = r"\d{1,4}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,16}(?:\.\d{1,6})?"
CHINESE = r"[一二两三四五六七八九十百]{1,5}"
BEFORE = (
    r"(?P<before>不少于|不低于|不小于|至少|高于|多于|大于|达到|达|超过|突破|超|不超过|不高于|不多于|不大于|控制在|降至|降到|低于|少于|小于|"
    r"约|近|\+|≥|≤|>|<)?(?P<approx>约|近)?\s?"
)
AFTER_WORDS = r"\s?(?P<after>(?:及|或)?以上|以内|以下|左右)?"
UNIT = rf"(?P<unit>{SCALE}(?:{MEASURE})|[万亿]+(?![元人]))"
QUANTITY = re.compile(
    rf"{BEFORE}(?<!\d)(?:(?P<low>{NUMBER})\s?[%％]?\s?[—\-–~～至到]{{1,2}}\s?)?(?P<number>{NUMBER})\s?{UNIT}{AFTER_WORDS}"
)
# 三家 alone more often counts what is spoken of; with 不少于, 至少 or 以上 it is asked for.
IN_CHINESE = re.compile(rf"{BEFORE}(?:百分之(?P<percent>{CHINESE})|(?P<number>{CHINESE}){UNIT}(?!之)){AFTER_WORDS}")
MEASURE_SIGNS = "万亿家个项名人户处座所条套台辆件次亩公里米吨元倍%％"
HINT = re.compile(rf"\d|百分之|(?:不少于|不低于|至少|超过|达到){CHINESE}|{CHINESE}[家个项名人户处座所条套件次场]以上")
OPERATORS = {
    "不少于": ">=", "不低于": ">=", "不小于": ">=", "至少": ">=", "达到": ">=", "达": ">=", "≥": ">=",
    "超过": ">", "突破": ">", "超": ">", ">": ">", "高于": ">", "多于": ">", "大于": ">",
    "不超过": "<=", "不高于": "<=", "不多于": "<=", "不大于": "<=",
    "控制在": "<=", "降至": "<=", "降到": "<=", "≤": "<=",
    "低于": "<", "少于": "<", "小于": "<", "<": "<", "约": "~", "近": "~",
}  # fmt: skip
AFTER = {"以上": ">=", "以内": "<=", "以下": "<=", "左右": "~"}
# Verbs that bring an outcome about; without one before the number it only describes.
OUTCOME = re.compile(
    r"打造|培育|建成|建设|新建|改建|扩建|改造|新增|引进|引育|招引|招引|培养|选育|形成|实现|完成|达到|达|突破|超过|推出|推动制定|制定|制修订|发布|评选|评定|遴选|选树|"
    r"认定|创建|争创|举办|开展|组织|开放|支持|服务|覆盖|带动|吸引|落地|实施|布局|部署|发展|壮大|增长|提高|提升|提高到|提升到|增加|降低|下降|压减|减少|控制|保持|稳定|力争|"
    r"确保|每年|年均|新签|签约|开工|投产|投用|竣工|建立|设立|搭建|组建|布设|安装|更新|修复|治理|造林|绿化|清理|整治|化解|帮扶|培训|轮训|发现|征集|凝练|攻克|研发|转化|集聚|聚集|储备|发放|孵化|上市|入库|"
    r"申报|获批|编制|出台|总量|规模|产值|收入|增加值|投资|数量|总数|比重|占比|率|不少于|不低于|"
    r"总产|(?:优良|达标|覆盖|普及|合格)比例|盘活|消除|划设|恢复|补足|惠及|到位|压缩|压降|接通|铺设|种植|栽植|出栏|播种|收购|销售|开设|选派|选聘|招聘|招录|吸纳|安置|走访|巡查|巡河|抽查|检查|排查|整改|办结|"
    r"调解|演练|宣讲|演出|接待|创成|推广|参保|对接|拆除|硬化|疏浚|清淤|修建|加固|修缮|配备|配置|购置|投放|开通|解决|争取|补装|设置|通车|完工|至少|"
    r"降至|降到|降为|增至|加装|报废|淘汰|更换|回收|处置|办理|接种|筛查|救助|收储|流转|供应|招生|就业|落户|入驻|投运|上线|接入|联网|放流|补种|"
    r"退出|腾退|关停|取缔|消纳|处理|利用|出口|巡诊|义诊|达标|命名|授牌|审结|结案|查处|追回|挽回|清欠|兑付|融资|授信|募集|筹集|撬动"
)
# Verbs that only move work along ask for a number when it is large or compared.
WEAK = re.compile(r"推动|推进|选择|选取|确定|帮助|动员|引导|联合|谋划|筛选|遴选")
WEAK_FROM = 5
# Words that make the number a rate of money, a ceiling, a threshold or a description.
NOT_OUTCOME = re.compile(
    r"补助|补贴|奖励|给予|资助|贴息|奖补|最高|上限|贷款|额度|罚款|处以|按照|按不|(?<!高)标准(?![化地厂田])|比例的|投资额|可申请|可返还|可直接|可享受|可按|可给予|"
    r"年薪|以上且|从业|任职|工作年限|满|不满|近\d+年|年以上|注册资本|实缴|条件|对[^，。；]{0,30}的|凡|超过\d+[^，。；]{0,6}的|收费|租金|价格|税率|税|缴纳|费用|成本|售价|门槛|"
    r"低于\d+[^，。；]{0,6}的|达到\d+[^，。；]{0,8}的|现有|已有|已建|原有|调整增加|目前|截至|第\d|(?:安排|统筹|使用|列支|专项)[^，。；]{0,6}资金"
)
ELIGIBLE = re.compile(r"^[^，。；]{0,24}(?:的，|的企业|的单位|的项目|的个人|的，?给予|，给予|，可|且)")
MONEY = re.compile(r"[万亿]*(?:元|美元)$")
# What a rectification list describes as wrong is not what it sets out to reach.
PROBLEM = re.compile(r"\s{0,4}(?:存在的?)?(?:主要)?问题(?:描述|表现|清单|内容)?[一二三四五六七八九十\d]{0,3}[:：]")
DATED = re.compile(r"^.*?(?:(?:[年月]底|[日年月])前|季度[末底]?|20\d\d年底?前?|上半年|下半年|年内|全年|其中)")
# Costs that are cut and loans that grow are outcomes, though costs and loans in themselves are not.
WANTED = re.compile(
    r"(?:降低|减轻|压降|节约|减免|减少|减负)[^，。；]{0,8}?(?:成本|费用|负担|税费|税|租金|电价|价格)|贷款(?:余额|增速|增长|投放|规模|总量|户数)|"
    r"(?:新增|投放|发放)[^，。；]{0,6}?贷款|补贴性|(?:国家|行业|团体|地方|国际|技术|省级|企业)标准|税收(?:收入|增长)|税务总局|满意"
)
SET_BY_RULE = re.compile(
    r"持股|股比|外资[^，。；]{0,8}比例|费率|利率|汇率|首付|资本金|保证金|自有资金|罚|限制|中标|缴费|报价|年龄"
)
PER_ONE = re.compile(r"(?:单[个户家项笔]|每[家户人名亩场]|每个(?:项目|企业|单位))")
PAST = re.compile(
    r"(?:实现|完成|达到|突破|建成|增长|新增|发放|培育)了|已(?!有?序)[^，。；]{0,14}$|(?:上年|去年|以往)[^，。；]{0,12}$"
)
FASTER = re.compile(r"压缩|缩短|压减|控制|不超过|减少|降")
TIME_UNIT = frozenset({"个工作日", "工作日", "天", "小时", "分钟"})
NOT_COUNTED = re.compile(r"(?:月|周|星期|季|年|小时|学时|工作|自然)|(?:方面|层面|维度|阶段|环节|步骤)")
QUOTED_SMALL = re.compile(r"[“\"]")
CHANGED = re.compile(r"(?:提高|提升|增加|增长|扩大|上升|压缩|压减|缩短|减少|下降|降低|降|减|增|调整|延长)?(?:到|至|为)")
MOVED = re.compile(r"(?:提高|提升|稳定|保持|控制|压缩|压减|缩短|增加|上升|扩大|降低|下降|维持)?(?:到|至|在|为)$")
PERIOD = re.compile(r"每年|年均|每季度|每月|累计|全年|到20\d{2}年(?:底|末)?|20\d{2}年底?前?|年底前?|上半年|下半年")
LARGER_ONES = re.compile(r"[^，。；、\d]{1,12}\d|项目|企业")  # 亿元以上项目25个
# 年产30万吨铝材项目: how large a plant is.
CAPACITY = re.compile(r"(?:[年日]?(?:产|处理|加工|供应|供水|发电)能?力?|装机|总投资)$")
PLANT = re.compile(r"[^，。；、\d]{0,16}(?:项目|生产线|产线|基地|工厂|装置|电站|工程)")
FRESH = re.compile(r"(?:新增|培育|引进|建成|打造|新建)[^，]*\d")
ONCE_EACH = re.compile(r"每(?:个?(?:半年|年|季度?|月|周)|日|天)[^，。；\d]{0,12}$")  # a cadence, which is told apart
WINDOW = 160


def find_targets(text: str, *, start: int, end: int) -> tuple[Target, ...]:
    """Return the outcomes stated between two offsets."""
    if not HINT.search(text, start, end):
        return ()
    problems = _problem_lines(text, start, end)
    found = [t for t in (_target(text, start, end, m) for m in _quantities(text, start, end)) if t]
    kept = (t for t in found if not _within(t.span, problems))
    return tuple(_shared(text, list(kept)))


def _quantities(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield quantities in digits, and those in Chinese that are asked for outright, in order."""
    digits = QUANTITY.finditer(text, start, end)
    chinese = (m for m in IN_CHINESE.finditer(text, start, end) if _operator(m) in (">=", ">") or m.group("percent"))
    yield from sorted([*digits, *chinese], key=lambda m: m.start())


def _problem_lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines between two offsets that describe a problem."""
    if "问题" not in text[start:end]:
        return []
    found, at = [], start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop + 1
        if PROBLEM.match(text, at, stop):
            found.append(Span(at, stop))
        at = stop
    return found


def _within(span: Span, spans: Sequence[Span]) -> bool:
    first = bisect_right(spans, span.start, key=lambda s: s.end)
    return first < len(spans) and spans[first].start <= span.start


def _target(text: str, start: int, end: int, match: re.Match[str]) -> Target | None:
    back = text[max(start, match.start() - WINDOW) : match.start()]
    sentence = re.split(r"[。；\n]", back)[-1]
    words_before = re.split(r"[，,]", sentence)[-1][-60:]
    words_after = text[match.end() : min(end, match.end() + 30)]
    if not _is_asked(words_before, match, sentence=sentence) or _only_describes(
        sentence[-120:], words_before, match, words_after
    ):
        return None
    name = _name(words_before, words_after, match)
    unit = "%" if match.groupdict().get("percent") else match.group("unit")
    periods = PERIOD.findall(sentence)
    period = periods[-1] if periods else ""
    return Target(name, _operator(match), _value(match), unit, Span(match.start(), match.end()), period)


def _value(match: re.Match[str]) -> Decimal:
    """Return the number of a match; of a range its lower end."""
    groups = match.groupdict()
    words = groups.get("percent") or groups.get("low") or match.group("number")
    if re.match(r"\d", words):
        return Decimal(words.replace(",", ""))
    hundreds, hundred, rest = words.rpartition("百")
    return Decimal((number(hundreds) or 1) * 100 * bool(hundred) + number(rest))


def _is_asked(before: str, match: re.Match[str], *, sentence: str) -> bool:
    """Tell whether a word before the number brings it about; one that only moves work along counts for large ones.

    A compared count may go on from the clause before: 新增甲企业2000家，乙企业100家以上.
    """
    compared = match.group("before") or match.group("after")
    if OUTCOME.search(before + (match.group("before") or "")):
        return True
    clauses = re.split("[，,]", sentence)
    if match.group("after") == "以上" and len(clauses) > 1 and FRESH.search(clauses[-2]) and "的" not in before:
        return True
    return bool(WEAK.search(before)) and (bool(compared) or _value(match) >= WEAK_FROM)


def _only_describes(sentence: str, before: str, match: re.Match[str], after: str) -> bool:
    """Tell whether a number is a rate, a ceiling, a threshold, a date or a label rather than an outcome."""
    if sentence.endswith(("第", "“", "《", "〔", "—", "-", "/", "近")) or after.startswith(("/", "年", "级", "次方")):
        return True
    if match.group("after") and after.startswith("的"):
        return True
    if _counts_time(before, match, after) or _is_start(before, after):
        return True
    if match.groupdict().get("unit") == "部" and after.startswith("门"):
        return True
    if ONCE_EACH.search(before) and re.match(r"1[次场]", match.group().strip()):
        return True
    if CAPACITY.search(before) and PLANT.match(after):
        return True
    wanted = WANTED.sub("", before)
    if NOT_OUTCOME.search(wanted) or SET_BY_RULE.search(wanted) or PAST.search(before):
        return True
    if NOT_OUTCOME.search(re.split("[，,]", after[:6])[0]) or ELIGIBLE.match(after):
        return True
    money = MONEY.search(match.groupdict().get("unit") or "")
    if money and match.group("after") == "以上" and LARGER_ONES.match(after):
        return True
    whole = WANTED.sub("", sentence) + match.group()
    return bool(money and (NOT_OUTCOME.search(whole) or PER_ONE.search(sentence)))


def _counts_time(before: str, match: re.Match[str], after: str) -> bool:
    """Tell whether a number is a time limit (3个工作日内), a radius (15分钟生活圈) or counts nothing real (3个方面)."""
    unit = match.groupdict().get("unit") or ""
    if unit == "个" and NOT_COUNTED.match(after):
        return True
    plain = not match.group("before") and not match.group("after")
    if unit == "个" and plain and QUOTED_SMALL.match(after) and _value(match) < 10:
        return True
    limited = match.group("after") == "以内" or after.startswith(("内", "之内"))
    if unit in TIME_UNIT and limited and not FASTER.search(before + (match.group("before") or "")):
        return True
    return unit in TIME_UNIT | {"公里"} and bool(re.match(r"[^，。；]{0,6}圈", after))


def _is_start(before: str, after: str) -> bool:
    """Tell whether a number is where a change starts (由20个工作日压缩至5个工作日)."""
    return before.rstrip().endswith(("由", "从")) and bool(CHANGED.match(after))


def _operator(match: re.Match[str]) -> str:
    after = (match.group("after") or "").lstrip("及或")
    before = match.group("before") or match.group("approx")
    if after and not (after == "以上" and before in ("超过", "突破", "超")):
        return AFTER[after]
    if not before and match.groupdict().get("low"):
        return ">="
    return OPERATORS.get(before or "", "=")


def _shared(text: str, targets: list[Target]) -> Iterator[Target]:
    """Give the numbers of 分别达到98%、95%、90%以上 one operator and each its own name."""
    run: list[Target] = []
    for target, following in pairwise([*targets, None]):
        assert target is not None
        run.append(target)
        gap = text[target.span.end : following.span.start] if following else ""
        if following and gap in ("、", "和", "及", "以及") and following.unit == target.unit:
            continue
        yield from _respectively(run) if len(run) > 1 and "分别" in run[0].name else run
        run = []


def _respectively(run: list[Target]) -> Iterator[Target]:
    name = run[0].name.replace("分别", "")
    names = re.split(r"[、和及]", name)
    names = names if len(names) == len(run) and min(map(len, names)) > 2 else [name] * len(run)
    op = next((t.op for t in (run[-1], run[0]) if t.op != "="), "=")
    yield from (replace(t, name=own, op=op if t.op == "=" else t.op) for t, own in zip(run, names, strict=True))


def _name(before: str, after: str, match: re.Match[str]) -> str:
    """Name the measured thing: the noun after the count (30家龙头企业), else the words before (营业收入超1万亿元)."""
    noun = re.split(r"[，。；、：（(和及\n\t]", after, maxsplit=1)[0].removeprefix("的").strip()
    unit = match.groupdict().get("unit") or "%"
    if 2 <= len(noun) <= 30 and not unit.endswith(("元", "%", "％", "分点", "倍")):
        return noun
    words = re.sub(
        r"^\s*(?:\d{1,2}[.．、]|[①-⑳]|[（(][一二三四五六七八九十\d]{1,3}[）)])",
        "",
        re.split(r"[，。；：\t]", before)[-1],
    )
    words = re.split(rf"\d[{MEASURE_SIGNS}]*(?:以上|以内|左右)?[、和及]", words)[-1]
    words = DATED.sub("", DATED.sub("", words)).rstrip()
    words = re.sub(r"(?:由|从)\d[^，]*$", "", words) if CHANGED.search(words) else words
    return MOVED.sub("", words).rstrip("到达为至在 ")[-24:] or noun[:30]
