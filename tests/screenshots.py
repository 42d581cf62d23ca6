"""`python -m tests.screenshots [NAME …]`: the guide's pictures, or those named, from the demo county in Chromium."""

import base64
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from luoshi.demo.samples import write_samples
from tests.browser import find_browser
from tests.pages.conftest import FLAGS, PASSWORD, ROOT, Server, environment, plant, serving
from tests.pages.reviewing import LONG, REVIEW

PICTURES = ROOT / "docs/guide/pictures"
SHEET = """单位代码,单位名称,简称,层级,上级单位代码
QH-NYJ,青禾县农业农村和水产局,县农水局,部门,QH
QH-DSJ,青禾县大数据中心,县大数据中心,部门,QH
QH-T01,青禾县柳河镇人民政府,柳河镇,乡镇,QH
QH-T15,青禾县新湾镇人民政府,新湾镇,乡镇,QH
"""
STRANGE = """青禾县人民政府办公室关于做好冬春农业生产的通知
青政办函〔2026〕60号
1.抓好冬小麦管护。落实管护面积20万亩以上。（县农业技术推广站牵头，县供销社配合，2026年12月25日前完成）
2.备足春耕物资。储备化肥1.2万吨以上。（县供销总社牵头，县农业技术推广站、县财政局配合，2027年2月底前完成）
3.检修灌溉设施。检修泵站36座。（县水利局牵头，县春耕工作专班配合，2027年3月10日前完成）
青禾县人民政府办公室
2026年11月20日
"""
PARTS = "柳河镇\t3\n石桥镇\t3\n茶山乡\t2\n云岭镇\t2"
REDUCE = """async (shot) => {
  const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + shot)).blob());
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const dots = canvas.getImageData(0, 0, width, height).data;
  const bin = (at) => (dots[at] >> 3) << 10 | (dots[at + 1] >> 3) << 5 | dots[at + 2] >> 3;
  const seen = new Map();
  for (let at = 0; at < dots.length; at += 4) {
    const here = seen.get(bin(at));
    if (here) here.count += 1;
    else seen.set(bin(at), { count: 1, colour: [dots[at], dots[at + 1], dots[at + 2]] });
  }
  const palette = [...seen.values()].sort((a, b) => b.count - a.count).slice(0, 256).map((s) => s.colour);
  const far = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  for (const one of seen.values()) {
    const nearer = (best, colour, at) => (far(colour, one.colour) < far(palette[best], one.colour) ? at : best);
    one.place = palette.reduce(nearer, 0);
  }
  let rows = "";
  for (let at = 0; at < dots.length; at += 4) rows += String.fromCharCode(seen.get(bin(at)).place);
  return { width, height, palette: palette.flat(), rows: btoa(rows) };
}"""
HEIGHTS = {1366: 768, 390: 844}


@dataclass(frozen=True)
class Picture:
    """One picture of the guide: whose screen, which page, and what is done there before the shutter."""

    name: str
    who: str
    path: str
    width: int = 1366
    prepare: Callable[[Page], None] = lambda page: None


def open_first_proposal(page: Page) -> None:
    page.locator("#proposals article[data-state=proposed]").first.scroll_into_view_if_needed()


def unfold(page: Page) -> None:
    """Open the first branch of the ledger's tree."""
    page.locator("a.twig").first.click()
    page.wait_for_selector("tr[data-under]")
    page.evaluate("window.scrollTo(0, 0)")


def choose_townships(page: Page) -> None:
    """Paste four units with a target each, and look at the parts."""
    page.fill("[name=names]", PARTS)
    page.locator("[name=choose]").click()
    page.wait_for_selector("[name=confirm]")


def divide_by_people(page: Page) -> None:
    """Give a county task to all townships, by population, at least one each."""
    page.locator("[name=level][value=township]").click()
    page.wait_for_selector("[name=confirm]")
    page.select_option("#divide", "base")
    page.select_option("#figure", "户籍人口")
    page.fill("#floor", "1")
    page.locator("[name=work]").click()
    page.wait_for_selector("[data-share]")


