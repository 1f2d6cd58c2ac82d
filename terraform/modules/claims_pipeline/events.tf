locals {
  # What is kept of an event of failure: a Glue message or an execution's input could hold more than ids.
  failure_rules = var.watch_failures ? {
    job-failed = {
      description = "A Glue job run of the pipeline failed or timed out."
      pattern = {
        source      = ["aws.glue"]
        detail-type = ["Glue Job State Change"]
        detail      = { jobName = concat(var.glue_jobs[*].name, var.watched_job_names), state = ["FAILED", "TIMEOUT"] }
      }
      detail = ["jobName", "jobRunId", "state"]
    }
    run-failed = {
      description = "An execution ended in a way that its own error handling may not have seen."
      pattern = {
        source      = ["aws.states"]
        detail-type = ["Step Functions Execution Status Change"]
        detail      = { stateMachineArn = [local.state_machine_arn], status = ["FAILED", "TIMED_OUT", "ABORTED"] }
      }
      detail = ["executionArn", "name", "stateMachineArn", "status"]
    }
  } : {}

  envelope = ["id", "source", "detail-type", "time", "account", "region"]
}

resource "aws_cloudwatch_event_rule" "object_created" {
  name        = "${var.name_prefix}-object-created"
  description = "A file landed in the raw zone."

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.raw_bucket.name] }
      object = { key = [for prefix in var.object_prefixes : { prefix = prefix }] }
    }
  })

  tags = local.tags
}

resource "aws_cloudwatch_event_target" "object_created" {
  rule      = aws_cloudwatch_event_rule.object_created.name
  target_id = "landing-queue"
  arn       = var.landing_queue_arn

  dead_letter_config {
    arn = var.event_dead_letter_arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
}

resource "aws_cloudwatch_event_rule" "failure" {
  for_each = local.failure_rules

  name          = "${var.name_prefix}-${each.key}"
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
  tags          = local.tags
}

resource "aws_cloudwatch_event_target" "failure" {
  for_each = local.failure_rules

  rule      = aws_cloudwatch_event_rule.failure[each.key].name
  target_id = "failure-queue"
  arn       = var.failure_queue_arn

  # Not jsonencode alone: it would escape the angle brackets that EventBridge fills in.
  input_transformer {
    input_paths = merge(
      { for name in local.envelope : name => "$.${name}" },
      { for name in each.value.detail : name => "$.detail.${name}" },
    )
    input_template = replace(replace(jsonencode(merge(
      { for name in local.envelope : name => "<${name}>" },
      { detail = { for name in each.value.detail : name => "<${name}>" } },
    )), "\\u003c", "<"), "\\u003e", ">")
  }

  dead_letter_config {
    arn = coalesce(var.failure_dead_letter_arn, var.event_dead_letter_arn)
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
}

resource "aws_lambda_event_source_mapping" "landing" {
  event_source_arn = var.landing_queue_arn
  function_name    = var.trigger_function.arn
  enabled          = var.landing_batch.enabled

  batch_size                         = var.landing_batch.size
  maximum_batching_window_in_seconds = var.landing_batch.window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.landing_batch.maximum_concurrency
  }

  tags = local.tags
}
