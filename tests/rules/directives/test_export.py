"""A reading as plain data: everything that the reader found, with where it stands and how far it may be trusted."""

import json

from luoshi.directives.rules import as_json, read_directive

TEXT = (
    "青禾县人民政府关于印发行动方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、总体目标\n到2027年，供水率达到95.5%以上。\n二、任务\n"
    "（一）每半年评估一次，建成灌区30处。（县水利局牵头，2026年6月底前完成）\n"
)


def test_reading_survives_json_with_evidence_goals_and_cadences() -> None:
    data = json.loads(json.dumps(as_json(read_directive(TEXT)), ensure_ascii=False))
    (item,) = data["items"]
    assert (item["due"], item["due_kind"], item["cadence"]) == ("2026-06-30", "fixed", "semiannual")
    assert item["cadences"] == [{"value": "semiannual", "raw": "每半年", "day": None, "detail": ""}]
    assert {"field": "lead", "value": "县水利局", "kind": "explicit", "sure": True} in item["evidence"]
    assert [(t["op"], t["value"], t["unit"]) for t in item["targets"]] == [("=", 30, "处")]
    (goal,) = data["goals"]
    assert (goal["op"], goal["value"], goal["unit"], goal["due"]["date"]) == (">=", 95.5, "%", "2027-12-31")
    start, end = goal["span"]
    assert TEXT[start:end] == "达到95.5%以上"
    assert data["tables"] == []
