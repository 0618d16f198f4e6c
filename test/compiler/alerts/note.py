"""A notifier that writes each alert to a file, as Airflow has rendered it."""

import json
import os

try:
    from airflow.sdk import BaseNotifier
except ImportError:
    from airflow.notifications.basenotifier import BaseNotifier


class Note(BaseNotifier):
    template_fields = ("words",)

    def __init__(self, words, event, context=None, **options):
        super().__init__()
        self.context = context
        self.words = words
        self.event = event
        self.options = options

    def notify(self, context):
        ti = context.get("ti")
        task = ti.task_id if ti else None
        line = {"event": self.event, "task": task, "words": self.words, "options": self.options}
        with open(os.environ["ALERTS"], "a") as file:
            file.write(json.dumps(line) + "\n")

    async def async_notify(self, context):
        self.notify(context)
