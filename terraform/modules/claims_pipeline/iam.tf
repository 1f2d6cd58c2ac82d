data "aws_iam_policy_document" "state_machine_trust" {
  statement {
    sid     = "ThisStateMachine"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [local.state_machine_arn]
    }
  }
}

resource "aws_iam_role" "state_machine" {
  name               = local.state_machine_name
  description        = "What the state machine ${local.state_machine_name} may do."
  assume_role_policy = data.aws_iam_policy_document.state_machine_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "state_machine" {
  name   = "execution"
  role   = aws_iam_role.state_machine.id
  policy = data.aws_iam_policy_document.state_machine.json
}

data "aws_iam_policy_document" "state_machine" {
  #checkov:skip=CKV_AWS_111:The actions of log delivery and X-Ray have no resource; the reason stands on their line.
  #checkov:skip=CKV_AWS_356:The actions of log delivery and X-Ray have no resource; the reason stands on their line.
  #checkov:skip=CKV_AWS_109:logs:PutResourcePolicy is what Step Functions asks for to deliver logs, and has no resource.

  statement {
    sid       = "InvokeFunctions"
    actions   = ["lambda:InvokeFunction"]
    resources = var.invoked_function_arns
  }

  statement {
    sid       = "RunJobs"
    actions   = ["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"]
    resources = var.glue_jobs[*].arn
  }

  # of these nobody looks at the run, or stops it
  dynamic "statement" {
    for_each = length(var.started_job_arns) > 0 ? [var.started_job_arns] : []

    content {
      sid       = "StartJobs"
      actions   = ["glue:StartJobRun"]
      resources = statement.value
    }
  }

  statement {
    sid       = "ReadAndWriteManifests"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.manifest_store.arn}/${var.manifest_store.prefix}/*"]
  }

  dynamic "statement" {
    for_each = length(var.publishes_to) > 0 ? [var.publishes_to] : []

    content {
      sid       = "PublishAlerts"
      actions   = ["sns:Publish"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = length(var.kms_key_arns) > 0 ? [var.kms_key_arns] : []

    content {
      sid       = "UseKeysOfManifestsAndTopics"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = statement.value

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [for service in ["s3", "sns"] : "${service}.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
      }
    }
  }

  statement {
    sid       = "EncryptOwnExecutions"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:states:stateMachineArn"
      values   = [local.state_machine_arn]
    }
  }

  statement {
    sid       = "EncryptLogDelivery"
    actions   = ["kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:SourceArn"
      values   = ["${local.arn_start}:logs:${local.arn_scope}:*"]
    }
  }

  statement {
    sid = "DeliverLogs"
    actions = [
      "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
    ]
    resources = ["*"] # AWS offers no resource level for these actions
  }

  statement {
    sid = "Trace"
    actions = [
      "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
    ]
    resources = ["*"] # AWS offers no resource level for these actions
  }
}
