"""Stages: names for a folder of files, outside (`gcs://bucket/path`) or of Snowflake's own."""

import datetime as dt
import hashlib
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fakesnow.transforms.file_format import lookup_file_format
from fakesnow.transforms.options import parse_options
from sqlglot import exp

from .errors import exists, failure, missing, refused
from .names import Key, full, key, like, parts, quoted
from .results import LIST, Result, done, table
from .session import Session
from .statement import Statement

if TYPE_CHECKING:
    from .service import Service

NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
REFERENCE = re.compile(rf"^@({NAME}(?:\.{NAME}){{0,2}})(?:/(.*))?$", re.S)
REMOVE = re.compile(r"^(?:REMOVE|RM)\s+('@(?:[^']|'')*'|@\S+)$", re.I | re.S)
PUT = re.compile(r"^PUT\s+('file://(?:[^'\\]|\\.|'')*'|file://\S+)\s+('@(?:[^']|'')*'|@\S+)(.*)$", re.I | re.S)
OPTION = re.compile(r"(\w+)\s*=\s*'?(\w+)'?")


@dataclass
class Stage:
    key: Key
    url: str | None
    """Of an external stage, without a slash at its end."""
    format: dict
    integration: str | None = None
    folder: Path | None = None
    """Of an internal stage."""
    owner: Session | None = None
    """Of a temporary stage."""


@dataclass
class Place:
    """A path in a stage: `address` is what results call it."""

    stage: Stage
    address: str
    path: Path

    def file(self, name: str) -> "Place":
        return Place(self.stage, f"{self.address}{name}", self.path / name)


