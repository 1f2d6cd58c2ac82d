mock_provider "aws" {
  source = "./tests/mocks/primary"
}

mock_provider "aws" {
  alias  = "replica"
  source = "./tests/mocks/replica"
}

variables {
  name_prefix        = "healthcare-claims-staging"
  source_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"

  source_buckets = {
    raw = {
      name = "healthcare-claims-staging-raw-123456789012"
      arn  = "arn:aws:s3:::healthcare-claims-staging-raw-123456789012"
    }
    validation-reports = {
      name            = "healthcare-claims-staging-validation-reports-123456789012"
      arn             = "arn:aws:s3:::healthcare-claims-staging-validation-reports-123456789012"
      noncurrent_days = 30
    }
    archive = {
      name             = "healthcare-claims-staging-archive-123456789012"
      arn              = "arn:aws:s3:::healthcare-claims-staging-archive-123456789012"
      noncurrent_days  = 2555
      retention_days   = 2555
      object_lock_days = 2190
    }
  }
}

run "every_source_is_copied_within_15_minutes" {
  assert {
    condition     = { for zone, replication in aws_s3_bucket_replication_configuration.source : zone => replication.bucket } == { for zone, bucket in var.source_buckets : zone => bucket.name }
    error_message = "Every source has its replication."
  }
  assert {
    condition     = alltrue([for replication in aws_s3_bucket_replication_configuration.source : replication.role == aws_iam_role.replication.arn])
    error_message = "S3 copies with the replication role."
  }
  assert {
    condition = alltrue([
      for zone, replication in aws_s3_bucket_replication_configuration.source :
      replication.rule[0].status == "Enabled"
      && replication.rule[0].delete_marker_replication[0].status == "Enabled"
      && replication.rule[0].source_selection_criteria[0].sse_kms_encrypted_objects[0].status == "Enabled"
    ])
    error_message = "Encrypted objects and delete markers are copied."
  }
  assert {
    condition = alltrue([
      for zone, replication in aws_s3_bucket_replication_configuration.source :
      replication.rule[0].destination[0].bucket == output.replica_bucket_arns[zone]
      && replication.rule[0].destination[0].storage_class == "STANDARD_IA"
      && replication.rule[0].destination[0].encryption_configuration[0].replica_kms_key_id == output.replica_kms_key_arn
    ])
    error_message = "The copy goes to the zone's replica, in infrequent access, under the replica's key."
  }
  assert {
    condition = alltrue([
      for replication in aws_s3_bucket_replication_configuration.source :
      replication.rule[0].destination[0].replication_time[0].status == "Enabled"
      && replication.rule[0].destination[0].replication_time[0].time[0].minutes == 15
      && replication.rule[0].destination[0].metrics[0].status == "Enabled"
      && replication.rule[0].destination[0].metrics[0].event_threshold[0].minutes == 15
    ])
    error_message = "Time control is on, with its metrics."
  }
}

run "a_long_name_fits_into_63_characters" {
  command = plan
  assert {
    condition     = aws_s3_bucket.replica["validation-reports"].bucket == "healthcare-claims-staging-validation-repor-replica-123456789012"
    error_message = "A zone that is too long loses its end."
  }
  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.replica : length(bucket.bucket) <= 63])
    error_message = "S3 takes no name of more than 63 characters."
  }
}

run "copies_have_a_lifecycle_and_lock_of_their_own" {
  assert {
    condition = { for zone, cycle in aws_s3_bucket_lifecycle_configuration.replica : zone => join(" ", concat(
      [for e in cycle.rule[0].expiration : "expire:${e.days}"],
      [for e in cycle.rule[0].noncurrent_version_expiration : "noncurrent:${e.noncurrent_days}"],
      [for a in cycle.rule[0].abort_incomplete_multipart_upload : "abort:${a.days_after_initiation}"],
      [for e in cycle.rule[1].expiration : "markers:${e.expired_object_delete_marker}"],
      )) } == {
      raw                = "abort:3 markers:true"
      validation-reports = "noncurrent:30 abort:3 markers:true"
      archive            = "expire:2555 noncurrent:2555 abort:3 markers:true"
    }
    error_message = "Copies are deleted by age only where it is asked for."
  }
  assert {
    condition = (
      keys(aws_s3_bucket_object_lock_configuration.replica) == ["archive"]
      && aws_s3_bucket_object_lock_configuration.replica["archive"].rule[0].default_retention[0].mode == "COMPLIANCE"
      && aws_s3_bucket_object_lock_configuration.replica["archive"].rule[0].default_retention[0].days == 2190
    )
    error_message = "The copy of a locked bucket is locked as long."
  }
}

run "time_control_can_be_left_out" {
  variables {
    replication_time_control = false
    storage_class            = "GLACIER_IR"
    force_destroy            = true
    source_buckets           = { raw = { name = "raw", arn = "arn:aws:s3:::raw" } }
  }
  assert {
    condition = (
      length(aws_s3_bucket_replication_configuration.source["raw"].rule[0].destination[0].replication_time) == 0
      && aws_s3_bucket_replication_configuration.source["raw"].rule[0].destination[0].metrics[0].status == "Enabled"
      && length(aws_s3_bucket_replication_configuration.source["raw"].rule[0].destination[0].metrics[0].event_threshold) == 0
    )
    error_message = "Without time control the metrics stay."
  }
  assert {
    condition     = aws_s3_bucket_replication_configuration.source["raw"].rule[0].destination[0].storage_class == "GLACIER_IR" && aws_s3_bucket.replica["raw"].force_destroy
    error_message = "Storage class and force_destroy are as given."
  }
}

run "refuses_a_replica_in_the_same_region" {
  command = plan

  override_data {
    target = data.aws_region.replica
    values = { name = "us-east-1" }
  }

  expect_failures = [aws_s3_bucket.replica]
}
