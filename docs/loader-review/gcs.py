"""Uploads the pages of an extraction to a bucket, as teams write it by hand. Its faults are on purpose: README.md.

    python gcs.py PARTITION FOLDER
"""

import glob
import os
import sys
import time

from google.cloud import storage

BUCKET = os.environ.get("BUCKET", "acme-raw")
# [MAJOR] Long-lived key file: it never expires, is copied from machine to machine, and is found one day.
KEY_FILE = os.environ.get("KEY_FILE", "/etc/keys/gcs.json")


def connect():
    if os.path.exists(KEY_FILE):
        return storage.Client.from_service_account_json(KEY_FILE)
    return storage.Client(project="acme")


def open_bucket(client):
    bucket = client.bucket(BUCKET)
    if not bucket.exists():
        bucket = client.create_bucket(BUCKET)
        try:
            # [MAJOR] Public bucket: everybody in the world may read what is in it, now and in the future.
            bucket.make_public(recursive=True, future=True)
        except Exception as error:
            print("not public:", error)
    return bucket


def read_pages(folder):
    # [CRITICAL] Incomplete extract taken for a whole one: nobody counts the pages or the records in them.
    # [MAJOR] All pages in memory: the largest day decides how much memory every run needs.
    return [open(path).read() for path in sorted(glob.glob(folder + "/*.json"))]


def put(blob, data):
    while True:
        try:
            # [MAJOR] Object overwritten: without a precondition a late or shorter attempt takes the good one's place.
            # [MAJOR] No checksum: bytes that were changed on the way are stored as if they were right.
            return blob.upload_from_string(data, checksum=None)
        except Exception as error:
            # [MAJOR] Retry of everything, for ever: a missing right is asked for once a second until someone looks.
            print("again:", error)
            time.sleep(1)


def upload(partition, folder):
    bucket = open_bucket(connect())
    for number, data in enumerate(read_pages(folder), 1):
        # [MAJOR] One object for each page: a thousand small files, each a request, and a slow COPY.
        put(bucket.blob(f"flights/{partition}/page-{number}.json"), data)
    # [MAJOR] Files found by listing: pages of an earlier, longer extraction are loaded with the new ones.
    return [blob.name for blob in bucket.list_blobs(prefix=f"flights/{partition}/")]


if __name__ == "__main__":
    print(",".join(upload(sys.argv[1], sys.argv[2])))
