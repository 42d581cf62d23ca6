"""Reads numeric outcomes (培育30家龙头企业); rates, ceilings, thresholds and counts of what exists are not targets."""

import re
from decimal import Decimal

from luoshi.directives.rules.facts import Span, Target

SCALE = r"[万亿]*"
MEASURE = (
    r"个工作日|个百分点|家|个|项|名|人次|人|户|处|座|所|条|套|台|辆|件|批次|批|场|场次|次|宗|本|部|篇|册|份|亩|公顷|平方公里|平方千米|平方米|立方米|公里|千米|米|吨标准煤|微克/立方米|毫克/升|元/平方米|公斤/亩|‰|工作日|"
    r"吨|千瓦时|千瓦|兆瓦|吉瓦|度|元|美元|倍|百分点|％|%|户次|村|支|对|组|类|种|间|张|床|张床位|升|天|小时|分钟|公斤|斤|只|头|羽|株|棵|"
    r"EFLOPS|EFlops|PFLOPS|PB|TB|GB|FLOPS|Gbps|"
    r"分"
)
NUMBER = r"\d{1,4}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
QUANTITY = re.compile(
    rf"(?P<before>不少于|不低于|不小于|至少|达到|达|超过|突破|超|不超过|不高于|不多于|控制在|降至|降到|低于|约|近|\+|≥|≤|>|<)?"
    rf"(?P<approx>约|近)?\s?(?P<number>{NUMBER})\s?(?P<unit>{SCALE}(?:{MEASURE})|[万亿]+(?![元人]))"
    rf"(?P<after>以上|以内|以下|左右)?"
)
MEASURE_SIGNS = "万亿家个项名人户处座所条套台辆件次亩公里米吨元倍%％"
DIGIT = re.compile(r"\d")
OPERATORS = {
    "不少于": ">=", "不低于": ">=", "不小于": ">=", "至少": ">=", "达到": ">=", "达": ">=", "≥": ">=",
    "超过": ">", "突破": ">", "超": ">", ">": ">",
    "不超过": "<=", "不高于": "<=", "不多于": "<=", "控制在": "<=", "降至": "<=", "降到": "<=", "≤": "<=",
    "低于": "<", "<": "<", "约": "~", "近": "~",
}  # fmt: skip
AFTER = {"以上": ">=", "以内": "<=", "以下": "<=", "左右": "~"}
# Verbs that bring an outcome about; without one before the number it only describes.
OUTCOME = re.compile(
    r"打造|培育|建成|建设|新建|改建|扩建|改造|新增|引进|引育|招引|招引|培养|选育|形成|实现|完成|达到|达|突破|超过|推出|推动制定|制定|制修订|发布|评选|评定|遴选|选树|"
    r"认定|创建|争创|举办|开展|组织|开放|支持|服务|覆盖|带动|吸引|落地|实施|布局|部署|发展|壮大|增长|提高|提升|提高到|提升到|增加|降低|下降|压减|减少|控制|保持|稳定|力争|"
    r"确保|每年|年均|新签|签约|开工|投产|投用|竣工|建立|设立|搭建|组建|布设|安装|更新|修复|治理|造林|绿化|清理|整治|化解|帮扶|培训|轮训|发现|征集|凝练|攻克|研发|转化|集聚|聚集|储备|发放|孵化|上市|入库|"
    r"申报|获批|编制|出台|总量|规模|产值|收入|增加值|投资|数量|总数|比重|占比|率|不少于|不低于|"
    r"盘活|消除|划设|恢复|补足|惠及|到位|压缩|压降|接通|铺设|种植|栽植|出栏|播种|收购|销售|开设|选派|选聘|招聘|招录|吸纳|安置|走访|巡查|巡河|抽查|检查|排查|整改|办结|"
    r"调解|演练|宣讲|演出|接待|创成|推广|参保|对接|拆除|硬化|疏浚|清淤|修建|加固|修缮|配备|配置|购置|投放|开通|解决|争取|补装|设置|通车|完工|至少"
)
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
DATED = re.compile(r"^.*?(?:(?:[年月]底|[日年月])前|20\d\d年底?前?|上半年|下半年|年内|全年|其中)")


def find_targets(text: str, *, start: int, end: int) -> tuple[Target, ...]:
    """Return the outcomes stated between two offsets."""
    if not DIGIT.search(text, start, end):
        return ()
    found = (_target(text, start, end, match) for match in QUANTITY.finditer(text, start, end))
    return tuple(t for t in found if t)


def _target(text: str, start: int, end: int, match: re.Match[str]) -> Target | None:
    sentence = max(start, *(text.rfind(mark, start, match.start()) + 1 for mark in "。；\n"))
    clause = max(sentence, *(text.rfind(mark, sentence, match.start()) + 1 for mark in "，,"))
    if PROBLEM.match(text, max(start, text.rfind("\n", start, match.start()) + 1)):
        return None
    words_before = text[max(clause, match.start() - 60) : match.start()]
    words_after = text[match.end() : min(end, match.end() + 30)]
    if not OUTCOME.search(words_before + (match.group("before") or "")) or _only_describes(
        text[max(sentence, match.start() - 120) : match.start()], words_before, match, words_after
    ):
        return None
    name = _name(words_before, words_after, match)
    value = Decimal(match.group("number").replace(",", ""))
    return Target(name, _operator(match), value, match.group("unit"), Span(match.start(), match.end()))


def _only_describes(sentence: str, before: str, match: re.Match[str], after: str) -> bool:
    """Tell whether a number is a rate, a ceiling, a threshold, a date or a label rather than an outcome."""
    whole = match.group()
    if sentence.endswith(("第", "“", "《", "〔", "—", "-", "/", "近")) or after.startswith(("/", "年", "级", "次方")):
        return True
    if match.group("after") and after.startswith("的"):
        return True
    if NOT_OUTCOME.search(before) or NOT_OUTCOME.search(after[:6]) or ELIGIBLE.match(after):
        return True
    return bool(MONEY.search(match.group("unit")) and NOT_OUTCOME.search(sentence + whole))


def _operator(match: re.Match[str]) -> str:
    after = match.group("after")
    before = match.group("before") or match.group("approx")
    if after and not (after == "以上" and before in ("超过", "突破", "超")):
        return AFTER[after]
    return OPERATORS.get(before or "", "=")


def _name(before: str, after: str, match: re.Match[str]) -> str:
    """Name the measured thing: the noun after the count (30家龙头企业), else the words before (营业收入超1万亿元)."""
    noun = re.split(r"[，。；、：（(和及]", after, maxsplit=1)[0].removeprefix("的").strip()
    if 2 <= len(noun) <= 30 and not match.group("unit").endswith(("元", "%", "％", "分点", "倍")):
        return noun
    words = re.split(r"[，。；：]", before)[-1]
    words = re.split(rf"\d[{MEASURE_SIGNS}]*(?:以上|以内|左右)?[、和及]", words)[-1]
    return DATED.sub("", DATED.sub("", words)).rstrip("到达为至在 ")[-24:] or noun[:30]
