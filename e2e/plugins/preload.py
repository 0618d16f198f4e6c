"""Imports the operator once, before the scheduler starts its workers: each of them is a fork, and the import costs
seconds of processor time in each task. What runs in the task is the operator itself, as ever."""

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin


class Preload:
    @hookimpl
    def on_starting(self, component):
        import airflow.providers.cncf.kubernetes.operators.pod  # noqa: F401


class PreloadPlugin(AirflowPlugin):
    name = "preload"
    listeners = [Preload()]
