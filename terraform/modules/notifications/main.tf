data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  tags = merge(var.tags, { Component = "notifications" })

  topics = {
    status   = "files and runs"
    critical = "critical"
    high     = "high"
    medium   = "medium"
    low      = "low"
  }

  emails = {
    for pair in setproduct(keys(local.topics), var.email_addresses) :
    "${pair[0]}/${pair[1]}" => { topic = pair[0], address = pair[1] }
  }

  texts = {
    for pair in setproduct(["critical", "high"], var.sms_numbers) :
    "${pair[0]}/${pair[1]}" => { topic = pair[0], number = pair[1] }
  }

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered.arn })
}

resource "aws_sns_topic" "this" {
  for_each = local.topics

  name              = "${var.name_prefix}-${each.key}"
  display_name      = "${var.name_prefix} ${each.value}"
  kms_master_key_id = var.kms_key_arn

  tags = merge(local.tags, { Severity = each.key })
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.topics

  arn    = aws_sns_topic.this[each.key].arn
  policy = data.aws_iam_policy_document.topic[each.key].json
}

resource "aws_sns_topic_subscription" "email" {
  for_each = local.emails

  topic_arn      = aws_sns_topic.this[each.value.topic].arn
  protocol       = "email"
  endpoint       = each.value.address
  redrive_policy = local.redrive_policy

  depends_on = [aws_sqs_queue_policy.undelivered]
}

resource "aws_sns_topic_subscription" "sms" {
  for_each = local.texts

  topic_arn      = aws_sns_topic.this[each.value.topic].arn
  protocol       = "sms"
  endpoint       = each.value.number
  redrive_policy = local.redrive_policy

  depends_on = [aws_sqs_queue_policy.undelivered]
}

resource "aws_sns_topic_subscription" "pagerduty" {
  count = nonsensitive(var.pagerduty_url != null) ? 1 : 0

  topic_arn              = aws_sns_topic.this["critical"].arn
  protocol               = "https"
  endpoint               = var.pagerduty_url
  endpoint_auto_confirms = true
  redrive_policy         = local.redrive_policy

  # SNS gives up after three tries in one minute by default; a pager has to outlast an outage of about an hour.
  delivery_policy = jsonencode({
    healthyRetryPolicy = {
      numRetries         = 20
      minDelayTarget     = 5
      maxDelayTarget     = 300
      numMaxDelayRetries = 10
      numMinDelayRetries = 2
      numNoDelayRetries  = 1
      backoffFunction    = "exponential"
    }
  })

  depends_on = [aws_sqs_queue_policy.undelivered]
}

resource "aws_sqs_queue" "undelivered" {
  name                              = "${var.name_prefix}-notifications-dlq"
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 300
  message_retention_seconds         = var.dead_letter_retention_seconds

  tags = local.tags
}

resource "aws_sqs_queue_policy" "undelivered" {
  queue_url = aws_sqs_queue.undelivered.url
  policy    = data.aws_iam_policy_document.undelivered.json
}

resource "aws_chatbot_slack_channel_configuration" "this" {
  count = var.slack == null ? 0 : 1

  configuration_name = "${var.name_prefix}-alerts"
  iam_role_arn       = aws_iam_role.slack[0].arn
  slack_team_id      = var.slack.workspace_id
  slack_channel_id   = var.slack.channel_id
  sns_topic_arns     = [for topic in var.slack.topics : aws_sns_topic.this[topic].arn]
  logging_level      = "ERROR"

  # Without a guardrail of its own the channel gets AdministratorAccess.
  guardrail_policy_arns       = [aws_iam_policy.slack[0].arn]
  user_authorization_required = true

  tags = local.tags
}
