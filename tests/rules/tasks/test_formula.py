"""Reading and reckoning formulas over the figures of a unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.tasks.rules.formula import BadFormula, read_formula

FIGURES = {"人口": Decimal(1000), "上年": Decimal(200), "耕地 面积": Decimal(3), "零": Decimal(0)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("人口", 1000),
        ("0.7*人口 + 0.3*上年", 760),
        ("上年*1.05", 210),
        ("（人口－上年）÷2", 400),
        ("上年 * 5%", 10),
        ("-上年 + 人口", 800),
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("20/2/5", 2),
        ("[耕地 面积]*2", 6),
        ("人口/零", None),
        ("人口+学生", None),
    ],
)
def test_formula_is_reckoned_by_the_usual_rules(text: str, value: int | None) -> None:
    assert read_formula(text).value(FIGURES) == value


def test_formula_names_its_figures_once() -> None:
    assert read_formula("人口+上年*人口").names == ("人口", "上年")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "empty"),
        ("人口+", "unfinished"),
        ("(人口", "unclosed"),
        ("人口)", "unexpected"),
        ("人口 上年", "unexpected"),
        ("__import__('os')", "unexpected"),
        ("人口;上年", "unexpected"),
        ("9" * 201, "too_long"),
        ("(" * 60 + "1" + ")" * 60, "too_deep"),
        ("-" * 60 + "1", "too_deep"),
    ],
)
def test_what_is_no_formula_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadFormula) as caught:
        read_formula(text)
    assert caught.value.code == code


@given(st.text(alphabet="人口上年0123456789.+-*/()% []", max_size=40))
def test_whatever_is_typed_gives_a_value_or_a_fault(text: str) -> None:
    try:
        formula = read_formula(text)
    except BadFormula:
        return
    value = formula.value(FIGURES)
    assert value is None or value.is_finite()
