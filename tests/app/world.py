"""One small world in which every page has something to open: who may open it is what the matrix says."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from luoshi.core.models import Run
from luoshi.directives.actions import accept_proposal
from luoshi.directives.models import Clause, ColumnName, Goal
from luoshi.directives.queries import list_proposals
from luoshi.inspections.actions import concluding, drawing, planning
from luoshi.inspections.models import Visit
from luoshi.ledger.actions.columns import define_column
from luoshi.ledger.actions.workbooks import keep_workbook
from luoshi.ledger.models import Layout, SavedView, Workbook
from luoshi.letters.actions import approve_letter, draft_letter, issue_letter, keep_pdf
from luoshi.letters.models import Template
from luoshi.notices.models import Delivery, Notice, Robot, Suggestion
from luoshi.orgs.models import Absence, ApiToken, Post, Sheet
from luoshi.progress.models import Evidence, Exhibit, ExhibitVersion, Feedback
from luoshi.progress.models.following import Obstacle
from luoshi.supervision.actions.ladders import save_ladder
from luoshi.supervision.models import Change as Handing
from luoshi.supervision.models import Chase, ChaseStep, Coordination, Extension, Pause, Stocktake, Submission
from luoshi.supervision.rules.ladders import PRESETS as LADDERS
from luoshi.tasks.actions.indicating import allot, set_indicator
from luoshi.tasks.actions.steering import Change, steer_tasks
from luoshi.tasks.models import Adaptation, Duty, Task
from luoshi.tasks.rules.indicators import Owed
from luoshi.tasks.rules.steering import Steer
from tests.factories.directives import PAPER, make_directive, make_intake, make_scan
from tests.factories.inspecting import concluded, found, objected, plan, running, the_object
from tests.factories.inspections import make_object
from tests.factories.orgs import Cast
from tests.factories.work import make_task


@dataclass
class World:
    """The arguments of each address, by name; addresses without arguments are not listed."""

    cast: Cast
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def clause(self) -> int:
        """A clause of the paper in review."""
        return Clause.objects.filter(directive=self.of("directives:add")["id"]).latest("position").pk

    @property
    def act(self) -> str:
        """The act that gave a part which nobody has acknowledged."""
        part = Task.objects.get(title="可撤回的部分")
        assert part.dispatched_at is not None
        return f"{part.dispatched_at.isoformat()}|{part.owner_id}"

    @property
    def duty(self) -> int:
        """The duty of the bureau that leads the task in work."""
        return Duty.objects.get(task=self.of("ledger:task")["id"], role="lead").pk

    def of(self, name: str) -> dict[str, Any]:
        return self.arguments.get(name, {})

    def posted(self, name: str) -> dict[str, str]:
        """What is posted where an empty form would not be understood at all."""
        return {
            "directives:clauses": {"clause": "rest"}, "directives:add": {"clause": str(self.clause)},
            "directives:decide": {"do": "accept", "version": "1"},
            "directives:goal": {"do": "accept", "version": "1"},
            "tasks:take": {"field": "due_date", "version": "1"},
            "tasks:take_proposed": {"field": "due_date", "version": "1"},
            "tasks:adopt": {"do": "adopt", "version": "1", "task": str(self.of("ledger:task")["id"])},
            "tasks:handler": {"duty": str(self.duty)},
            "tasks:tie": {"work": str(self.of("own").get("id"))},
            "ledger:bulk": {"task": str(self.of("ledger:task")["id"])},
            "core:remove_calendar_day": {"day": "2026-10-01"},
        }.get(name, {})  # fmt: skip


def make_world(cast: Cast) -> World:
    """County tasks led by the agriculture bureau with finance helping, in every state; a paper in review; a report."""
    world = World(cast)
    world.arguments |= _task_pages(cast) | _directive_pages(cast) | _org_pages(cast) | _notice_pages(cast)
    world.arguments |= _visit_pages(cast) | _letter_pages(cast, world)
    world.arguments |= _chasing_pages(cast)
    world.arguments |= _inspection_pages(cast)
    return world


def _chasing_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    """The county's own ladder, and work with a leader in charge."""
    facts = LADDERS["county"]
    ladder = save_ladder(cast.unit("QH"), name="催办", matter="", facts=facts, by=cast["office"], now=cast.now)
    at = {"id": _task(cast, "in_progress", sponsor=cast["sponsor"]).pk}
    own = {"id": ladder.pk}
    chase = Chase.objects.create(
        task_id=at["id"], unit=cast.unit("QH-NYJ"), ladder=ladder, home=cast.unit("QH"), opened_date=cast.today,
        rung=4, rung_date=cast.today,
    )  # fmt: skip
    waiting = ChaseStep.objects.create(
        chase=chase, rung=5, instrument="letter", due_date=cast.today, made_at=cast.now, state="awaiting",
        approver="office",
    )  # fmt: skip
    return {
        "supervision:step_paper": {"id": waiting.pk},
        "supervision:ladder": own, "supervision:ladder_remove": own, "supervision:contact": at,
        "supervision:sponsor_act": at,
    }  # fmt: skip


