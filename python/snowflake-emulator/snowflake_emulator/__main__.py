"""python -m snowflake_emulator OBJECTS INTERNAL

OBJECTS is the folder of `gcs://bucket/name`, INTERNAL that of internal stages. Prints its port, a free one of this
machine, and ends when its standard input does.
"""

import os
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from . import fakesnow_fixes
from .protocol import Protocol
from .service import Service


def main(objects: str, internal: str) -> None:
    fakesnow_fixes.apply()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    port = listener.getsockname()[1]
    threading.Thread(target=_end_with_owner, daemon=True).start()
    print(port, flush=True)
    app = Protocol(Service(Path(objects), Path(internal), port))
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=60)
    uvicorn.Server(config).run(sockets=[listener])


def _end_with_owner() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


main(*sys.argv[1:])
