"""The handbook's patterns 1–36 of who carries a duty, in realistic sentences, in every bracket and place."""

import pytest

from luoshi.directives.rules import Proposal, Reading, UnitFact, UnitIndex, match_name, read_directive

HEAD = "青禾县人民政府关于印发工作方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、重点任务\n"
BODIES = (
    "深化审批制度改革，推行“一网通办”，年内实现高频事项全程网办。",
    "1.新建改建农村公路120公里，完成危桥改造12座。",
    "加大财政投入，优先保障民生支出；完善监督机制，防止挤占挪用。",
)
BRACKETS = ("（）", "()", "〔〕", "[]", "［］", "【】")
SHORT = {"L": "lead", "C": "co", "J": "joint", "G": "guide", "V": "verifier", "I": "implied"}

# The pattern’s number, the note, who is read in which part. J (joint) is 责任 without a lead: none is invented.
PATTERNS = [
    ("1", "国务院各部门分别负责，年内持续推进", "J:国务院各部门"),
    ("1b", "各县（市、区）分别负责", "J:各县（市、区）"),
    ("2", "商务部负责", "J:商务部"),
    ("2b", "由县教育局负责", "J:县教育局"),
    ("3", "科技部、财政部负责", "J:科技部|财政部"),
    ("3b", "科技部和财政部负责", "J:科技部|财政部"),
    ("4", "工业和信息化部、公安部、应急管理部按职责分工负责", "J:工业和信息化部|公安部|应急管理部"),
    ("4b", "县住房和城乡建设局、县文化和旅游局按照各自职责分工负责", "J:县住房和城乡建设局|县文化和旅游局"),
    ("4c", "县公安局、县司法局依职责落实", "J:县公安局|县司法局"),
    ("5", "国家发展改革委、财政部、市场监管总局等按职责分工负责", "J:国家发展改革委|财政部|市场监管总局"),
    ("5b", "县农业农村局、县林业局等相关部门负责", "J:县农业农村局|县林业局"),
    ("6", "生态环境部、国家发展改革委、科技部等14部门按职责分工负责", "J:生态环境部|国家发展改革委|科技部"),
    ("6b", "责任单位：县委宣传部等14家单位", "J:县委宣传部"),
    ("6c", "县教育局、县民政局等十二个部门按职责分工负责", "J:县教育局|县民政局"),
    ("7", "主要由发展改革委、财政部等部门牵头负责", "L:发展改革委|财政部"),
    ("8", "省工业和信息化厅牵头", "L:省工业和信息化厅"),
    ("8b", "县发改局总牵头", "L:县发改局"),
    ("8c", "县发改局主责", "L:县发改局"),
    ("9", "省工业和信息化厅、广电局牵头", "L:省工业和信息化厅|广电局"),
    ("9b", "县发改局、财政局共同牵头", "L:县发改局|财政局"),
    ("10", "省科技厅牵头，省财政厅、税务局按职责分工负责", "L:省科技厅 C:省财政厅|税务局"),
    ("10b", "县科技局牵头，县财政局配合，6月底前完成", "L:县科技局 C:县财政局"),
    ("10c", "县科技局牵头；县财政局、县审计局参与", "L:县科技局 C:县财政局|县审计局"),
    ("10d", "县科技局主办，县财政局协办", "L:县科技局 C:县财政局"),
    ("11", "省科技厅牵头，省财政厅等单位按职责分工负责", "L:省科技厅 C:省财政厅"),
    ("12", "省科技厅牵头，各有关单位按职责分工负责", "L:省科技厅 C:各有关单位"),
    ("13", "省科技厅牵头，省各有关单位按职责分工负责", "L:省科技厅 C:省各有关单位"),
    (
        "14",
        "省科技厅、省财政厅按职责分工负责，各地级以上市人民政府结合实际落实",
        "J:省科技厅|省财政厅|各地级以上市人民政府",
    ),
    ("14b", "县教育局牵头，各乡镇（街道）结合实际抓好落实", "L:县教育局 C:各乡镇（街道）"),
    (
        "15",
        "人民银行某省分行牵头，省委金融办，某省金融监管局、某省证监局按职责分工负责",
        "L:人民银行某省分行 C:省委金融办|某省金融监管局|某省证监局",
    ),
    ("16", "牵头单位：省科技厅；责任单位：省财政厅、省教育厅", "L:省科技厅 C:省财政厅|省教育厅"),
    ("16b", "省级牵头单位：省科技厅；省级责任单位：省财政厅", "L:省科技厅 C:省财政厅"),
    ("16c", "牵头（责任）单位：县科技局；配合单位：县财政局", "L:县科技局 C:县财政局"),
    ("16d", "牵头部门:县科技局 责任部门:县财政局 县教育局", "L:县科技局 C:县财政局|县教育局"),
    ("16e", "责任单位：县发改局（牵头）、县财政局、县水利局", "L:县发改局 C:县财政局|县水利局"),
    ("16f", "县发改局（牵头）、县财政局、县水利局", "L:县发改局 C:县财政局|县水利局"),
    ("16g", "责任单位：县发改局牵头，县财政局、县水利局配合", "L:县发改局 C:县财政局|县水利局"),
    ("16h", "牵头单位：县发改局，县财政局、县水利局配合", "L:县发改局 C:县财政局|县水利局"),
    (
        "17",
        "牵头单位：区发改局，责任单位：区政府有关部门，各街道（功能区）",
        "L:区发改局 C:区政府有关部门|各街道（功能区）",
    ),
    (
        "18",
        "牵头单位：区科技局、区财政局、区教育局；责任单位：区政府有关部门",
        "L:区科技局|区财政局|区教育局 C:区政府有关部门",
    ),
    ("19", "牵头单位：区科技局；责任单位：区司法局等有关部门", "L:区科技局 C:区司法局"),
    ("20", "牵头单位：省科技厅；配合单位：省财政厅及省直有关部门", "L:省科技厅 C:省财政厅|省直有关部门"),
    (
        "21",
        "市发展改革委、市优化营商环境领导小组办公室牵头，市级各有关部门及各县市区政府按职责分工负责",
        "L:市发展改革委|市优化营商环境领导小组办公室 C:市级各有关部门|各县市区政府",
    ),
    ("21b", "县防汛抗旱指挥部办公室、县重点项目专班牵头", "L:县防汛抗旱指挥部办公室|县重点项目专班"),
    (
        "22",
        "责任单位：市直各有关单位、各县（市、区）人民政府、各开发区管委会",
        "J:市直各有关单位|各县（市、区）人民政府|各开发区管委会",
    ),
    (
        "23",
        "牵头单位：区发改局；责任单位：经济开发区，全区经济运行各专班",
        "L:区发改局 C:经济开发区|全区经济运行各专班",
    ),
    ("24", "责任单位：各街道、区直各部门", "J:各街道|区直各部门"),
    ("25", "牵头领导：张某；牵头单位：县发改局；配合单位：县财政局", "L:县发改局 C:县财政局"),
    ("26", "主要责任单位：县教育局；其他责任单位：县财政局", "L:县教育局 C:县财政局"),
    ("26b", "第一责任单位：县教育局；其它责任单位：县财政局", "L:县教育局 C:县财政局"),
    ("27", "主办单位：县教育局；协办单位：县财政局", "L:县教育局 C:县财政局"),
    ("28", "责任单位：县教育局、县财政局。列第一位的责任单位为牵头单位或汇总单位", "L:县教育局 C:县财政局"),
    ("29", "责任单位：县教育局；督导单位：县政府督查室", "J:县教育局 V:县政府督查室"),
    ("29b", "责任单位：县教育局；验收单位：县住建局；业务指导单位：县应急局", "J:县教育局 G:县应急局 V:县住建局"),
    ("30", "由国家发展改革委会同财政部、商务部负责", "L:国家发展改革委 C:财政部|商务部"),
    ("30b", "县发改局会同县财政局研究制定", "L:县发改局 C:县财政局"),
    ("30c", "国家发展改革委会同有关方面负责", "L:国家发展改革委 C:有关方面"),
    # 商 and 征求意见 ask to be heard, not to act: no part of facts says so, so they are co-units with a remark.
    ("31", "发展改革委商财政部负责", "L:发展改革委 C:财政部"),
    ("31b", "由县教育局商县财政局研究提出", "L:县教育局 C:县财政局"),
    ("31c", "县教育局牵头，征求县司法局意见", "L:县教育局 C:县司法局"),
    ("32", "各省（区、市）人民政府负责", "J:各省（区、市）人民政府"),
    ("32b", "各省、自治区、直辖市人民政府和国务院有关部门负责", "J:各省、自治区、直辖市人民政府|国务院有关部门"),
    ("34", "分别由县教育局、县财政局牵头", "L:县教育局|县财政局"),
    ("34b", "县教育局、县财政局分别负责", "J:县教育局|县财政局"),
    ("35", "各级党委（党组）负责", "J:各级党委（党组）"),
    ("35b", "各级党委、政府负责", "J:各级党委、政府"),
    ("36", "谁主管谁负责、谁主办谁负责", ""),
    ("36b", "按照“谁审批、谁监管，谁主管、谁监管”的原则落实", ""),
]