def _inspection_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    """A plan, one that awaits approval, one under way with a finding, and conclusions in each state."""
    draft, proposed = plan(cast), plan(cast)
    for one in (draft, proposed):
        drawing.choose_object(one, unit=cast.unit("QH-T01"), by=cast["office"], now=cast.now)
    drawing.set_stratum(
        draft, name="乡镇", under=cast.unit("QH"), levels=["township"], category="", size=1, by=cast["office"],
        now=cast.now,
    )  # fmt: skip
    draw = drawing.draw_objects(draft, by=cast["office"], now=cast.now, seed="1")
    planning.propose_inspection(proposed, by=cast["office"], now=cast.now)
    under_way, objected_to = running(cast, "QH-T01", "QH-T02"), running(cast, "QH-T01")
    row, fresh = the_object(under_way), concluded(cast, the_object(running(cast, "QH-T01")))
    finding, at = found(cast, row), {"id": under_way.pk}
    draft_conclusion = concluding.write_conclusion(
        the_object(under_way, "QH-T02"), facts="事实", conclusion="结论", by=cast["office"], now=cast.now
    )
    review = objected(cast, concluded(cast, the_object(objected_to)))
    designation = planning.designate(
        cast.unit("QH"), cast.unit("QH-NYJ"), basis="青政函〔2026〕31号", matter="禁烧", scope="乡镇",
        from_date=cast.today, to_date=date(2026, 12, 31), by=cast["office"], now=cast.now,
    )  # fmt: skip
    pages = {f"inspections:{n}": {"id": row.pk} for n in "object sheet note rectify write".split()}
    pages |= {f"inspections:{n}": at for n in "inspection paper lots look_back step".split()}
    return pages | {
        "inspections:edit": {"id": draft.pk}, "inspections:propose": {"id": draft.pk},
        "inspections:approve": {"id": proposed.pk}, "inspections:drawn": {"id": draw.pk},
        "inspections:finding": {"id": finding.pk}, "inspections:issue": {"id": draft_conclusion.pk},
        "inspections:decided": {"id": fresh.advice.get().pk},
        "inspections:conclusion": {"id": fresh.pk}, "inspections:receive": {"id": fresh.pk},
        "inspections:objection": {"id": fresh.pk}, "inspections:review": {"id": review.conclusion_id},
        "inspections:designation_end": {"id": designation.pk},
    }  # fmt: skip


def _visit_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    """A running inspection of the county whose inspector has been to the agriculture bureau."""
    row = make_object(cast)
    visit = Visit.objects.create(
        object=row, inspector=cast["office"], checklist=row.inspection.checklist, client_key="a", started_at=cast.now
    )
    at = {"id": row.pk}
    return {
        "inspections:visit": at, "inspections:send": at,
        "inspections:photo": {"id": visit.pk},
    }  # fmt: skip


def _letter_pages(cast: Cast, world: "World") -> dict[str, dict[str, Any]]:
    """Orders of the county to the agriculture bureau: one issued, one drafted, one approved; a template of its own."""
    unit = cast.unit("QH")
    words = {"matter": "修渠", "requirement": "修好", "lead": "农业农村局", "due_date": cast.today}
    who: dict[str, Any] = {"unit": unit, "by": cast["office"], "now": cast.now, "today": cast.today}
    task = Task.objects.get(pk=world.of("ledger:task")["id"])
    issued, drafted, approved = (
        draft_letter("order", **who, fields=words, subject=task, recipients=[cast.unit("QH-NYJ")]) for _n in range(3)
    )
    approve_letter(approved, by=cast["leader"], now=cast.now)
    issue_letter(issued, by=cast["office"], now=cast.now, today=cast.today, approved_by=cast["leader"])
    keep_pdf(issued, data=b"%PDF-1.7", by=None, now=cast.now)
    template = Template.objects.create(
        unit=unit, kind="order", number=1, file_name="a.docx", sha256="0" * 64, is_active=False, by=cast["office"],
        at=cast.now,
    )  # fmt: skip
    at, draft, form = {"id": issued.pk}, {"id": drafted.pk}, {"id": unit.pk, "kind": "order"}
    return {
        "letters:letter": at, "letters:docx": at, "letters:pdf": at, "letters:void": at, "letters:edit": draft,
        "letters:approve": draft, "letters:discard": draft, "letters:issue": {"id": approved.pk},
        "letters:form": form, "letters:form_file": form, "letters:revert": form,
        "letters:take_up": {"id": template.pk}, "supervision:task_letter": world.of("ledger:task"),
    }  # fmt: skip


