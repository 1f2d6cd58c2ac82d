locals {
  # A queue's key never ends in -dlq (validated), so that no two entries meet.
  receivers = merge(
    { for key, queue in var.queues : key => { arn = local.arns[key], senders = queue.senders } },
    {
      for key, queue in var.queues :
      "${key}-dlq" => { arn = local.dead_letter_arns[key], senders = queue.dead_letter_senders }
    },
  )
}

data "aws_iam_policy_document" "access" {
  for_each = local.receivers

  statement {
    sid       = "DenyInsecureTransport"
    effect    = "Deny"
    actions   = ["sqs:*"] # a Deny: a list of actions would leave out those to come
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = each.value.senders

    content {
      sid       = "ServiceSends${statement.key}"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      # The ARN holds the account (validated); aws:SourceAccount, which not every sender sets, would add nothing.
      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = statement.value.source_arns
      }
    }
  }
}
