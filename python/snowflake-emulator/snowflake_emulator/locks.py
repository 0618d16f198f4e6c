"""Table locks as in Snowflake: UPDATE, DELETE and MERGE hold one to the end of their transaction."""

import threading
import time
from typing import TYPE_CHECKING

from .errors import canceled, failure
from .names import Key

if TYPE_CHECKING:
    from .session import Session

POLL = 0.2


class Locks:
    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.owners: dict[Key, Session] = {}

    def take(self, key: Key, session: "Session", timeout: float, abandoned: float) -> None:
        """Waits up to `timeout` seconds. An owner that is idle for `abandoned` seconds loses its transaction,
        as Snowflake ends one whose client is gone after five minutes."""
        end = time.monotonic() + timeout
        with self.changed:
            while (owner := self.owners.get(key)) and owner is not session:
                if session.cancel:
                    raise canceled()
                if owner.idle_for() > abandoned:
                    threading.Thread(target=owner.abandon).start()
                left = end - time.monotonic()
                if left <= 0:
                    raise _locked(owner, key)
                self.changed.wait(min(left, POLL))
            self.owners[key] = session

    def free(self, session: "Session") -> None:
        """Gives back all that the session holds."""
        with self.changed:
            self.owners = {key: owner for key, owner in self.owners.items() if owner is not session}
            self.changed.notify_all()


def _locked(owner: "Session", key: Key) -> Exception:
    transaction = owner.transaction and owner.transaction.id
    return failure(
        625,  # (u)
        "57014",
        f"Statement '{owner.query_id}' has locked table '{key[2]}' in transaction {transaction} "
        "and this lock has not yet been released.",
    )
