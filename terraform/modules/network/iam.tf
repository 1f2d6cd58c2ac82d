locals {
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.name
  arn_start = "arn:${data.aws_partition.current.partition}"

  # IAM's name of a service where it is not the endpoint's.
  iam_prefixes = { monitoring = "cloudwatch" }

  log_group_arn = "${local.arn_start}:logs:${local.region}:${local.account}:log-group:/aws/vpc/${var.name_prefix}-flow"
}

# An endpoint policy grants nothing: it bounds what roles may reach from here, so that data cannot leave for another
# account's bucket and nobody else's credentials work from inside.
data "aws_iam_policy_document" "s3_endpoint" {
  statement {
    sid = "OwnBucketsForOwnRoles"
    actions = [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:GetBucketLocation",
      "s3:GetBucketVersioning",
      "s3:GetEncryptionConfiguration",
      "s3:GetObject",
      "s3:GetObjectAttributes",
      "s3:GetObjectTagging",
      "s3:GetObjectVersion",
      "s3:GetObjectVersionAttributes",
      "s3:GetObjectVersionTagging",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
      "s3:ListBucketVersions",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
      "s3:PutObjectTagging",
    ]
    resources = ["*"] # bucket ARNs hold no account: aws:ResourceAccount below names it

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account]
    }
  }

  # AWS keeps Glue Studio's transformations in buckets of its own, which jobs read as their role.
  statement {
    sid       = "GlueTransformationsForOwnRoles"
    actions   = ["s3:GetObject"]
    resources = ["${local.arn_start}:s3:::aws-glue-studio-transforms-*-prod-${local.region}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "dynamodb_endpoint" {
  statement {
    sid = "OwnTablesForOwnRoles"
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:Scan",
      "dynamodb:UpdateItem",
    ]
    resources = ["${local.arn_start}:dynamodb:${local.region}:${local.account}:table/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "interface_endpoint" {
  for_each = local.interface_services

  statement {
    sid       = "ServiceForOwnRoles"
    actions   = ["${lookup(local.iam_prefixes, each.key, each.key)}:*"] # a bound by account: roles name the actions
    resources = ["*"]                                                   # a bound by account: roles name the resources

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "flow_trust" {
  statement {
    sid     = "FlowLogsOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn_start}:ec2:${local.region}:${local.account}:vpc-flow-log/*"]
    }
  }
}

data "aws_iam_policy_document" "flow" {
  statement {
    sid = "WriteFlowLogs"
    actions = [
      "logs:CreateLogStream",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
    ]
    resources = [local.log_group_arn, "${local.log_group_arn}:*"]
  }
}

resource "aws_iam_role" "flow" {
  count = local.flow_logs ? 1 : 0

  name               = "${var.name_prefix}-vpc-flow"
  description        = "Writes the VPC's flow logs."
  assume_role_policy = data.aws_iam_policy_document.flow_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "flow" {
  count = local.flow_logs ? 1 : 0

  name   = "flow"
  role   = aws_iam_role.flow[0].id
  policy = data.aws_iam_policy_document.flow.json
}