def _task(cast: Cast, state: str, **fields: Any) -> Task:
    fields.setdefault("standard", "验收合格")
    return make_task(cast, f"任务 {state}", lead="QH-NYJ", co=["QH-CZJ"], state=state, **fields)


def _task_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    working = _task(cast, "in_progress", due=date(2027, 3, 1))
    make_task(cast, "分解到镇", owner="QH-NYJ", lead="QH-T01", parent=working)
    make_task(
        cast, "可撤回的部分", owner="QH-NYJ", lead="QH-T03", parent=working, state="dispatched", acknowledged=False,
        dispatched_at=cast.now,
    )  # fmt: skip
    joint = make_task(
        cast, "两家共管的事", lead="", joint=["QH-NYJ", "QH-CZJ"], state="registered", standard="验收合格"
    )
    submitted, completed, closed = (_task(cast, s) for s in ("submitted", "completed", "closed"))
    Submission.objects.create(
        task=submitted, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], at=cast.now, result="已建成"
    )
    extension = Extension.objects.create(
        task=_task(cast, "in_progress"), unit=cast.unit("QH-NYJ"), requested_by=cast["deptclerk"],
        requested_at=cast.now, from_date=date(2026, 12, 20), to_date=date(2027, 2, 1), cause="weather",
        reason="连续降雨", progress="已完成七成",
    )  # fmt: skip
    report = Feedback.objects.create(
        task=working,
        unit=cast.unit("QH-NYJ"),
        by=cast["deptclerk"],
        at=cast.now,
        period="2026-11",
        done="完成七成",
        percent=70,
    )
    exhibit = Exhibit.objects.create(unit=report.unit, title="验收单", kept_by=cast["deptclerk"], kept_at=cast.now)
    file = ExhibitVersion(
        exhibit=exhibit, number=1, name="验收单.txt", size=3, sha256="0" * 64, by=cast["deptclerk"], at=cast.now
    )
    file.file.save("a.txt", ContentFile(b"abc"))
    evidence = Evidence.objects.create(feedback=report, version=file)
    view = SavedView.objects.create(person=cast["office"], name="红灯", query="light=1", created_at=cast.now)
    adaptation = Adaptation.objects.create(
        task=_task(cast, "in_progress"), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], at=cast.now,
        due_date=date(2027, 1, 20), asked_due_date=date(2026, 12, 20), reason="连续降雨",
    )  # fmt: skip
    untouched, own = _task(cast, "dispatched", acknowledged=False), _task(cast, "in_progress", owner="QH-NYJ")
    column = define_column(cast.unit("QH"), name="对接人", kind="text", by=cast["office"], now=cast.now)
    urgent = _task(cast, "in_progress")
    steered = steer_tasks(
        [Change(urgent.pk, urgent.version, 3, 2)], what=Steer.URGENCY, by=cast["office"], now=cast.now, today=cast.today
    )
    at = {"id": working.pk}
    return {
        "ledger:column": {"id": column.pk}, "ledger:cell": {"id": column.pk, "task_id": working.pk},
        "ledger:bulk_done": {"id": steered.seq},
        "ledger:task": at, "ledger:under": at, "ledger:delete_view": {"id": view.pk}, "ledger:task_docx": at,
        **_workbook_pages(cast),
        "tasks:edit": {"id": _task(cast, "registered").pk}, "tasks:dispatch": {"id": _task(cast, "registered").pk},
        "tasks:take": {"id": _task(cast, "registered").pk},
        "tasks:take_clock": {"id": _task(cast, "registered", due=None).pk},
        "tasks:acknowledge": {"id": _task(cast, "dispatched", acknowledged=False).pk}, "tasks:lead": {"id": joint.pk},
        "tasks:adapt": at, "tasks:decide_adaptation": {"id": adaptation.pk}, "tasks:handler": at, "tasks:place": at,
        "tasks:recall": {"id": untouched.pk}, "tasks:recall_parts": at, "tasks:tie": at, "own": {"id": own.pk},
        "tasks:withdraw": at, "tasks:milestones": at, "tasks:cascade": at,
        "progress:report": at, "progress:hints": at, "progress:reports": at, "progress:evidence": {"id": evidence.pk},
        "progress:obstacle": at, "progress:clear_obstacle": {"id": _held_up(cast, working).pk},
        "progress:exhibit": {"id": exhibit.pk}, "progress:exhibit_add": {"id": exhibit.pk},
        "progress:version": {"id": file.pk},
        **_indicator_pages(cast, working),
        "supervision:submit": at, "supervision:verify": {"id": submitted.pk}, "supervision:close": {"id": completed.pk},
        "supervision:reopen": {"id": closed.pk}, "supervision:extend": at, "supervision:decide": {"id": extension.pk},
        **_following_pages(cast, at),
    }  # fmt: skip


