"""An inspection in a real browser: plan, approval, lots, finding, conclusion, objection, and review by another."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.pages.conftest import Server

SignIn = Callable[..., Page]
TITLE = "冬春农田水利建设专项督查"
FIRST = date.today() + timedelta(days=1)


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Click the one button or link of this name in the page and wait for the answer."""
    main = page.locator("main")
    found = main.get_by_role("button", name=name, exact=exact).or_(main.get_by_role("link", name=name, exact=exact))
    with page.expect_navigation():
        found.first.click()


def test_inspection_goes_from_plan_to_review_through_the_hands_of_four(server: Server, sign_in: SignIn) -> None:
    office, leader = sign_in("office"), sign_in("leader")
    at = plan(office)
    draw(office, at)
    press_at(office, at, "提请审批")
    approve(leader, at)
    press_at(office, at, "启动")
    thing = note_finding(office, at)
    conclusion = conclude(office, leader, thing)
    town = sign_in("townhead", width=390, height=844)
    object_to(town, conclusion)
    review(sign_in("sponsor"), conclusion)
    office.goto(conclusion)
    expect(office.locator("main")).to_contain_text("维持结论")
    assert server.run("journal", "verify").returncode == 0


def press_at(page: Page, path: str, name: str) -> None:
    page.goto(path)
    press(page, name)


def plan(office: Page) -> str:
    """A plan that names the township; the page of lots comes next."""
    office.goto("/inspections/new/")
    for name, words in (
        ("title", TITLE), ("basis", "县政府常务会议决定"), ("content", "末级渠系通水情况"),
        ("objects_text", "柳河镇和抽中的镇"), ("scope", "今冬明春农田水利"), ("from_date", FIRST.isoformat()),
        ("to_date", (FIRST + timedelta(days=9)).isoformat()),
    ):  # fmt: skip
        office.fill(f"[name={name}]", words)
    office.select_option("[name=kind]", "special")
    office.check("[name=methods][value=unannounced]")
    press(office, "保存")
    office.wait_for_url("**/lots/")
    return office.url.removesuffix("lots/")


def draw(office: Page, at: str) -> None:
    """The township by name, one more by lot with a seed read out; the draw is drawn again before our eyes."""
    office.goto(f"{at}lots/")
    office.fill("[name=o-unit]", "柳河镇")
    press(office, "添加")
    office.fill("[name=s-name]", "乡镇")
    office.fill("[name=s-under]", "QH")
    office.fill("[name=s-size]", "1")
    office.check("[name=s-levels][value=township]")
    press(office, "保存抽样层")
    office.fill("[name=d-seed]", "0815")
    press(office, "抽取")
    with office.expect_navigation():
        office.locator("main a[href*='/draws/']").first.click()
    expect(office.locator(".note-success")).to_contain_text("结果一致")
    expect(office.locator("main")).to_contain_text("抽中")


def approve(leader: Page, at: str) -> None:
    """The head finds it on the needle's page of approval, reads the overlaps, and says why it goes ahead."""
    leader.goto("/")
    expect(leader.locator("main")).to_contain_text(TITLE)
    leader.goto(f"{at}approve/")
    if leader.locator("[name=despite]").count():
        leader.fill("[name=despite]", "与秸秆禁烧督查合并进点")
    press(leader, "批准")
    expect(leader.locator("main")).to_contain_text("方案已批准")


def note_finding(office: Page, at: str) -> str:
    office.goto(at)
    with office.expect_navigation():
        office.get_by_role("link", name="柳河镇", exact=True).click()
    thing = office.url
    press(office, "记录问题")
    office.fill("[name=fact]", "上坝村末级渠系淤塞1.2公里未通水")
    office.fill("[name=rule]", "高标准农田建设通则第六章")
    office.fill("[name=requirement]", "清淤通水")
    office.fill("[name=due_date]", (FIRST + timedelta(days=30)).isoformat())
    press(office, "保存")
    press(office, "将1个问题作为任务交办整改")
    expect(office.locator("main")).to_contain_text("已交办")
    return thing


def conclude(office: Page, leader: Page, thing: str) -> str:
    office.goto(thing)
    press(office, "撰写督查结论")
    expect(office.locator("[name=facts]")).to_have_value(
        "1. 上坝村末级渠系淤塞1.2公里未通水（高标准农田建设通则第六章）"
    )
    office.fill("[name=conclusion]", "农田水利管护不到位，限期整改。")
    press(office, "保存草稿")
    leader.goto(thing)
    press(leader, "签发并反馈")
    return leader.url


def object_to(town: Page, conclusion: str) -> None:
    """On a phone: what is found about us, sign for it, object within the days shown."""
    town.goto("/inspections/?tab=about")
    with town.expect_navigation():
        town.locator(f"main a[href='{conclusion[conclusion.index('/inspections') :]}']").click()
    assert town.evaluate("document.documentElement.scrollWidth") <= 390
    press(town, "签收")
    expect(town.locator("main")).to_contain_text("还有3")
    press(town, "提出异议")
    town.fill("[name=reason]", "该段渠系已移交大湾镇管护，请核实。")
    press(town, "提出异议")
    expect(town.locator("main")).to_contain_text("由未参与作出结论的人员决定")


def review(sponsor: Page, conclusion: str) -> None:
    sponsor.goto(conclusion)
    press(sponsor, "复核异议")
    sponsor.check("[name=ruling][value=upheld]")
    sponsor.fill("[name=grounds]", "移交手续未办结，管护责任仍在柳河镇。")
    press(sponsor, "作出复核决定")
    expect(sponsor.locator("main")).to_contain_text("维持结论")
