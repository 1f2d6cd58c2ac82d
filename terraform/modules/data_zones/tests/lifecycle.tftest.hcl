mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-test"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags        = { Owner = "data-team" }
}

run "age_moves_objects_and_deletes_no_claims" {
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => join(" ", sort([for t in cycle.rule[0].transition : "${t.storage_class}:${t.days}"])) } == {
      raw                = "GLACIER:90 STANDARD_IA:30"
      archive            = "GLACIER:90 STANDARD_IA:30"
      processed          = "GLACIER_IR:90 STANDARD_IA:30"
      quarantine         = "GLACIER_IR:90 STANDARD_IA:30"
      validation-reports = "GLACIER_IR:90 STANDARD_IA:30"
      temp               = ""
      artifacts          = ""
    }
    error_message = "Raw and archive go to Glacier, what is queried stays readable at once."
  }
  assert {
    condition     = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => cycle.rule[0].expiration[0].days if length(cycle.rule[0].expiration) > 0 } == { temp = 7 }
    error_message = "Only temp is deleted by age."
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => cycle.rule[0].noncurrent_version_expiration[0].noncurrent_days if length(cycle.rule[0].noncurrent_version_expiration) > 0 } == {
      processed = 30, quarantine = 30, validation-reports = 30, artifacts = 30, temp = 1
    }
    error_message = "Replaced versions of raw and archive are never deleted."
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => one([for t in cycle.rule[0].noncurrent_version_transition : "${t.storage_class}:${t.noncurrent_days}"]) if length(cycle.rule[0].noncurrent_version_transition) > 0 } == {
      raw = "GLACIER:30", archive = "GLACIER:30"
    }
    error_message = "Replaced versions of raw and archive go to Glacier."
  }
  assert {
    condition = alltrue([
      for cycle in aws_s3_bucket_lifecycle_configuration.zone :
      cycle.rule[1].abort_incomplete_multipart_upload[0].days_after_initiation == 3
      && cycle.rule[1].expiration[0].expired_object_delete_marker
      && alltrue([for rule in cycle.rule : rule.status == "Enabled"])
    ])
    error_message = "Every zone drops incomplete uploads and delete markers that mark nothing."
  }
  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.access_logs.rule[0].expiration[0].days == 365
      && aws_s3_bucket_lifecycle_configuration.access_logs.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
      && aws_s3_bucket_lifecycle_configuration.access_logs.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 3
    )
    error_message = "Access logs are kept for a year."
  }
  assert {
    condition     = length(aws_s3_bucket_object_lock_configuration.archive) == 0
    error_message = "Nothing is locked unless asked for."
  }
}

run "production_keeps_long_and_locks" {
  variables {
    storage_tiers      = { infrequent_access_days = 45, glacier_days = 100, deep_archive_days = 365 }
    retention_days     = 2555
    object_lock_days   = 2190
    report_expiry_days = 400
    noncurrent_days    = 90
    temp_expiry_days   = 3
    access_log_days    = 700
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => join(" ", sort([for t in cycle.rule[0].transition : "${t.storage_class}:${t.days}"])) if length(cycle.rule[0].transition) > 0 } == {
      raw                = "DEEP_ARCHIVE:365 GLACIER:100 STANDARD_IA:45"
      archive            = "DEEP_ARCHIVE:365 GLACIER:100 STANDARD_IA:45"
      processed          = "GLACIER_IR:100 STANDARD_IA:45"
      quarantine         = "GLACIER_IR:100 STANDARD_IA:45"
      validation-reports = "GLACIER_IR:100 STANDARD_IA:45"
    }
    error_message = "Deep Archive is for raw and archive only."
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => cycle.rule[0].expiration[0].days if length(cycle.rule[0].expiration) > 0 } == {
      raw = 2555, archive = 2555, quarantine = 2555, validation-reports = 400, temp = 3
    }
    error_message = "Retention deletes from the retention zones; Iceberg's files are not among them."
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => cycle.rule[0].noncurrent_version_expiration[0].noncurrent_days } == {
      raw = 2555, archive = 2555, processed = 90, quarantine = 90, validation-reports = 90, artifacts = 90, temp = 1
    }
    error_message = "Replaced versions of raw and archive live as long as retention says."
  }
  assert {
    condition = (
      one(aws_s3_bucket_object_lock_configuration.archive).bucket == output.bucket_names["archive"]
      && one(aws_s3_bucket_object_lock_configuration.archive).rule[0].default_retention[0].mode == "COMPLIANCE"
      && one(aws_s3_bucket_object_lock_configuration.archive).rule[0].default_retention[0].days == 2190
    )
    error_message = "Archive is locked in compliance mode for the given days."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.access_logs.rule[0].expiration[0].days == 700
    error_message = "Access logs are kept as long as given."
  }
}

run "short_retention_drops_later_tiers" {
  variables {
    retention_days         = 60
    retention_zones        = ["raw", "processed", "archive"]
    report_expiry_days     = 14
    noncurrent_days        = 90
    incomplete_upload_days = 1
    force_destroy          = true
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => join(" ", sort([for t in cycle.rule[0].transition : t.storage_class])) } == {
      raw                = "STANDARD_IA"
      archive            = "STANDARD_IA"
      processed          = "STANDARD_IA"
      quarantine         = "GLACIER_IR STANDARD_IA"
      validation-reports = ""
      temp               = ""
      artifacts          = ""
    }
    error_message = "No move is planned for the day of deletion or after it."
  }
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => cycle.rule[0].expiration[0].days if length(cycle.rule[0].expiration) > 0 } == {
      raw = 60, processed = 60, archive = 60, validation-reports = 14, temp = 7
    }
    error_message = "Retention applies to the zones that are named."
  }
  assert {
    condition = (
      { for zone, cycle in aws_s3_bucket_lifecycle_configuration.zone : zone => cycle.rule[0].noncurrent_version_expiration[0].noncurrent_days } ==
      { raw = 60, processed = 60, archive = 60, quarantine = 90, validation-reports = 14, artifacts = 90, temp = 1 }
      && alltrue([for cycle in aws_s3_bucket_lifecycle_configuration.zone : length(cycle.rule[0].noncurrent_version_transition) == 0])
    )
    error_message = "Replaced versions do not outlive retention by more than retention itself."
  }
  assert {
    condition     = alltrue([for bucket in concat(values(aws_s3_bucket.zone), [aws_s3_bucket.access_logs]) : bucket.force_destroy])
    error_message = "force_destroy reaches every bucket."
  }
  assert {
    condition     = alltrue([for cycle in aws_s3_bucket_lifecycle_configuration.zone : cycle.rule[1].abort_incomplete_multipart_upload[0].days_after_initiation == 1])
    error_message = "Incomplete uploads go after the given days."
  }
}
