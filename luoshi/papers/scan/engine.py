"""The recognition of characters: one rapidocr engine a process, its models from the installed wheel, never the net."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
MOST_THREADS = 4
BATCH = 6
TURNED_SCORE = 0.8
MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A recognised character: where its middle is, as a share of the line's width, and how sure it is."""

    char: str
    middle: float
    confidence: float


def find_boxes(picture: Picture) -> NDArray[np.float32]:
    """The corners of each line of text, clockwise from the top left: an array of n × 4 × 2."""
    found = _engine()(picture, use_det=True, use_cls=False, use_rec=False).boxes
    return np.zeros((0, 4, 2), np.float32) if found is None else np.asarray(found, np.float32)


def share_upside_down(lines: Sequence[Picture]) -> float:
    """The share of lines that stand on their heads, of those about which it is sure."""
    _pictures, result = _turned(lines)
    sure = [label for label, score in result if score >= TURNED_SCORE]
    return sum(label == "180" for label in sure) / len(sure) if sure else 0.0


def read_lines(lines: Sequence[Picture]) -> list[tuple[Letter, ...]]:
    """The characters of each cut-out line."""
    if not lines:
        return []
    found = _engine().recognize_txt(list(lines))
    return [_letters(text, word) for text, word in zip(found.txts, found.word_results, strict=True)]


def _turned(lines: Sequence[Picture]) -> tuple[list[Picture], list[tuple[str, float]]]:
    pictures, result = _engine().cls_and_rotate(list(lines))
    return pictures, result.cls_res


def _letters(text: str, word: Any) -> tuple[Letter, ...]:
    """Letters with their columns; the engine gives columns for all characters but spaces."""
    columns = iter([column for group in word.word_cols for column in group])
    length = max(float(word.line_txt_len), 1.0)
    letters: list[Letter] = []
    for char, confidence in zip(text, word.confs, strict=False):
        if not char.isspace() and (column := next(columns, None)) is not None:
            letters.append(Letter(char, min(1.0, (column + 0.5) / length), float(confidence)))
    return tuple(letters)


def _threads() -> int:
    able = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_THREADS, able))


@cache
def _engine() -> Any:
    import cv2
    import rapidocr

    cv2.setNumThreads(_threads())
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_preprocess_img": False,
            "Global.use_vertical_padding": False,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": _threads(),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": BATCH,
            **{f"{part}.model_path": str(models / name) for part, name in MODELS.items()},
        }
    )
