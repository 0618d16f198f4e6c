"""Runs a command and writes what it took to a file, as JSON.

Usage: python measure.py FILE COMMAND…

Peak memory is the largest of the command and all that it started and waited for, as the kernel counted it.
"""

import json
import resource
import subprocess
import sys
import time

began = time.perf_counter()
code = subprocess.call(sys.argv[2:])
seconds = time.perf_counter() - began
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
# Linux counts KiB, macOS bytes.
unit = 1024 * 1024 if sys.platform == "darwin" else 1024
took = {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / unit}
with open(sys.argv[1], "w") as file:
    json.dump(took, file)
sys.exit(code)
