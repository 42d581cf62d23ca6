"""The words of time limits as tables: in running text, and where a label, bracket or cell states a limit outright."""

from luoshi.directives.rules.dates import (
    Resolver,
    coming_year,
    festival,
    half_year,
    month_day,
    nothing,
    plan_end,
    quarter,
    since_issue,
    this_half,
    this_plan_end,
    this_year_end,
    year_end,
)

Row = tuple[str, str, Resolver]
CN = "一二三四五六七八九十"
YEAR_NUMBER = r"(?:20\d{2}|二[〇○零][〇○零一二三四五六七八九]{2})"
RELATIVE = r"(?P<rel>今年|本年度?|当年|明年|次年|翌年|后年|去年|上一?年|下一?年度?)"
YEAR = rf"(?:(?P<year>(?<!\d){YEAR_NUMBER})\s?年度?|{RELATIVE})\s?"
MONTH_NUMBER = rf"(?<![\d{CN}])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
M = rf"(?P<month>{MONTH_NUMBER})\s?月"
DAY = rf"\s?(?P<day>{DAY_NUMBER})\s?[日号]"
PART = r"份?(?P<part>月底|底|末|上旬|中旬|下旬|初|份)"
WEEKDAY = r"(?:\s?[（(](?:星期|周|礼拜)[一二三四五六日天][）)])?"
CLOCK = r"(?:\s?(?:[上下]午|中午|晚)?\s?(?:\d{1,2}[:：]\d{2}|\d{1,2}\s?[时点](?:\d{1,2}分|半|整)?|下班|[上下]午|中午))?"
INCLUDED = r"(?:[（(]含[^）)]{0,6}[）)])?"
BEFORE = rf"{INCLUDED}(?:以前|之前|前(?![三两四]个?季|[期列述瞻沿景后])|止){INCLUDED}"
HALF = rf"(?:{YEAR})?(?:[上下]半年|年中)"
PLAN = rf"[“\"]?(?P<plan>[{CN}]{{1,2}})五[”\"]?(?:规划)?"
FIGURE_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
FIGURE_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
FIGURES = rf"(?<![\d.])(?P<year>20\d{{2}})[.\-/]{FIGURE_MONTH}"  # 2026.10, 2026-10-31
QUARTER = r"第?(?P<quarter>[一二三四1-4])季度?"
TO = r"\s?[至到—\-–~～]{1,2}\s?"
NUMBER = rf"(?:\d{{1,3}}|[两{CN}]{{1,3}})"
WITHIN = r"(?:之内|以内|内)"
DAYS = rf"(?:半年|半个月|{NUMBER}\s?个?半?(?:工作日|日|天|周|星期|月|年|小时)){WITHIN}"
ACTS = (
    r"(?:完成|建成|建立|投入|投用|投产|开工|竣工|完工|通车|"
    r"出台|答复|办复|发布|公布|制修订|开通|召开|印发|制定|启动|实现|达到|到位|办结|新增|推出|培育|形成|整改)"
)
DONE = rf"(?=[^，。；\n]{{0,14}}{ACTS})"
AT_ONCE = rf"(?=(?:前|全面|全部|基本|正式|初步|率先|如期|力争|确保)*{ACTS}(?![^，。；\n]{{0,12}}的))"
UNTIL = r"(?:到|至|截止到?)?"
DOCUMENT = r"(?:意见|通知|方案|办法|文件|计划|规划|细则|规定|措施|决定|通告|清单|要点|函)"
ISSUED = r"(?:印发|下发|发布|公布|实施|施行|出台|发文)"
HAPPENS = r"(?:印发|下发|发布|公布|施行|实施|批复|批准|立项|签收|收到|接到|受理|交办|转办|送达|验收|备案|开工|通报)"
WORKS = (
    rf"(?:{ACTS}|改造|更新|新建|组织|累计|力争|确保|计划|报废|治理|建设|整治|开展|集中|拆除|排查)"
    r"(?!了|[^，。；\n]{0,16}的情况)"
)
AIMED = r"(?<=[。；：，）\n\t争保划中])"
AT_HEAD = r"(?<=[。；：）\n\t])"

