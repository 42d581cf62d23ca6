"""How a duty note is read, phrase by phrase: who leads, who joins, who only guides."""

import pytest

from luoshi.directives.rules import Proposal, Reading, read_directive

HEAD = "青禾县人民政府关于印发工作方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、重点任务\n"


def read(note: str, *, body: str = "推进改革任务。") -> Reading:
    return read_directive(f"{HEAD}（一）{body}{note}\n")


def parts(proposal: Proposal) -> dict[str, list[str]]:
    roles = ("lead", "co", "joint", "guide", "verifier")
    return {role: [m.name for m in getattr(proposal, role)] for role in roles if getattr(proposal, role)}


PHRASES = [
    ("1", "（国务院各部门分别负责，年内持续推进）", {"joint": ["国务院各部门"]}),
    ("2", "（商务部负责）", {"joint": ["商务部"]}),
    ("3", "（科技部、财政部负责）", {"joint": ["科技部", "财政部"]}),
    (
        "4",
        "（工业和信息化部、公安部、应急管理部按职责分工负责）",
        {"joint": ["工业和信息化部", "公安部", "应急管理部"]},
    ),
    ("5", "（国家发展改革委、市场监管总局等按职责分工负责）", {"joint": ["国家发展改革委", "市场监管总局"]}),
    ("6", "（生态环境部、科技部等14部门按职责分工负责）", {"joint": ["生态环境部", "科技部"]}),
    ("7", "（主要由发展改革委、财政部等部门牵头负责）", {"lead": ["发展改革委", "财政部"]}),
    ("8", "（省工业和信息化厅牵头）", {"lead": ["省工业和信息化厅"]}),
    ("9", "（省工业和信息化厅、广电局牵头）", {"lead": ["省工业和信息化厅", "广电局"]}),
    ("10", "（省科技厅牵头，省财政厅按职责分工负责）", {"lead": ["省科技厅"], "co": ["省财政厅"]}),
    ("11", "（省科技厅牵头，省财政厅等单位按职责分工负责）", {"lead": ["省科技厅"], "co": ["省财政厅"]}),
    ("12", "（省科技厅牵头，各有关单位按职责分工负责）", {"lead": ["省科技厅"], "co": ["各有关单位"]}),
    ("13", "（省科技厅牵头，省各有关单位按职责分工负责）", {"lead": ["省科技厅"], "co": ["省各有关单位"]}),
    (
        "14",
        "（省科技厅、省财政厅按职责分工负责，各地级以上市人民政府结合实际落实）",
        {"joint": ["省科技厅", "省财政厅", "各地级以上市人民政府"]},
    ),
    (
        "15",
        "（人民银行某省分行牵头，省委金融办，某省金融监管局、某省证监局按职责分工负责）",
        {"lead": ["人民银行某省分行"], "co": ["省委金融办", "某省金融监管局", "某省证监局"]},
    ),
    (
        "16",
        "（牵头单位：省科技厅；责任单位：省财政厅、省教育厅）",
        {"lead": ["省科技厅"], "co": ["省财政厅", "省教育厅"]},
    ),
    (
        "17",
        "〔牵头单位：区发改局，责任单位：区政府有关部门，各街道（功能区）〕",
        {"lead": ["区发改局"], "co": ["区政府有关部门", "各街道（功能区）"]},
    ),
    (
        "18",
        "（牵头单位：区科技局、区财政局、区教育局；责任单位：区政府有关部门）",
        {"lead": ["区科技局", "区财政局", "区教育局"], "co": ["区政府有关部门"]},
    ),
    ("19", "（牵头单位：区科技局；责任单位：区司法局等有关部门）", {"lead": ["区科技局"], "co": ["区司法局"]}),
    (
        "20",
        "（牵头单位：省科技厅；配合单位：省财政厅及省直有关部门）",
        {"lead": ["省科技厅"], "co": ["省财政厅", "省直有关部门"]},
    ),
    (
        "21",
        "（市发展改革委、市优化营商环境领导小组办公室牵头，市级各有关部门及各县市区政府按职责分工负责）",
        {"lead": ["市发展改革委", "市优化营商环境领导小组办公室"], "co": ["市级各有关部门", "各县市区政府"]},
    ),
    (
        "22",
        "（责任单位：市直各有关单位、各县（市、区）人民政府、各开发区管委会）",
        {"joint": ["市直各有关单位", "各县（市、区）人民政府", "各开发区管委会"]},
    ),
    (
        "23",
        "\n牵头单位：区发改局\n责任单位：经济开发区，全区经济运行各专班",
        {"lead": ["区发改局"], "co": ["经济开发区", "全区经济运行各专班"]},
    ),
    ("24", "\n责任单位：各街道、区直各部门", {"joint": ["各街道", "区直各部门"]}),
    (
        "25",
        "\n牵头领导：张某\n牵头单位：县发改局\n配合单位：县财政局、县水利局",
        {"lead": ["县发改局"], "co": ["县财政局", "县水利局"]},
    ),
    ("26", "（主要责任单位：县教育局；其他责任单位：县财政局）", {"lead": ["县教育局"], "co": ["县财政局"]}),
    ("27", "（主办单位：县教育局；协办单位：县财政局）", {"lead": ["县教育局"], "co": ["县财政局"]}),
    (
        "28",
        "（责任单位：县教育局、县财政局。列第一位的责任单位为牵头单位或汇总单位）",
        {"lead": ["县教育局"], "co": ["县财政局"]},
    ),
    ("29", "（责任单位：县教育局；督导单位：县政府督查室）", {"joint": ["县教育局"], "verifier": ["县政府督查室"]}),
    ("30", "（由国家发展改革委会同财政部、商务部负责）", {"lead": ["国家发展改革委"], "co": ["财政部", "商务部"]}),
    ("30b", "（国家发展改革委会同有关部门负责）", {"lead": ["国家发展改革委"], "co": ["有关部门"]}),
    ("31", "（发展改革委商财政部负责）", {"lead": ["发展改革委"], "co": ["财政部"]}),
    ("32", "（各省（区、市）人民政府负责）", {"joint": ["各省（区、市）人民政府"]}),
    ("34", "（分别由县教育局、县财政局牵头）", {"lead": ["县教育局", "县财政局"]}),
    ("35", "（各级党委（党组）负责）", {"joint": ["各级党委（党组）"]}),
    ("guide", "（各乡镇负责，县农业农村局指导）", {"joint": ["各乡镇"], "guide": ["县农业农村局"]}),
    (
        "two names",
        "（县市场监管局（县知识产权局）牵头，县公安局配合）",
        {"lead": ["县市场监管局（县知识产权局）"], "co": ["县公安局"]},
    ),
    (
        "names with and",
        "（文化和旅游部、粮食和储备局和各省、自治区、直辖市人民政府负责）",
        {"joint": ["文化和旅游部", "粮食和储备局", "各省、自治区、直辖市人民政府"]},
    ),
    (
        "joined places",
        "（县教育局，各乡镇人民政府、街道办事处按职责分工负责）",
        {"joint": ["县教育局", "各乡镇人民政府、街道办事处"]},
    ),
    ("square brackets", "【责任单位：县教育局】", {"joint": ["县教育局"]}),
    ("half width", "(牵头部门:县教育局,配合部门:县财政局)", {"lead": ["县教育局"], "co": ["县财政局"]}),
    ("label with verbs", "（责任单位：县住建局牵头，县财政局配合）", {"lead": ["县住建局"], "co": ["县财政局"]}),
    ("responsible and helpers", "（县住建局负责，县财政局配合）", {"lead": ["县住建局"], "co": ["县财政局"]}),
    ("cut by a page", "（牵头部\n门：县交通局、县水利\n局）", {"lead": ["县交通局", "县水利局"]}),
]


