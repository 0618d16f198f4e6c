"""One statement and its bound values."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

import sqlglot
from fakesnow.converter import from_binding
from fakesnow.dialect import parse_one, syntax_error
from sqlglot import exp

from .errors import failure

LEADING = re.compile(r"\A(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.S)
GLUED = re.compile(r"""('(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*")|\?::""", re.S)
HEAD = 2000
"""Characters of a statement that are looked at to tell which one it is."""


class Statement:
    def __init__(self, text: str, bindings: dict | None, query_id: str) -> None:
        self.text = _separate(_trimmed(text))
        self.query_id = query_id
        self.values: Sequence | dict | None = None
        self.batch: list[tuple] | None = None
        """Rows of values of an INSERT."""
        self._bind(bindings or {})

    @cached_property
    def words(self) -> str:
        """The statement's beginning in upper case with one blank between words."""
        return re.sub(r"\s+", " ", self.text[:HEAD]).upper()

    @cached_property
    def tree(self) -> exp.Expression:
        try:
            found = [tree for tree in sqlglot.parse(self.text, read="snowflake") if tree]
        except sqlglot.errors.SqlglotError as error:
            raise syntax_error(error) from None
        if len(found) != 1:
            raise failure(
                8,
                "0A000",
                f"Actual statement count {len(found)} did not match the desired statement count 1.",
            )
        return found[0]

    def fresh(self) -> exp.Expression:
        """A tree of its own, which may be changed."""
        return parse_one(self.text)

    def _bind(self, bindings: dict) -> None:
        if any(isinstance(bound["value"], list) for bound in bindings.values()):
            columns = [bindings[str(place)] for place in range(1, len(bindings) + 1)]
            values = [[_value({**c, "value": v}) for v in c["value"]] for c in columns]
            self.batch = list(zip(*values, strict=True))
        elif all(name.isdigit() for name in bindings):
            places = range(1, len(bindings) + 1)
            self.values = [_value(bindings[str(place)]) for place in places] or None
        else:
            self.values = {name: _value(bound) for name, bound in bindings.items()}


def _value(bound: dict) -> object:
    if bound["value"] is None:
        return None
    text = str(bound["value"])
    if bound["type"] == "REAL":
        return float(text)
    if bound["type"] == "FIXED":
        return Decimal(text) if re.search(r"[.eE]", text) else int(text)
    return from_binding(bound)


def _trimmed(text: str) -> str:
    """Without the comments, blanks and semicolons around it."""
    text = LEADING.sub("", text)
    while True:
        text = text.rstrip().rstrip(";").rstrip()
        if not text.endswith("*/") or "/*" not in text:
            return text
        text = text[: text.rindex("/*")]


def _separate(text: str) -> str:
    """sqlglot reads `?::` as one token."""
    return GLUED.sub(lambda found: found[1] or "? ::", text) if "?::" in text else text
