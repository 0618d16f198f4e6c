def tell_of_task(notify, context) -> None:
    """Tell what became of a task, unless its run has taken too long: of that the run tells."""
    if datetime.now(timezone.utc) - context["dag_run"].start_date < context["dag"].dagrun_timeout:
        notify(context)

def tell_of_run(notify, context) -> None:
    """Tell of a run that took too long. A task that has failed has told of it itself."""
    if context["reason"] != "task_failure":
        started = [ti for ti in context["dag_run"].get_task_instances() if ti.start_date]
        context["ti"] = max(started, key=lambda ti: ti.start_date, default=context["ti"])
        notify(context)

# Whom Airflow tells when a task has failed for good, or a run took too long.
ON_FAILURE_ = [
    SlackNotifier(
        slack_conn_id="slack_data",
        channel="#data-alerts",
        text="".join(
            [
                "Failed: on_failure (",
                PARTITIONS,
                ") in old, task {{ ti.task_id }}, try {{ ti.try_number }}: {{ reason | default('the task failed') | replace('timed_out', 'the run took longer than 6 h') }}\nOwner: data-platform\nLog: {{ ti.log_url }}",
            ],
        ),
    ),
    SmtpNotifier(
        smtp_conn_id="smtp_default",
        to=["data@example.com"],
        subject="".join(["Failed: on_failure (", PARTITIONS, ") in old"]),
        html_content="".join(
            [
                "Failed: on_failure (",
                PARTITIONS,
                ") in old, task {{ ti.task_id | e }}, try {{ ti.try_number | e }}: {{ (reason | default('the task failed') | replace('timed_out', 'the run took longer than 6 h')) | e }}<br>\nOwner: data-platform<br>\nLog: <a href=\"{{ ti.log_url | e }}\">{{ ti.log_url | e }}</a>",
            ],
        ),
    ),
    SlackWebhookNotifier(
        slack_webhook_conn_id="hook",
        text="{{ ti.task_id }} failed",
        unfurl_links=False,
    ),
]

# Whom Airflow tells when a try has failed and another will follow.
ON_RETRY = [
    SlackNotifier(
        slack_conn_id="slack_data",
        channel="#data-noise",
        text="".join(["{{ ti.task_id }}, try {{ ti.try_number }} of {{ '' }}", PARTITIONS, "{{ '' }} "]),
    ),
]

# Whom Airflow tells when the run has published its partitions.
ON_SUCCESS = [
    SmtpNotifier(
        smtp_conn_id="smtp_bi",
        to=["bi@example.com"],
        subject="on_failure is there",
        html_content="".join(
            [
                "Published: on_failure (",
                PARTITIONS,
                ') in old<br>\nOwner: data-platform<br>\nLog: <a href="{{ ti.log_url | e }}">{{ ti.log_url | e }}</a>',
            ],
        ),
    ),
]

on_failure_callback=[partial(tell_of_run, one) for one in ON_FAILURE_],

"on_failure_callback": [partial(tell_of_task, one) for one in ON_FAILURE_],

"on_retry_callback": [partial(tell_of_task, one) for one in ON_RETRY],

@task(outlets=[ON_FAILURE], execution_timeout=timedelta(minutes=5), on_success_callback=ON_SUCCESS)
