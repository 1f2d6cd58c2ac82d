locals {
  # AWS Config and Macie cannot write to a bucket with object lock, so what they find has a bucket of its own.
  buckets = merge(
    var.trail ? { trail = "${var.name_prefix}-trail-${local.account_id}" } : {},
    var.config_rules || var.macie ? { findings = "${var.name_prefix}-findings-${local.account_id}" } : {},
  )

  locked_buckets = var.trail && var.object_lock_days != null ? { trail = var.object_lock_days } : {}
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:digests make tampering visible and object lock stops deletion; a second region is backup_region's
  #checkov:skip=CKV2_AWS_62:nothing waits for a new log file
  #checkov:skip=CKV_AWS_18:access_log_bucket turns it on; the account may have no bucket for access logs
  for_each = local.buckets

  bucket              = each.value
  force_destroy       = var.force_destroy
  object_lock_enabled = contains(keys(local.locked_buckets), each.key)

  tags = local.tags
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = aws_s3_bucket.this[each.key].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  for_each = local.locked_buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = each.value
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    id     = "keep-for-the-auditor"
    status = "Enabled"

    filter {}

    # Glacier Instant Retrieval: rarely read, but an investigation cannot wait for hours.
    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }

    expiration {
      days = var.trail_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_logging" "this" {
  for_each = var.access_log_bucket == null ? {} : local.buckets

  bucket        = aws_s3_bucket.this[each.key].bucket
  target_bucket = var.access_log_bucket.name
  target_prefix = "${var.access_log_bucket.prefix}${each.key}/"
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket
  policy = data.aws_iam_policy_document.bucket[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.this]
}
