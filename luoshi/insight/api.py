"""Reading the needle as JSON: the same gate, the same order, the same reasons."""

from datetime import date

from django.http import HttpRequest
from ninja import Field, Router, Schema

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.insight.queries import NEED_WORDS, explain_reasons, get_needle
from luoshi.insight.rules import LIMIT

router = Router(tags=["needle"])


class NeedleRow(Schema):
    """One thing to do, in its place."""

    place: int = Field(examples=[1])
    need: str = Field(examples=["acknowledge"])
    word: str = Field(examples=["签收"])
    task: int | None = Field(examples=[17])
    code: str = Field(examples=["QH-2026-0012"])
    title: str = Field(examples=["建成高标准农田2.5万亩"])
    light: str = Field(examples=["red"])
    tier: int = Field(examples=[1])
    due: date | None = Field(examples=["2026-11-30"])
    why: str = Field(examples=["红灯、重中之重、县长交办、3个乡镇等您"])
    reasons: list[str] = Field(examples=[["red", "critical", "asked_leader", "waits"]])


@router.get("/needle", response=list[NeedleRow], summary="What you should do now, in order")
def read_needle(request: HttpRequest) -> list[NeedleRow]:
    """At most 100 rows, the first to do first."""
    ranked = get_needle(request.access, today=today(), policy=get_policy())  # type: ignore[attr-defined]
    return [
        NeedleRow(
            place=row.place, need=row.item.need.value, word=str(NEED_WORDS[row.item.need]), task=row.item.task_id,
            code=row.item.code, title=row.item.title, light=row.item.light, tier=row.item.tier, due=row.item.day,
            why=explain_reasons(row.reasons), reasons=[reason.code for reason in row.reasons],
        )
        for row in ranked[:LIMIT]
    ]  # fmt: skip
