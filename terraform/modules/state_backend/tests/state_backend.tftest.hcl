mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }
}

variables {
  name_prefix = "healthcare-claims-test"
  tags        = { Owner = "data-team" }
}

run "state_is_private_versioned_and_encrypted" {
  assert {
    condition     = aws_s3_bucket.state.bucket == "healthcare-claims-test-tfstate-123456789012" && output.bucket_name == aws_s3_bucket.state.bucket
    error_message = "The bucket is <name_prefix>-tfstate-<account>."
  }
  assert {
    condition     = aws_s3_bucket.state.tags == tomap({ Owner = "data-team", Component = "state_backend" }) && !aws_s3_bucket.state.force_destroy
    error_message = "The bucket has its tags, and is not destroyed with states in it."
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy
      && aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
      && aws_s3_bucket_ownership_controls.state.rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "The state cannot be made public, by policy or by ACL."
  }
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "Former states are kept."
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule :
      rule.bucket_key_enabled
      && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
      && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == output.kms_key_arn
    ]) && length(aws_s3_bucket_server_side_encryption_configuration.state.rule) == 1
    error_message = "The state is encrypted with its own key."
  }
  assert {
    condition     = module.key.alias_name == "alias/healthcare-claims-test-tfstate" && output.kms_key_arn == module.key.key_arn
    error_message = "The key is the state's own."
  }
  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days == 365
      && length(aws_s3_bucket_lifecycle_configuration.state.rule[0].expiration) == 0
      && aws_s3_bucket_lifecycle_configuration.state.rule[1].abort_incomplete_multipart_upload[0].days_after_initiation == 1
      && aws_s3_bucket_lifecycle_configuration.state.rule[1].expiration[0].expired_object_delete_marker
      && coalesce(aws_s3_bucket_lifecycle_configuration.state.rule[1].expiration[0].days, 0) == 0
    )
    error_message = "The current state never expires; former ones do after a year."
  }
}

run "policy_refuses_open_transport_and_other_encryption" {
  assert {
    condition = {
      for s in data.aws_iam_policy_document.state.statement : "${s.effect} ${s.sid} ${join(" ", s.actions)}" => { for c in s.condition : "${c.test} ${c.variable}" => one(c.values) }
      } == {
      "Deny DenyInsecureTransport s3:*" = { "Bool aws:SecureTransport" = "false" }
      "Deny DenyOldTls s3:*"            = { "NumericLessThan s3:TlsVersion" = "1.2" }
      "Deny DenyOtherEncryption s3:PutObject" = {
        "Null s3:x-amz-server-side-encryption"            = "false"
        "StringNotEquals s3:x-amz-server-side-encryption" = "aws:kms"
      }
    }
    error_message = "Open transport, old TLS and other encryption are refused, and nothing is granted."
  }
  assert {
    condition = { for s in data.aws_iam_policy_document.state.statement : s.sid => join(" ", sort(s.resources)) } == {
      DenyInsecureTransport = "arn:aws:s3:::${output.bucket_name} arn:aws:s3:::${output.bucket_name}/*"
      DenyOldTls            = "arn:aws:s3:::${output.bucket_name} arn:aws:s3:::${output.bucket_name}/*"
      DenyOtherEncryption   = "arn:aws:s3:::${output.bucket_name}/*"
    }
    error_message = "The policy is for the bucket and its objects."
  }
  assert {
    condition     = aws_s3_bucket_policy.state.bucket == output.bucket_name
    error_message = "The bucket has the policy."
  }
}

run "backend_config_is_a_file_for_init" {
  variables {
    state_key       = "claims/test.tfstate"
    force_destroy   = true
    noncurrent_days = 30
  }
  assert {
    condition = { for line in compact(split("\n", output.backend_config)) : trimspace(split("=", line)[0]) => trimspace(split("=", line)[1]) } == {
      bucket              = "\"healthcare-claims-test-tfstate-123456789012\""
      key                 = "\"claims/test.tfstate\""
      region              = "\"us-east-1\""
      encrypt             = "true"
      kms_key_id          = "\"arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555\""
      use_lockfile        = "true"
      allowed_account_ids = "[\"123456789012\"]"
    }
    error_message = "The text names bucket, key, region, encryption, native lock and account."
  }
  assert {
    condition     = aws_s3_bucket.state.force_destroy && aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "force_destroy and noncurrent_days reach the bucket."
  }
}

run "refuses_values_out_of_form_and_range" {
  command = plan
  variables {
    name_prefix     = "1claims"
    state_key       = "/terraform.tfstate"
    noncurrent_days = 29
  }
  expect_failures = [var.name_prefix, var.state_key, var.noncurrent_days]
}
