"""A small directive in the real style, registered by the supervision office."""

from luoshi.directives.actions import Source, register_directive
from luoshi.directives.models import Directive
from tests.factories.orgs import Cast

PAPER = """青禾县人民政府关于印发2026年重点任务分工方案的通知
青政发〔2026〕3号
各乡镇人民政府、街道办事处，县政府各部门：
现将分工方案印发给你们，请认真抓好落实。
青禾县人民政府
2026年2月27日
一、抓好三农工作
（一）稳定粮食生产。3月底前备足春耕农资；全年粮食播种面积稳定在42.6万亩以上。（县农业农村局牵头，县水利局、财政局，各乡镇（街道）按职责分工负责，10月底前完成）
（二）修好水利设施。完成12座病险水库除险加固。（县水利局负责，11月底前完成）
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
