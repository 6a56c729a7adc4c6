"""Many documents that are nearly alike, as one template and columns of what differs."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

# A number as the views write it, in brackets when it is negative behind a sign.
NUMBER = re.compile(r"\(?[−+-]?(?:\d[\d.,]*(?:e[−+-]?\d+)?|nan!|inf!)\)?")
SLOT = "$"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#%&()*+,-./:;=?@[]^_{|}~"
RUN = re.compile(r"(.)\1{2,}")  # AAAA is written A4
ABSENT = object()  # what a document has where it is built otherwise


def pack(documents: Sequence[Any]) -> dict[str, Any]:
    """Documents of plain JSON in less room: `unpack` gives them back, and so does alone.js.

    Where they differ the template has a slot: {"$": column} for a value; {"$": [text, column,
    text …]} for a text, so that the words between its numbers are written once; {"$": {"which":
    column, "forms": [template …]}} where they are built differently. A column is a list of
    places in `words`, one for each row. Where few places come again and again it is [places,
    text]: a letter for each row says which of them, with a number behind it for so many rows.
    Equal documents share a row.

    >>> packed = pack([{"said": "x = 1.0000"}, {"said": "x = 2.5000"}])
    >>> packed["template"]
    {'said': {'$': ['x = ', 0, '']}}
    >>> unpack(packed, 1)
    {'said': 'x = 2.5000'}
    """
    texts = [json.dumps(document, ensure_ascii=False) for document in documents]
    rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    different = [json.loads(text) for text in rows]
    packing = _Packing()
    template = packing.merge(different) if different else None
    return {
        "rows": [rows[text] for text in texts],
        "template": template,
        "columns": [_short(indices) for indices in packing.columns],
        "words": [word for _, word in packing.words],
    }


def unpack(packed: dict[str, Any], index: int) -> Any:
    """The document at `index`."""
    row, columns, words = packed["rows"][index], packed["columns"], packed["words"]
    return _fill(packed["template"], lambda column: words[_place(columns[column], row)])


class _Packing:
    """Words and columns, as they are found while values are merged."""

    def __init__(self) -> None:
        self.words: dict[tuple[type, Any], int] = {}
        self.columns: dict[tuple[int, ...], int] = {}

    def column(self, values: Sequence[Any]) -> int:
        present = next(one for one in values if one is not ABSENT)
        full = [present if one is ABSENT else one for one in values]
        indices = tuple(self.words.setdefault((type(one), one), len(self.words)) for one in full)
        return self.columns.setdefault(indices, len(self.columns))

    def merge(self, values: Sequence[Any]) -> Any:
        """One template for a value of each row."""
        forms = list(dict.fromkeys(_form(one) for one in values if one is not ABSENT))
        if len(forms) > 1:
            which = [ABSENT if one is ABSENT else forms.index(_form(one)) for one in values]
            parts = [
                self.merge([one if _form(one) == form else ABSENT for one in values])
                for form in forms
            ]
            return {SLOT: {"which": self.column(which), "forms": parts}}
        present = [one for one in values if one is not ABSENT]
        if isinstance(present[0], dict):
            return {_kept(name): self.merge(_inside(values, name)) for name in present[0]}
        if isinstance(present[0], list):
            return [self.merge(_inside(values, place)) for place in range(len(present[0]))]
        if all(type(one) is type(present[0]) and one == present[0] for one in present):
            return present[0]
        if all(isinstance(one, str) for one in present):
            return {SLOT: self._text(values, present)}
        return {SLOT: self.column(values)}

    def _text(self, values: Sequence[Any], present: Sequence[str]) -> Any:
        """The words between the numbers, and a column for each number that differs."""
        between = {tuple(NUMBER.split(one)) for one in present}
        if len(between) > 1 or len(words := between.pop()) == 1:
            return self.column(values)
        parts: list[Any] = [words[0]]
        found = [None if one is ABSENT else NUMBER.findall(one) for one in values]
        for place, text in enumerate(words[1:]):
            numbers = [ABSENT if one is None else one[place] for one in found]
            different: set[Any] = {one for one in numbers if one is not ABSENT}
            if len(different) == 1:
                parts[-1] += different.pop() + text
            else:
                parts += [self.column(numbers), text]
        return parts


def _form(value: Any) -> Any:
    """How a value is built, without what is in it."""
    if isinstance(value, dict):
        return tuple(value)
    return len(value) if isinstance(value, list) else None


def _kept(name: str) -> str:
    """A name that a template may have: one that begins as a slot does begins so twice."""
    return SLOT + name if name.startswith(SLOT) else name


def _inside(values: Sequence[Any], where: Any) -> list[Any]:
    return [ABSENT if one is ABSENT else one[where] for one in values]


def _short(indices: tuple[int, ...]) -> list[Any]:
    different = list(dict.fromkeys(indices))
    if len(different) > min(len(LETTERS), len(indices) // 2):
        return list(indices)
    letters = dict(zip(different, LETTERS, strict=False))
    text = "".join(letters[index] for index in indices)
    return [different, RUN.sub(lambda run: f"{run[1]}{len(run[0])}", text)]


def _place(column: list[Any], row: int) -> int:
    if len(column) == 2 and isinstance(column[1], str):
        text = re.sub(r"(.)(\d+)", lambda run: run[1] * int(run[2]), column[1])
        return column[0][LETTERS.index(text[row])]
    return column[row]


def _fill(template: Any, word: Callable[[int], Any]) -> Any:
    if isinstance(template, list):
        return [_fill(one, word) for one in template]
    if not isinstance(template, dict):
        return template
    if SLOT not in template:
        return {name.removeprefix(SLOT): _fill(one, word) for name, one in template.items()}
    slot = template[SLOT]
    if isinstance(slot, dict):
        return _fill(slot["forms"][word(slot["which"])], word)
    if isinstance(slot, int):
        return word(slot)
    return "".join(word(one) if isinstance(one, int) else one for one in slot)
