# Whom Airflow tells when a task has failed for good.
ON_FAILURE_ = [
    SlackNotifier(
        slack_conn_id="slack_data",
        channel="#data-alerts",
        text="".join(
            [
                "Failed: on_failure (",
                PARTITIONS,
                ") in new, task {{ ti.task_id }}, try {{ ti.try_number }}\nOwner: data-platform\nLog: {{ ti.log_url }}",
            ],
        ),
    ),
    SmtpNotifier(
        smtp_conn_id="smtp_default",
        to=["data@example.com"],
        subject="".join(["Failed: on_failure (", PARTITIONS, ") in new"]),
        html_content="".join(
            [
                "Failed: on_failure (",
                PARTITIONS,
                ') in new, task {{ ti.task_id | e }}, try {{ ti.try_number | e }}<br>\nOwner: data-platform<br>\nLog: <a href="{{ ti.log_url | e }}">{{ ti.log_url | e }}</a>',
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
                ') in new<br>\nOwner: data-platform<br>\nLog: <a href="{{ ti.log_url | e }}">{{ ti.log_url | e }}</a>',
            ],
        ),
    ),
]

"on_failure_callback": ON_FAILURE_,

"on_retry_callback": ON_RETRY,

@task(outlets=[ON_FAILURE], execution_timeout=timedelta(minutes=5), on_success_callback=ON_SUCCESS)
