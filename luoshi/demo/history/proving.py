"""Two units keep evidence: a plan that serves many reports, of which a newer version comes and holds for a while."""

from datetime import datetime, timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone

from luoshi.demo.history.scene import Scene
from luoshi.orgs.models import Unit
from luoshi.progress.actions import add_version, describe_exhibit
from luoshi.progress.models import Exhibit

KEEPERS = {"QH-NYJ": "农业农村局年度实施方案", "QH-T01": "河湾镇年度任务安排"}
EARLY = 0.4  # evidence goes with reports in the first part of the way
HOLDS = timedelta(days=24)


def expect_evidence(scene: Scene) -> None:
    """Write into the diary when a newer plan comes, and when somebody says until when it holds."""
    for n, code in enumerate(KEEPERS):
        day = scene.diary.workday_before(scene.diary.today - timedelta(days=3 + n))
        scene.diary.put(max(day, scene.diary.start), 15, partial(_renew, scene, code), minute=10 + n)


def files_of(unit: Unit, *, share: float, year: int) -> list[UploadedFile[bytes]]:
    """What a unit attaches to a report so far on its way: always the same plan, which is kept once."""
    if unit.code not in KEEPERS or share > EARLY:
        return []
    return [_plan(unit.code, year=year, words="第一版")]


def _plan(code: str, *, year: int, words: str) -> UploadedFile[bytes]:
    text = f"{KEEPERS[code]}（{year}年，{words}）\n任务、责任人、时限见台账。\n"
    return SimpleUploadedFile(f"{KEEPERS[code]}.txt", text.encode())


def _renew(scene: Scene, code: str, now: datetime) -> None:
    unit, today = scene.unit(code), timezone.localtime(now).date()
    by, kept = scene.clerk(unit.pk), Exhibit.objects.filter(unit=unit).select_related("unit").first()
    if kept is None or by is None:
        return
    add_version(kept, _plan(code, year=scene.diary.year, words="第二版"), version=kept.version, by=by, now=now)
    describe_exhibit(
        kept, title=KEEPERS[code], expires_date=today + HOLDS, version=kept.version + 1, by=by,
        now=now,
    )  # fmt: skip
