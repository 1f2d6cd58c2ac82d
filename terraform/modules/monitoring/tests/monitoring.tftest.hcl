mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-dev"
  tags        = { CostCenter = "claims" }
  topic_arns = {
    status   = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-status"
    critical = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical"
    high     = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-high"
    medium   = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-medium"
    low      = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-low"
  }
  function_names    = { data_validation = "healthcare-claims-dev-data-validation", error_handler = "healthcare-claims-dev-error-handler" }
  queue_names       = { landing = "healthcare-claims-dev-landing" }
  dead_letter_names = { landing = "healthcare-claims-dev-landing-dlq" }
  glue_job_names    = { process_claims = "healthcare-claims-dev-process-claims" }
  state_machine_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"
  log_group_names = {
    functions     = ["/aws/lambda/healthcare-claims-dev-data-validation", "/aws/lambda/healthcare-claims-dev-error-handler"]
    state_machine = ["/aws/vendedlogs/states/healthcare-claims-dev-claims-pipeline"]
    glue_jobs     = ["/aws-glue/jobs/healthcare-claims-dev-process-claims/output"]
  }
}

run "each_severity_has_its_alarms_and_its_topic" {
  assert {
    condition = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_actions == toset([var.topic_arns[alarm.tags["Severity"]]]) &&
      startswith(alarm.alarm_name, "healthcare-claims-dev-${alarm.tags["Severity"]}-")
    ])
    error_message = "every alarm must tell the topic of its severity and carry that in its name"
  }
  assert {
    condition = toset(output.alarm_names["critical"]) == toset([for what in [
      "attempts-mostly-failing", "dead-letters-many-landing", "function-errors-error-handler", "function-event-lost-data-validation",
      "function-event-lost-error-handler", "pipeline-failed", "pipeline-stalled",
    ] : "healthcare-claims-dev-critical-${what}"])
    error_message = "critical: the pipeline does not work, or loses something"
  }
  assert {
    condition = toset(output.alarm_names["high"]) == toset([for what in [
      "attempts-failing", "cost-per-million-lines-over", "daily-cost-over", "dead-letters-landing", "freshness-objective-missed",
      "function-errors-data-validation", "function-slow-data-validation", "function-slow-error-handler", "notifications-failed",
      "queue-old-landing", "slow-execution", "slow-to-readable",
    ] : "healthcare-claims-dev-high-${what}"])
    error_message = "high: performance and cost"
  }
  assert {
    condition = toset(output.alarm_names["medium"]) == toset([for what in [
      "files-quarantined", "function-throttled-data-validation", "function-throttled-error-handler", "glue-disk-process-claims",
      "glue-failed-process-claims", "glue-memory-process-claims", "pipeline-throttled", "quality-low", "queue-deep-landing", "records-quarantined",
    ] : "healthcare-claims-dev-medium-${what}"])
    error_message = "medium: quality and resources"
  }
  assert {
    condition = toset(output.alarm_names["low"]) == toset([for what in [
      "files-ignored", "glue-idle-process-claims", "glue-skewed-process-claims", "nothing-received",
    ] : "healthcare-claims-dev-low-${what}"])
    error_message = "low: information"
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.this :
      length(coalesce(alarm.ok_actions, [])) == (contains(["critical", "high"], alarm.tags["Severity"]) ? 1 : 0)
    ])
    error_message = "what pages must also say when it is over, and nothing else"
  }
  assert {
    condition     = length(output.alarm_arns) == 33 && alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.actions_enabled])
    error_message = "all alarms must be put out and switched on"
  }
}

run "silence_is_an_alarm_only_where_files_are_missing" {
  command = plan
  assert {
    condition = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.treat_missing_data == (key == "nothing_received" ? "breaching" : "notBreaching")
    ])
    error_message = "a quiet night must raise one alarm, and a low one"
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["pipeline_stalled"].evaluation_periods == 2 &&
      [for query in aws_cloudwatch_metric_alarm.this["pipeline_stalled"].metric_query : query.expression if query.return_data] ==
      ["IF(received > 0 AND FILL(processed, 0) == 0, 1, 0)"]
    )
    error_message = "the first file after a quiet night must not look like a stall"
  }
}

