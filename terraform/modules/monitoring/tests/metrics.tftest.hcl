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

run "every_alarm_reads_its_metric" {
  command = plan
  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this : key => join(", ", sort(
        alarm.metric_name != null
        ? ["${alarm.namespace} ${alarm.metric_name} ${coalesce(alarm.statistic, alarm.extended_statistic)} ${alarm.period}"]
        : flatten([for query in alarm.metric_query : [for it in query.metric : "${it.namespace} ${it.metric_name} ${it.stat} ${it.period}"]])
      ))
      } == {
      "attempts_failing"                    = "HealthcareClaims Attempts Sum 900, HealthcareClaims FailedAttempts Sum 900"
      "attempts_mostly_failing"             = "HealthcareClaims Attempts Sum 900, HealthcareClaims FailedAttempts Sum 900"
      "cost_per_million_lines_over"         = "HealthcareClaims CostUsd Sum 86400, HealthcareClaims RecordsProcessed Sum 86400"
      "daily_cost_over"                     = "HealthcareClaims CostUsd Sum 86400"
      "dead_letters/landing"                = "AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300"
      "dead_letters_many/landing"           = "AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300"
      "files_ignored"                       = "HealthcareClaims FilesIgnored Sum 86400"
      "files_quarantined"                   = "HealthcareClaims FilesQuarantined Sum 3600"
      "freshness_objective_missed"          = "HealthcareClaims MinutesToReadable PR(:60) 86400"
      "function_errors/data_validation"     = "AWS/Lambda Errors Sum 300"
      "function_errors/error_handler"       = "AWS/Lambda Errors Sum 300"
      "function_event_lost/data_validation" = "AWS/Lambda DeadLetterErrors Sum 300"
      "function_event_lost/error_handler"   = "AWS/Lambda DeadLetterErrors Sum 300"
      "function_slow/data_validation"       = "AWS/Lambda Duration Maximum 300"
      "function_slow/error_handler"         = "AWS/Lambda Duration Maximum 300"
      "function_throttled/data_validation"  = "AWS/Lambda Throttles Sum 300"
      "function_throttled/error_handler"    = "AWS/Lambda Throttles Sum 300"
      "glue_disk/process_claims"            = "Glue glue.ALL.disk.used.percentage Maximum 300"
      "glue_failed/process_claims"          = "Glue glue.error.ALL Sum 900"
      "glue_idle/process_claims"            = "Glue glue.driver.workerUtilization Average 3600"
      "glue_memory/process_claims"          = "Glue glue.ALL.memory.total.used.percentage Maximum 300"
      "glue_skewed/process_claims"          = "Glue glue.driver.skewness.job Maximum 900"
      "nothing_received"                    = "HealthcareClaims FilesReceived Sum 86400"
      "notifications_failed"                = "AWS/SNS NumberOfNotificationsFailed Sum 300, AWS/SNS NumberOfNotificationsFailed Sum 300, AWS/SNS NumberOfNotificationsFailed Sum 300, AWS/SNS NumberOfNotificationsFailed Sum 300, AWS/SNS NumberOfNotificationsFailed Sum 300"
      "pipeline_failed"                     = "AWS/States ExecutionsFailed Sum 300, AWS/States ExecutionsTimedOut Sum 300"
      "pipeline_stalled"                    = "HealthcareClaims FilesReceived Sum 10800, HealthcareClaims RecordsProcessed Sum 10800"
      "pipeline_throttled"                  = "AWS/States ExecutionThrottled Sum 300"
      "quality_low"                         = "HealthcareClaims QualityScore Average 3600"
      "queue_deep/landing"                  = "AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300"
      "queue_old/landing"                   = "AWS/SQS ApproximateAgeOfOldestMessage Maximum 300"
      "records_quarantined"                 = "HealthcareClaims RecordsProcessed Sum 3600, HealthcareClaims RecordsQuarantined Sum 3600"
      "slow_execution"                      = "AWS/States ExecutionTime Maximum 300"
      "slow_to_readable"                    = "HealthcareClaims MinutesToReadable p99 900"
    }
    error_message = "namespace, metric, statistic and period of each alarm"
  }
}

run "every_alarm_reads_the_resource_it_is_named_after" {
  command = plan
  assert {
    condition = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this :
      contains(flatten([
        values(coalesce(alarm.dimensions, {})),
        [for query in alarm.metric_query : [for it in query.metric : values(it.dimensions)]],
        ]), lookup({
        "dead_letters/landing"      = "healthcare-claims-dev-landing-dlq"
        "dead_letters_many/landing" = "healthcare-claims-dev-landing-dlq"
      }, key, "healthcare-claims-dev-${replace(split("/", key)[1], "_", "-")}"))
      if strcontains(key, "/")
    ])
    error_message = "an alarm of a function, queue or job must have that as dimension"
  }
  assert {
    condition = alltrue([for key in ["pipeline_throttled", "slow_execution"] :
      aws_cloudwatch_metric_alarm.this[key].dimensions == tomap({ StateMachineArn = var.state_machine_arn })
    ])
    error_message = "the state machine's alarms must be of this state machine"
  }
  assert {
    condition = toset([for query in aws_cloudwatch_metric_alarm.this["notifications_failed"].metric_query : query.metric[0].dimensions["TopicName"] if !query.return_data]) == toset([
      for severity in keys(var.topic_arns) : "healthcare-claims-dev-${severity}"
    ])
    error_message = "deliveries of all topics"
  }
}

run "own_metrics_have_the_environment_as_only_dimension" {
  command = plan
  assert {
    condition = alltrue(flatten([for key, alarm in aws_cloudwatch_metric_alarm.this : concat(
      [for it in [alarm] : it.dimensions == tomap({ environment = "dev" }) if it.namespace == "HealthcareClaims"],
      [for query in alarm.metric_query : [for metric in query.metric : metric.dimensions == tomap({ environment = "dev" }) if metric.namespace == "HealthcareClaims"]],
    )]))
    error_message = "no id, key or name may be a dimension"
  }
  assert {
    condition = length(setsubtract(
      ["RecordsProcessed", "FilesReceived", "FilesIgnored", "FilesQuarantined", "RecordsQuarantined", "FailedAttempts", "Attempts", "MinutesToReadable", "QualityScore", "CostUsd"],
      flatten([for alarm in aws_cloudwatch_metric_alarm.this : concat([alarm.metric_name], [for query in alarm.metric_query : [for metric in query.metric : metric.metric_name]])]),
    )) == 0
    error_message = "every metric of the interface must have an alarm"
  }
  assert {
    condition     = output.metric_environment == "dev"
    error_message = "the environment is the end of the prefix"
  }
}
