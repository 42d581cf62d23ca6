"""Every reason for refusing a file is said in the reader's language, with the remedy."""

import pytest
from django.utils.translation import override

from luoshi.directives.actions.reading import SENTENCES
from luoshi.papers.refusals import REASONS

pytestmark = pytest.mark.one_database


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(REASONS)
    for code, sentence in SENTENCES.items():
        with override("en"):
            assert str(sentence) == " ".join(REASONS[code])
        with override("zh-hans"):
            assert str(sentence) != " ".join(REASONS[code])