def ask_for_more(page: Page) -> None:
    """Divide it, then ask for more and earlier than was asked."""
    divide_by_people(page)
    page.locator("[name$=-target_value]").first.fill("12")
    page.locator("[name$=-due_date]").nth(1).fill("2026-10-01")
    page.locator("[name$=-weight]").first.focus()
    page.wait_for_selector("#reason")


def upload_sheet(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "units.csv"
        sheet.write_text(SHEET, encoding="utf-8")
        page.set_input_files("input[type=file]", sheet)
        page.locator("main .btn-primary").click()
        page.wait_for_url("**/orgs/sheets/*/**")


def light_the_second(page: Page) -> None:
    """Point at a proposal, so that its words are lit on the page of the original."""
    page.locator(".page-shown img").first.evaluate("picture => picture.decode()")
    page.locator("#proposals article[data-state=proposed]").nth(1).hover()


def upload_scan(page: Page) -> None:
    """Give in the demo county's scan, wait until it is read, and look at the original."""
    with tempfile.TemporaryDirectory() as folder:
        scan = next(path for path in write_samples(Path(folder)) if path.suffix == ".png")
        page.set_input_files("input[type=file]", scan)
        page.locator("main .paper-form .btn-primary").click()
        page.wait_for_url("**/directives/intakes/**")
    page.wait_for_url(REVIEW, timeout=LONG)
    page.goto(page.url + "?view=original", wait_until="networkidle")
    light_the_second(page)


def paste_strange_names(page: Page) -> None:
    page.fill("[name=text]", STRANGE)
    page.locator("main .paper-form .btn-primary").click()
    page.wait_for_url(REVIEW)


TAKEN = (
    Picture("needle", "townclerk", "/"),
    Picture("needle", "townclerk", "/", 390),
    Picture("needle-leader", "leader", "/"),
    Picture("directives", "office", "/directives/"),
    Picture("review", "office", "/directives/{directive}/", prepare=open_first_proposal),
    Picture("review-original", "office", "/directives/{directive}/?view=original", prepare=light_the_second),
    Picture("versions", "office", "/directives/{revision}/versions/"),
    Picture("drafts", "office", "/tasks/drafts/"),
    Picture("cascade", "depthead", "/tasks/{divisible}/cascade/", prepare=choose_townships),
    Picture("divide", "office", "/tasks/{divided}/cascade/", prepare=divide_by_people),
    Picture("guard", "office", "/tasks/{divided}/cascade/", prepare=ask_for_more),
    Picture("figures", "office", "/orgs/figures/"),
    Picture("inflations", "office", "/tasks/inflations/"),
    Picture("ledger", "office", "/ledger/?totals=1"),
    Picture("tree", "leader", "/ledger/?tree=1&totals=1", prepare=unfold),
    Picture("between", "office", "/ledger/compare/?from=2026-10-23"),
    Picture("lint", "office", "/tasks/from-directive/{directive}/lint/"),
    Picture("task", "leader", "/tasks/{parent}/"),
    Picture("report", "townclerk", "/tasks/{numbered}/report/"),
    Picture("verify", "office", "/tasks/{submitted}/verify/"),
    Picture("queue", "office", "/supervision/"),
    Picture("calendar", "leader", "/calendar/"),
    Picture("indicators", "office", "/indicators/{board}/"),
    Picture("readings", "townclerk", "/indicators/readings/"),
    Picture("confirm", "wang.jihong", "/indicators/{board}/confirm/"),
    Picture("units", "office", "/orgs/"),
    Picture("import", "admin", "/orgs/sheets/", prepare=upload_sheet),
    Picture("letter", "office", "/letters/{letter}/"),
    Picture("letter-form", "office", "/letters/forms/{county}/circular/"),
    Picture("ladder", "office", "/supervision/chasing/ladders/{ladder}/"),
    Picture("chasing", "office", "/supervision/chasing/"),
    Picture("approvals", "leader", "/supervision/chasing/approvals/"),
    Picture("request", "leader", "/requests/{request}/"),
    Picture("stage", "leader", "/stocktakes/{stocktake}/stage/"),
    Picture("draw", "office", "/inspections/draws/{draw}/"),
    Picture("visit", "office", "/inspections/objects/{inspected}/visit/", 390),
    Picture("light-table", "office", "/lights/"),
    Picture("light-months", "office", "/lights/months/"),
    Picture("misses", "office", "/lights/misses/"),
    Picture("clocks", "office", "/tasks/clocks/"),
    Picture("reporting", "office", "/supervision/reporting/"),
    Picture("wishes", "townclerk", "/notices/wishes/"),
    Picture("deliveries", "office", "/notices/deliveries/"),
    Picture("journal", "office", "/journal/"),
    Picture("workbook", "office", "/ledger/workbooks/{workbook}/?state=all"),
    Picture("workbooks", "office", "/ledger/workbooks/"),
    Picture("layouts", "office", "/ledger/layouts/"),
    Picture("names", "office", "/directives/new/", prepare=paste_strange_names),
    Picture("review-scan", "office", "/directives/new/", prepare=upload_scan),
)


def enter(browser: Browser, server: Server, *, who: str, width: int) -> Page:
    """A browser of that width in which this person has signed in; nobody stays at the sign-in page."""
    page = browser.new_context(locale="zh-CN", base_url=server.url).new_page()
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.goto("/accounts/login/")
    if who:
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("nav.loop")
    return page


def take(page: Page, picture: Picture, landmarks: dict[str, int]) -> None:
    page.goto(picture.path.format(**landmarks), wait_until="networkidle")
    picture.prepare(page)
    shot = page.screenshot(animations="disabled")
    (PICTURES / f"{picture.name}-{picture.width}.png").write_bytes(shrink(page, shot))


def shrink(page: Page, shot: bytes) -> bytes:
    """The same picture with a palette of 256 colours, a third of the size: the browser counts, we write."""
    blank = page.context.new_page()
    found = blank.evaluate(REDUCE, base64.b64encode(shot).decode("ascii"))
    blank.close()
    width, height = found["width"], found["height"]
    rows = base64.b64decode(found["rows"])
    lines = b"".join(b"\0" + rows[at : at + width] for at in range(0, width * height, width))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(found["palette"])),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    sealed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