class Stages:
    def __init__(self, service: "Service") -> None:
        self.service = service
        self.all: dict[Key, Stage] = {}

    def transfer(self, session: Session, statement: Statement) -> Result | None:
        """PUT and REMOVE, which sqlglot does not read."""
        if found := REMOVE.match(statement.text):
            return self.remove(self.place(session, _text(found[1])))
        if found := PUT.match(statement.text):
            return self.put(self.place(session, _text(found[2])), _text(found[1]), found[3])
        if re.match(r"GET '?@", statement.words):
            raise refused("GET")
        return None

    def answer(self, session: Session, statement: Statement) -> Result | None:
        tree = statement.tree
        of_stage = str(tree.args.get("kind")).upper() == "STAGE"
        if isinstance(tree, exp.Create) and of_stage:
            return self.create(session, tree)
        if isinstance(tree, exp.Drop) and of_stage:
            return self.drop(session, tree)
        if isinstance(tree, exp.ListStage):
            return self.listed(self.place(session, _text(tree.this.name)))
        return None

    def create(self, session: Session, tree: exp.Create) -> Result:
        temporary, name = False, key(session, tree.this)
        url = integration = None
        format: dict = {}
        for given in (tree.args.get("properties") or exp.Properties()).expressions:
            option = given.name.upper() if isinstance(given, exp.Property) else ""
            if isinstance(given, exp.TemporaryProperty):
                temporary = True
            elif isinstance(given, exp.FileFormatProperty) or option == "FILE_FORMAT":
                format = parse_options(given.expressions or given.args["value"].expressions)
            elif option == "URL":
                url = given.args["value"].name
            elif option == "STORAGE_INTEGRATION":
                integration = given.args["value"].name
        if name in self.all and not tree.args.get("replace"):
            if tree.args.get("exists"):
                return done(f"{name[2]} already exists, statement succeeded.")
            raise exists(quoted(*name))
        if url and not url.startswith("gcs://"):
            raise failure(1011, "42601", f"SQL compilation error:\ninvalid URL prefix found in: '{url}'")
        stage = Stage(name, url and url.rstrip("/"), self.format(session, format, name), integration)
        stage.owner = session if temporary else None
        if url is None:
            stage.folder = self.service.internal / uuid.uuid4().hex
            stage.folder.mkdir(parents=True)
        self.forget(name)
        self.all[name] = stage
        return done(f"Stage area {name[2]} successfully created.")

    def format(self, session: Session, given: dict, near: Key) -> dict:
        """The options of a format, those of a named one under them."""
        options = dict(given)
        named = options.pop("FORMAT_NAME", None)
        if named is None:
            return options
        *where, name = parts(str(named))
        where = [*near[: 2 - len(where)], *where]
        return {**lookup_file_format(session.duck, name, *where), **options}

    def drop(self, session: Session, tree: exp.Drop) -> Result:
        name = key(session, tree.find(exp.Table))
        if name not in self.all and not tree.args.get("exists"):
            raise missing("Stage", quoted(*name))
        self.forget(name)
        return done(f"{name[2]} successfully dropped.")

    def forget(self, name: Key) -> None:
        stage = self.all.pop(name, None)
        if stage and stage.folder:
            shutil.rmtree(stage.folder)

    def drop_of(self, session: Session) -> None:
        """The session's end."""
        for name in [name for name, stage in self.all.items() if stage.owner is session]:
            self.forget(name)

    def place(self, session: Session, reference: str) -> Place:
        """`@stage/path`, with a slash at the end of what it finds."""
        found = REFERENCE.match(reference)
        if not found:
            raise failure(
                1003,
                "42000",
                f"SQL compilation error:\nsyntax error in stage reference {reference}",
            )
        name = full(session, parts(found[1]))
        stage = self.all.get(name)
        if stage is None or stage.owner not in (None, session):
            raise missing("Stage", ".".join(map(str, name)))
        below = (found[2] or "").strip("/")
        root, base = self._root(stage)
        return Place(stage, f"{root}{below}/" if below else root, base / below)

    def _root(self, stage: Stage) -> tuple[str, Path]:
        """What its files' addresses begin with, and their folder."""
        if stage.url is None:
            return f"{stage.key[2].lower()}/", stage.folder
        return f"{stage.url}/", self.service.objects / stage.url.removeprefix("gcs://")

    def files(self, place: Place) -> list[Place]:
        """All files whose path begins with the place's."""
        root, base = self._root(place.stage)
        folder = place.path if place.path.is_dir() else place.path.parent
        return [
            Place(place.stage, f"{root}{path.relative_to(base)}", path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and str(path).startswith(str(place.path))
        ]

    def listed(self, place: Place) -> Result:
        rows = [
            (file.address, file.path.stat().st_size, md5(file.path), _modified(file.path)) for file in self.files(place)
        ]
        return table("name size:fixed md5 last_modified", rows, LIST)

    def remove(self, place: Place) -> Result:
        found = self.files(place)
        for file in found:
            file.path.unlink()
        return table("name result", [(file.address, "removed") for file in found], LIST)

    def put(self, place: Place, source: str, rest: str) -> Result:
        """The driver copies the file itself: the stage is a folder of its machine."""
        if place.stage.folder is None:
            raise failure(91003, "22000", "GET and PUT commands are not supported with external stage")
        options = {name.upper(): value.upper() for name, value in OPTION.findall(rest)}
        transfer = {
            "command": "UPLOAD",
            "src_locations": [source.removeprefix("file://")],
            "autoCompress": options.get("AUTO_COMPRESS", "TRUE") == "TRUE",
            "sourceCompression": options.get("SOURCE_COMPRESSION", "AUTO_DETECT").lower(),
            "overwrite": options.get("OVERWRITE") == "TRUE",
            "threshold": 209715200,
            "parallel": int(options.get("PARALLEL", 4)),
            "encryptionMaterial": None,
            "stageInfo": {"locationType": "LOCAL_FS", "location": f"{place.path}/", "creds": {}},
        }
        return Result([], [], 0x4000, transfer)

    def shown(self, pattern: str | None) -> list[Stage]:
        return [s for name, s in sorted(self.all.items()) if like(pattern).match(name[2])]


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def _text(found: str) -> str:
    """Of a text or a bare word."""
    return re.sub(r"\\(.)|''", lambda x: x[1] or "'", found[1:-1]) if found[0] == "'" else found


def _modified(path: Path) -> str:
    moment = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