@pytest.mark.parametrize(("number", "note", "expected"), PHRASES, ids=[p[0] for p in PHRASES])
def test_phrase_gives_each_unit_its_part(number: str, note: str, expected: dict[str, list[str]]) -> None:
    assert [parts(p) for p in read(note).proposals] == [expected], number


@pytest.mark.parametrize(
    "note",
    [
        "（谁主管谁负责、谁主办谁负责）",
        "（项目主要负责人负责）",
        "（由项目承担单位负责）",
        "（以下简称县水利局）",
        "（此件公开发布）",
        "（责任单位：无）",
        "支持企业牵头组建创新联合体，由企业负责人负责。",
        "建立由政府负责人牵头、相关部门共同参与的工作机制。",
    ],
)
def test_words_that_only_look_like_a_duty_propose_nothing(note: str) -> None:
    assert read(note).proposals == ()


def test_every_mention_is_cited_by_its_own_characters() -> None:
    for _number, note, _expected in PHRASES:
        reading = read(note)
        for proposal in reading.proposals:
            for mention in proposal.lead + proposal.co + proposal.joint + proposal.guide + proposal.verifier:
                cited = reading.text[mention.span.start : mention.span.end]
                assert cited.replace("\n", "") == mention.name


def test_item_with_two_brackets_gives_two_duties_with_their_own_words() -> None:
    first, second = read("（县教育局负责）新建校舍三所。（县住建局负责）").proposals
    assert (first.text, second.text) == ("推进改革任务。", "新建校舍三所。")
    assert first.outline == second.outline == "一/（一）"