def who(proposal: Proposal) -> str:
    found = ((letter, getattr(proposal, role)) for letter, role in SHORT.items())
    return " ".join(f"{letter}:" + "|".join(m.name for m in units) for letter, units in found if units)


def read(text: str) -> Reading:
    return read_directive(f"{HEAD}{text}\n")


def same(found: str, expected: str) -> bool:
    """Brackets inside a name stay as written."""
    return found.translate(str.maketrans("()〔〕", "（）（）")) == expected.translate(
        str.maketrans("()〔〕", "（）（）")
    )


@pytest.mark.parametrize(("number", "note", "expected"), PATTERNS, ids=[p[0] for p in PATTERNS])
@pytest.mark.parametrize("kind", BRACKETS)
def test_pattern_reads_alike_in_every_bracket(number: str, note: str, expected: str, kind: str) -> None:
    for body in BODIES:
        found = [who(p) for p in read(f"（一）{body}{kind[0]}{note}{kind[1]}").proposals]
        assert len(found) == bool(expected), number
        assert all(same(f, expected) for f in found), (number, found)


@pytest.mark.parametrize(("number", "note", "expected"), PATTERNS, ids=[p[0] for p in PATTERNS])
@pytest.mark.parametrize(
    "place",
    [
        "（一）{body}（{note}）随后开展评估。",
        "{body}（{note}）",
        "（一）加快建设\n{body}（{note}）\n同时做好宣传引导。",
        "（一）{body}\n（{note}）",
        "（一）推进项目建设（{note}）。",
    ],
    ids=["middle", "unnumbered", "under a heading", "own line", "before the stop"],
)
def test_pattern_reads_alike_in_every_place(number: str, note: str, expected: str, place: str) -> None:
    found = [who(p) for p in read(place.format(body=BODIES[0], note=note)).proposals]
    assert found == ([expected] if expected else []), number