def shoot(server: Server, browser: Browser, names: list[str]) -> None:
    """All pictures, or those named; one browser per person and width."""
    asked = [sys.executable, "-m", "tests.pages.landmarks"]
    found = subprocess.run(asked, env=environment(server.var), cwd=ROOT, capture_output=True, text=True, check=True)
    landmarks = json.loads(found.stdout)
    pages: dict[tuple[str, int], Page] = {}
    for picture in (p for p in TAKEN if not names or p.name in names):
        seat = (picture.who, picture.width)
        if seat not in pages:
            pages[seat] = enter(browser, server, who=picture.who, width=picture.width)
        take(pages[seat], picture, landmarks)
    for width in () if names and "login" not in names else HEIGHTS:
        take(enter(browser, server, who="", width=width), Picture("login", "", "/accounts/login/", width), {})


def main() -> int:
    executable = find_browser()
    if executable is None:
        print("Run `make browser` first.", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    var = Path(tempfile.mkdtemp(prefix="luoshi-pictures-"))
    try:
        plant(var)
        with serving(var) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            shoot(server, browser, sys.argv[1:])
    finally:
        shutil.rmtree(var, ignore_errors=True)
    for kept in sorted(PICTURES.glob("*.png")):
        print(f"{kept.stat().st_size // 1024:5d} kB  {kept.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
