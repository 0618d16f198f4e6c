"""COPY INTO a table, one transaction, from files that are named."""

from dataclasses import dataclass

import duckdb
from fakesnow.transforms.options import parse_options
from sqlglot import exp

from .catalog import Column, columns
from .copy_files import Source, kind_of, opened
from .copy_select import Items
from .errors import failure, message_of, missing, refused, translated
from .names import Key, folded, key, quoted
from .results import COPY, Result, table
from .session import Session
from .stages import Place, md5
from .statement import Statement

FILES = 1000
"""As many can be named."""
NOT_SIMPLE = ("where", "group", "having", "order", "limit", "joins", "qualify", "with_")
COLUMNS = (
    "file status rows_parsed:fixed rows_loaded:fixed error_limit:fixed errors_seen:fixed "
    "first_error first_error_line:fixed first_error_character:fixed first_error_column_name"
)


@dataclass
class Copy:
    target: Key
    into: list[str] | None
    """The columns that are named."""
    items: list[exp.Expression] | None
    """Of the SELECT; None without one."""
    place: Place
    files: list[str]
    format: dict
    force: bool
    match: str


def answer(session: Session, statement: Statement) -> Result | None:
    if not isinstance(statement.tree, exp.Copy):
        return None
    if not statement.tree.args.get("kind") or statement.words.startswith(("COPY INTO @", "COPY INTO '@")):
        raise refused("COPY INTO a stage")

    def load() -> Result:
        return _load(session, _parsed(session, statement.fresh()))

    with session.writing():
        session.write()
        result = load()
        session.transaction.done.append(load)
    return result


def _parsed(session: Session, tree: exp.Copy) -> Copy:
    named = isinstance(tree.this, exp.Schema)
    source, select = tree.args["files"][0], None
    if isinstance(source, exp.Subquery):
        select = source.this
        if any(select.args.get(clause) for clause in NOT_SIMPLE):
            raise failure(
                2089,
                "42601",
                "SQL compilation error:\nCOPY statement only supports simple SELECT from stage statements for import.",
            )
        source = select.args["from_"].this
    reference = source.this.name if isinstance(source.this, exp.Var) else str(source.this)
    options = {option.this.name.upper(): option for option in tree.args.get("params") or []}
    word = {name: _word(option) for name, option in options.items()}
    if "FILES" not in options:
        raise refused("COPY without FILES")
    for name in ("PATTERN", "VALIDATION_MODE", "PURGE"):
        if name in options:
            raise refused(f"COPY with {name}")
    if word.get("ON_ERROR", "ABORT_STATEMENT") != "ABORT_STATEMENT":
        raise refused(f"ON_ERROR = {word['ON_ERROR']}")
    match = word.get("MATCH_BY_COLUMN_NAME", "NONE")
    if select is not None and match != "NONE":
        raise refused("MATCH_BY_COLUMN_NAME with a SELECT")
    place = session.service.stages.place(session, reference)
    copy = Copy(
        target=key(session, tree.this.this if named else tree.this),
        into=[folded(name) for name in tree.this.expressions] if named else None,
        items=select.expressions if select is not None else None,
        place=place,
        files=[name.name for name in options["FILES"].find_all(exp.Literal)],
        format=_format(session, place, options.get("FILE_FORMAT")),
        force=word.get("FORCE", "FALSE") == "TRUE",
        match=match,
    )
    if len(copy.files) > FILES:
        raise failure(1795, "42601", f"FILES: more than {FILES} files")
    kind_of(copy.format)
    return copy


def _word(option: exp.Expression) -> str:
    value = option.args.get("expression")
    if isinstance(value, exp.Boolean):
        return "TRUE" if value.this else "FALSE"
    return value.name.upper() if value is not None else ""


def _format(session: Session, place: Place, given: exp.Expression | None) -> dict:
    """The statement's, over the stage's."""
    own = parse_options(given.expressions) if given else {}
    return {**place.stage.format, **session.service.stages.format(session, own, place.stage.key)}


def _load(session: Session, copy: Copy) -> Result:
    have = columns(session, copy.target)
    if not have:
        raise missing("Table", quoted(*copy.target))
    transaction = session.transaction
    remembered = set(session.service.loaded.get(copy.target, set()))
    if not session.repeating:
        remembered |= transaction.loaded.get(copy.target, set())
    rows, new = [], set()
    for name in copy.files:
        place = copy.place.file(name)
        if not place.path.is_file():
            raise _not_found(place)
        seen = (place.address, md5(place.path))
        if seen in remembered and not copy.force:
            error = "File was loaded before."
            rows.append((place.address, "LOAD_SKIPPED", 0, 0, None, 1, error, None, None, None))
            continue
        count = _insert(session, copy, opened(session, place, copy.format), have)
        rows.append((place.address, "LOADED", count, count, 1, 0, None, None, None, None))
        new.add(seen)
    transaction.loaded.setdefault(copy.target, set()).update(new)
    if not new:
        return table("status", [("Copy executed with 0 files processed.",)], COPY)
    return table(COLUMNS, rows, COPY)


def _insert(session: Session, copy: Copy, source: Source, have: list[Column]) -> int:
    into, items = _columns(session, copy, source, have)
    target = quoted(*copy.target)
    if copy.target in session.temporary:
        target = quoted("temp", "main", session.temporary[copy.target])
    names = f"({', '.join(quoted(name) for name in into)})" if into else ""
    sql = f"insert into {target} {names} select {', '.join(items)} from {source.sql}"
    try:
        (count,) = session.duck.execute(sql).fetchone()
    except duckdb.Error as error:
        raise _in_file(translated(error), source, copy) from None
    return count


def _columns(session: Session, copy: Copy, source: Source, have: list[Column]) -> tuple[list[str] | None, list[str]]:
    """The columns that are filled (None: all, in their order), and from what."""
    if copy.items is not None:
        expected = len(copy.into or have)
        if len(copy.items) != expected:
            raise failure(
                2057,
                "21S01",
                "SQL compilation error:\nInsert value list does not match column list "
                f"expecting {expected} but got {len(copy.items)}",
            )
        items = Items(session, source)
        return copy.into, [items.translated(item) for item in copy.items]
    if copy.match != "NONE":
        found = {c.name: source.by_name(c, exact=copy.match == "CASE_SENSITIVE") for c in have}
        found = {name: sql for name, sql in found.items() if sql is not None}
        return list(found), list(found.values())
    if len(have) != 1 or have[0].type != "JSON":
        raise failure(
            2019,
            "0A000",
            f"SQL compilation error:\n{kind_of(copy.format)} file format can produce one and only one column "
            "of type variant, object, or array. Load data into separate columns using the "
            "MATCH_BY_COLUMN_NAME copy option or copy with transformation.",
        )
    return None, [source.whole()]


def _not_found(place: Place) -> Exception:
    return failure(
        91016,
        "22000",
        f"Remote file '{place.address}' was not found. There are several potential causes. The file might not "
        "exist. The required credentials may be missing or invalid. If you are running a copy command, please "
        "make sure files are not deleted when they are being loaded or files are not being loaded into two "
        "different tables concurrently with auto purge option.",
    )


def _in_file(error, source: Source, copy: Copy) -> Exception:
    """Snowflake says file, line and column of a value that it cannot load; the line is not known here."""
    return failure(
        error.errno,
        error.sqlstate,
        f"{message_of(error)}\n  File '{source.name}', line 1, character 1\n"
        f'  Row 1, column "{copy.target[2]}"\n  If you would like to continue loading when an error is '
        "encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option.",
    )