LABELLED = [p for p in PATTERNS if p[1].count("：") and "（" not in p[1] and "列第一位" not in p[1]]


@pytest.mark.parametrize(("number", "note", "expected"), LABELLED, ids=[p[0] for p in LABELLED])
@pytest.mark.parametrize(
    "form",
    [
        lambda note: "\n" + note.replace("；", "\n").replace("，责任", "\n责任"),
        lambda note: note + "。",
        lambda note: "\n" + "\n".join(reversed(note.replace("，责任", "；责任").split("；"))),
        lambda note: "\n" + "".join(f"【{f.replace('：', '】')}" for f in note.replace("，责任", "；责任").split("；")),
        lambda note: "\n" + note.replace("，责任", "；责任").replace("；", "\n").replace("：", "\n"),
        lambda note: (
            "\n" + "\n".join(f"**{f.replace('：', '：**')}" for f in note.replace("，责任", "；责任").split("；"))
        ),
    ],
    ids=["lines", "one line", "any order", "boxed", "label alone", "bold"],
)
def test_labels_read_alike_on_lines_of_their_own(number: str, note: str, expected: str, form: object) -> None:
    assert callable(form)
    found = [who(p) for p in read(f"（一）{BODIES[0]}{form(note)}\n").proposals]
    assert found == [expected], number


def test_pattern_23_lead_and_teams_on_their_own_lines() -> None:
    (found,) = read("1.做大工业总量。\n牵头单位:区发改局\n责任单位：经济开发区，全区经济运行各专班").proposals
    assert who(found) == "L:区发改局 C:经济开发区|全区经济运行各专班"


def test_pattern_25_keeps_the_sponsor_as_a_person() -> None:
    (found,) = read("1.做大工业总量。\n牵头领导：张某\n牵头单位：县发改局\n配合单位：县财政局").proposals
    assert (who(found), found.people) == ("L:县发改局 C:县财政局", ("张某",))


@pytest.mark.parametrize(
    ("note", "people"),
    [
        ("责任单位：县水利局局长王某、县财政局局长李某", ("县水利局局长王某", "县财政局局长李某")),
        ("责任单位：县水利局、县财政局；责任人：县水利局局长王某", ("县水利局局长王某",)),
        ("责任单位及责任人：县水利局 王某；配合单位：县财政局", ("王某",)),
    ],
)
def test_persons_named_with_their_posts_are_kept_beside_their_units(note: str, people: tuple[str, ...]) -> None:
    (found,) = read(f"1.疏浚渠道。（{note}）").proposals
    assert found.people == people
    assert {m.name for m in found.joint + found.co} == {"县水利局", "县财政局"}


