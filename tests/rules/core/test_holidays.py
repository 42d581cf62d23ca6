"""The official notice of holidays is read into days; a year is known when its holidays are entered."""

from datetime import date

from luoshi.core.rules.holidays import read_holidays
from luoshi.core.rules.workdays import Calendar

NOTICE = """经国务院批准，现将2026年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_notice_of_a_year_is_read_into_the_days_that_differ() -> None:
    lines = read_holidays(NOTICE, year=2026)
    worked = [line.day for line in lines if line.is_workday]
    assert worked == [date(2026, m, d) for m, d in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]
    free = [line.day for line in lines if not line.is_workday]
    assert len(free) == 2 + 6 + 1 + 3 + 1 + 1 + 5
    assert date(2026, 2, 23) in free
    assert date(2026, 10, 3) not in free, "a Saturday is free by the plain week"
    assert {line.name for line in lines} == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}


def test_seeded_calendar_and_the_notice_agree() -> None:
    import chinese_calendar

    for line in read_holidays(NOTICE, year=2026):
        assert chinese_calendar.is_workday(line.day) is line.is_workday


def test_single_day_and_nonsense() -> None:
    assert [line.day for line in read_holidays("一、元旦：1月1日放假1天。", year=2027)] == [date(2027, 1, 1)]
    assert read_holidays("13月45日放假", year=2027) == ()
    assert read_holidays("至放假，至日上班。" * 50, year=2027) == ()


def test_year_is_known_only_with_its_great_holidays() -> None:
    lines = read_holidays(NOTICE, year=2026)
    days = frozenset(line.day for line in lines if not line.is_workday)
    assert Calendar(off=days).knows(2026)
    assert not Calendar(off=days).knows(2027)
    assert not Calendar(off=frozenset({date(2026, 1, 1)})).knows(2026)
    assert Calendar(off=days).unknown_years(date(2026, 3, 1), date(2028, 1, 1)) == (2027, 2028)
