"""What all sessions share: the databases, the stages, the locks, the account's objects."""

import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from fakesnow.instance import FakeSnow

from .account import Account
from .config import Config
from .errors import failure
from .faults import Faults
from .grants import Grants
from .locks import Locks
from .names import Key
from .session import Session
from .stages import Stages


@dataclass
class Service:
    objects: Path
    """The folder of `gcs://bucket/name`, as `bucket/name`."""
    internal: Path
    """The folder of the internal stages."""
    port: int
    config: Config = field(default_factory=Config)
    fakesnow: FakeSnow = field(default_factory=FakeSnow)
    sessions: dict[str, Session] = field(default_factory=dict)
    """By token; a renewed session has two."""
    locks: Locks = field(default_factory=Locks)
    ddl: threading.RLock = field(default_factory=threading.RLock)
    account: Account = field(default_factory=Account)
    faults: Faults = field(default_factory=Faults)
    loaded: dict[Key, set[tuple[str, str]]] = field(default_factory=dict)
    """The address and MD5 of the files that COPY has loaded, by table."""
    chunks: dict[str, bytes] = field(default_factory=dict)
    log: list[dict] = field(default_factory=list)
    logins: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stages = Stages(self)
        self.grants = Grants(self)

    def remember(self, loaded: dict[Key, set]) -> None:
        for key, files in loaded.items():
            self.loaded.setdefault(key, set()).update(files)

    def forget(self, key: Key) -> None:
        """A table was replaced, emptied or dropped."""
        self.loaded.pop(key, None)

    def open(self, query: dict[str, str], data: dict) -> tuple[str, Session]:
        """Logs in; the token and the session. Nobody is refused, save, in strict mode, an unknown role."""
        account, strict = self.account, self.config.strict
        role, warehouse = _upper(query.get("roleName")), _upper(query.get("warehouse"))
        if strict and role and not account.knows("ROLE", role):
            raise failure(
                390189,
                "08001",
                f"Role '{role}' specified in the connect string does not exist or not authorized.",
            )
        with self.ddl:
            self.fakesnow.create_database_on_connect = not strict
            self.fakesnow.create_schema_on_connect = not strict
            database, schema = _upper(query.get("databaseName")), _upper(query.get("schemaName"))
            connection = self.fakesnow.connect(database, schema)
        if strict and not connection.database_set:
            connection.database = None
        if strict and not connection.schema_set:
            connection._schema = None
        session = Session(self, connection, data.get("SESSION_PARAMETERS") or {})
        session.user, session.role = data.get("LOGIN_NAME"), role
        known = not strict or account.knows("WAREHOUSE", warehouse)
        session.warehouse = warehouse if known else None
        token = secrets.token_urlsafe(24)
        self.sessions[token] = session
        return token, session

    def close(self, token: str) -> None:
        if session := self.sessions.pop(token, None):
            session.close()


def _upper(name: str | None) -> str | None:
    return name and name.upper()
