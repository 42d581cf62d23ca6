"""Duties in running words: decisions of meetings, unmistakable sentences of plain papers, and what is no duty."""

import pytest

from luoshi.directives.rules import Proposal, read_directive

MINUTES = (
    "青禾县人民政府常务会议纪要\n〔2026〕第14期\n2026年8月18日\n出席：县长张某，县发改局局长王某。\n"
    "请假：县水利局赵某。\n一、关于抗旱\n"
)
PLAIN = "青禾县人民政府关于推进工作的意见\n青政发〔2026〕3号\n2026年2月27日\n一、重点任务\n"
SHORT = {"L": "lead", "C": "co", "J": "joint"}


def who(proposal: Proposal) -> str:
    found = ((letter, getattr(proposal, role)) for letter, role in SHORT.items())
    return " ".join(f"{letter}:" + "|".join(m.name for m in units) for letter, units in found if units)


def decisions(words: str) -> list[str]:
    return [who(p) for p in read_directive(f"{MINUTES}{words}\n").proposals]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("会议议定，由县发改局牵头，县财政局配合，于9月底前完成规划编制。", ["L:县发改局 C:县财政局"]),
        ("会议要求，县水利局要抓紧修复渠道，9月底前通水。", ["J:县水利局"]),
        ("责成县水利局限期整改到位。", ["J:县水利局"]),
        ("请县水利局抓紧修复渠道。", ["J:县水利局"]),
        (
            "会议明确：\n（一）县水利局负责渠道修复，8月底前完成。\n（二）县财政局负责落实资金200万元。",
            ["J:县水利局", "J:县财政局"],
        ),
        (
            "会议明确，县水利局、县农业农村局负责制定方案，县财政局做好资金保障。",
            ["C:县财政局 J:县水利局|县农业农村局"],
        ),
        ("县水利局要会同县财政局、县农业农村局，于9月15日前拿出方案。", ["L:县水利局 C:县财政局|县农业农村局"]),
        ("会议原则同意县水利局的方案，由县水利局修改完善后按程序印发。", ["J:县水利局"]),
        (
            "会议议定：1.由县住建局牵头负责改造，县财政局配合，12月底前完工。2.由县交通局负责道路修缮。",
            ["L:县住建局 C:县财政局", "J:县交通局"],
        ),
        (
            "一是由县住建局牵头改造，二是由县交通局负责道路修缮，三是县公安局要维护秩序。",
            ["L:县住建局", "J:县交通局", "J:县公安局"],
        ),
        ("所需资金由县财政局统筹解决。", ["J:县财政局"]),
        ("各乡镇要于9月10日前完成摸底。", ["J:各乡镇"]),
        ("柳河镇要落实属地责任，做好群众工作；县公安局要维护好现场秩序。", ["J:柳河镇", "J:县公安局"]),
        (
            "县住建局负责管网改造，县交通局负责路面恢复，县城管局负责垃圾清运。",
            ["J:县住建局", "J:县交通局", "J:县城管局"],
        ),
        ("修复渠道。（责任单位：县水利局）", ["J:县水利局"]),
    ],
)
def test_decision_of_a_meeting_names_who_must_act(words: str, expected: list[str]) -> None:
    found = decisions(words)
    assert [sorted(f.split(" ")) for f in found] == [sorted(e.split(" ")) for e in expected]


def test_decisions_numbered_as_items_are_read_with_their_dates() -> None:
    text = (
        "青禾县人民政府专题会议纪要\n2026年3月1日\n会议议定如下事项：\n一、由县发改局牵头，于3月底前完成可研批复。\n"
        "二、由县自然资源局负责用地报批，4月底前完成。\n三、请县财政局安排前期经费50万元。\n"
        "会议强调，各责任单位要通力合作。\n参会人员：张某（县发改局）、李某（县自然资源局）\n"
    )
    found = read_directive(text).proposals
    assert [(p.outline, who(p), str(p.due.date) if p.due else "") for p in found] == [
        ("一", "L:县发改局", "2026-03-31"),
        ("二", "J:县自然资源局", "2026-04-30"),
        ("三", "J:县财政局", ""),
    ]
    assert all("from_prose" in p.notes for p in found)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("由县发改局会同县财政局制定实施细则。", ["L:县发改局 C:县财政局"]),
        ("由县发改局牵头，6月底前出台配套办法。", ["L:县发改局"]),
        ("由县发改局会同有关部门适时开展评估。", []),
        ("由各有关部门牵头，6月底前完成。", []),
        ("县财政局要加强资金保障，县审计局要加强审计监督。", []),
    ],
)
def test_plain_paper_without_notes_gives_only_unmistakable_sentences_and_never_as_sure(
    words: str, expected: list[str]
) -> None:
    found = read_directive(f"{PLAIN}（一）{words}\n").proposals
    assert [who(p) for p in found] == expected
    assert not any(p.sure for p in found)
    assert all("from_prose" in p.notes for p in found)


def test_paper_that_uses_notes_is_read_only_for_items_that_charge_someone_outright() -> None:
    text = (
        f"{PLAIN}（一）做好甲事。（县科技局负责）\n（二）推进乙事。由县发改局会同县财政局制定实施细则，6月底前印发。\n"
        "（三）加强丙事。丙事涉及面广，遇有困难由县发改局会同县财政局研究。\n"
    )
    found = read_directive(text).proposals
    assert [who(p) for p in found] == ["J:县科技局", "L:县发改局 C:县财政局"]
    assert found[1].text.startswith("推进乙事")
    assert found[1].title == "推进乙事"


