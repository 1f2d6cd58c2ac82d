locals {
  arn_scope    = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  arn_start    = "arn:${data.aws_partition.current.partition}"
  function_arn = "${local.arn_start}:lambda:${local.arn_scope}:function:${local.function_name}"
  log_arn      = "${local.arn_start}:logs:${local.arn_scope}:log-group:${local.log_group_name}:*"
  ec2_arn      = "${local.arn_start}:ec2:${local.arn_scope}"
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "LambdaOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    # IfExists: Lambda does not document that it always says for whom it acts; where it does, it must be this account.
    # No aws:SourceArn: pollers of event sources assume the role too, and not as the function.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = local.function_name
  description        = "What the Lambda function ${local.function_name} may do."
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "execution" {
  #checkov:skip=CKV_AWS_290:In a VPC Lambda refuses a role that may manage interfaces on less than all; the code itself is denied it.
  name   = "execution"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [local.log_arn]
  }

  statement {
    sid       = "SendToDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [var.dead_letter_arn]
  }

  # Lambda sends dead letters as this role: without the queue's key they are lost without a trace but a metric.
  statement {
    sid       = "EncryptDeadLetters"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [coalesce(var.dead_letter_kms_key_arn, var.kms_key_arn)]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
    }
  }

  statement {
    sid       = "DecryptOwnEnvironment"
    actions   = ["kms:Decrypt"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:lambda:FunctionArn"
      values   = [local.function_arn]
    }
  }

  dynamic "statement" {
    for_each = var.tracing ? [1] : []

    content {
      sid       = "SendTraces"
      actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      resources = ["*"] # X-Ray has no resource for segments
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      sid     = "CreateInterfacesInOwnSubnets"
      actions = ["ec2:CreateNetworkInterface"]
      resources = concat(
        ["${local.ec2_arn}:network-interface/*"],
        [for id in statement.value.subnet_ids : "${local.ec2_arn}:subnet/${id}"],
        [for id in statement.value.security_group_ids : "${local.ec2_arn}:security-group/${id}"],
      )
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]

    content {
      sid = "ManageInterfaces"
      actions = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"] # EC2 describes without resources, and Lambda refuses a role that has the others on less
    }
  }

  # The interfaces are Lambda's business: its own calls carry no source function, those of the code do.
  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]

    content {
      sid    = "DenyInterfacesToCode"
      effect = "Deny"
      actions = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"] # a Deny is wide on purpose

      condition {
        test     = "ArnEquals"
        variable = "lambda:SourceFunctionArn"
        values   = [local.function_arn]
      }
    }
  }

  dynamic "statement" {
    for_each = var.policy_statements

    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}
