"""A special inspection of the townships: planned, approved, drawn by lot, with findings, conclusions, an objection."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from luoshi.core.policy import get_policy
from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.inspections.actions import concluding, drawing, finding, keeping, planning, visiting
from luoshi.inspections.actions.deciding import record_decision
from luoshi.inspections.models import Advised, Conclusion, Inspection, InspectionObject

TITLE, SEED = "秋冬季秸秆禁烧和农田水利专项督查", "青禾督查第一号"
QUESTIONS = (
    ("禁烧网格员是否到岗", "县秸秆禁烧工作方案第四条"),
    ("巡查记录是否逐日填写", "县秸秆禁烧工作方案第五条"),
    ("现场有无焚烧痕迹，几处", "大气污染防治法第七十七条"),
    ("末级渠系是否通水", "高标准农田建设通则第六章"),
)
ANSWERS = {
    "1": {"a": "no", "n": "8人中3人未到岗"},
    "2": {"a": "no", "n": "东柳村未见记录"},
    "3": {"a": "no", "n": "三处"},
    "4": {"a": "yes", "n": ""},
}
TEAM = ("office", "shao.yifan", "deptclerk", "otherclerk")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found at an object."""

    fact: str
    rule: str
    asked: str
    days: int
    severity: str = "general"


FOUND = (
    Seen(
        "东柳村三处地块有焚烧痕迹，未发现巡查记录",
        "县秸秆禁烧工作方案第五条",
        "清理现场，补齐网格员，逐日巡查",
        12,
        "serious",
    ),
    Seen("禁烧网格员8人中3人未到岗", "县秸秆禁烧工作方案第四条", "三日内补齐网格员并公示联系方式", 6),
)


def expect_inspections(scene: Scene) -> None:
    """Write the inspection of this month into the diary, and the one of summer that it follows."""
    diary = scene.diary
    begin = diary.workday_before(diary.today - timedelta(days=16))
    if begin <= diary.start + timedelta(days=30):
        return
    diary.put(diary.workday(begin - timedelta(days=100)), 9, partial(_designate, scene))
    diary.put(begin, 9, partial(_plan, scene))


def _designate(scene: Scene, now: datetime) -> None:
    """The county lets its emergency bureau inspect for the rest of the year."""
    year = scene.diary.year
    planning.designate(
        scene.unit(COUNTY), scene.unit("QH-YJJ"), basis=f"青政函〔{year}〕27号", matter="安全生产专项督查",
        scope="各乡镇、有关部门安全生产责任落实情况", from_date=now.date(), to_date=date(year, 12, 31),
        by=scene.person("office"), now=now,
    )  # fmt: skip


def _plan(scene: Scene, now: datetime) -> None:
    diary, county, office = scene.diary, scene.unit(COUNTY), scene.person("officeclerk")
    checklist = keeping.make_checklist(
        county, name="秸秆禁烧和农田水利现场检查表", by=office, now=now,
        questions=[keeping.Question(question, rule=rule) for question, rule in QUESTIONS],
    )  # fmt: skip
    first = diary.workday(now.date() + timedelta(days=2))
    inspection = planning.draft_inspection(
        county, by=office, now=now, title=TITLE, kind="special", is_formal=True, checklist=checklist,
        basis="县政府第11次常务会议决定；《政府督查工作条例》第四条、第十四条", scope="各镇秋收地块和末级渠系",
        content="秸秆禁烧责任落实、高标准农田末级渠系通水情况", objects_text="从各镇随机抽取3个，另点名督查柳河镇",
        methods=["visit", "unannounced", "documents"], from_date=first, to_date=first + timedelta(days=25),
    )  # fmt: skip
    drawing.set_stratum(
        inspection, name="乡镇", under=county, levels=["township"], category="", size=3, by=office, now=now
    )
    drawing.choose_object(inspection, unit=scene.unit("QH-T01"), reason="领导批示点名", by=office, now=now)
    planning.propose_inspection(inspection, by=office, now=now)
    diary.put(diary.after(now.date(), 1), 10, partial(_approve, scene, inspection.pk))


def _approve(scene: Scene, pk: int, now: datetime) -> None:
    planning.approve_inspection(
        _get(pk), opinion="同意，务求轻车简从，不打招呼。", despite="", by=scene.person("leader"), now=now
    )
    scene.diary.put(scene.diary.after(now.date(), 1), 9, partial(_draw, scene, pk))


