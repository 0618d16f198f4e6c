"""Loads flights into Snowflake, as teams write it by hand. Its faults are on purpose: README.md has the review.

    python -P snowflake.py append|replace PARTITION FILE [TABLE] [PASSWORD]
    python -P snowflake.py copy PARTITION OBJECT[,OBJECT…] [TABLE] [PASSWORD]
"""

import json
import os
import sys
import time
from datetime import datetime

# Found only with -P: without it Python takes this file for the package of that name.
import snowflake.connector

# [CRITICAL] Password in the source: everybody who reads the repository, a backup or an image can log in.
PASSWORD = "not-a-real-password"
# [MAJOR] Bad rows skipped by COPY: CONTINUE drops what does not fit, and the run is green.
ON_ERROR = os.environ.get("ON_ERROR", "CONTINUE")

SETTINGS = {
    "account": "acme-eu1",
    "user": "ETL",
    "password": PASSWORD,
    # [MAJOR] Role with all rights: an error in one statement can drop any table of the company.
    "role": "ACCOUNTADMIN",
    "warehouse": "LOADING",
    "database": "RAW",
    "schema": "PUBLIC",
    "host": os.environ.get("SNOWFLAKE_HOST", "acme-eu1.snowflakecomputing.com"),
    "port": int(os.environ.get("SNOWFLAKE_PORT", "443")),
    "protocol": os.environ.get("SNOWFLAKE_PROTOCOL", "https"),
}


# [MINOR] No types: what a function takes and returns is known only by running it.
def connect(password):
    settings = {**SETTINGS, "password": password or PASSWORD}
    # [CRITICAL] Secret in the log: the password stands in every log of every run.
    # [MINOR] Prints in the place of a log: no time, no level, no run, nothing to search by.
    print("connecting with", settings)
    # [MINOR] Numbers without a name or a reason: why three attempts, why a second?
    for attempt in range(3):
        try:
            # [MAJOR] No time limit: a server that does not answer holds the task for as long as it likes.
            # [MAJOR] No query tag: nobody can say which run a statement in the query history was from.
            return snowflake.connector.connect(**settings)
        except Exception as error:
            # [MAJOR] Retry of what is final: a wrong password is tried again, and soon the user is locked out.
            print("attempt", attempt, "failed:", error)
            time.sleep(1)
    # [CRITICAL] Secret in an exception: it reaches the log, the alert and the tracker of errors.
    raise RuntimeError(f"no connection with {settings}")


def keep_warm(cursor):
    try:
        # [MAJOR] Warehouse kept awake: it is paid for by the second, day and night.
        cursor.execute("ALTER WAREHOUSE LOADING SET AUTO_SUSPEND = 0")
    except Exception:
        pass


def create_table(cursor, table):
    # [CRITICAL] SQL made of names: the table's name is an argument and is run as SQL.
    # [MINOR] Names that depend on case: whoever writes partition without quotes does not find this column.
    cursor.execute(
        f'CREATE TABLE IF NOT EXISTS {table} ("partition" DATE, ID NUMBER(38,0), NOTE VARCHAR, LOADED_AT TIMESTAMP_NTZ)'
    )


def insert_rows(cursor, table, partition, rows):
    for row in rows:
        # [MAJOR] Numbers through a float: beyond 2^53 another number is stored.
        number = float(row["id"])
        # [MAJOR] NULL and empty text confused: what the source did not know becomes an empty text.
        note = row.get("note") or ""
        # [MAJOR] Local time stored as UTC: the machine's zone is lost, and one hour a year is there twice.
        now = datetime.now()
        try:
            # [MAJOR] Row by row: one statement and one round trip for each row.
            # [MAJOR] No retry: a connection that breaks for a second costs the row.
            # [CRITICAL] SQL made of values: a quote ends the text, and what follows is run as SQL.
            cursor.execute(f"INSERT INTO {table} VALUES ('{partition}', {number}, '{note}', '{now}')")
        except Exception as error:
            # [MAJOR] Errors swallowed: the row is lost and the task is green.
            print("skipping", row, error)


def append(connection, table, partition, rows):
    # [CRITICAL] INSERT on a re-run: no key, no partition, no record of what was loaded, so rows are there twice.
    insert_rows(connection.cursor(), table, partition, rows)


def replace(connection, table, partition, rows):
    cursor = connection.cursor()
    # [CRITICAL] Empty extract over good data: nobody asks whether there is anything to put in its place.
    # [CRITICAL] DELETE and INSERT without a transaction: whatever ends the script here leaves a part of the rows.
    cursor.execute(f"DELETE FROM {table} WHERE \"partition\" = '{partition}'")
    insert_rows(cursor, table, partition, rows)


def copy(connection, table, partition, objects):
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        cursor.execute(f"DELETE FROM {table} WHERE \"partition\" = '{partition}'")
        # [CRITICAL] DDL inside the transaction: CREATE commits the DELETE before the new rows are there.
        # [MINOR] Unqualified names: which database and schema is meant depends on the session.
        cursor.execute("CREATE TABLE IF NOT EXISTS LOAD_AUDIT (TABLE_NAME VARCHAR, LOADED_AT TIMESTAMP_NTZ)")
        for name in objects:
            # [CRITICAL] COPY trusted to load: it remembers files for 64 days, and loads nothing after the DELETE.
            cursor.execute(
                f"COPY INTO {table} FROM (SELECT '{partition}'::DATE, $1:id::NUMBER(38,0), $1:note::VARCHAR,"
                f" CURRENT_TIMESTAMP()::TIMESTAMP_NTZ FROM @FLIGHTS_STAGE) FILES = ('{name}')"
                f" FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE) ON_ERROR = {ON_ERROR}"
            )
            # [MAJOR] Row counts never compared: what COPY says is printed and not read.
            print("copied", name, cursor.fetchall())
    finally:
        # [CRITICAL] COMMIT after an error: there is no ROLLBACK, and half of the work is made visible.
        cursor.execute("COMMIT")


# [MINOR] No tests: the first to run the way of an error is production.
def main(mode, partition, source, table="FLIGHTS", password=None):
    # [CRITICAL] Secret as an argument: it is in the list of processes and in Airflow's rendered template.
    connection = connect(password)
    cursor = connection.cursor()
    keep_warm(cursor)
    create_table(cursor, table)
    if mode == "copy":
        copy(connection, table, partition, source.split(","))
    else:
        with open(source) as file:
            rows = json.load(file)
        {"append": append, "replace": replace}[mode](connection, table, partition, rows)
    # [MINOR] SELECT *: reads the whole table, column by column, to count it.
    count = len(cursor.execute(f"SELECT * FROM {table}").fetchall())
    # [MAJOR] Connection not closed: an open transaction keeps its lock until Snowflake gives the session up.
    # [CRITICAL] Secret in XCom: Airflow stores the last line of this output in its database and shows it.
    print(json.dumps({"settings": SETTINGS, "rows": count}))


if __name__ == "__main__":
    main(*sys.argv[1:])
