"""What fakesnow 0.12 gets wrong for us, put right in its own places."""

from string import Template

import duckdb
import fakesnow.cursor
import fakesnow.info_schema
import fakesnow.transforms
from sqlglot import exp

INTEGERS = (
    exp.DataType.Type.INT,
    exp.DataType.Type.SMALLINT,
    exp.DataType.Type.TINYINT,
    exp.DataType.Type.BIGINT,
)
RESERVED = {
    name.upper()
    for (name,) in duckdb.execute(
        "select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved'"
    ).fetchall()
}
"""Words of DuckDB; some of them are ordinary names on Snowflake, such as `at`."""


def apply() -> None:
    original = fakesnow.cursor.FakeSnowflakeCursor._transform

    def transform(self, tree, values):
        tree = original(self, tree, values)
        _quote_reserved(tree)
        _fail_on_division_by_zero(tree)
        return tree

    fakesnow.cursor.FakeSnowflakeCursor._transform = transform
    fakesnow.transforms.integer_precision = _exact_integers
    for name, value in vars(fakesnow.cursor).copy().items():
        if isinstance(value, Template):
            setattr(fakesnow.cursor, name, _Answer(value.template))
    _quote_texts("insert_text_lengths_sql")
    _quote_texts("insert_table_comment_sql")


def _quote_texts(function: str) -> None:
    """fakesnow puts these names and texts into its SQL as they are."""
    original = getattr(fakesnow.info_schema, function)

    def doubled(value: object) -> object:
        if isinstance(value, str):
            return value.replace("'", "''")
        # No comment.
        if value is None:
            return None
        return [(doubled(name), size) for name, size in value]

    setattr(fakesnow.info_schema, function, lambda *given: original(*map(doubled, given)))


class _Answer(Template):
    """`SELECT 'Table ${name} successfully created.'`, also where there is an apostrophe in the name."""

    def substitute(self, **values: object) -> str:
        return super().substitute({name: str(value).replace("'", "''") for name, value in values.items()})


def _exact_integers(node: exp.Expression) -> exp.Expression:
    """NUMBER(38,0); fakesnow makes it a BIGINT, which ends at 2^63."""
    if isinstance(node, exp.DataType):
        bare = node.this == exp.DataType.Type.DECIMAL and not node.expressions
        if node.this in INTEGERS or bare:
            return exp.DataType.build("DECIMAL(38,0)", dialect="duckdb")
    return node


def _quote_reserved(tree: exp.Expression) -> None:
    for name in tree.find_all(exp.Identifier):
        if name.quoted or not isinstance(name.this, str) or name.this.upper() not in RESERVED:
            continue
        if not isinstance(name.parent, exp.Anonymous | exp.Dot):
            name.set("quoted", True)


def _fail_on_division_by_zero(tree: exp.Expression) -> None:
    for division in list(tree.find_all(exp.Div)):
        divisor = division.expression
        if isinstance(divisor, exp.Literal) and divisor.name.strip("0.") != "":
            continue
        error = exp.Anonymous(this="error", expressions=[exp.Literal.string("Division by zero")])
        zero = exp.EQ(this=divisor.copy(), expression=exp.Literal.number(0))
        case = exp.Case(ifs=[exp.If(this=zero, true=error)], default=divisor)
        division.set("expression", exp.Paren(this=case))
