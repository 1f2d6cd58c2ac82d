data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  tags       = merge(var.tags, { Component = "data_zones" })

  zones = toset(["raw", "processed", "validation-reports", "quarantine", "temp", "archive", "artifacts"])

  # computed, so that policies of other modules are known in the plan
  bucket_names = { for zone in setunion(local.zones, ["access-logs"]) : zone => "${var.name_prefix}-${zone}-${local.account_id}" }
  bucket_arns  = { for zone, name in local.bucket_names : zone => "arn:${local.partition}:s3:::${name}" }
}

resource "aws_s3_bucket" "zone" {
  #checkov:skip=CKV_AWS_144:replication is the module backup_region, where it is wanted
  #checkov:skip=CKV2_AWS_62:only objects that land in raw start something
  for_each = local.zones

  bucket        = local.bucket_names[each.key]
  force_destroy = var.force_destroy
  tags          = merge(local.tags, { Zone = each.key })
}

resource "aws_s3_bucket_public_access_block" "zone" {
  for_each = local.zones

  bucket                  = aws_s3_bucket.zone[each.key].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "zone" {
  for_each = local.zones

  bucket = aws_s3_bucket.zone[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "zone" {
  for_each = local.zones

  bucket = aws_s3_bucket.zone[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "zone" {
  for_each = local.zones

  bucket = aws_s3_bucket.zone[each.key].bucket

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_logging" "zone" {
  for_each = local.zones

  bucket        = aws_s3_bucket.zone[each.key].bucket
  target_bucket = aws_s3_bucket.access_logs.bucket
  target_prefix = "${each.key}/"

  # the first delivery is refused before the log bucket lets it in
  depends_on = [aws_s3_bucket_policy.access_logs]
}

# EventBridge, never direct notifications: those are one list a bucket, and the last writer wins
resource "aws_s3_bucket_notification" "raw" {
  bucket      = aws_s3_bucket.zone["raw"].bucket
  eventbridge = true
}

# not object_lock_enabled of the bucket: to turn that on later would replace the bucket
resource "aws_s3_bucket_object_lock_configuration" "archive" {
  count = var.object_lock_days != null ? 1 : 0

  bucket = aws_s3_bucket.zone["archive"].bucket

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = var.object_lock_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.zone]
}
