"""Words as they are searched: pieces of Han characters, numbers with and without brackets, initials, and excerpts."""

import pytest

from luoshi.tasks.rules.searching import (
    Phrase,
    excerpt,
    initials_of,
    parse_query,
    sample_phrases,
    stands_in,
    words_of,
)

TITLE = "城镇新增就业2,600人"
REQUIREMENT = "各镇按照国发〔2026〕5号文件精神，推动高校毕业生、农民工等重点群体就业创业，确保完成全年目标任务。"


def finds(typed: str) -> bool:
    words, initials = words_of(TITLE, REQUIREMENT), initials_of(TITLE)
    return all(stands_in(phrase, words=words, initials=initials) for phrase in parse_query(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "新增就业",
        "就",
        "毕业生",
        "国发〔2026〕5号",
        "国发20265号",
        "国发 2026 5号",
        "czxzjy",
        "xzjy",
        "农民工 就业",
        "毕业生、农民工",
    ],
)
def test_what_is_said_is_found_as_people_type_it(typed: str) -> None:
    assert finds(typed)


@pytest.mark.parametrize("typed", ["增新", "国发〔2025〕5号", "xzcz", "农民工 养老", "人各镇"])
def test_what_is_not_said_is_not_found(typed: str) -> None:
    assert not finds(typed)


def test_excerpt_shows_where_the_words_stand_and_that_more_is_around_them() -> None:
    assert excerpt(REQUIREMENT, "农民工", reach=4) == ("…毕业生、", "农民工", "等重点群…")
    assert excerpt("修水库", "水库") == ("修", "水库", "")
    assert excerpt("Build 5G base", "5g") == ("Build ", "5G", " base")
    assert excerpt(REQUIREMENT, "养老 农民工", reach=2) == ("…生、", "农民工", "等重…")
    assert excerpt(REQUIREMENT, "养老") is None
    assert excerpt("任何", "") is None


def test_sampled_phrases_lie_evenly_over_the_text_and_stand_in_it() -> None:
    text = "完成12座病险水库除险加固，建立健全长效管护机制，年底前全部销号"
    phrases = sample_phrases(text, most=4)
    assert len(phrases) == 4
    words = words_of(text)
    assert all(stands_in(Phrase(phrase, is_open=False), words=words) for phrase in phrases)
    assert phrases[0] == ("座病", "病险", "险水")
    assert sample_phrases("完成12", most=4) == []
