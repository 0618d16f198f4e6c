"""What `/_emu/config` sets."""

from dataclasses import dataclass


@dataclass
class Config:
    chunk_rows: int = 10000
    """Rows of the answer itself; those that follow come in chunks of as many rows. 0 is no chunks."""
    progress_after: float = 45.0
    """Seconds after which an answer says that the statement still runs."""
    abandon_s: float = 300.0
    """Seconds after which a transaction that waits for its client loses its locks to one that waits for them."""
    strict: bool = False
    """Whether a role, a warehouse, a database must have been created before a session can use it."""
