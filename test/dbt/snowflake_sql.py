"""Runs the statements of {"connection": {…}, "statements": […]} on stdin; prints the last one's rows as JSON."""

import json
import sys

from snowflake.connector import DictCursor, connect

request = json.load(sys.stdin)
with connect(**request["connection"]) as connection, connection.cursor(DictCursor) as cursor:
    for statement in request["statements"]:
        cursor.execute(statement)
    rows = cursor.fetchall()
print(json.dumps([{name.lower(): value for name, value in row.items()} for row in rows], default=float))
