locals {
  sse_header     = "s3:x-amz-server-side-encryption"
  sse_key_header = "s3:x-amz-server-side-encryption-aws-kms-key-id"

  # Conditions of one statement must all hold. A client that sends no header is not touched: the bucket's key applies.
  refused_writes = {
    DenyOtherEncryption = [
      { test = "Null", variable = local.sse_header, values = ["false"] },
      { test = "StringNotEquals", variable = local.sse_header, values = ["aws:kms"] },
    ]
    DenyOtherKey = [
      { test = "Null", variable = local.sse_key_header, values = ["false"] },
      { test = "StringNotEquals", variable = local.sse_key_header, values = [var.kms_key_arn] },
    ]
    # aws:kms without a key means the account's aws/s3 key, not the bucket's
    DenyKmsWithoutKey = [
      { test = "StringEquals", variable = local.sse_header, values = ["aws:kms"] },
      { test = "Null", variable = local.sse_key_header, values = ["true"] },
    ]
    # a key that only the client holds makes data unreadable to everyone else: the way of ransom
    DenyClientKey = [
      { test = "StringLike", variable = "s3:x-amz-server-side-encryption-customer-algorithm", values = ["*"] },
    ]
  }

  refused_transports = {
    DenyInsecureTransport = { test = "Bool", variable = "aws:SecureTransport", values = ["false"] }
    DenyOldTls            = { test = "NumericLessThan", variable = "s3:TlsVersion", values = ["1.2"] }
  }
}

data "aws_iam_policy_document" "zone" {
  for_each = local.zones

  dynamic "statement" {
    for_each = local.refused_transports

    content {
      sid       = statement.key
      effect    = "Deny"
      actions   = ["s3:*"] # a Deny: whatever the action
      resources = [local.bucket_arns[each.key], "${local.bucket_arns[each.key]}/*"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = statement.value.test
        variable = statement.value.variable
        values   = statement.value.values
      }
    }
  }

  dynamic "statement" {
    for_each = local.refused_writes

    content {
      sid       = statement.key
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${local.bucket_arns[each.key]}/*"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      dynamic "condition" {
        for_each = statement.value

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_s3_bucket_policy" "zone" {
  for_each = local.zones

  bucket = aws_s3_bucket.zone[each.key].bucket
  policy = data.aws_iam_policy_document.zone[each.key].json

  # two changes of one bucket's access at once: S3 answers OperationAborted
  depends_on = [aws_s3_bucket_public_access_block.zone]
}

data "aws_iam_policy_document" "access_logs" {
  dynamic "statement" {
    for_each = local.refused_transports

    content {
      sid       = statement.key
      effect    = "Deny"
      actions   = ["s3:*"] # a Deny: whatever the action
      resources = [local.bucket_arns["access-logs"], "${local.bucket_arns["access-logs"]}/*"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = statement.value.test
        variable = statement.value.variable
        values   = statement.value.values
      }
    }
  }

  statement {
    sid       = "AllowLogDelivery"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arns["access-logs"]}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [for zone in local.zones : local.bucket_arns[zone]]
    }
  }
}

resource "aws_s3_bucket_policy" "access_logs" {
  bucket = aws_s3_bucket.access_logs.bucket
  policy = data.aws_iam_policy_document.access_logs.json

  depends_on = [aws_s3_bucket_public_access_block.access_logs]
}
