"""What Airflow connects to SQLite with: its programs take turns, and five seconds are too short for a busy machine."""

ARGUMENTS = {"timeout": 120}