WINDOW = (
    rf"(?:(?P<year>(?<!\d){YEAR_NUMBER})\s?年\s?)?{MONTH_NUMBER}\s?月(?:\s?{DAY_NUMBER}\s?[日号]|[上中下]旬|[底初末])?{TO}"
    rf"(?:(?P<year2>{YEAR_NUMBER})\s?年\s?)?(?P<month>(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]))\s?月"
    rf"(?:\s?(?P<day>{DAY_NUMBER})\s?[日号]|(?P<part>上旬|中旬|下旬|底|末|初))?"
)
# Of matches that begin at one place the first row of the table wins.
INLINE: tuple[Row, ...] = (
    ("window", WINDOW + r"(?=[，,。；（()）\n\t期止]|$|[底末前])(?:[底末]?前)?", month_day),
    ("window", WINDOW + rf"(?=[^，。；\n]{{0,14}}{WORKS})", month_day),
    ("fixed", rf"(?:{YEAR})?{M}(?:{DAY}|{PART})?(?=报(?:[送县市省国批审区]|请))", month_day),
    (
        "fixed",
        rf"(?:自?在?本|自){DOCUMENT}{ISSUED}(?:之日起|之日后|之后|后)的?(?:半年|半个月|{NUMBER}\s?个?(?:工作日|日|天|周|月|年)){WITHIN}",
        since_issue,
    ),
    (
        "event",
        rf"(?:自?(?:收到|接到|签收)[^，。；\s]{{0,12}}之日起|[^，。；、\s本]{{0,8}}之日起|会议?后|{HAPPENS}[^，。；、\s]{{0,8}}?(?:之后|以后|后))的?{DAYS}",
        nothing,
    ),
    (
        "recurring",
        r"每(?:个?月|[一两]个月|个?季度?末?|半年|年度?|周|日|天|旬)(?:的)?(?:\d{1,2}月)?"
        rf"(?:\d{{1,2}}[日号]|[一二三四五六日天]|底|末|初|首月|{CN})?[上下]?[午旬]?(?:[（(][^）)]{{1,20}}[）)])?(?:以前|之前|前)",
        nothing,
    ),
    ("recurring", r"每(?:个?季度?|半年|年|月)[底末](?:[（(][^）)]{1,20}[）)])?", nothing),
    ("recurring", r"每周[一二三四五六日天](?:[上下]午)?", nothing),
    ("fixed", rf"{UNTIL}(?:{YEAR})?{M}{DAY}{WEEKDAY}{CLOCK}{BEFORE}", month_day),
    ("fixed", rf"{UNTIL}(?:{YEAR})?{M}{PART}?{BEFORE}", month_day),
    ("fixed", rf"{UNTIL}(?:{YEAR})?{M}份?[底末]", month_day),
    ("fixed", rf"[到至]{YEAR}{M}(?:{PART}|{DAY})?(?!\d)", month_day),
    ("fixed", rf"(?:{YEAR})?{M}(?:{DAY}|{PART})?{AT_ONCE}", month_day),
    ("fixed", rf"{UNTIL}{YEAR}年?[底末终](?:{BEFORE})?", year_end),
    ("fixed", rf"[到至]{YEAR}(?![\d—至\-–~起以来的上下初前第一二三四]|年?中)", year_end),
    (
        "window",
        rf"(?<![\d《（(“]){YEAR_NUMBER}\s?年?{TO}(?P<year>{YEAR_NUMBER})\s?年(?:期间)?(?=，|[^，。；\n]{{0,14}}{WORKS})",
        year_end,
    ),
    ("fixed", rf"{YEAR}{BEFORE}", year_end),
    ("fixed", rf"{AIMED}(?P<year>{YEAR_NUMBER})\s?年(?=，?[全各]?[省市县区]?[^，。；年\n]{{0,6}}{WORKS})", year_end),
    ("fixed", rf"{AT_HEAD}(?P<year>{YEAR_NUMBER})\s?年(?=，)", coming_year),
    ("fixed", rf"(?:[到至]|{RELATIVE})?年[底末终](?:{BEFORE})", this_year_end),
    ("fixed", r"(?:到|至|今)年[底末终]", this_year_end),
    ("fixed", rf"(?<![去上前])年[底末]{DONE}", this_year_end),
    ("fixed", rf"{YEAR}(?:年?度)?内", year_end),
    ("fixed", rf"(?<![\d两{CN}几半])年度?内(?=[^，。；\n]{{0,20}}{ACTS})", this_year_end),
    ("fixed", rf"{HALF}(?:{BEFORE}|[底末内])", half_year),
    ("fixed", rf"[到至]{HALF}", half_year),
    ("fixed", rf"(?:{YEAR})?[上下]半年{DONE}", half_year),
    ("fixed", rf"(?:{YEAR})?前(?P<quarter>[一二三四两])个?季度(?:[底末内](?:{BEFORE})?|{BEFORE}|{DONE})", quarter),
    ("fixed", rf"(?:{YEAR})?{QUARTER}(?:[底末内](?:{BEFORE})?|{BEFORE}|{DONE})", quarter),
    (
        "fixed",
        rf"{PLAN}(?:期末|末|(?:期间|时期|期内)(?=，|[^，。；]{{0,20}}{ACTS}))",
        plan_end,
    ),
    (
        "fixed",
        rf"(?:{YEAR})?[“\"]?(?P<festival>元旦|五一|七一|八一|国庆)[”\"]?(?:劳动节|建军节|节假?日?)?(?:之前|前)",
        festival,
    ),
    (
        "fixed",
        rf"{FIGURES}[.\-/]{FIGURE_DAY}日?{BEFORE}",
        month_day,
    ),
    ("fixed", rf"(?<![\d.]){FIGURE_MONTH}[./]{FIGURE_DAY}{BEFORE}", month_day),
    (
        "event",
        r"(?:主汛期|汛期|入汛|春节|清明节?|端午节?|中秋节?|开学|供暖季|采暖季|封冻|春播|秋播|雨季|会议?召开|正式实施|开工|下次会议?)(?:来临|到来|开始)?(?:之前|前)(?=[，,完全必要抓开要]|$)",
        nothing,
    ),
    (
        "event",
        rf"(?<![近后业续满前龄])(?:{NUMBER}年|{NUMBER}个月|半年|{NUMBER}天|{NUMBER}个工作日){WITHIN}{DONE}",
        nothing,
    ),
    ("event", rf"(?:用|经过?|力争){NUMBER}年(?:左右)?的?(?:时间|努力)", nothing),
    ("immediate", r"立行立改|即知即改|立知立改|立查立改|即行即改|边查边改|立整立改", nothing),
    ("trajectory", r"时间过半、?，?任务(?:完成)?过半", this_half),
)
# A bracket, a labelled line or a table cell says 时限 outright, so that words too plain for running text count there.
STATED: tuple[Row, ...] = (
    *INLINE,
    ("window", WINDOW, month_day),
    ("window", rf"(?:{YEAR})?{MONTH_NUMBER}{TO}{FIGURE_MONTH}\s?月(?:[底末])?(?:{BEFORE})?", month_day),
    ("window", rf"{YEAR_NUMBER}\s?年?{TO}(?P<year>{YEAR_NUMBER})\s?年?(?!\d)", year_end),
    ("open", r"年内持续[^，。；、]{0,8}", nothing),
    (
        "recurring",
        r"每(?:个?月|季度?|半年|年|周|旬|日|天)(?:[^，。；（(]{0,10}[（(][^）)]{1,20}[）)]|[^，。；（(]{0,14})",
        nothing,
    ),
    ("recurring", r"[按逐](?:季度?|月|周|年)[^，。；、]{0,6}", nothing),
    ("class", r"(?:特急|急|加急|非急|平|难|一般)件[^，。；、]{0,12}", nothing),
    (
        "horizon",
        rf"(?:短期|中期|长期)[（(][^）)]{{1,12}}[）)]|(?:短期|中期)(?:攻坚|推进|整改)?|{NUMBER}[—\-~至]{NUMBER}年",
        nothing,
    ),
    ("event", DAYS, nothing),
    ("immediate", r"立即[^，。；、]{0,6}|马上|随到随办", nothing),
    ("fixed", rf"{UNTIL}{YEAR}{M}{DAY}", month_day),
    ("fixed", rf"{YEAR}{M}{PART}?", month_day),
    (
        "fixed",
        rf"{FIGURES}(?:[.\-/]{FIGURE_DAY})?(?!\d)",
        month_day,
    ),
    ("fixed", rf"{M}{DAY}", month_day),
    ("fixed", rf"{M}{PART}?(?!\d)", month_day),
    ("fixed", HALF, half_year),
    ("fixed", rf"(?:{YEAR})?{QUARTER}", quarter),
    ("fixed", rf"(?:{YEAR})?首季", quarter),
    ("fixed", rf"{YEAR}[度内]?(?!\d)", year_end),
    ("fixed", r"本?规划期(?:内|末)", this_plan_end),
    ("fixed", rf"{PLAN}(?:期间|时期|期内|期末|末)", plan_end),
    ("fixed", r"年度?内|年[底末终]|岁末|全年", this_year_end),
    ("open", r"(?:持续|长期|常年|常态化?|滚动|坚持)[推坚实落开做整深攻抓跟更进化持施展好改力好新行]{0,6}", nothing),
    (
        "vague",
        r"尽快|适时|尽早|抓紧|有序推进|按(?:照|时间)?(?:序时进度|(?:时间)?节点|计划|进度)(?:要求)?(?:有序)?[^，。；]{0,4}",
        nothing,
    ),
)
