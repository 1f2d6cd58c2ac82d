locals {
  bucket_arns = { for key, name in local.buckets : key => "arn:${local.partition}:s3:::${name}" }

  macie_arns = [
    "arn:${local.partition}:macie2:${local.region}:${local.account_id}:export-configuration:*",
    "arn:${local.partition}:macie2:${local.region}:${local.account_id}:classification-job/*",
  ]

  # Config writes with its role; CloudTrail and Macie as services, so the bucket has to let them in.
  bucket_writers = {
    trail = {
      cloudtrail = {
        service       = "cloudtrail.amazonaws.com"
        bucket_action = "s3:GetBucketAcl"
        path          = "AWSLogs/${local.account_id}/*"
        source_arns   = [local.trail_arn]
      }
    }
    findings = var.macie ? {
      macie = {
        service       = "macie.amazonaws.com"
        bucket_action = "s3:GetBucketLocation"
        path          = "macie/*"
        source_arns   = local.macie_arns
      }
    } : {}
  }
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.buckets

  dynamic "statement" {
    for_each = local.bucket_writers[each.key]

    content {
      sid       = "Look${title(statement.key)}"
      actions   = [statement.value.bucket_action]
      resources = [local.bucket_arns[each.key]]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account_id]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = statement.value.source_arns
      }
    }
  }

  dynamic "statement" {
    for_each = local.bucket_writers[each.key]

    content {
      sid       = "Write${title(statement.key)}"
      actions   = ["s3:PutObject"]
      resources = ["${local.bucket_arns[each.key]}/${statement.value.path}"]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account_id]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = statement.value.source_arns
      }
    }
  }

  statement {
    sid       = "DenyWithoutTls"
    effect    = "Deny"
    actions   = ["s3:*"] # a denial: anything narrower would leave a way in
    resources = [local.bucket_arns[each.key], "${local.bucket_arns[each.key]}/*"]

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

  # No header is right too: the bucket's default then takes the same key. SSE-S3 stays allowed: CloudTrail may write its digests with it.
  statement {
    sid       = "DenyOtherKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arns[each.key]}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [var.kms_key_arn]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = ["false"]
    }
  }

  # An audit log that its subjects can delete is none. Lifecycle expiry is not a request and still works.
  dynamic "statement" {
    for_each = var.force_destroy ? {} : { keep = ["s3:DeleteObject", "s3:DeleteObjectVersion"] }

    content {
      sid       = "DenyDeletion"
      effect    = "Deny"
      actions   = statement.value
      resources = ["${local.bucket_arns[each.key]}/*"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }
    }
  }
}

data "aws_iam_policy_document" "trail_logs_trust" {
  count = local.log_group_enabled ? 1 : 0

  statement {
    sid     = "CloudTrail"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
}

data "aws_iam_policy_document" "trail_logs" {
  count = local.log_group_enabled ? 1 : 0

  statement {
    sid       = "WriteTrailLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.trail[0].arn}:log-stream:${local.account_id}_CloudTrail_*"]
  }
}

resource "aws_iam_role" "trail_logs" {
  count = local.log_group_enabled ? 1 : 0

  name               = "${var.name_prefix}-trail-logs"
  description        = "CloudTrail writes the trail of ${var.name_prefix} to its log group"
  assume_role_policy = data.aws_iam_policy_document.trail_logs_trust[0].json

  tags = local.tags
}

resource "aws_iam_role_policy" "trail_logs" {
  count = local.log_group_enabled ? 1 : 0

  name   = "write-log"
  role   = aws_iam_role.trail_logs[0].id
  policy = data.aws_iam_policy_document.trail_logs[0].json
}
