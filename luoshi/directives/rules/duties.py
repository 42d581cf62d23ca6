"""Finds the duty notes of a passage: in brackets, on labelled lines, and bare brackets where the document uses them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from luoshi.directives.rules.brackets import pairs, split_outside, without_unclosed
from luoshi.directives.rules.conventions import without_rules
from luoshi.directives.rules.deadlines import is_deadline
from luoshi.directives.rules.facts import Mention, Span
from luoshi.directives.rules.labels import LABEL, UNIT_ROLES, WORD, label_role, outer_labels
from luoshi.directives.rules.phrases import VERB, Draft, Note, mask_limits, read_label, read_note
from luoshi.directives.rules.units import looks_like_unit, read_units

NOTE_LENGTH = 1200
BARE_LENGTH = 300
KEYWORD = re.compile(
    r"牵头|负责|落实|会同|配合|参与|承办|主办|主责|商|联合|实施|指导|单位|部门|完成|[月底日年]前|\d月|全年|持续|长期|[:：*＊★☆▲△●◆※]"
)
SENTENCE_BREAK = "。；;！？”』\n\t"
GAP = re.compile(r"\s+")
TOLD = re.compile(
    r"^[ \t\u3000]*由?(?P<words>[^\n\t。：:]{4,200}(?:牵头|负责|配合|落实|参与|协助))。?[ \t\u3000\r]*$", re.MULTILINE
)
NAME_BEFORE = re.compile(r"[^\s、，,；;。：:（）()]+$")
NAME_AFTER = re.compile(r"[^\s、，,；;。：:]+")
LIMIT_BESIDE = re.compile(r"[ \u3000]?[【\[［（(](?P<limit>[^【】\[\]［］（）()\n]{2,24})[】\]］）)]")
INDENT = re.compile(r"\u3000{3,}| {6,}")
STARTS_NAME = re.compile(r"[省市县区州各]|国家|中央")
LABEL_END = re.compile(r"(?:单位|部门|处室|主体)$")
AFTER_NOTE = "。；;，\n\t"


def find_notes(text: str, *, start: int, end: int) -> list[Note]:
    """Return the notes between two offsets, in order: in brackets, on labelled lines, told on a line of their own."""
    found = _bracket_notes(text, start, end)
    for read in (_labelled_notes, _told_notes):
        taken = [n.span for n in found]
        found += [n for n in read(text, start, end) if not any(t.start <= n.span.start < t.end for t in taken)]
    return sorted(found, key=lambda n: n.span.start)


def _bracket_notes(text: str, start: int, end: int) -> list[Note]:
    found: list[Note] = []
    reached = start
    for begin, stop in _brackets(text, start, end, NOTE_LENGTH):
        if begin < reached or not KEYWORD.search(text, begin, stop):
            continue
        note = _bracket_note(text, begin, stop)
        if note and _stands_as_note(text, begin, stop, note):
            following = LIMIT_BESIDE.match(text, stop, end)
            if following and is_deadline(following.group("limit")):
                note = replace(note, limits=(*note.limits, Span(*following.span("limit"))))
            found.append(note)
            reached = stop
    return found


def _brackets(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    return [(start + begin, start + stop) for begin, stop in pairs(text[start:end], limit=limit)]


def _bracket_note(text: str, begin: int, stop: int) -> Note | None:
    """Read a bracket as a note, lines that a page break cut rejoined and spaces kept only between two names."""
    places = list(_without_gaps(text, begin + 1, stop - 1))
    note = read_note("".join(text[i] if not text[i].isspace() else " " for i in places), span=Span(begin, stop))
    return _moved(note, [*places, stop - 1]) if note else None


def _without_gaps(text: str, begin: int, stop: int) -> Iterator[int]:
    reached = begin
    for gap in GAP.finditer(text, begin, stop):
        yield from range(reached, gap.start())
        if _parts_names(text, begin, gap, stop):
            yield gap.start()
        reached = gap.end()
    yield from range(reached, stop)


def _parts_names(text: str, begin: int, gap: re.Match[str], stop: int) -> bool:
    """Tell whether a gap stands between two names or before a label, not inside a name."""
    if LABEL.match(text, gap.end(), stop):
        return True
    left = NAME_BEFORE.search(text, max(begin, gap.start() - 30), gap.start())
    right = NAME_AFTER.match(text, gap.end(), min(stop, gap.end() + 30))
    if not left or not right or ("\n" in gap.group() and not STARTS_NAME.match(right.group())):
        return False
    if WORD.match(left.group() + right.group()) and not LABEL_END.search(left.group()):
        return False  # 负责部 门: a label that a printer spread
    return looks_like_unit(left.group()) or bool(LABEL_END.search(left.group()))


def _moved(note: Note, places: list[int]) -> Note:
    def span(old: Span) -> Span:
        return Span(places[old.start], places[old.end - 1] + 1 if old.end else places[0])

    def moved(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        return tuple(replace(m, span=span(m.span)) for m in mentions)

    return replace(
        note, lead=moved(note.lead), co=moved(note.co), joint=moved(note.joint), guide=moved(note.guide),
        verifier=moved(note.verifier), limits=tuple(span(s) for s in note.limits),
    )  # fmt: skip


def _stands_as_note(text: str, begin: int, stop: int, note: Note) -> bool:
    """Tell whether a bracket stands where notes stand: after a sentence, or at the end of one."""
    if any(r.startswith("label_") for r in note.rules):
        return True
    before = text[max(0, begin - 3) : begin].rstrip(" \u3000")[-1:]
    after = text[stop : stop + 3].lstrip(" \u3000")[:1]
    return not before or before in SENTENCE_BREAK or not after or after in AFTER_NOTE


def find_bare_notes(text: str, *, start: int, end: int, loose: bool = False) -> list[Note]:
    """Return brackets of units alone (（各有关单位）) that close a paragraph; `loose` ones follow no full stop."""
    notes = [_bare_note(text, begin, stop, loose=loose) for begin, stop in _brackets(text, start, end, BARE_LENGTH)]
    return [n for n in notes if n]


def _bare_note(text: str, begin: int, stop: int, *, loose: bool) -> Note | None:
    words = without_rules(text[begin + 1 : stop - 1])
    before, after = text[max(0, begin - 1) : begin], text[stop : stop + 4].lstrip(" \u3000。；;")[:1]
    if after not in ("", "\n") or "：" in words or VERB.search(words):
        return None
    draft = Draft()
    units = read_units(mask_limits(words, begin + 1, draft), offset=begin + 1)
    if not units.mentions or not all(looks_like_unit(m.name) for m in units.mentions):
        return None
    if not loose and before not in ("。", "；", ";", "！", "\n", "") and not draft.limits and len(units.mentions) < 2:
        return None
    draft.add("joint", units)
    draft.rules.append("bare_bracket")
    return draft.finish(Span(begin, stop))


def _told_notes(text: str, start: int, end: int) -> list[Note]:
    """Read lines that say nothing but who: 县发改局牵头，县财政局配合。"""
    found = []
    for line in TOLD.finditer(text, start, end):
        note = read_note(line.group("words"), span=Span(line.start("words"), line.end("words")))
        named = note and any(looks_like_unit(m.name) and not m.selector for m in note.lead + note.joint)
        if note and named and "unread_rest" not in note.notes and all(looks_like_unit(m.name) for m in note.units):
            found.append(_moved(note, list(range(line.start("words"), line.end("words") + 1))))
    return found


def _labelled_notes(text: str, start: int, end: int) -> list[Note]:
    """Read runs of labels (牵头单位：… / 责任单位：… / 整改时限：…); a role that comes again begins the next note."""
    passage = without_unclosed(text[start:end])
    labels = outer_labels(passage)
    if not any(label_role(m) in UNIT_ROLES for m in labels):
        return []
    has_lead = any(label_role(m) == "lead" for m in labels)
    if not has_lead:
        labels = [m for m in labels if "成员" not in m.group()]
    found: list[Note] = []
    draft, roles, first, last = Draft(), set[str](), 0, 0
    for index, label in enumerate(labels):
        role = label_role(label)
        if role in roles and (role in UNIT_ROLES or draft.limits):
            found.append(draft.finish(Span(start + first, start + last)))
            draft, roles = Draft(), set()
        following = labels[index + 1].start() if index + 1 < len(labels) else len(passage)
        stop = _field_end(passage, label.end(), following)
        first = first if roles else label.start() + len(label.group()) - len(label.group().lstrip())
        last, roles = stop, roles | {role}
        read_label(passage, label, stop, draft, has_lead=has_lead, offset=start)
    found.append(draft.finish(Span(start + first, start + last)))
    return [n for n in found if _names_units(n)]


def _field_end(text: str, start: int, limit: int) -> int:
    """Return where the words of a label end: the line, or the sentence; a label alone on its line has the next."""
    while start < limit and text[start] in " \t\u3000*\r\n":
        start += 1
    limit = min(limit, start + NOTE_LENGTH)
    end = _line_end(text, start, limit)
    while end < limit and _goes_on(text, start, end + 1, limit):
        end = _line_end(text, end + 1, limit)
    _begin, stop = next(split_outside(text[start:end], "。\t"))
    return start + stop


def _line_end(text: str, start: int, limit: int) -> int:
    line = text.find("\n", start, limit)
    return limit if line < 0 else line


def _goes_on(text: str, first: int, start: int, limit: int) -> bool:
    """Tell whether the next line holds more names of a list that a line end cut, or that stand below each other."""
    if text[first:start].rstrip()[-1:] not in ("、", "，") and not INDENT.match(text, start, limit):
        return False
    units = read_units(text[start : _line_end(text, start, limit)])
    return bool(units.mentions) and all(looks_like_unit(m.name) for m in units.mentions)


def _names_units(note: Note) -> bool:
    return any(looks_like_unit(m.name) for m in note.units)