def _draw(scene: Scene, pk: int, now: datetime) -> None:
    """Objects and inspectors by lot, then out."""
    inspection, office = _get(pk), scene.person("office")
    drawing.draw_objects(inspection, by=office, now=now, seed=SEED)
    for name in TEAM:
        drawing.add_inspector(inspection, person=scene.person(name), is_leader=name == "office", by=office, now=now)
    drawing.draw_inspectors(inspection, count=2, by=office, now=now, seed=SEED)
    planning.step_inspection(inspection, "start", by=office, now=now)
    scene.diary.put(scene.diary.after(now.date(), 2), 10, partial(_find, scene, pk))


def _find(scene: Scene, pk: int, now: datetime) -> None:
    """What was found at the township named, put right as tasks; the conclusion fed back the next day."""
    row, office = _object(pk, "QH-T01"), scene.person("office")
    visiting.send_visit(
        row, visiting.Sent(key="demo", version=0, answers=ANSWERS, note="随机走访三个村，未打招呼。", is_ended=True),
        by=office, now=now, allowed=get_policy().mismatch_percent,
    )  # fmt: skip
    found = [
        finding.note_finding(
            row, fact=seen.fact, rule=seen.rule, requirement=seen.asked, severity=seen.severity, by=office, now=now,
            due_date=now.date() + timedelta(days=seen.days), evidence="现场检查记录、巡查台账",
        )
        for seen in FOUND
    ]  # fmt: skip
    finding.rectify_findings(found, by=office, now=now)
    scene.diary.put(scene.diary.after(now.date(), 1), 16, partial(_conclude, scene, pk))


def _conclude(scene: Scene, pk: int, now: datetime) -> None:
    row = _object(pk, "QH-T01")
    held = concluding.write_conclusion(
        row, facts="\n".join(f"{n}. {seen.fact}" for n, seen in enumerate(FOUND, start=1)),
        evidence="现场检查记录2份、巡查台账1份", conclusion="柳河镇秸秆禁烧责任落实不到位，应限期整改。",
        advice=[
            concluding.Advice("criticism", "柳河镇", "巡查缺位，三处焚烧未发现"),
            concluding.Advice("praise", "新民村护林队", "主动巡查，两次及时报告并扑灭"),
        ], by=scene.person("office"), now=now,
    )  # fmt: skip
    concluding.issue_conclusion(held, by=scene.person("leader"), now=now)
    scene.diary.put(scene.diary.after(now.date(), 1), 9, partial(_receive, scene, held.pk))


def _receive(scene: Scene, pk: int, now: datetime) -> None:
    """The township signs for it; the next day it objects to one of the points. The praise is decided meanwhile."""
    concluding.receive_conclusion(_conclusion(pk), by=scene.person("townclerk"), now=now)
    praise = Advised.objects.select_related("conclusion__object__unit").get(conclusion=pk, kind="praise")
    record_decision(
        praise, body="县政府常务会议", decided_date=timezone.localtime(now).date(), is_adopted=True,
        words="在全县秸秆禁烧工作会议上通报表扬", number=f"青政纪〔{now.year}〕18号", by=scene.person("office"),
        now=now,
    )  # fmt: skip
    scene.diary.put(scene.diary.after(now.date(), 1), 14, partial(_object_to, scene, pk))


def _object_to(scene: Scene, pk: int, now: datetime) -> None:
    held = _conclusion(pk)
    concluding.object_to(
        held, unit=held.object.unit, by=scene.person("townhead"), now=now,
        reason="三处地块中一处位于大湾镇境内，请核实界址后更正。", evidence="村组界线图、双方村委会说明",
    )  # fmt: skip


def _conclusion(pk: int) -> Conclusion:
    return Conclusion.objects.select_related("object__unit", "object__inspection__unit").get(pk=pk)


def _get(pk: int) -> Inspection:
    return Inspection.objects.select_related("unit").get(pk=pk)


def _object(pk: int, code: str) -> InspectionObject:
    rows = InspectionObject.objects.select_related("unit", "inspection__unit")
    return rows.get(inspection=pk, unit__code=code, is_dropped=False)
