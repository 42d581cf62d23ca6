"""Journeys as the people concerned: a decision is asked for; more time is given twice, the second time higher up."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

SignIn = Callable[..., Page]
QUESTION, DECISION = "田间道路与林地边界不一致，以哪条线为准？", "以二调林地界线为准，县自然资源局本周放线。"


def press(page: Page, selector: str = "form .btn-primary") -> None:
    """Click the one button of that kind in the page, and wait for the answer."""
    button = page.locator(f"main {selector}:visible")
    expect(button).to_have_count(1)
    with page.expect_navigation():
        button.click()


def test_question_stands_first_with_the_leader_and_its_answer_lets_the_clock_run_again(
    sign_in: SignIn, landmarks: dict[str, int]
) -> None:
    farm, office, leader = sign_in("deptclerk"), sign_in("office"), sign_in("leader")
    task = landmarks["dated"]
    farm.goto(f"/tasks/{task}/ask/")
    farm.fill("[name=question]", QUESTION)
    head = farm.locator("[name=person] option", has_text="县长").first.get_attribute("value")
    farm.select_option("[name=person]", head)
    farm.check("[name=wants_pause]")
    press(farm)
    expect(farm.locator("main")).to_contain_text(QUESTION)
    office.goto(f"/tasks/{task}/pause/")
    office.check("[name=decision][value=approved]")
    press(office)
    expect(office.locator("main")).to_contain_text("停表")
    leader.goto("/")
    row = leader.locator(".needle-row", has_text=QUESTION)
    expect(row).to_contain_text("县农业农村局")
    row.locator(".btn").click()
    leader.fill("[name=answer]", DECISION)
    press(leader)
    expect(leader.locator("main")).to_contain_text(DECISION)
    leader.goto("/")
    expect(leader.locator(".needle-row", has_text=QUESTION)).to_have_count(0)
    farm.goto(f"/tasks/{task}/")
    expect(farm.locator("main")).to_contain_text(DECISION)
    expect(farm.locator("#h-pause")).to_have_count(0)


def ask_for_time(farm: Page, task: int, *, until: date) -> None:
    farm.goto(f"/tasks/{task}/extend/")
    farm.fill("[name=to_date]", until.isoformat())
    farm.select_option("[name=cause]", "land")
    farm.fill("[name=reason]", "征地手续未批")
    farm.fill("[name=progress]", "已完成七成")
    press(farm)


def grant(page: Page) -> None:
    page.check("[name=decision][value=approved]")
    press(page)


def test_second_extension_is_the_head_s_to_give(sign_in: SignIn, landmarks: dict[str, int]) -> None:
    farm, office, leader = sign_in("deptclerk"), sign_in("office"), sign_in("leader")
    task, later = landmarks["dated"], date.today() + timedelta(days=500)
    queue = "/supervision/?tab=extensions"
    ask_for_time(farm, task, until=later)
    title = farm.locator("h1").inner_text()
    office.goto(queue)
    with office.expect_navigation():
        office.locator("tr", has_text=title).locator(".btn").click()
    grant(office)
    farm.goto(f"/tasks/{task}/extend/")
    expect(farm.locator("main")).to_contain_text("由主要负责人决定")
    ask_for_time(farm, task, until=later + timedelta(days=30))
    office.goto(queue)
    expect(office.locator("tr", has_text=title)).to_have_count(0)
    leader.goto(queue)
    with leader.expect_navigation():
        leader.locator("tr", has_text=title).locator(".btn").click()
    grant(leader)
    farm.goto(f"/tasks/{task}/")
    expect(farm.locator("#h-dates + ol")).to_contain_text("第2次延期")
