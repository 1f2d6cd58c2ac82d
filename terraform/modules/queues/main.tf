data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags = merge(var.tags, { Component = "queues" })

  # ARNs from names, not from the resources: a queue and its dead-letter queue name each other.
  arn_prefix = join(":", [
    "arn", data.aws_partition.current.partition, "sqs",
    data.aws_region.current.name, data.aws_caller_identity.current.account_id,
  ])
  names             = { for key in keys(var.queues) : key => "${var.name_prefix}-${key}" }
  dead_letter_names = { for key, name in local.names : key => "${name}-dlq" }
  arns              = { for key, name in local.names : key => "${local.arn_prefix}:${name}" }
  dead_letter_arns  = { for key, name in local.dead_letter_names : key => "${local.arn_prefix}:${name}" }
}

resource "aws_sqs_queue" "queue" {
  for_each = var.queues

  name                       = local.names[each.key]
  visibility_timeout_seconds = each.value.visibility_timeout_seconds
  message_retention_seconds  = each.value.retention_seconds
  receive_wait_time_seconds  = 20

  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 300

  policy = data.aws_iam_policy_document.access[each.key].json
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[each.key].arn
    maxReceiveCount     = each.value.max_receive_count
  })
  # Without it any queue of the account could move its dead letters here.
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })

  tags = local.tags
}

resource "aws_sqs_queue" "dead_letter" {
  for_each = var.queues

  name                      = local.dead_letter_names[each.key]
  message_retention_seconds = var.dead_letter_retention_seconds
  receive_wait_time_seconds = 20

  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 300

  policy = data.aws_iam_policy_document.access["${each.key}-dlq"].json
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.arns[each.key]]
  })

  tags = local.tags
}
