mock_provider "aws" {
  source = "./tests/mocks"
}

run "a_landed_file_reaches_the_queue_or_the_dead_letters" {
  command = plan

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.object_created.event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail = {
        bucket = { name = ["healthcare-claims-dev-raw-123456789012"] }
        object = { key = [{ prefix = "raw/claims/" }, { prefix = "raw/patients/" }] }
      }
    }
    error_message = "objects below the prefixes of the raw bucket count, and no others"
  }
  assert {
    condition     = aws_cloudwatch_event_rule.object_created.name == "healthcare-claims-dev-object-created"
    error_message = "the rule is named by the prefix"
  }
  assert {
    condition = (
      aws_cloudwatch_event_target.object_created.arn == var.landing_queue_arn
      && aws_cloudwatch_event_target.object_created.dead_letter_config[0].arn == var.event_dead_letter_arn
      && aws_cloudwatch_event_target.object_created.retry_policy[0].maximum_event_age_in_seconds == 86400
    )
    error_message = "the event goes to the queue, is tried for a day, and then kept as a dead letter"
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.landing.function_name == var.trigger_function.arn
      && aws_lambda_event_source_mapping.landing.event_source_arn == var.landing_queue_arn
      && contains(aws_lambda_event_source_mapping.landing.function_response_types, "ReportBatchItemFailures")
    )
    error_message = "the alias reads the queue and answers for each message"
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.landing.batch_size == 500
      && aws_lambda_event_source_mapping.landing.maximum_batching_window_in_seconds == 60
      && aws_lambda_event_source_mapping.landing.scaling_config[0].maximum_concurrency == 10
      && aws_lambda_event_source_mapping.landing.enabled
    )
    error_message = "many small files make few calls"
  }
}

run "failures_are_not_watched_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_event_rule.failure) == 0 && length(aws_cloudwatch_event_target.failure) == 0
    error_message = "there are no failure rules by default"
  }
}

run "failures_reach_the_queue_without_what_they_say" {
  command = apply

  variables {
    watch_failures    = true
    failure_queue_arn = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-failures"
    watched_job_names = ["healthcare-claims-dev-maintain"]
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.failure["job-failed"].event_pattern) == {
      source      = ["aws.glue"]
      detail-type = ["Glue Job State Change"]
      detail      = { jobName = ["healthcare-claims-dev-process", "healthcare-claims-dev-maintain"], state = ["FAILED", "TIMEOUT"] }
    }
    error_message = "failed runs of the project's jobs count"
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.failure["run-failed"].event_pattern).detail == {
      stateMachineArn = ["arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"]
      status          = ["FAILED", "TIMED_OUT", "ABORTED"]
    }
    error_message = "failed, timed out and aborted executions of this state machine count"
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_target.failure["job-failed"].input_transformer[0].input_template) == {
      id     = "<id>", source = "<source>", detail-type = "<detail-type>", time = "<time>", account = "<account>", region = "<region>"
      detail = { jobName = "<jobName>", jobRunId = "<jobRunId>", state = "<state>" }
    }
    error_message = "of a job's event only ids and state go on"
  }
  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.failure : length(setintersection(
        values(target.input_transformer[0].input_paths),
        ["$.detail", "$.detail.message", "$.detail.input", "$.detail.output", "$.detail.error", "$.detail.cause"],
      )) == 0
    ])
    error_message = "no message, input, output or cause goes on"
  }
  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.failure : strcontains(target.input_transformer[0].input_template, "\"<id>\"")
    ])
    error_message = "EventBridge finds its angle brackets"
  }
  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.failure :
      target.arn == var.failure_queue_arn && target.dead_letter_config[0].arn == var.failure_dead_letter_arn
    ])
    error_message = "failures go to their queue, or wait as dead letters"
  }
  assert {
    condition     = toset(keys(output.rule_arns)) == toset(["object-created", "job-failed", "run-failed"])
    error_message = "every rule's ARN is told, for the queues' policies"
  }
}