@pytest.mark.parametrize(
    "rule",
    [
        "列第一位的为牵头单位，下同",
        "列第一位者为牵头单位，下同",
        "排在首位的责任单位为牵头单位",
        "牵头单位列首位",
        "排第一的为牵头单位，下同",
        "首个单位为牵头单位，下同",
        "第一个责任单位为牵头或汇总单位",
        "位列第一的单位为牵头单位，以下同",
        "排名第一的单位负总责",
        "首位为牵头单位",
        "排在第一位的，为牵头单位",
        "列在前面的为牵头单位，其余为配合单位",
        "第一位为主责单位",
    ],
)
@pytest.mark.parametrize("place", ["note", "section", "foot"])
def test_pattern_28_holds_for_the_whole_paper_in_any_wording(rule: str, place: str) -> None:
    inside = dict.fromkeys(("note", "section", "foot"), "") | {place: rule}
    text = (
        f"二、任务清单{'（' + inside['section'] + '）' if inside['section'] else ''}\n"
        f"（一）甲事项。（责任单位：县教育局、县财政局{'，' + inside['note'] if inside['note'] else ''}）\n"
        f"（二）乙事项。（责任单位：县水利局、县林业局）\n{'注：' + inside['foot'] if inside['foot'] else ''}\n"
    )
    assert [who(p) for p in read(text).proposals] == ["L:县教育局 C:县财政局", "L:县水利局 C:县林业局"]


@pytest.mark.parametrize(
    ("rule", "note", "expected"),
    [
        (
            "逗号前为牵头单位，下同",
            "责任单位：县教育局、县人社局，县财政局、县水利局",
            "L:县教育局|县人社局 C:县财政局|县水利局",
        ),
        ("分号前为牵头单位，分号后为配合单位", "县教育局；县财政局、县水利局", "L:县教育局 C:县财政局|县水利局"),
        ("标★的为牵头单位", "责任单位：县教育局、★县财政局、县水利局", "L:县财政局 C:县教育局|县水利局"),
        ("带*号的为牵头单位", "县教育局*、县财政局、县水利局", "L:县教育局 C:县财政局|县水利局"),
    ],
)
def test_signs_that_the_paper_explains_make_leads(rule: str, note: str, expected: str) -> None:
    assert [who(p) for p in read(f"（一）甲事项。（{note}。{rule}）").proposals] == [expected]
    assert [
        who(p) for p in read(f"（一）甲事项。（{note}）\n（二）乙事项。（县审计局负责）\n注：{rule}。").proposals
    ] == [
        expected,
        "J:县审计局",
    ]


@pytest.mark.parametrize("words", ["建设全国首个由企业牵头的创新中心", "工业增速位居全省第一，由县经信局牵头巩固"])
def test_words_about_first_places_are_no_rule_for_leads(words: str) -> None:
    found = read(f"（一）{words}。（责任单位：县教育局、县财政局）").proposals
    assert [who(p) for p in found] == ["J:县教育局|县财政局"]


@pytest.mark.parametrize(
    ("where", "rule", "expected"),
    [
        ("later", "以下均需地方人民政府负责，不再列出", [False, True]),
        ("later", "以下各项任务均需地方人民政府落实，不再逐一列出", [False, True]),
        ("later", "地方人民政府均为责任单位，以下不再列出", [False, True]),
        ("foot", "以上任务均需地方人民政府落实，不再逐一列出", [True, True]),
        ("foot", "上述各项均由地方人民政府按职责落实，不再一一列明", [True, True]),
        ("foot", "各项任务均需地方人民政府落实，不再单独列出", [True, True]),
        ("top", "各项任务均需地方人民政府配合，不再列出", [True, True]),
    ],
)
def test_pattern_33_reaches_as_far_as_it_says(where: str, rule: str, expected: list[bool]) -> None:
    top, later, foot = (f"（{rule}）\n" if where == place else "" for place in ("top", "later", "foot"))
    text = f"{top}（一）甲事项。（教育部负责）{later}\n（二）乙事项。（科技部负责）\n{foot}"
    found = [[m.name for m in p.implied] for p in read(text).proposals]
    assert found == [["地方人民政府"] if yes else [] for yes in expected]


