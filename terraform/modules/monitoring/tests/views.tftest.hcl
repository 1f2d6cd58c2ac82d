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

run "two_dashboards_with_the_contracted_names" {
  assert {
    condition = output.dashboard_names == {
      overview    = "healthcare-claims-dev-pipeline-overview"
      operational = "healthcare-claims-dev-operational"
    }
    error_message = "names of the dashboards"
  }
  assert {
    condition = alltrue(flatten([for dashboard in aws_cloudwatch_dashboard.this : [
      for widget in jsondecode(dashboard.dashboard_body).widgets : widget.properties.region == "us-east-1" if widget.type != "alarm"
    ]]))
    error_message = "every widget must name its region"
  }
}

run "the_overview_shows_volume_errors_performance_and_cost" {
  command = plan
  assert {
    condition = alltrue([for topic in ["Volume", "Error rate", "Quality", "Performance", "Service level", "Cost"] :
      anytrue([for widget in jsondecode(aws_cloudwatch_dashboard.this["overview"].dashboard_body).widgets : startswith(widget.properties.title, topic)])
    ])
    error_message = "a part of the overview is missing"
  }
  assert {
    condition = alltrue([for metric in [
      "RecordsProcessed", "FilesReceived", "FilesIgnored", "FilesQuarantined", "RecordsQuarantined", "FailedAttempts", "Attempts",
      "MinutesToReadable", "QualityScore", "CostUsd", "CostUsdPerMillionLines",
    ] : strcontains(aws_cloudwatch_dashboard.this["overview"].dashboard_body, "[\"HealthcareClaims\",\"${metric}\",\"environment\",\"dev\"")])
    error_message = "every metric of the interface must be shown"
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.this["overview"].dashboard_body, "BucketSizeBytes")
    error_message = "storage is shown only for known buckets"
  }
}

run "the_overview_shows_storage_of_known_buckets" {
  command = plan
  variables {
    bucket_names = { raw = "healthcare-claims-dev-raw-123456789012" }
  }
  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.this["overview"].dashboard_body, "healthcare-claims-dev-raw-123456789012")
    error_message = "bytes of the bucket"
  }
}

run "the_operational_dashboard_shows_what_runs_waits_and_is_wrong" {
  command = plan
  assert {
    condition = alltrue([for what in [
      "ExecutionsStarted", "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "healthcare-claims-dev-landing-dlq",
      "ConcurrentExecutions", "glue.driver.workerUtilization", "NumberOfNotificationsFailed", "SOURCE '/aws/lambda/healthcare-claims-dev-error-handler'",
    ] : strcontains(aws_cloudwatch_dashboard.this["operational"].dashboard_body, what)])
    error_message = "a part of the operational dashboard is missing"
  }
  assert {
    condition = toset(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this["operational"].dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"])) == toset([
      for name in flatten(values(output.alarm_names)) : "arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}"
    ])
    error_message = "every alarm must be shown"
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.this["operational"].dashboard_body, "# log groups")
    error_message = "comments of the saved query must not be in the widget"
  }
}

run "five_saved_queries_read_their_own_log_groups" {
  assert {
    condition = toset(keys(output.query_definition_ids)) == toset([
      "errors-by-function", "glue-duration-by-5-minutes", "file-by-correlation-id", "slowest-files", "quarantine-by-rule",
    ])
    error_message = "the saved queries of the interface"
  }
  assert {
    condition     = alltrue([for key, query in aws_cloudwatch_query_definition.this : query.name == "healthcare-claims-dev-${key}"])
    error_message = "names of the queries"
  }
  assert {
    condition = (
      aws_cloudwatch_query_definition.this["errors-by-function"].log_group_names == var.log_group_names.functions &&
      aws_cloudwatch_query_definition.this["glue-duration-by-5-minutes"].log_group_names == var.log_group_names.glue_jobs &&
      aws_cloudwatch_query_definition.this["file-by-correlation-id"].log_group_names ==
      concat(var.log_group_names.functions, var.log_group_names.state_machine, var.log_group_names.glue_jobs)
    )
    error_message = "a query must read the log groups of its first line"
  }
  assert {
    condition     = strcontains(aws_cloudwatch_query_definition.this["glue-duration-by-5-minutes"].query_string, "bin(5m)")
    error_message = "Glue's durations are by five minutes"
  }
}

