"""Runs commands of the Airflow command line, one after the other, in one process: its start costs seconds.

Reads a JSON list of arguments per line, answers a line of {"exit": …, "output": …}.
"""

import contextlib
import io
import json
import os
import sys
import traceback

# Airflow logs to standard output at times; that is for the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from airflow.cli.cli_parser import get_parser  # noqa: E402

parser = get_parser()
for line in sys.stdin:
    output = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            arguments = parser.parse_args(json.loads(line))
            arguments.func(arguments)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            print(ended.code)
        except Exception:
            code = 1
            traceback.print_exc(file=output)
    answers.write(json.dumps({"exit": code, "output": output.getvalue()}) + "\n")
    answers.flush()
