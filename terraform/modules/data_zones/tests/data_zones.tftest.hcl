mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-test"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags        = { Owner = "data-team" }
}

run "eight_buckets_have_their_names_and_tags" {
  assert {
    condition = output.bucket_names == {
      raw                = "healthcare-claims-test-raw-123456789012"
      processed          = "healthcare-claims-test-processed-123456789012"
      validation-reports = "healthcare-claims-test-validation-reports-123456789012"
      quarantine         = "healthcare-claims-test-quarantine-123456789012"
      temp               = "healthcare-claims-test-temp-123456789012"
      archive            = "healthcare-claims-test-archive-123456789012"
      artifacts          = "healthcare-claims-test-artifacts-123456789012"
      access-logs        = "healthcare-claims-test-access-logs-123456789012"
    }
    error_message = "Each zone's bucket is <name_prefix>-<zone>-<account>."
  }
  assert {
    condition     = { for zone, bucket in aws_s3_bucket.zone : zone => bucket.bucket } == { for zone, name in output.bucket_names : zone => name if zone != "access-logs" }
    error_message = "The buckets have the names that the output tells."
  }
  assert {
    condition     = aws_s3_bucket.access_logs.bucket == output.bucket_names["access-logs"]
    error_message = "The log bucket has the name that the output tells."
  }
  assert {
    condition     = output.bucket_arns == { for zone, name in output.bucket_names : zone => "arn:aws:s3:::${name}" }
    error_message = "ARNs are those of the buckets."
  }
  assert {
    condition     = alltrue([for zone, bucket in aws_s3_bucket.zone : bucket.tags == tomap({ Owner = "data-team", Component = "data_zones", Zone = zone })])
    error_message = "Each bucket has the given tags, its component and its zone."
  }
  assert {
    condition     = !anytrue([for bucket in concat(values(aws_s3_bucket.zone), [aws_s3_bucket.access_logs]) : bucket.force_destroy])
    error_message = "Buckets that hold objects are not destroyed unless asked for."
  }
}

run "buckets_are_private_versioned_and_logged" {
  assert {
    condition = alltrue([
      for block in concat(values(aws_s3_bucket_public_access_block.zone), [aws_s3_bucket_public_access_block.access_logs]) :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ]) && length(aws_s3_bucket_public_access_block.zone) == 7
    error_message = "No bucket can be made public."
  }
  assert {
    condition = alltrue([
      for controls in concat(values(aws_s3_bucket_ownership_controls.zone), [aws_s3_bucket_ownership_controls.access_logs]) :
      controls.rule[0].object_ownership == "BucketOwnerEnforced"
    ]) && length(aws_s3_bucket_ownership_controls.zone) == 7
    error_message = "No ACLs: the account owns every object."
  }
  assert {
    condition = alltrue([
      for versioning in concat(values(aws_s3_bucket_versioning.zone), [aws_s3_bucket_versioning.access_logs]) :
      versioning.versioning_configuration[0].status == "Enabled"
    ]) && length(aws_s3_bucket_versioning.zone) == 7
    error_message = "Every bucket keeps versions."
  }
  assert {
    condition = alltrue([
      for zone, logging in aws_s3_bucket_logging.zone :
      logging.target_bucket == output.bucket_names["access-logs"] && logging.target_prefix == "${zone}/"
    ]) && length(aws_s3_bucket_logging.zone) == 7
    error_message = "Every zone logs into the log bucket, under its own prefix."
  }
  assert {
    condition     = aws_s3_bucket_notification.raw.eventbridge && aws_s3_bucket_notification.raw.bucket == output.bucket_names["raw"]
    error_message = "Raw tells EventBridge what landed."
  }
}

run "zones_are_encrypted_with_the_given_key" {
  assert {
    condition = alltrue([
      for encryption in aws_s3_bucket_server_side_encryption_configuration.zone :
      alltrue([for rule in encryption.rule :
        rule.bucket_key_enabled
        && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
        && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
      ])
    ]) && keys(aws_s3_bucket_server_side_encryption_configuration.zone) == keys(aws_s3_bucket.zone)
    error_message = "Every zone's default is the given key, with a bucket key."
  }
  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.access_logs.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Log delivery needs S3's own keys."
  }
}

