data "aws_iam_policy_document" "scheduler_trust" {
  statement {
    sid     = "SchedulesOfThisGroup"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.schedule_group_arn]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  count = length(var.schedules) > 0 ? 1 : 0

  name               = "${var.name_prefix}-scheduler"
  description        = "What the schedules of the claims pipeline may start."
  assume_role_policy = data.aws_iam_policy_document.scheduler_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "scheduler" {
  count = length(var.schedules) > 0 ? 1 : 0

  name   = "targets"
  role   = aws_iam_role.scheduler[0].id
  policy = data.aws_iam_policy_document.scheduler.json
}

data "aws_iam_policy_document" "scheduler" {
  dynamic "statement" {
    for_each = length(local.scheduled.lambda) > 0 ? [local.scheduled.lambda] : []

    content {
      sid       = "InvokeFunctions"
      actions   = ["lambda:InvokeFunction"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = length(local.scheduled.state_machine) > 0 ? [local.scheduled.state_machine] : []

    content {
      sid       = "StartExecutions"
      actions   = ["states:StartExecution"]
      resources = statement.value
    }
  }

  # Whoever starts an execution encrypts its input.
  dynamic "statement" {
    for_each = length(local.scheduled.state_machine) > 0 ? [local.scheduled.state_machine] : []

    content {
      sid       = "EncryptInputs"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [var.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:aws:states:stateMachineArn"
        values   = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(local.scheduled.glue_job) > 0 ? [local.scheduled.glue_job] : []

    content {
      sid       = "StartJobs"
      actions   = ["glue:StartJobRun"]
      resources = statement.value
    }
  }

  statement {
    sid       = "DecryptOwnSchedules"
    actions   = ["kms:Decrypt"]
    resources = [var.kms_key_arn]

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:scheduler:schedule:arn"
      values   = ["${local.arn_start}:scheduler:${local.arn_scope}:schedule/${local.schedule_group}/*"]
    }
  }

  statement {
    sid       = "SendToDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [var.event_dead_letter_arn]
  }

  statement {
    sid       = "EncryptDeadLetters"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
    }
  }
}
