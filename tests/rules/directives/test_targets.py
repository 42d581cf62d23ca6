"""Which numbers are outcomes, and which only describe, allow or limit."""

import pytest

from luoshi.directives.rules.targets import find_targets

OUTCOMES = [
    ("力争打造3家千亿级链主企业，培育30家百亿级龙头企业", [("=", "3", "家"), ("=", "30", "家")]),
    ("打造100亿元以上产业基金群", [(">=", "100", "亿元")]),
    ("每年引进10名以上顶尖人才", [(">=", "10", "名")]),
    ("滚动开放不低于50个应用场景", [(">=", "50", "个")]),
    ("择优评选不超过10个标杆项目", [("<=", "10", "个")]),
    ("全省核心产业营业收入超1万亿元", [(">", "1", "万亿元")]),
    ("新增城镇就业900万人以上", [(">=", "900", "万人")]),
    ("粮食总产量达到18.2万吨以上", [(">=", "18.2", "万吨")]),
    ("规上工业增加值增长7.5%左右", [("~", "7.5", "%")]),
    ("建成高标准农田3.2万亩，其中新建1.2万亩", [("=", "3.2", "万亩"), ("=", "1.2", "万亩")]),
    ("城镇调查失业率控制在5.5%以内", [("<=", "5.5", "%")]),
    ("新建改建农村公路1,200公里", [("=", "1200", "公里")]),
    ("培育100个标杆企业和1000个示范场景", [("=", "100", "个"), ("=", "1000", "个")]),
]


@pytest.mark.parametrize(("words", "expected"), OUTCOMES, ids=[r[0] for r in OUTCOMES])
def test_outcome_is_read_with_operator_number_and_unit(words: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(t.op, str(t.value), t.unit) for t in find_targets(words, start=0, end=len(words))] == expected


@pytest.mark.parametrize(
    "words",
    [
        "可按照不高于合同实际执行金额的30%，给予最高200万元补助",
        "对研发费用占营业收入比重3%以上且研发费用年增长20%以上的企业给予补助",
        "年薪100万元以上且具有5年以上研发经验的，可直接认定为领军人才",
        "可申请最高不超过15万元的创业担保贷款",
        "招用人员数量达到现有职工人数25%的企业，可申请贷款",
        "问题描述：抽查发现17家养殖场未配套消纳土地",
        "推进“4+1”专项基金和第3批试点",
        "持续提高服务质量",
    ],
)
def test_rate_ceiling_threshold_or_label_is_no_target(words: str) -> None:
    assert find_targets(words, start=0, end=len(words)) == ()


def test_target_is_named_by_what_it_counts() -> None:
    words = "到2027年，培育30家百亿级龙头企业"
    (target,) = find_targets(words, start=0, end=len(words))
    assert target.name == "百亿级龙头企业"
    assert words[target.span.start : target.span.end] == "30家"
