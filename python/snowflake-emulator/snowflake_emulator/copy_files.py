"""A file of COPY as a table of DuckDB, and the expressions of its columns."""

import re
from dataclasses import dataclass

from sqlglot import exp

from .catalog import Column
from .errors import refused
from .names import literal, quoted
from .session import Session
from .stages import Place

ROW = '"__row"'
"""The line's number from 1."""
VALUE = '"__value"'
"""The line of a JSON file."""
MAXIMUM = 128 * 1024 * 1024
"""Bytes of one JSON object."""


@dataclass
class Source:
    place: Place
    sql: str
    """What stands behind FROM."""
    types: dict[str, str] | None
    """DuckDB's types of a parquet file by the exact names of its columns; None of JSON."""

    @property
    def name(self) -> str:
        """METADATA$FILENAME: the path without its bucket, or without its internal stage."""
        return re.sub(r"^(gcs://)?[^/]+/", "", self.place.address)

    def whole(self) -> str:
        """The row as one VARIANT."""
        if self.types is None:
            return VALUE
        fields = [f"{literal(n)}, {_variant(quoted(n), t)}" for n, t in self.types.items()]
        return f"json_object({', '.join(fields)})"

    def field(self, path: exp.JSONPath, *, variant: bool) -> str:
        """`$1:path`, as VARIANT or as what a cast starts from: text in JSON, which is exact above 2^53."""
        function = "json_extract" if variant else "json_extract_string"
        if self.types is None:
            return f"{function}({VALUE}, {literal('$' + _below(path.expressions[1:]))})"
        head, rest = str(path.expressions[1].this), path.expressions[2:]
        if head not in self.types:
            return "NULL"  # As Snowflake: keys are case-sensitive, and one that is not there is NULL.
        column, type = quoted(head), self.types[head]
        if rest:
            return f"{function}(to_json({column}), {literal('$' + _below(rest))})"
        if variant:
            return _variant(column, type)
        return f"{column}::VARCHAR" if type == "JSON" else column

    def by_name(self, column: Column, *, exact: bool) -> str | None:
        """What MATCH_BY_COLUMN_NAME puts into a column; None where the file has none of that name."""
        json = column.type == "JSON"
        if self.types is None:
            path = literal(f'$."{column.name}"')
            return f"{VALUE}{'->' if json else '->>'}{path}"
        for name, type in self.types.items():
            if name == column.name or (not exact and name.upper() == column.name.upper()):
                if json:
                    return _variant(quoted(name), type)
                return f"{quoted(name)}::VARCHAR" if type == "JSON" else quoted(name)
        return None


def opened(session: Session, place: Place, format: dict) -> Source:
    kind = kind_of(format)
    path = literal(re.sub(r"([\[\]*?])", r"[\1]", str(place.path)))
    if kind == "PARQUET":
        described = session.duck.execute(f"describe select * from read_parquet({path})").fetchall()
        types = {row[0]: row[1] for row in described}
        read = f"read_parquet({path}, file_row_number = true)"
        return Source(place, f"(select *, file_row_number + 1 as {ROW} from {read})", types)
    zipped = place.path.open("rb").read(2) == b"\x1f\x8b"
    options = {
        "format": "array" if format.get("STRIP_OUTER_ARRAY") is True else "unstructured",
        "compression": "gzip" if zipped else "uncompressed",
    }
    given = ", ".join(f"{name} = {literal(value)}" for name, value in options.items())
    read = f"read_json_objects({path}, {given}, maximum_object_size = {MAXIMUM})"
    rows = f"select json as {VALUE}, row_number() over () as {ROW} from {read}"
    return Source(place, f"({rows})", None)


def kind_of(format: dict) -> str:
    kind = str(format.get("TYPE", "CSV")).upper()
    if kind not in ("PARQUET", "JSON"):
        raise refused(f"COPY of {kind}")
    return kind


def _below(path: list[exp.Expression]) -> str:
    text = ""
    for part in path:
        if isinstance(part, exp.JSONPathKey):
            text += '."' + str(part.this).replace('"', '\\"') + '"'
        elif isinstance(part, exp.JSONPathSubscript):
            text += f"[{part.this}]"
    return text


def _variant(column: str, type: str) -> str:
    """A text of parquet becomes a VARIANT that holds a text, never parsed; structs, lists, numbers become JSON."""
    texts = ("VARCHAR", "JSON", "DATE", "BLOB", "TIME")
    if type in texts or type.startswith("TIMESTAMP"):
        return f"to_json({column}::VARCHAR)"
    return f"to_json({column})"