run "policies_refuse_open_transport_and_other_keys" {
  assert {
    condition = alltrue([
      for zone, document in data.aws_iam_policy_document.zone : [for s in document.statement : s.sid] == [
        "DenyInsecureTransport", "DenyOldTls", "DenyClientKey", "DenyKmsWithoutKey", "DenyOtherEncryption", "DenyOtherKey",
      ] && alltrue([for s in document.statement : s.effect == "Deny"])
    ]) && length(data.aws_iam_policy_document.zone) == 7
    error_message = "Every zone's policy has the six denials, and grants nothing."
  }
  assert {
    condition = alltrue([
      for zone, document in data.aws_iam_policy_document.zone : {
        for s in document.statement : s.sid => { for c in s.condition : "${c.test} ${c.variable}" => one(c.values) }
        } == {
        DenyInsecureTransport = { "Bool aws:SecureTransport" = "false" }
        DenyOldTls            = { "NumericLessThan s3:TlsVersion" = "1.2" }
        DenyClientKey         = { "StringLike s3:x-amz-server-side-encryption-customer-algorithm" = "*" }
        DenyKmsWithoutKey = {
          "StringEquals s3:x-amz-server-side-encryption"        = "aws:kms"
          "Null s3:x-amz-server-side-encryption-aws-kms-key-id" = "true"
        }
        DenyOtherEncryption = {
          "Null s3:x-amz-server-side-encryption"            = "false"
          "StringNotEquals s3:x-amz-server-side-encryption" = "aws:kms"
        }
        DenyOtherKey = {
          "Null s3:x-amz-server-side-encryption-aws-kms-key-id"            = "false"
          "StringNotEquals s3:x-amz-server-side-encryption-aws-kms-key-id" = var.kms_key_arn
        }
      }
    ])
    error_message = "Writes are refused only if they name another encryption or key; without a header the default applies."
  }
  assert {
    condition = alltrue([
      for zone, document in data.aws_iam_policy_document.zone : alltrue([
        for s in document.statement : contains(s.resources, "${output.bucket_arns[zone]}/*")
        && (contains(["DenyInsecureTransport", "DenyOldTls"], s.sid) ? contains(s.resources, output.bucket_arns[zone]) && one(s.actions) == "s3:*" : one(s.actions) == "s3:PutObject")
      ])
    ])
    error_message = "Transport is checked for bucket and objects and every action, encryption for puts."
  }
  assert {
    condition     = { for zone, policy in aws_s3_bucket_policy.zone : zone => policy.bucket } == { for zone, name in output.bucket_names : zone => name if zone != "access-logs" }
    error_message = "Every zone has its policy."
  }
}

run "only_log_delivery_of_these_buckets_writes_logs" {
  assert {
    condition     = [for s in data.aws_iam_policy_document.access_logs.statement : s.sid] == ["DenyInsecureTransport", "DenyOldTls", "AllowLogDelivery"]
    error_message = "The log bucket refuses open transport and lets log delivery in."
  }
  assert {
    condition = (
      one(one(data.aws_iam_policy_document.access_logs.statement[2].principals).identifiers) == "logging.s3.amazonaws.com"
      && join(" ", data.aws_iam_policy_document.access_logs.statement[2].actions) == "s3:PutObject"
      && join(" ", data.aws_iam_policy_document.access_logs.statement[2].resources) == "${output.bucket_arns["access-logs"]}/*"
    )
    error_message = "Log delivery may put objects into the log bucket, nothing else."
  }
  assert {
    condition = { for c in data.aws_iam_policy_document.access_logs.statement[2].condition : "${c.test} ${c.variable}" => join(" ", sort(c.values)) } == {
      "StringEquals aws:SourceAccount" = "123456789012"
      "ArnLike aws:SourceArn"          = join(" ", sort([for zone, arn in output.bucket_arns : arn if zone != "access-logs"]))
    }
    error_message = "Log delivery acts for this account's zones only."
  }
  assert {
    condition     = aws_s3_bucket_policy.access_logs.bucket == output.bucket_names["access-logs"]
    error_message = "The log bucket has its policy."
  }
}

run "refuses_values_out_of_form_and_range" {
  command = plan
  variables {
    name_prefix            = "Claims_"
    kms_key_arn            = "arn:aws:kms:us-east-1:123456789012:alias/data"
    storage_tiers          = { infrequent_access_days = 29 }
    temp_expiry_days       = 0
    report_expiry_days     = 0
    incomplete_upload_days = 31
    retention_days         = 0
    retention_zones        = ["temp"]
    noncurrent_days        = 0
    access_log_days        = 0
  }
  expect_failures = [
    var.name_prefix, var.kms_key_arn, var.storage_tiers, var.temp_expiry_days, var.report_expiry_days,
    var.incomplete_upload_days, var.retention_days, var.retention_zones, var.noncurrent_days, var.access_log_days,
  ]
}

run "refuses_a_long_prefix_early_glacier_and_a_lock_beyond_retention" {
  command = plan
  variables {
    name_prefix      = "a1234567890123456789012345678901"
    storage_tiers    = { glacier_days = 59 }
    object_lock_days = 31
    retention_days   = 30
  }
  expect_failures = [var.name_prefix, var.storage_tiers, var.object_lock_days]
}

run "refuses_early_deep_archive_and_half_a_day_of_lock" {
  command = plan
  variables {
    storage_tiers    = { deep_archive_days = 179 }
    object_lock_days = 0.5
  }
  expect_failures = [var.storage_tiers, var.object_lock_days]
}

run "refuses_to_destroy_what_is_locked" {
  command = plan
  variables {
    object_lock_days = 30
    force_destroy    = true
  }
  expect_failures = [var.force_destroy]
}
