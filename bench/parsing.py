"""M9: reading takes time in proportion to length, and no text of 1 MB takes more than five times its share.

`python -m bench.parsing` prints the table; `--size` shortens the long texts. The share is the time that usual text of
the same number of bytes takes.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable

from bench.timing import show
from luoshi.directives.rules import read_directive

HEAD = (
    "青禾县人民政府关于印发2026年重点工作任务分解方案的通知\n青政发〔2026〕3号\n2026年2月27日\n"
    "各乡镇人民政府，县政府各部门：\n"
)
UNITS = (
    "县水利局", "县财政局", "县发展改革局", "县农业农村局", "县住建局", "各乡镇人民政府",
    "县市场监管局（县知识产权局）",
)  # fmt: skip
WORKS = (
    "推进灌区续建配套与现代化改造", "完善县域商业体系", "健全基层治理机制", "实施老旧小区改造", "推动涉企服务一窗通办",
    "加强耕地保护和用途管制", "开展安全生产专项整治", "提升医疗服务能力",
)  # fmt: skip
AIMS = (
    "，建成高标准农田3.2万亩", "，新增就业5000人以上", "，覆盖率达到95%", "，培育龙头企业30家", "，每季度调度一次",
    "，", "",
)  # fmt: skip
DAYS = ("，6月底前完成", "，2026年12月完成", "，长期坚持", "，10月20日前完成", "", "")
NOTES = ("{0}牵头，{1}、{2}按职责分工负责", "{0}、{1}负责", "牵头单位：{0}；责任单位：{1}、{2}", "{0}负责")
NUMERALS = "一二三四五六七八九"
REPEATED = {
    "opening brackets": "（",
    "closing brackets": "）",
    "nested brackets": "（县水利局（",
    "digits": "8",
    "digits and units": "1个",
    "lists": "、",
    "commas": "，",
    "tabs": "\t",
    "line ends": "\n",
    "spaces": " ",
    "years": "年",
    "dates": "2026年6月",
    "durations": "三十日内",
    "leads": "牵头负责",
    "units": "县水利局、",
    "unit endings": "局",
    "labels": "责任单位：",
    "each": "每月",
    "first of the list": "列第一位",
    "below": "以下均需",
    "book titles": "《",
    "quotes": "“",
    "numbers of items": "（一）",
    "numbered lines": "一、\n",
    "table cells": "责任单位\t任务\t\n",
    "letters": "a",
    "report": "报送",
    "problem": "问题描述：1个",
}


def usual(length: int, seed: int = 7) -> str:
    """A long but ordinary plan: headings, numbered items, units in brackets, dates, numbers."""
    chance = random.Random(seed)
    parts, size, item = [HEAD], len(HEAD), 0
    while size < length:
        if item % 12 == 0:
            parts.append(f"{NUMERALS[item // 12 % 9]}、重点任务\n")
        note = chance.choice(NOTES).format(*chance.sample(UNITS, 3)) + chance.choice(DAYS)
        words = "；".join(chance.choice(WORKS) + chance.choice(AIMS) for _ in range(chance.randint(1, 5)))
        parts.append(f"{item % 80 + 1}.{words}。（{note}）\n")
        size += len(parts[-1])
        item += 1
    return "".join(parts)[:length]


def hostile(size: int) -> dict[str, str]:
    """Papers of so many bytes that nobody writes: one sign over and over in an item, one line without end, noise."""
    found = {name: words * (size // len(words.encode())) for name, words in REPEATED.items()}
    found["one line"] = usual(size // 3)[len(HEAD) :].replace("\n", "").replace("。", "，")
    found["nested to the end"] = "（" * (size // 6) + "）" * (size // 6)
    chance = random.Random(3)
    signs = (
        "（）〔〕、，。；：\t\n年月日一二三十0123456789前底局委厅部县市省各等牵头负责落实配合单位责任每季度内个家%万亿"
    )
    found["noise"] = "".join(chance.choices(signs, k=size // 3))
    return {name: f"{HEAD}一、任务\n（一）推进{words}。（县水利局负责）\n" for name, words in found.items()}


def seconds(text: str) -> float:
    began = time.process_time()
    read_directive(text)
    return time.process_time() - began


def measure(size: int, report: Callable[[str, float, float, str], None]) -> None:
    """Report each text with its time and the time that its share would be."""
    seconds(usual(10_000))
    lengths = [n for n in (10_000, 30_000, 100_000, 300_000, 1_000_000) if n <= size]
    times = [(n, seconds(usual(n))) for n in lengths]
    share = min(t / n for n, t in times[1:] or times)  # of one character
    for length, spent in times:
        report(f"M9 usual text, {length:,} characters", spent * 1000, share * length * 1000, "ms")
    for name, text in hostile(size).items():
        floor = share * len(text.encode()) / len(usual(10_000).encode()) * 10_000
        report(f"M9 {size / 1e6:g} MB of {name}", seconds(text) * 1000, floor * 1000, "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of each hostile text")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.json:
        measure(options.size, lambda name, ours, floor, unit: show(name, ours, floor, unit=unit))
        return
    worst = 0.0

    def line(name: str, ours: float, floor: float, unit: str) -> None:
        nonlocal worst
        worst = max(worst, ours / floor)
        print(f"{name:44} {ours:12,.0f} {floor:12,.0f} {ours / floor:8.2f}  {unit}", flush=True)

    measure(options.size, line)
    sys.exit(f"a text takes {worst:.1f} times its share" if worst > 5 else 0)


if __name__ == "__main__":
    main()
