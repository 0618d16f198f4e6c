"""Writes connections in both forms in which this Airflow does, from a list of their parts."""

import json
import sys

try:
    from airflow.sdk import Connection
except ImportError:
    from airflow.models.connection import Connection

made = [Connection(conn_id="crm", **parts) for parts in json.load(sys.stdin)]
json.dump([[one.get_uri(), one.as_json()] for one in made], sys.stdout)