run "freshness_is_measured_by_percentile_and_by_share" {
  command = plan
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["slow_to_readable"].extended_statistic == "p99" &&
      aws_cloudwatch_metric_alarm.this["slow_to_readable"].threshold == 60 &&
      flatten([for query in aws_cloudwatch_metric_alarm.this["freshness_objective_missed"].metric_query : query.metric[*].stat]) == ["PR(:60)"] &&
      aws_cloudwatch_metric_alarm.this["freshness_objective_missed"].threshold == 99.9 &&
      aws_cloudwatch_metric_alarm.this["freshness_objective_missed"].comparison_operator == "LessThanThreshold"
    )
    error_message = "99.9 % of a day's files within 60 minutes"
  }
}

run "thresholds_can_be_relaxed_one_by_one" {
  command = plan
  variables {
    thresholds  = { minutes_to_readable = 240, function_errors = 5, stalled_hours = 6 }
    environment = "blue"
    runbook_url = "https://example.org/runbooks"
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["slow_to_readable"].threshold == 240 &&
      flatten([for query in aws_cloudwatch_metric_alarm.this["freshness_objective_missed"].metric_query : query.metric[*].stat]) == ["PR(:240)"] &&
      aws_cloudwatch_metric_alarm.this["function_errors/data_validation"].threshold == 5 &&
      aws_cloudwatch_metric_alarm.this["queue_old/landing"].threshold == 1800
    )
    error_message = "given thresholds must be taken, the others kept"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["function_errors/error_handler"].threshold == 1
    error_message = "the handler of failures may not fail even once"
  }
  assert {
    condition = alltrue([for query in aws_cloudwatch_metric_alarm.this["pipeline_stalled"].metric_query :
      alltrue([for metric in query.metric : metric.period == 21600])
    ])
    error_message = "the window of a stall must follow its threshold"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["slow_to_readable"].dimensions["environment"] == "blue"
    error_message = "the environment must be overridable"
  }
  assert {
    condition     = endswith(aws_cloudwatch_metric_alarm.this["dead_letters/landing"].alarm_description, "Runbook: https://example.org/runbooks#dead-letters")
    error_message = "an alarm must lead to its runbook"
  }
}

run "health_is_any_critical_alarm_or_late_files" {
  assert {
    condition     = aws_cloudwatch_composite_alarm.pipeline_health.alarm_name == "healthcare-claims-dev-pipeline-health"
    error_message = "name"
  }
  assert {
    condition = toset(split(" OR ", aws_cloudwatch_composite_alarm.pipeline_health.alarm_rule)) == toset([
      for name in concat(output.alarm_names["critical"], ["healthcare-claims-dev-high-slow-to-readable"]) : "ALARM(\"${name}\")"
    ])
    error_message = "every critical alarm must count"
  }
  assert {
    condition = (
      aws_cloudwatch_composite_alarm.pipeline_health.alarm_actions == toset([var.topic_arns["status"]]) &&
      aws_cloudwatch_composite_alarm.pipeline_health.ok_actions == toset([var.topic_arns["status"]])
    )
    error_message = "health is told to the status topic, both ways"
  }
}

run "health_is_critical_without_a_status_topic" {
  command = plan
  variables {
    topic_arns = {
      critical = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical"
      high     = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-high"
      medium   = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-medium"
      low      = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-low"
    }
  }
  assert {
    condition     = one(aws_cloudwatch_composite_alarm.pipeline_health.alarm_actions) == "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical"
    error_message = "somebody must hear it"
  }
}

run "alarms_can_be_muted" {
  command = plan
  variables {
    actions_enabled   = false
    anomaly_detection = true
  }
  assert {
    condition = !anytrue([for alarm in concat(
      values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.anomaly), [aws_cloudwatch_composite_alarm.pipeline_health]
    ) : alarm.actions_enabled])
    error_message = "muted means all"
  }
}

run "a_stack_without_functions_queues_and_jobs_still_has_its_alarms" {
  command = plan
  variables {
    function_names    = {}
    queue_names       = {}
    dead_letter_names = {}
    glue_job_names    = {}
    log_group_names   = {}
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 16
    error_message = "pipeline, cost and notifications"
  }
  assert {
    condition = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this["operational"].dashboard_body).widgets :
      widget.type == "alarm" || try(length(widget.properties.metrics) > 0, false)
    ])
    error_message = "CloudWatch refuses a graph without metrics and a log table without log groups"
  }
}
