"""What the specs of the tests name as notifiers of somebody else."""

try:
    from airflow.sdk import BaseNotifier
except ImportError:
    from airflow.notifications.basenotifier import BaseNotifier


class Notifier(BaseNotifier):
    def __init__(self, **arguments):
        super().__init__()
        self.arguments = arguments

    def notify(self, context):
        raise NotImplementedError


class Other(Notifier):
    pass
