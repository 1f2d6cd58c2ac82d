locals {
  # EventBridge may leave aws:SourceAccount out when it publishes to a topic: a strict condition would drop its messages.
  strict_publishers  = [for service in var.publisher_services : service if service != "events.amazonaws.com"]
  lenient_publishers = [for service in var.publisher_services : service if service == "events.amazonaws.com"]

  publisher_statements = {
    for name, statement in {
      Services    = { services = local.strict_publishers, test = "StringEquals" }
      EventBridge = { services = local.lenient_publishers, test = "StringEqualsIfExists" }
    } : name => statement if length(statement.services) > 0
  }
}

# The account's own roles publish by their identity policies; only services need to be named here.
data "aws_iam_policy_document" "topic" {
  for_each = local.topics

  dynamic "statement" {
    for_each = local.publisher_statements

    content {
      sid       = "Publish${statement.key}"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.this[each.key].arn]

      principals {
        type        = "Service"
        identifiers = statement.value.services
      }

      condition {
        test     = statement.value.test
        variable = "aws:SourceAccount"
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }

  statement {
    sid       = "DenyWithoutTls"
    effect    = "Deny"
    actions   = ["sns:Publish", "sns:Subscribe"]
    resources = [aws_sns_topic.this[each.key].arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  # TLS on the way in is worth little if the topic then delivers to a plain http address.
  statement {
    sid       = "DenyPlainHttpSubscriber"
    effect    = "Deny"
    actions   = ["sns:Subscribe"]
    resources = [aws_sns_topic.this[each.key].arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "sns:Protocol"
      values   = ["http"]
    }
  }
}

data "aws_iam_policy_document" "undelivered" {
  statement {
    sid       = "UndeliveredNotifications"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.undelivered.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for topic in aws_sns_topic.this : topic.arn]
    }
  }

  statement {
    sid       = "DenyWithoutTls"
    effect    = "Deny"
    resources = [aws_sqs_queue.undelivered.arn]

    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:PurgeQueue",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

data "aws_iam_policy_document" "slack_trust" {
  count = var.slack == null ? 0 : 1

  statement {
    sid     = "Chatbot"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["chatbot.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:chatbot::${data.aws_caller_identity.current.account_id}:*"]
    }
  }
}

data "aws_iam_policy_document" "slack" {
  count = var.slack == null ? 0 : 1

  statement {
    sid = "DrawAlarmGraphs"

    actions = [
      "cloudwatch:DescribeAlarmsForMetric",
      "cloudwatch:GetMetricData",
      "cloudwatch:GetMetricStatistics",
      "cloudwatch:GetMetricWidgetImage",
      "cloudwatch:ListMetrics",
    ]
    resources = ["*"] # these CloudWatch actions have no resource level
  }

  statement {
    sid     = "ReadOwnAlarms"
    actions = ["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"]
    resources = [
      "arn:${data.aws_partition.current.partition}:cloudwatch:*:${data.aws_caller_identity.current.account_id}:alarm:${var.name_prefix}-*",
    ]
  }
}

# One policy is both what the role may do and the channel's guardrail: nothing typed in Slack can do more.
resource "aws_iam_policy" "slack" {
  count = var.slack == null ? 0 : 1

  name        = "${var.name_prefix}-slack"
  description = "Reads CloudWatch to draw the graphs of alarms in Slack"
  policy      = data.aws_iam_policy_document.slack[0].json

  tags = local.tags
}

resource "aws_iam_role" "slack" {
  count = var.slack == null ? 0 : 1

  name               = "${var.name_prefix}-slack"
  description        = "Posts alarms of ${var.name_prefix} to Slack"
  assume_role_policy = data.aws_iam_policy_document.slack_trust[0].json

  tags = local.tags
}

resource "aws_iam_role_policy_attachment" "slack" {
  count = var.slack == null ? 0 : 1

  role       = aws_iam_role.slack[0].name
  policy_arn = aws_iam_policy.slack[0].arn
}
