"""A small directive in the real style, registered by the supervision office."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from luoshi.directives.actions import Source, register_directive
from luoshi.directives.models import Directive, Intake, SourcePage
from tests.factories.orgs import Cast

PAPER = """青禾县人民政府关于印发2026年重点任务分工方案的通知
青政发〔2026〕3号
各乡镇人民政府、街道办事处，县政府各部门：
现将分工方案印发给你们，请认真抓好落实。
青禾县人民政府
2026年2月27日
一、抓好三农工作
（一）稳定粮食生产。3月底前备足春耕农资；全年粮食播种面积稳定在42.6万亩以上。（县农业农村局牵头，县水利局、财政局，各乡镇（街道）按职责分工负责，10月底前完成）
（二）修好水利设施。完成12座以上病险水库除险加固。（县水利局负责，11月底前完成）
（三）探索低空经济。在农林植保领域开放一批场景。（县低空经济专班牵头，县财政局配合，持续推进）
（四）建设和美乡村。年底前建成示范村20个。（县农业农村局、县财政局按职责分工负责）
二、组织保障
（一）压实责任。各单位要把任务分解到人。
抄送：县委各部门。
"""


def make_directive(
    cast: Cast, *, text: str = PAPER, again: bool = False, by: str = "office", name: str = ""
) -> Directive:
    """The paper, pasted and in review."""
    return register_directive(
        Source(text.encode(), name=name) if name else Source(text.encode()),
        unit=cast.unit("QH"),
        by=cast[by],
        now=cast.now,
        today=cast.today,
        again=again,
    )


def picture() -> bytes:
    """A white page as a PNG."""
    data = io.BytesIO()
    Image.new("L", (210, 297), 255).save(data, "PNG")
    return data.getvalue()


def make_scan(cast: Cast) -> Directive:
    """The paper as if a scan of one page had been recognised, each line of it on the picture."""
    directive = make_directive(cast, text=PAPER.replace("3号", "5号"))
    runs, start = [], 0
    for row, line in enumerate(directive.text.split("\n")):
        edges = [500 + 9000 * n // max(1, len(line)) for n in range(len(line) + 1)]
        runs.append([start, start + len(line), 400 + 600 * row, 800 + 600 * row, edges, 0.9])
        start += len(line) + 1
    SourcePage.objects.create(directive=directive, number=1, width=595, height=842, runs=runs)
    directive.paper_kind, directive.file_name, directive.sources = "scan", "扫描件.png", [[0, "p1", 1]]
    directive.file.save(f"scan-{directive.pk}.png", ContentFile(picture()))
    return directive


def make_intake(
    cast: Cast, *, state: str = "waiting", data: bytes = b"", name: str = "长文件.pdf", **fields: Any
) -> Intake:
    """A long paper that the office sent."""
    problem = "too_hard" if state == "refused" else ""
    intake = Intake(
        unit=cast.unit("QH"), created_by=cast["office"], created_at=cast.now, received_date=cast.today,
        file_name=name, sha256="0" * 64, state=state, problem=problem, **fields,
    )  # fmt: skip
    intake.file.save(f"{state}-{name}", ContentFile(data or picture()), save=False)
    intake.save()
    return intake
