"""Reads the flights with dlt's rest_api source and normalises them: what pipegen calls extract and upload.

Usage: python dlt_rest.py FOLDER PORT RECORDS SLICES FILE_FORMAT
"""

import os
import sys

folder, port, records, slices, file_format = sys.argv[1:]
os.environ["DLT_DATA_DIR"] = folder
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["EXTRACT__WORKERS"] = slices
os.environ["NORMALIZE__WORKERS"] = str(os.cpu_count() or 1)
# Else a table is one file, and one file is one worker's.
os.environ["DATA_WRITER__FILE_MAX_ITEMS"] = "50000"

import dlt  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402


def flights(number: int) -> dict:
    return {
        "name": f"flights_{number}",
        "table_name": "flights",
        "parallelized": True,
        "endpoint": {
            "path": "flights",
            "params": {"slice": number},
            "data_selector": "data",
            "paginator": {"type": "offset", "limit": 1000, "total_path": "pagination.total"},
        },
    }


def main() -> None:
    source = rest_api_source(
        {
            "client": {"base_url": f"http://127.0.0.1:{port}/"},
            "resources": [flights(number) for number in range(int(slices))],
        },
    )
    pipeline = dlt.pipeline("bench", destination=dlt.destinations.duckdb(f"{folder}/x.duckdb"), dataset_name="raw")
    pipeline.extract(source, loader_file_format=file_format)
    counts = pipeline.normalize().row_counts
    if counts["flights"] != int(records):
        sys.exit(f"dlt has {counts['flights']} flights of {records}")


# Its workers are processes of their own that import this file.
if __name__ == "__main__":
    main()