@pytest.mark.parametrize(
    "note", ["（责任单位：县教育局、县财政局", " 责任单位：县教育局、县财政局）", "（责任单位：县教育局、县财政局〕"]
)
def test_bracket_that_a_copy_lost_hides_no_duty(note: str) -> None:
    found = read(f"（一）甲事项。{note}\n（二）乙事项。（责任单位：县水利局）").proposals
    assert [who(p) for p in found] == ["J:县教育局|县财政局", "J:县水利局"]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("省教育厅负责推进，省财政厅负责资金保障，各市政府负责组织实施", "J:省教育厅|省财政厅|各市政府"),
        ("省教育厅牵头推进；省财政厅做好资金保障", "L:省教育厅 C:省财政厅"),
        ("责任单位：①省教育厅；②省财政厅", "J:省教育厅|省财政厅"),
        ("责任单位：1.省教育厅 2.省财政厅", "J:省教育厅|省财政厅"),
        ("县教育、财政、人社等部门按职责分工负责", "J:县教育|财政|人社"),
        (
            "县农业农村和水利局、县住房和城乡建设局以及县人力资源和社会保障局负责",
            "J:县农业农村和水利局|县住房和城乡建设局|县人力资源和社会保障局",
        ),
        ("县城投集团、县水务有限公司、国网青禾县供电公司负责", "J:县城投集团|县水务有限公司|国网青禾县供电公司"),
        ("县人民法院、县人民检察院、青禾一中、县人民医院负责", "J:县人民法院|县人民检察院|青禾一中|县人民医院"),
        ("县政协办公室、各村（社区）党组织负责", "J:县政协办公室|各村（社区）党组织"),
        ("各市（含定州、辛集市，下同）政府、雄安新区管委会负责", "J:各市（含定州、辛集市，下同）政府|雄安新区管委会"),
    ],
)
def test_names_and_parts_of_every_shape_are_told_apart(note: str, expected: str) -> None:
    assert [who(p) for p in read(f"（一）甲事项。（{note}）").proposals] == [expected]


def test_rule_for_later_items_does_not_reach_its_own() -> None:
    text = "（一）甲事项。（教育部负责。以下均需地方人民政府负责，不再列出）\n（二）乙事项。（科技部负责）"
    assert [who(p) for p in read(text).proposals] == ["J:教育部", "J:科技部 I:地方人民政府"]


@pytest.mark.parametrize("number", ["5", "5b", "6", "6b", "6c", "7", "11", "19"])
def test_list_that_ends_in_deng_stays_open(number: str) -> None:
    note = next(p[1] for p in PATTERNS if p[0] == number)
    (found,) = read(f"（一）甲事项。（{note}）").proposals
    assert found.open_list
    assert "open_list" in found.notes


@pytest.mark.parametrize(
    ("note", "open_list", "flagged"),
    [
        ("县教育局、县财政局等2部门负责", False, False),
        ("责任单位：县教育局、县财政局等两家单位", False, False),
        ("县教育局、县财政局、县水利局等2个部门负责", True, True),
        ("县教育局等14个部门负责", True, False),
    ],
)
def test_declared_count_is_a_checksum(note: str, open_list: bool, flagged: bool) -> None:
    (found,) = read(f"（一）甲事项。（{note}）").proposals
    assert (found.open_list, "count_mismatch" in found.notes) == (open_list, flagged)


@pytest.mark.parametrize(
    ("number", "selectors"),
    [
        ("1", ["level=department"]),
        ("12", [None, "level=department"]),
        ("14", [None, None, "level=city"]),
        ("21", [None, "level=department", "level=county"]),
        ("22", ["level=department", "level=county", None]),
        ("24", ["level=township;ending=街道", "level=department"]),
        ("32", ["level=province"]),
        ("32b", ["level=province", "level=department"]),
        ("35", [None]),
        ("35b", ["level=city,county,township"]),
    ],
)
def test_collectives_are_stored_as_selectors(number: str, selectors: list[str | None]) -> None:
    index = UnitIndex.build([UnitFact(1, "青禾县人民政府", "青禾县", (), "county", "", None, "00000001")])
    note = next(p[1] for p in PATTERNS if p[0] == number)
    (found,) = read(f"（一）甲事项。（{note}）").proposals
    named = [m for m in (*found.lead, *found.joint, *found.co) if m.selector or number not in ("12", "14", "21")]
    matched = [match_name(m.name, index=index, scope_path="00000001").selector for m in named]
    assert matched == [s for s in selectors if s or number not in ("12", "14", "21")]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("3", "lead_to_confirm"),
        ("2", "sole_unit"),
        ("34b", "each_separately"),
        ("1", "each_separately"),
        ("14", "adapt_locally"),
        ("31", "consult_only"),
        ("31c", "consult_only"),
    ],
)
def test_pattern_tells_the_reader_what_to_look_at(number: str, code: str) -> None:
    note = next(p[1] for p in PATTERNS if p[0] == number)
    (found,) = read(f"（一）甲事项。（{note}）").proposals
    assert code in found.notes
