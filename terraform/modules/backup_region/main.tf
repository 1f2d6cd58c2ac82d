data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_region" "replica" {
  provider = aws.replica
}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  tags       = merge(var.tags, { Component = "backup_region" })

  zones = toset(keys(var.source_buckets))

  # 22 = -, -replica- and the account; a bucket's name has at most 63 characters, so a long zone may lose its end
  replica_names = {
    for zone in local.zones : zone =>
    "${var.name_prefix}-${trimsuffix(substr(zone, 0, 63 - 22 - length(var.name_prefix)), "-")}-replica-${local.account_id}"
  }
  replica_arns = { for zone, name in local.replica_names : zone => "arn:${local.partition}:s3:::${name}" }
}

module "replica_key" {
  source    = "../kms_key"
  providers = { aws = aws.replica }

  name_prefix = var.name_prefix
  name        = "replica"
  description = "Copies of the claims data of ${var.name_prefix}"
  tags        = var.tags
}

resource "aws_s3_bucket" "replica" {
  #checkov:skip=CKV_AWS_18:the log bucket is in the other region; the audit trail records who reads the copies
  #checkov:skip=CKV_AWS_144:this is the replica
  #checkov:skip=CKV2_AWS_62:nothing waits for a copy
  for_each = local.zones
  provider = aws.replica

  bucket        = local.replica_names[each.key]
  force_destroy = var.force_destroy
  tags          = merge(local.tags, { Zone = each.key })

  lifecycle {
    precondition {
      condition     = data.aws_region.replica.name != data.aws_region.current.name
      error_message = "aws.replica is of another region than aws: a copy in the same region does not survive its loss."
    }
  }
}

resource "aws_s3_bucket_public_access_block" "replica" {
  for_each = local.zones
  provider = aws.replica

  bucket                  = aws_s3_bucket.replica[each.key].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "replica" {
  for_each = local.zones
  provider = aws.replica

  bucket = aws_s3_bucket.replica[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "replica" {
  for_each = local.zones
  provider = aws.replica

  bucket = aws_s3_bucket.replica[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "replica" {
  for_each = local.zones
  provider = aws.replica

  bucket = aws_s3_bucket.replica[each.key].bucket

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = module.replica_key.key_arn
    }
  }
}

# S3 replicates a locked bucket only into one that can hold locks too
resource "aws_s3_bucket_object_lock_configuration" "replica" {
  for_each = { for zone, bucket in var.source_buckets : zone => bucket.object_lock_days if bucket.object_lock_days != null }
  provider = aws.replica

  bucket = aws_s3_bucket.replica[each.key].bucket

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = each.value
    }
  }

  depends_on = [aws_s3_bucket_versioning.replica]
}

resource "aws_s3_bucket_lifecycle_configuration" "replica" {
  for_each = local.zones
  provider = aws.replica

  bucket = aws_s3_bucket.replica[each.key].bucket

  # what a lifecycle deletes in the source is not deleted in the copy: it needs its own
  rule {
    id     = "age"
    status = "Enabled"

    filter {}

    dynamic "expiration" {
      for_each = var.source_buckets[each.key].retention_days[*]

      content {
        days = expiration.value
      }
    }

    dynamic "noncurrent_version_expiration" {
      for_each = var.source_buckets[each.key].noncurrent_days[*]

      content {
        noncurrent_days = noncurrent_version_expiration.value
      }
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }

  # S3 refuses this in one rule with a number of days
  rule {
    id     = "clean-up"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }
  }

  depends_on = [aws_s3_bucket_versioning.replica]
}
