"""The signs by which a line shows that it begins, ends or goes on with something."""

import re

LATIN = re.compile(r"[!-~\u00b0-\u024f]")
MARK = re.compile(
    r"(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百]{1,4}[）)]|\d{1,3}[.．、](?!\d)|[（(]\d{1,3}[）)]"
    r"|\d{1,2}[)）]|第[一二三四五六七八九十百零]{1,5}[章节条编部](?![一-龥]*规定)|[①-⑳㈠-㈩]|[一二三四五六七八九十]{1,2}是|——|[●■◆▪•○□])"
)
ENDS = re.compile(r"[。；;！!？?：:…”』」]$|[。；！？][”’）)〕】]+$")
BRACKETS = re.compile(r"[（(〔【《\[「『“]|[）)〕】》\]」』”]")
OPENING, CLOSING = "（(〔【《[「『“", "）)〕】》]」』”"
DATE = re.compile(
    r"[\d〇零○一二三四五六七八九十]{2,4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)
NUMERAL = "一二三四五六七八九十"
# Marks that begin a heading wherever they begin a line, unless the line before leads up to them: 按照第 / （二）项
HEADING = re.compile(rf"[{NUMERAL}]{{1,3}}、|[（(][{NUMERAL}]{{1,3}}[）)](?![、，,；。项条款目至和及])")
APART = re.compile(rf"附[件录表]\s*[\d{NUMERAL}]{{0,3}}\s*(?:[：:]|$)|(?:主送|抄送|联系人|签发人)[：:]|[（(]此件")
MENTIONED = re.compile(r"[一二三四五六七八九十、，,第和及与或至（(]$")
LABEL = re.compile(r"[一-龥]{2,8}[：:]")
UNIT = re.compile(r"(?:厅|局|委|委员会|办公室|政府|部|院|室|中心|公司|署|行|会|文件)$")
TITLE = re.compile(
    r"关于|通知|意见|方案|办法|措施|计划|规划|纪要|决定|报告|清单|条例|规定|细则|公告|通告|函|批复|要点|分工"
)
CLOSED = re.compile(r"[）)〕】]$")
# What a line never ends with, what it never begins with, and what holds on to both sides.
LEADING, TRAILING, QUOTES = "（(〔【《[「『“‘＋+￥$", "，。、；：？！）)〕】》]」』”’…—％%", "“”‘’"
