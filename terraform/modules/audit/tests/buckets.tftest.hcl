mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix      = "healthcare-claims-prod"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags             = { CostCenter = "claims" }
  data_bucket_arns = ["arn:aws:s3:::healthcare-claims-prod-raw-123456789012", "arn:aws:s3:::healthcare-claims-prod-processed-123456789012"]
}

run "the_trail_has_a_private_encrypted_versioned_bucket" {
  assert {
    condition     = output.trail_bucket_name == "healthcare-claims-prod-trail-123456789012" && keys(aws_s3_bucket.this) == ["trail"]
    error_message = "one bucket, named after zone and account"
  }
  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.this["trail"].rule).bucket_key_enabled &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this["trail"].rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this["trail"].rule).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn
    )
    error_message = "encrypted by the given key, with a bucket key"
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.this["trail"].block_public_acls && aws_s3_bucket_public_access_block.this["trail"].block_public_policy &&
      aws_s3_bucket_public_access_block.this["trail"].ignore_public_acls && aws_s3_bucket_public_access_block.this["trail"].restrict_public_buckets
    )
    error_message = "nothing public"
  }
  assert {
    condition = (
      aws_s3_bucket_versioning.this["trail"].versioning_configuration[0].status == "Enabled" &&
      aws_s3_bucket_ownership_controls.this["trail"].rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "versions, and no ACLs"
  }
  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.this["trail"].rule[0].expiration[0].days == 2192 &&
      aws_s3_bucket_lifecycle_configuration.this["trail"].rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 3
    )
    error_message = "six years, and no parts of dead uploads"
  }
  assert {
    condition     = length(aws_s3_bucket_object_lock_configuration.this) + length(aws_s3_bucket_logging.this) == 0 && !aws_s3_bucket.this["trail"].force_destroy
    error_message = "no lock, no access log, no destruction by default"
  }
}

run "only_this_trail_may_write_and_nobody_may_delete" {
  assert {
    condition = { for it in data.aws_iam_policy_document.bucket["trail"].statement : it.sid => it.effect == "Deny" } == {
      LookCloudtrail  = false
      WriteCloudtrail = false
      DenyWithoutTls  = true
      DenyOtherKey    = true
      DenyDeletion    = true
    }
    error_message = "statements of the bucket policy"
  }
  assert {
    condition = alltrue([for it in data.aws_iam_policy_document.bucket["trail"].statement :
      { for condition in it.condition : condition.variable => one(condition.values) } == {
        "aws:SourceAccount" = "123456789012"
        "aws:SourceArn"     = "arn:aws:cloudtrail:us-east-1:123456789012:trail/healthcare-claims-prod-trail"
      } if endswith(it.sid, "Cloudtrail")
    ])
    error_message = "a trail of another account or name must not write here"
  }
  assert {
    condition = { for it in data.aws_iam_policy_document.bucket["trail"].statement : it.sid => sort(it.actions) } == {
      LookCloudtrail  = tolist(["s3:GetBucketAcl"])
      WriteCloudtrail = tolist(["s3:PutObject"])
      DenyWithoutTls  = tolist(["s3:*"])
      DenyOtherKey    = tolist(["s3:PutObject"])
      DenyDeletion    = tolist(["s3:DeleteObject", "s3:DeleteObjectVersion"])
    }
    error_message = "actions of the bucket policy"
  }
  assert {
    condition = [for it in data.aws_iam_policy_document.bucket["trail"].statement : one(it.resources) if it.sid == "WriteCloudtrail"] == [
      "arn:aws:s3:::healthcare-claims-prod-trail-123456789012/AWSLogs/123456789012/*",
    ]
    error_message = "only where CloudTrail writes"
  }
  assert {
    condition = alltrue([for it in data.aws_iam_policy_document.bucket["trail"].statement :
      one(it.condition).variable == "aws:SecureTransport" && one(it.condition).values == tolist(["false"]) && length(it.resources) == 2
      if it.sid == "DenyWithoutTls"
    ])
    error_message = "TLS only, for bucket and objects"
  }
  assert {
    condition = alltrue([for it in data.aws_iam_policy_document.bucket["trail"].statement :
      { for condition in it.condition : condition.test => "${condition.variable} ${one(condition.values)}" } == {
        StringNotEquals = "s3:x-amz-server-side-encryption-aws-kms-key-id ${var.kms_key_arn}"
        Null            = "s3:x-amz-server-side-encryption-aws-kms-key-id false"
      }
      if it.sid == "DenyOtherKey"
    ])
    error_message = "another key is denied, no header is not"
  }
  assert {
    condition = alltrue([for it in data.aws_iam_policy_document.bucket["trail"].statement :
      toset(it.actions) == toset(["s3:DeleteObject", "s3:DeleteObjectVersion"]) && length(it.condition) == 0 if it.sid == "DenyDeletion"
    ])
    error_message = "nobody deletes"
  }
}

run "object_lock_access_logs_and_retention_on_request" {
  variables {
    object_lock_days     = 365
    trail_retention_days = 400
    access_log_bucket    = { name = "healthcare-claims-prod-access-logs-123456789012" }
    config_rules         = true
  }
  assert {
    condition = (
      aws_s3_bucket.this["trail"].object_lock_enabled &&
      one(aws_s3_bucket_object_lock_configuration.this["trail"].rule).default_retention[0].mode == "COMPLIANCE" &&
      one(aws_s3_bucket_object_lock_configuration.this["trail"].rule).default_retention[0].days == 365
    )
    error_message = "locked for a year"
  }
  assert {
    condition     = !aws_s3_bucket.this["findings"].object_lock_enabled && keys(aws_s3_bucket_object_lock_configuration.this) == ["trail"]
    error_message = "AWS Config refuses a bucket with object lock"
  }
  assert {
    condition = (
      aws_s3_bucket_logging.this["trail"].target_bucket == "healthcare-claims-prod-access-logs-123456789012" &&
      aws_s3_bucket_logging.this["trail"].target_prefix == "audit/trail/"
    )
    error_message = "access logs under a prefix of their own"
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this["trail"].rule[0].expiration[0].days == 400
    error_message = "given retention"
  }
}

run "a_development_bucket_can_be_destroyed" {
  variables {
    force_destroy = true
  }
  assert {
    condition     = aws_s3_bucket.this["trail"].force_destroy && !contains([for it in data.aws_iam_policy_document.bucket["trail"].statement : it.sid], "DenyDeletion")
    error_message = "a denial of deletion would stop destroy"
  }
}