def test_habit_of_charging_one_unit_in_plain_words_is_followed() -> None:
    rows = "\n".join(f"（{n}）关于“{w}事”的问题，由县{w}局负责落实。" for n, w in zip("一二三", "甲乙丙", strict=True))
    assert [who(p) for p in read_directive(f"{PLAIN}{rows}\n").proposals] == ["J:县甲局", "J:县乙局", "J:县丙局"]
    assert not read_directive(f"{PLAIN}{rows.splitlines()[0]}\n").proposals


def test_several_units_charged_separately_are_joint() -> None:
    words = "关于“建立目标价格制度”的问题，由县发改局、县财政局、县农业农村局分别负责落实。"
    assert [who(p) for p in read_directive(f"{PLAIN}（一）{words}\n").proposals] == ["J:县发改局|县财政局|县农业农村局"]


NO_DUTIES = [
    "当前，我县工业经济运行总体平稳，县经信局牵头开展的技改行动取得积极成效，但仍存在县级配套不足等问题。",
    "2025年，在县委、县政府坚强领导下，县教育局牵头实施了校舍改造项目，县财政局积极配合，完成投资2.3亿元。",
    "要建立健全党委领导、政府负责、部门协同、社会参与的工作机制。",
    "各级党组织要切实履行主体责任，主要负责同志亲自抓、分管负责同志具体抓。",
    "坚持谁主管谁负责、谁审批谁监管，压实各方责任。",
    "县级以上人民政府教育行政部门负责本行政区域内的教育督导工作。",
    "支持龙头企业牵头组建创新联合体，承担国家重大科技项目。",
    "鼓励金融机构、担保公司与企业开展合作，由保险公司负责理赔。",
    "各单位要加强组织领导，明确责任分工，细化工作措施，确保各项任务落到实处。",
    "该项目由市城投集团承建，总投资3.2亿元，已于去年开工。",
    "成立由县长任组长、分管副县长任副组长的领导小组，领导小组办公室设在县发改局。",
    "对工作不力、进展缓慢的单位，由县纪委监委严肃追责问责。",
    "本办法由县财政局负责解释。",
    "本意见自印发之日起施行，由县发展改革局负责解释。",
    "存在的主要问题：县水利局、县农业农村局工作衔接不够紧密，责任单位不明确。",
    "（联系单位：县发改局；联系电话：12345678）",
    "（信息来源：县统计局）",
    "企业应当落实安全生产主体责任，主要负责人对本单位安全生产工作全面负责。",
    "行业协会、商会等社会组织要发挥桥梁纽带作用，积极参与标准制定。",
    "（详见县教育局官方网站）",
    "近年来，省委、省政府高度重视，省发展改革委会同省财政厅先后出台多项政策。",
    "学校负责学生在校期间的安全管理，家长负责学生上下学途中的安全。",
    "建立县发改局牵头、县财政局等部门参与的联席会议制度。",
    "落实“河长+检察长+警长”协作机制，完善县、乡、村三级河长体系。",
    "会议指出，今年以来，县水利局牵头开展了三次排查，取得了明显成效。",
    "会议听取了县水利局关于抗旱工作的汇报。会议认为，全县水利工作有了新进步。",
]


@pytest.mark.parametrize("words", NO_DUTIES)
@pytest.mark.parametrize("before", ["minutes", "noted", "plain"])
def test_background_praise_principles_and_standing_rules_are_no_duties(words: str, before: str) -> None:
    noted = f"{PLAIN}（一）做好甲事。（县科技局负责）\n（二）"
    head = {"minutes": MINUTES, "noted": noted, "plain": f"{PLAIN}（一）"}[before]
    found = [who(p) for p in read_directive(f"{head}{words}\n").proposals]
    assert found == (["J:县科技局"] if before == "noted" else [])


# 第X条 of a regulation says what a department is always there for; a person finds it among the uncovered clauses.
@pytest.mark.parametrize("head", [MINUTES, PLAIN])
def test_article_of_a_regulation_is_a_standing_responsibility(head: str) -> None:
    text = f"{head}第三条 县住房和城乡建设局会同县财政局负责全县物业管理活动的监督管理工作。\n"
    assert read_directive(text).proposals == ()


@pytest.mark.parametrize(
    "words", ["省统计局，2025年3月", "见县教育局网站", "以下简称县水利局", "含县城投集团", "县发改局局长张某"]
)
def test_other_brackets_at_the_end_of_a_sentence_are_no_notes(words: str) -> None:
    text = f"{PLAIN}（一）全县增长5%。（{words}）\n"
    assert read_directive(text).proposals == ()


def test_paper_whose_brackets_hold_units_alone_is_read_by_them() -> None:
    notes = ("（市经济信息化委、市科委）", "（市教委）", "（各区政府、市财政局）")
    text = PLAIN + "".join(f"（{n}）做好事项。{note}\n" for n, note in zip("一二三", notes, strict=True))
    assert [who(p) for p in read_directive(text).proposals] == [
        "J:市经济信息化委|市科委",
        "J:市教委",
        "J:各区政府|市财政局",
    ]
    assert read_directive(f"{PLAIN}（一）做好事项。{notes[0]}\n").proposals == ()


def test_items_that_all_end_in_a_unit_are_read_by_it_and_a_lone_one_is_not() -> None:
    items = ("改造危房2000户（住建局）。", "新建学校3所（教育局）", "修路100公里（交通局）；", "其他（教育局、财政局）")
    text = PLAIN + "".join(f"{n}.{item}\n" for n, item in enumerate(items, start=1))
    assert [who(p) for p in read_directive(text).proposals] == ["J:住建局", "J:教育局", "J:交通局", "J:教育局|财政局"]
    assert read_directive(f"{PLAIN}1.{items[0]}\n2.做好其他工作。\n").proposals == ()