run "cost_and_anomalies_are_off_by_default" {
  command = plan
  assert {
    condition = (
      length(aws_budgets_budget.monthly) + length(aws_ce_anomaly_monitor.this) + length(aws_ce_anomaly_subscription.this) +
      length(aws_cloudwatch_metric_alarm.anomaly) == 0 && output.budget_name == null
    )
    error_message = "each must be asked for"
  }
}

run "a_budget_tells_at_80_and_100_percent_and_when_foreseen" {
  variables {
    monthly_budget_usd = 500
    budget_emails      = ["finance@example.org"]
  }
  assert {
    condition     = aws_budgets_budget.monthly[0].name == "healthcare-claims-dev-monthly" && aws_budgets_budget.monthly[0].limit_amount == "500"
    error_message = "name and limit"
  }
  assert {
    condition = toset([for it in aws_budgets_budget.monthly[0].notification : "${it.notification_type} ${it.threshold}"]) == toset([
      "ACTUAL 80", "ACTUAL 100", "FORECASTED 100",
    ])
    error_message = "three notices"
  }
  assert {
    condition = alltrue([for it in aws_budgets_budget.monthly[0].notification :
      it.subscriber_email_addresses == toset(["finance@example.org"]) && it.subscriber_sns_topic_arns == toset([var.topic_arns["high"]])
    ])
    error_message = "a cost overrun is high"
  }
  assert {
    condition     = length(aws_budgets_budget.monthly[0].cost_filter) == 0
    error_message = "without a tag the whole account counts"
  }
}

run "budget_and_cost_anomalies_look_at_one_tag" {
  variables {
    monthly_budget_usd = 500
    cost_anomaly_usd   = 25
    cost_tag           = { key = "Environment", value = "dev" }
  }
  assert {
    condition     = one(aws_budgets_budget.monthly[0].cost_filter).values == tolist(["user:Environment$dev"])
    error_message = "the budget must be filtered by the tag"
  }
  assert {
    condition = (
      aws_ce_anomaly_monitor.this[0].monitor_type == "CUSTOM" &&
      jsondecode(aws_ce_anomaly_monitor.this[0].monitor_specification).Tags.Key == "user:Environment" &&
      jsondecode(aws_ce_anomaly_monitor.this[0].monitor_specification).Tags.Values == ["dev"]
    )
    error_message = "the monitor must be filtered by the tag"
  }
  assert {
    condition = (
      one(aws_ce_anomaly_subscription.this[0].subscriber).address == var.topic_arns["high"] &&
      one(aws_ce_anomaly_subscription.this[0].subscriber).type == "SNS" &&
      tolist(one(aws_ce_anomaly_subscription.this[0].threshold_expression[0].dimension).values) == tolist(["25"])
    )
    error_message = "from 25 dollars on, to the topic of high alarms"
  }
}

run "cost_anomalies_of_the_whole_account_are_by_service" {
  variables {
    cost_anomaly_usd = 25
  }
  assert {
    condition     = aws_ce_anomaly_monitor.this[0].monitor_type == "DIMENSIONAL" && aws_ce_anomaly_monitor.this[0].monitor_dimension == "SERVICE"
    error_message = "by service"
  }
}

run "anomaly_detection_learns_volume_freshness_and_cost" {
  variables {
    anomaly_detection = true
  }
  assert {
    condition = toset(flatten([for alarm in aws_cloudwatch_metric_alarm.anomaly : [for query in alarm.metric_query : [for metric in query.metric : metric.metric_name]]])) == toset([
      "RecordsProcessed", "MinutesToReadable", "CostUsd",
    ])
    error_message = "three metrics"
  }
  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.anomaly :
      alarm.threshold_metric_id == "band" && alarm.alarm_actions == toset([var.topic_arns[alarm.tags["Severity"]]])
    ])
    error_message = "a learnt band instead of a threshold, told to the topic of the severity"
  }
  assert {
    condition     = contains(keys(output.alarm_arns), "volume_unusual")
    error_message = "learnt alarms are alarms too"
  }
}
