locals {
  # for what is read seldom and may be waited for: a restore takes hours
  cold_tiers = [
    { class = "STANDARD_IA", days = var.storage_tiers.infrequent_access_days },
    { class = "GLACIER", days = var.storage_tiers.glacier_days },
    { class = "DEEP_ARCHIVE", days = var.storage_tiers.deep_archive_days },
  ]

  # for what a query may read at any time: it fails on one object that must be restored first
  instant_tiers = [
    { class = "STANDARD_IA", days = var.storage_tiers.infrequent_access_days },
    { class = "GLACIER_IR", days = var.storage_tiers.glacier_days },
  ]

  retention = { for zone in local.zones : zone => contains(var.retention_zones, zone) ? var.retention_days : null }

  # what others sent is never deleted without retention_days, not even a version that was replaced
  kept_versions = ["raw", "archive"]

  zone_lifecycles = {
    raw                = { tiers = local.cold_tiers, expiry_days = local.retention["raw"] }
    archive            = { tiers = local.cold_tiers, expiry_days = local.retention["archive"] }
    processed          = { tiers = local.instant_tiers, expiry_days = local.retention["processed"] }
    quarantine         = { tiers = local.instant_tiers, expiry_days = local.retention["quarantine"] }
    validation-reports = { tiers = local.instant_tiers, expiry_days = var.report_expiry_days }
    temp               = { tiers = [], expiry_days = var.temp_expiry_days }
    artifacts          = { tiers = [], expiry_days = null }
  }

  lifecycles = {
    for zone, cycle in local.zone_lifecycles : zone => {
      expiry_days = cycle.expiry_days

      # S3 refuses a move on or after the day of deletion
      tiers = [
        for tier in cycle.tiers : tier
        if tier.days != null && (cycle.expiry_days == null || try(tier.days < cycle.expiry_days, false))
      ]

      noncurrent_expiry_days = (
        contains(local.kept_versions, zone) ? cycle.expiry_days :
        zone == "temp" ? 1 : min(var.noncurrent_days, coalesce(cycle.expiry_days, var.noncurrent_days))
      )

      noncurrent_to_glacier = contains(local.kept_versions, zone) && (
        cycle.expiry_days == null || try(var.noncurrent_days < cycle.expiry_days, false)
      )
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "zone" {
  for_each = local.zones

  bucket = aws_s3_bucket.zone[each.key].bucket

  rule {
    id     = "age"
    status = "Enabled"

    filter {}

    dynamic "transition" {
      for_each = local.lifecycles[each.key].tiers

      content {
        storage_class = transition.value.class
        days          = transition.value.days
      }
    }

    dynamic "expiration" {
      for_each = local.lifecycles[each.key].expiry_days[*]

      content {
        days = expiration.value
      }
    }

    dynamic "noncurrent_version_transition" {
      for_each = local.lifecycles[each.key].noncurrent_to_glacier ? [var.noncurrent_days] : []

      content {
        storage_class   = "GLACIER"
        noncurrent_days = noncurrent_version_transition.value
      }
    }

    dynamic "noncurrent_version_expiration" {
      for_each = local.lifecycles[each.key].noncurrent_expiry_days[*]

      content {
        noncurrent_days = noncurrent_version_expiration.value
      }
    }
  }

  # S3 refuses this in one rule with a number of days
  rule {
    id     = "clean-up"
    status = "Enabled"

    filter {}

    # what Spark's S3A connector leaves behind when a job dies is billed and listed nowhere
    abort_incomplete_multipart_upload {
      days_after_initiation = var.incomplete_upload_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  depends_on = [aws_s3_bucket_versioning.zone]
}
