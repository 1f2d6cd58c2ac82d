# Copies in a second region, for the day on which the first one is gone: recovery point under fifteen minutes.

locals {
  copied_zones = var.recovery.region == null ? [] : ["raw", "processed", "archive", "quarantine"]
}

module "backup_region" {
  source = "./modules/backup_region"
  count  = length(local.copied_zones) > 0 ? 1 : 0

  providers = { aws = aws, aws.replica = aws.replica }

  name_prefix              = local.name_prefix
  source_kms_key_arn       = module.data_key.key_arn
  replication_time_control = var.recovery.time_control
  force_destroy            = var.force_destroy
  source_buckets = {
    for zone in local.copied_zones : zone => {
      name             = local.buckets[zone]
      arn              = local.bucket_arns[zone]
      retention_days   = zone == "processed" ? null : var.retention.files_days
      object_lock_days = zone == "archive" ? var.retention.archive_locked_days : null
    }
  }
}