def test_joint_units_without_a_lead_ask_for_one() -> None:
    (proposal,) = read("（县教育局、县财政局负责）").proposals
    assert proposal.lead == ()
    assert "lead_to_confirm" in proposal.notes


def test_single_unit_is_marked_as_the_only_one() -> None:
    (proposal,) = read("（县教育局负责）").proposals
    assert "sole_unit" in proposal.notes


def test_open_list_is_kept_open_unless_the_stated_count_is_complete() -> None:
    assert read("（县教育局、县财政局等部门负责）").proposals[0].open_list
    assert read("（县教育局、县财政局等5部门负责）").proposals[0].open_list
    assert not read("（县教育局、县财政局等2部门负责）").proposals[0].open_list


def test_more_units_than_the_stated_count_is_flagged() -> None:
    (proposal,) = read("（县教育局、县财政局、县水利局等2部门负责）").proposals
    assert "count_mismatch" in proposal.notes


def test_unit_named_as_lead_and_helper_is_kept_once_with_a_warning() -> None:
    (proposal,) = read("（牵头单位：县教育局；配合单位：县财政局、县教育局）").proposals
    assert parts(proposal) == {"lead": ["县教育局"], "co": ["县财政局"]}
    assert "unit_twice" in proposal.notes


@pytest.mark.parametrize(
    "rule",
    ["列第一位的为牵头单位，下同", "列第一位者为牵头单位，下同", "排在首位的责任单位为牵头单位", "牵头单位列首位"],
)
def test_first_unit_leads_where_the_document_says_so(rule: str) -> None:
    first_note, second_note = f"（责任单位：县教育局、县财政局。{rule}）", "（责任单位：县水利局、县林业局）"
    text = f"{HEAD}（一）做甲事。{first_note}\n（二）做乙事。{second_note}\n"
    first, second = read_directive(text).proposals
    assert parts(first) == {"lead": ["县教育局"], "co": ["县财政局"]}
    assert parts(second) == {"lead": ["县水利局"], "co": ["县林业局"]}


def test_collective_named_first_is_never_made_lead() -> None:
    (proposal,) = read("（责任单位：各乡镇、县财政局。列第一位的为牵头单位）").proposals
    assert parts(proposal) == {"joint": ["各乡镇", "县财政局"]}


def test_units_owed_by_every_later_item_are_implied_not_written_in() -> None:
    below = "以下均需地方人民政府负责，不再列出"
    text = f"{HEAD}（一）做甲事。（教育部负责。{below}）\n（二）做乙事。（科技部负责）\n"
    first, second = read_directive(text).proposals
    assert first.implied == ()
    assert [m.name for m in second.implied] == ["地方人民政府"]
    assert parts(second) == {"joint": ["科技部"]}


def test_bracket_of_units_alone_counts_only_where_the_document_uses_notes() -> None:
    alone = read_directive(f"{HEAD}（一）加强协调。（各有关单位）\n")
    beside = read_directive(f"{HEAD}（一）加强协调。（各有关单位）\n（二）做乙事。（县水利局负责）\n")
    assert alone.proposals == ()
    assert [parts(p) for p in beside.proposals] == [{"joint": ["各有关单位"]}, {"joint": ["县水利局"]}]


def test_labels_under_a_heading_take_the_heading_as_the_work() -> None:
    text = f"{HEAD}（一）制定实施方案\n牵头单位：县水利局\n完成时限：2026年6月底\n"
    (proposal,) = read_directive(text).proposals
    assert proposal.text.startswith("制定实施方案")
    assert proposal.due is not None
    assert str(proposal.due.date) == "2026-06-30"


def test_people_named_beside_units_are_kept() -> None:
    (proposal,) = read("（责任领导：李某；责任单位：县教育局；责任人：王某、赵某）").proposals
    assert proposal.people == ("李某", "王某", "赵某")


def test_units_owed_by_every_earlier_item_are_implied_too() -> None:
    above = "以上任务均需地方人民政府落实，不再逐一列出"
    text = f"{HEAD}（一）做甲事。（教育部负责）\n（二）做乙事。（科技部负责）\n（{above}）\n"
    found = read_directive(text).proposals
    assert [[m.name for m in p.implied] for p in found] == [["地方人民政府"], ["地方人民政府"]]


def test_note_in_full_width_square_brackets_is_read_and_stays_out_of_the_title() -> None:
    (proposal,) = read_directive(f"{HEAD}1. 新建基站2000个［县科工信局牵头，县财政局配合，12月底前完成］\n").proposals
    assert parts(proposal) == {"lead": ["县科工信局"], "co": ["县财政局"]}
    assert proposal.title == "新建基站2000个"
