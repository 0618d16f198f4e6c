"""The SELECT within COPY: each of its items as SQL of DuckDB over one file."""

import re

from sqlglot import exp

from .copy_files import ROW, Source
from .errors import failure, refused
from .names import literal
from .session import Session
from .stages import md5

SEMISTRUCTURED = (
    exp.DataType.Type.VARIANT,
    exp.DataType.Type.OBJECT,
    exp.DataType.Type.ARRAY,
    exp.DataType.Type.JSON,
)


class Items:
    """References to the file are taken out, so that what is left can go through fakesnow, and put back after."""

    def __init__(self, session: Session, source: Source) -> None:
        self.session = session
        self.source = source
        self.taken: list[str] = []

    def translated(self, item: exp.Expression) -> str:
        self.taken = []
        tree = item.copy().transform(self._take)
        if isinstance(tree, exp.Alias):
            tree = tree.this
        cursor = self.session.connection.cursor()
        sql = cursor._transform(exp.select(tree), None).expressions[0].sql("duckdb")
        return re.sub(r'"__taken(\d+)__"', lambda found: self.taken[int(found[1])], sql)

    def _hold(self, sql: str) -> exp.Column:
        self.taken.append(sql)
        name = f"__taken{len(self.taken) - 1}__"
        return exp.Column(this=exp.Identifier(this=name, quoted=True))

    def _take(self, node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Cast):
            return self._cast(node)
        if _is_path(node):
            return self._hold(self.source.field(node.expression, variant=True))
        if isinstance(node, exp.Parameter):
            if node.this.name != "1":
                raise refused(f"${node.this.name} of a semi-structured file")
            return self._hold(self.source.whole())
        if isinstance(node, exp.Column):
            return self._hold(self._metadata(node))
        return node

    def _cast(self, node: exp.Cast) -> exp.Expression:
        variant = node.to.this in SEMISTRUCTURED
        inner = node.this.this if isinstance(node.this, exp.Paren) else node.this
        if _is_path(inner):
            held = self._hold(self.source.field(inner.expression, variant=variant))
            return held if variant else type(node)(this=held, to=node.to)
        if isinstance(inner, exp.Parameter) and variant:
            return self._hold(self.source.whole())
        return node

    def _metadata(self, node: exp.Column) -> str:
        place = self.source.place
        match node.name.upper():
            case "METADATA$FILENAME":
                return literal(self.source.name)
            case "METADATA$FILE_ROW_NUMBER":
                return ROW
            case "METADATA$FILE_LAST_MODIFIED":
                return f"to_timestamp({place.path.stat().st_mtime})::TIMESTAMP"
            case "METADATA$FILE_CONTENT_KEY":
                return literal(md5(place.path))
        raise failure(904, "42000", f"invalid identifier '{node.sql('snowflake')}'")


def _is_path(node: exp.Expression) -> bool:
    return isinstance(node, exp.JSONExtract) and isinstance(node.this, exp.Parameter)
