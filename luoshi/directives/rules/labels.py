"""Words that announce who does what (牵头单位：, 【责任单位】, 完成时限：): on lines, in brackets, in tables."""

import re

from luoshi.directives.rules.brackets import depth_of

HOLDER = (
    r"(?:单位和部门|单位及部门|单位（部门）|单位|部门|处室|科室|股室|司局|主体|机构|组织"
    r"|地区|地方|县区|区县|局|委办|方)"
)
TIER = (
    r"(?:(?:省|市|县|区|州|镇|乡|国家|中央|本级|部|厅|院|校)(?:级|直|属|本级|内|有关)?"
    r"|整改|项目|工作|事项|属地|共同|行业|主要(?=[牵配协])|落实(?=[牵责配])|推进(?=[牵责配])|具体|直接|第[二三](?=责任))?"
)
ASIDE = r"(?:[（(/、][^（()）:：\n，。；、/]{1,8}[）)]?)?"
OTHERS = (
    r"(?:(?:和|及|与|、|/|或|暨)其?(?:主要)?(?:牵头|责任|配合|协同|协办|负责|完成|主管|承办)?"
    r"(?:单位|部门|负责人|责任人|人员|人|领导|时限))?"
)
LABELS = (
    ("lead", r"(?:总?牵头(?:主办|实施|推进|抓总)?(?:责任)?|主要(?:责任|负责|承办)|(?:第一|首要)责任|主办|主责|主牵头)"),
    (
        "verifier",
        r"(?:(?:跟踪)?督导(?:检查|督办)?|验收(?:销号)?|督办|督查(?:督办)?|督促(?:检查|落实)?|核查|监督(?:检查|指导)?|考核|复核|销号|审核)",
    ),
    ("guide", r"(?:(?:业务|行业|技术|工作|政策)?(?:指导|主管))"),
    (
        "co",
        r"(?:(?:其他|其它|协同|配合|次要|辅助)责任|(?:协同|参与|支持)?配合|协办|协同|参与|参加|协作|协助|支持|协同推进|会办|成员)",
    ),
    (
        "joint",
        r"(?:(?:整改|具体|主体|实施|完成|建设)?责任|负责|承办|落实|实施|承担|整改|任务|完成|执行|推进|建设|业主|主抓)",
    ),
)
PEOPLE = (
    r"(?:牵头|责任|分管|包抓|包案|包保|包联|挂点|挂联|挂钩|联系|领衔|主管|督办|挂牌|[省市县区镇乡](?:级|委|政府)?|单位|整改|项目|第一|直接|具体|唯一){0,4}"
    r"(?:领导(?:同志)?|责任人(?:员)?|负责人|负责同志|联系人|联络员|经办人|专班长|组长)"
)
DUE = (
    r"(?:计划|拟|预计|最终|整体)?(?:完成|整改|办理|办结|任务|工作|推进|落实|实施|反馈|报送|销号|竣工|进度)?"
    r"(?:时限|期限|时间节点|时间要求|时间进度|时间安排|完成时间|整改时间|完成日期|时间|日期|年限|节点)(?:要求|安排)?"
)
SCOPE = r"(?:适用范围|实施范围|备注|进度安排|完成情况|进展情况|整改情况|落实情况|联系电话|电话|联系方式|传真|邮箱|说明)"
WORDS = "|".join(
    [f"(?P<{role}>{TIER}{stem}{ASIDE}{HOLDER}{ASIDE}{OTHERS})" for role, stem in LABELS]
    + [f"(?P<people>{PEOPLE}{ASIDE}{OTHERS})", f"(?P<due>{DUE})", f"(?P<scope>{SCOPE})"]
)
SHORT = (
    r"(?P<short_lead>牵头|主办|主责|总牵头)|(?P<short_co>配合|协办|参与|协助)|(?P<short_guide>指导)"
    r"|(?P<short_verifier>督办|督导|验收)|(?P<short_joint>责任|负责|承办|落实)"
)
UNNAMED = re.sub(r"[?]P<[a-z]+>", "?:", WORDS)
COLON = r"[ \u3000*]{0,3}[:：∶︰]\**"
BOUNDARY = r"(?:^|(?<=[/／|｜，。；;、,\s）)】〕\]］*|局委办厅部院会府社司镇道处心]))"
LABEL = re.compile(
    rf"(?:{BOUNDARY}(?:{WORDS}|{SHORT}){COLON}|[【\[［〔](?P<boxed>{UNNAMED})[】\]］〕]\s?[:：]?"
    rf"|(?:(?<=\n)|^)[ \t\u3000]*(?P<alone>{UNNAMED})[ \t\u3000]*$)",
    re.MULTILINE,
)
LOOSE = re.compile(rf"(?:^|(?<=[，。；;,]))(?:{WORDS})(?:[ \u3000]+|为(?![了])|是)")
HEADING = re.compile(rf"(?:{WORDS}|{SHORT})(?:[（(].*)?")
WORD = re.compile(rf"(?:{WORDS})")
UNIT_ROLES = ("lead", "co", "joint", "guide", "verifier")
BOTH = re.compile(r"牵头.{0,4}[和及与、/].{0,2}(?:责任|配合)")


def label_role(found: re.Match[str]) -> str:
    """Return which part a label announces."""
    groups = found.groupdict()
    inner = groups.get("boxed") or groups.get("alone")
    if inner:
        again = WORD.fullmatch(inner)
        return label_role(again) if again else "scope"
    role = next((name for name, words in groups.items() if words), "scope").removeprefix("short_")
    return "joint" if role == "lead" and BOTH.search(found.group()) else role


def names_people(found: re.Match[str]) -> bool:
    """Tell whether a label announces persons beside units (责任单位及责任人)."""
    return bool(re.search(r"[和及与、/].{0,4}(?:人|领导)", found.group()))


def heading_role(words: str) -> str:
    """Return the part that a table heading announces, or nothing."""
    found = HEADING.fullmatch(words)
    return label_role(found) if found else ""


def outer_labels(text: str) -> list[re.Match[str]]:
    """Return the labels that stand outside nested brackets."""
    found, depth, reached = [], 0, 0
    for match in LABEL.finditer(text):
        depth = max(0, depth + depth_of(text[reached : match.start()]))
        reached = match.start()
        if not depth:
            found.append(match)
    return found
