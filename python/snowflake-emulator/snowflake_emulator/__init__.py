"""An emulator of Snowflake for tests: its protocol, over fakesnow and DuckDB."""