def _held_up(cast: Cast, task: Task) -> Obstacle:
    """What holds a task up: finance can remove it."""
    return Obstacle.objects.create(
        task=task, cause="funds", note="资金没有到位", holder_unit=cast.unit("QH-CZJ"), named_by=cast["deptclerk"],
        named_at=cast.now,
    )  # fmt: skip


def _following_pages(cast: Cast, at: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A question to the bureau that helps, a clock that may stand still and one that does, a change, a stocktake."""
    asking: dict[str, Any] = {"unit": cast.unit("QH-NYJ"), "by": cast["deptclerk"], "at": cast.now}
    asked = Coordination.objects.create(
        task=_task(cast, "in_progress"), asked_unit=cast.unit("QH-CZJ"), question="资金由谁承担",
        needed_date=date(2026, 12, 14), **asking,
    )  # fmt: skip
    change = Handing.objects.create(
        task=_task(cast, "in_progress"), kind="transfer", reason="职能划转", to_unit=cast.unit("QH-CZJ"), **asking
    )
    paused = {}
    for state in ("requested", "running"):
        pause = Pause.objects.create(
            task=_task(cast, "in_progress"), kind="waiting", unit=cast.unit("QH-NYJ"), reason="等批复", state=state,
            requested_by=cast["depthead"], requested_at=cast.now, from_date=cast.today, until_date=date(2099, 1, 1),
        )  # fmt: skip
        paused[state] = {"id": pause.task_id}
    stocktake = Stocktake.objects.create(
        unit=cast.unit("QH"), title="盘点会", date=cast.today, pack={"tasks": [{"id": at["id"], "why": "chosen"}]},
        made_by=cast["office"], made_at=cast.now,
    )  # fmt: skip
    pages = {f"supervision:{name}": at for name in "ask ask_pause suspend change_hands".split()}
    pages |= {f"supervision:{name}": {"id": asked.pk} for name in "coordination answer pass_on take_back".split()}
    pages |= {f"supervision:{name}": {"id": change.pk} for name in ("change", "withdraw_change")}
    pages |= {"supervision:decide_change": {"id": change.task_id}}
    pages |= {"supervision:decide_pause": paused["requested"], "supervision:resume": paused["running"]}
    names = "stocktake pack stage rule end_stocktake stocktake_docx".split()
    return pages | {f"supervision:{name}": {"id": stocktake.pk} for name in names}


def _workbook_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    """Workbooks that the office brought back, one for each thing that may be done with it, and the county's layouts."""
    found = {}
    for name in "workbook workbook_apply workbook_choose workbook_headings workbook_compare workbook_drop".split():
        book = keep_workbook(
            "任务\n修渠".encode(), name="t.csv", by=cast["office"], now=cast.now, owner=cast.unit("QH"),
            layout="breakdown",
        )  # fmt: skip
        Workbook.objects.filter(pk=book.pk).update(state="read")
        found[f"ledger:{name}"] = {"id": book.pk}
    for name in ("layout", "layout_remove"):
        layout = Layout.objects.create(
            unit=cast.unit("QH"), name=name, columns=[["事项", "title"]], created_by=cast["office"], created_at=cast.now
        )
        found[f"ledger:{name}"] = {"id": layout.pk}
    return found


def _indicator_pages(cast: Cast, task: Task) -> dict[str, dict[str, Any]]:
    """An indicator of the task in progress, in which its part takes part."""
    indicator = set_indicator(
        task, name="新增就业", year=cast.today.year, by=cast["office"], now=cast.now, owed=Owed(target=Decimal(12))
    )
    part = Task.objects.filter(parent=task).earliest("pk")
    allot(indicator, {part.pk: Owed(target=Decimal(12))}, by=cast["office"], now=cast.now)
    at = {"id": indicator.allotments.get(task=task).pk}
    names = "board indicator_edit targets parts confirm".split()
    return {f"progress:{name}": at for name in names} | {"progress:indicator_new": {"id": task.pk}}


def _directive_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    paper = make_directive(cast, name="分工方案.txt")
    decided = make_directive(cast, text=PAPER.replace("3号", "4号"))
    for proposal in list_proposals(decided):
        accept_proposal(proposal, version=proposal.version, by=cast["office"], now=cast.now)
    first = list_proposals(paper)[0]
    at = {"id": paper.pk}
    names = "review original head withdraw reread sure clauses names add model".split()
    names += "name_all columns versions supersedes".split()
    pages = {f"directives:{name}": at for name in names}
    pages |= {f"directives:{name}": at | {"proposal_id": first.pk} for name in ("decide", "edit", "split")}
    scan, intake = make_scan(cast), make_intake(cast, state="refused")
    pages |= {f"directives:{name}": {"id": intake.pk} for name in ("intake", "intake_retry", "intake_cancel")}
    pages |= {"directives:page_image": {"id": scan.pk, "number": 1}}
    goal = Goal.objects.create(
        directive=paper, clause=first.clause, position=0, name="粮食产量", op=">=", value=1, start=0, end=1
    )
    column = ColumnName.objects.create(unit=cast.unit("QH"), heading="干什么", role="text")
    pages |= {"directives:goal": at | {"goal_id": goal.pk}, "directives:forget": {"id": column.pk}}
    pages |= {"tasks:asked": at, "tasks:touched": at, "tasks:adopt": at | {"proposal_id": first.pk}}
    pages |= {"tasks:lint_directive": at, "tasks:take_proposed": at | {"proposal_id": first.pk}}
    shared = make_directive(cast, text=PAPER.replace("3号", "7号"))
    _task(cast, "in_progress", clause=list_proposals(shared)[0].clause)
    return pages | {"tasks:open": {"id": decided.pk}, "tasks:give_all": {"id": shared.pk}}


def _org_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    unit, person = {"id": cast.unit("QH-T01").pk}, {"id": cast["townclerk"].pk}
    post = Post.objects.get(person=cast["townclerk"])
    token = ApiToken.objects.create(person=cast["office"], name="x", digest="0" * 64, created_at=cast.now)
    sheet = Sheet.objects.create(
        kind="units", file_name="a.csv", rows=[], uploaded_by=cast["office"], uploaded_at=cast.now + timedelta(0)
    )
    pages = {f"orgs:{name}": unit for name in "unit children unit_names unit_edit unit_reorganise unit_figures".split()}
    away = Absence.objects.create(person=cast["townclerk"], from_date=cast.today, to_date=cast.today)
    pages |= {"orgs:absence_remove": {"id": away.pk}}
    pages |= {"orgs:person": person, "orgs:person_edit": person, "orgs:post_end": {"id": post.pk}}
    pages |= {
        "orgs:token_revoke": {"id": token.pk},
        "orgs:sheet": {"id": sheet.pk},
        "orgs:sheet_apply": {"id": sheet.pk},
    }
    return pages | {"orgs:template": {"kind": "units"}, "orgs:export": {"kind": "units", "ending": "xlsx"}}


def _notice_pages(cast: Cast) -> dict[str, dict[str, Any]]:
    notice = Notice.objects.create(person=cast["office"], at=cast.now, kind="task", text="请办理")
    suggestion = Suggestion.objects.create(
        person=cast["townclerk"], at=cast.now, unit_path=cast.unit("QH").path or "", text="少报一张表"
    )
    robot = Robot.objects.create(
        unit=cast.unit("QH"), name="督查群", channel="wecom", address="https://qyapi.example.cn/send?key=1",
        created_at=cast.now, told_until=cast.now,
    )  # fmt: skip
    sent = Delivery.objects.create(
        robot=robot, channel="wecom", address="督查群", key="t", day=cast.today, upto=cast.now, created_at=cast.now,
        next_at=cast.now, state="uncertain", subject="汇总", unit_path=cast.unit("QH").path or "",
    )  # fmt: skip
    at = {"id": robot.pk}
    given_up = Run.objects.create(routine="tell", due_at=cast.now, state="failed")
    return {
        "core:try_again": {"id": given_up.pk},
        "notices:read": {"id": notice.pk}, "notices:answer": {"id": suggestion.pk}, "notices:robot": at,
        "notices:robot_step": at, "notices:delivery_again": {"id": sent.pk},
    }  # fmt: skip
