mock_provider "aws" {
  source = "./tests/mocks/primary"
}

mock_provider "aws" {
  alias  = "replica"
  source = "./tests/mocks/replica"
}

variables {
  name_prefix        = "healthcare-claims-test"
  source_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags               = { Owner = "data-team" }

  source_buckets = {
    raw = {
      name = "healthcare-claims-test-raw-123456789012"
      arn  = "arn:aws:s3:::healthcare-claims-test-raw-123456789012"
    }
    processed = {
      name            = "healthcare-claims-test-processed-123456789012"
      arn             = "arn:aws:s3:::healthcare-claims-test-processed-123456789012"
      noncurrent_days = 30
    }
    archive = {
      name             = "healthcare-claims-test-archive-123456789012"
      arn              = "arn:aws:s3:::healthcare-claims-test-archive-123456789012"
      noncurrent_days  = 2555
      retention_days   = 2555
      object_lock_days = 2190
    }
  }
}

run "replicas_are_private_versioned_and_encrypted" {
  assert {
    condition = { for zone, bucket in aws_s3_bucket.replica : zone => bucket.bucket } == {
      raw       = "healthcare-claims-test-raw-replica-123456789012"
      processed = "healthcare-claims-test-processed-replica-123456789012"
      archive   = "healthcare-claims-test-archive-replica-123456789012"
    }
    error_message = "A replica is <name_prefix>-<zone>-replica-<account>."
  }
  assert {
    condition     = output.replica_bucket_arns == { for zone, bucket in aws_s3_bucket.replica : zone => "arn:aws:s3:::${bucket.bucket}" }
    error_message = "The output tells the ARN of each replica."
  }
  assert {
    condition     = alltrue([for zone, bucket in aws_s3_bucket.replica : bucket.tags == tomap({ Owner = "data-team", Component = "backup_region", Zone = zone }) && !bucket.force_destroy])
    error_message = "Replicas have their tags and are not destroyed with objects in them."
  }
  assert {
    condition = alltrue([
      for block in aws_s3_bucket_public_access_block.replica :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ]) && length(aws_s3_bucket_public_access_block.replica) == 3
    error_message = "No replica can be made public."
  }
  assert {
    condition = alltrue([
      for zone in keys(var.source_buckets) :
      aws_s3_bucket_versioning.replica[zone].versioning_configuration[0].status == "Enabled"
      && aws_s3_bucket_ownership_controls.replica[zone].rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "Replicas keep versions and have no ACLs."
  }
  assert {
    condition = alltrue([
      for encryption in aws_s3_bucket_server_side_encryption_configuration.replica : alltrue([for rule in encryption.rule :
        rule.bucket_key_enabled
        && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
        && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == "arn:aws:kms:us-west-2:123456789012:key/99999999-2222-3333-4444-555555555555"
      ])
    ]) && length(aws_s3_bucket_server_side_encryption_configuration.replica) == 3
    error_message = "Replicas are encrypted with the key of their own region."
  }
  assert {
    condition     = module.replica_key.alias_name == "alias/healthcare-claims-test-replica" && output.replica_kms_key_arn == "arn:aws:kms:us-west-2:123456789012:key/99999999-2222-3333-4444-555555555555"
    error_message = "The key is made by the replica's provider."
  }
}

run "replica_policies_refuse_open_transport_and_other_encryption" {
  assert {
    condition = alltrue([
      for zone, document in data.aws_iam_policy_document.replica : {
        for s in document.statement : "${s.effect} ${s.sid} ${join(" ", s.actions)} ${join(" ", sort(s.resources))}" => { for c in s.condition : "${c.test} ${c.variable}" => one(c.values) }
        } == {
        "Deny DenyInsecureTransport s3:* ${output.replica_bucket_arns[zone]} ${output.replica_bucket_arns[zone]}/*" = { "Bool aws:SecureTransport" = "false" }
        "Deny DenyOldTls s3:* ${output.replica_bucket_arns[zone]} ${output.replica_bucket_arns[zone]}/*"            = { "NumericLessThan s3:TlsVersion" = "1.2" }
        "Deny DenyOtherEncryption s3:PutObject ${output.replica_bucket_arns[zone]}/*" = {
          "Null s3:x-amz-server-side-encryption"            = "false"
          "StringNotEquals s3:x-amz-server-side-encryption" = "aws:kms"
        }
      }
    ])
    error_message = "Each replica refuses open transport, old TLS and other encryption."
  }
  assert {
    condition     = { for zone, policy in aws_s3_bucket_policy.replica : zone => policy.bucket } == { for zone, bucket in aws_s3_bucket.replica : zone => bucket.bucket }
    error_message = "Each replica has its policy."
  }
}

run "role_copies_from_sources_to_replicas_only" {
  assert {
    condition     = aws_iam_role.replication.name == "healthcare-claims-test-replication" && output.replication_role_arn == aws_iam_role.replication.arn && aws_iam_role_policy.replication.role == aws_iam_role.replication.name
    error_message = "The role is <name_prefix>-replication and has its policy."
  }
  assert {
    condition = (
      one(one(data.aws_iam_policy_document.replication_trust.statement[0].principals).identifiers) == "s3.amazonaws.com"
      && { for c in data.aws_iam_policy_document.replication_trust.statement[0].condition : "${c.test} ${c.variable}" => join(" ", sort(c.values)) } == {
        "StringEqualsIfExists aws:SourceAccount" = "123456789012"
        "ArnLikeIfExists aws:SourceArn"          = join(" ", sort([for bucket in var.source_buckets : bucket.arn]))
      }
    )
    error_message = "S3 takes the role for this account's sources only."
  }
  assert {
    condition = { for s in data.aws_iam_policy_document.replication.statement : s.sid => join(" ", sort(s.actions)) } == {
      ReadSourceBuckets = "s3:GetReplicationConfiguration s3:ListBucket"
      ReadSourceObjects = "s3:GetObjectLegalHold s3:GetObjectRetention s3:GetObjectVersionAcl s3:GetObjectVersionForReplication s3:GetObjectVersionTagging"
      WriteReplicas     = "s3:ReplicateDelete s3:ReplicateObject s3:ReplicateTags"
      DecryptSource     = "kms:Decrypt"
      EncryptReplicas   = "kms:Encrypt kms:GenerateDataKey"
    }
    error_message = "The role has the actions of replication and no others."
  }
  assert {
    condition = { for s in data.aws_iam_policy_document.replication.statement : s.sid => join(" ", sort(s.resources)) } == {
      ReadSourceBuckets = join(" ", sort([for bucket in var.source_buckets : bucket.arn]))
      ReadSourceObjects = join(" ", sort([for bucket in var.source_buckets : "${bucket.arn}/*"]))
      WriteReplicas     = join(" ", sort([for arn in output.replica_bucket_arns : "${arn}/*"]))
      DecryptSource     = var.source_kms_key_arn
      EncryptReplicas   = output.replica_kms_key_arn
    }
    error_message = "It reads the sources and writes the replicas, nothing else."
  }
  assert {
    condition = { for s in data.aws_iam_policy_document.replication.statement : s.sid => one([for c in s.condition : one(c.values) if c.variable == "kms:ViaService"]) if length(s.condition) > 0 } == {
      DecryptSource   = "s3.us-east-1.amazonaws.com"
      EncryptReplicas = "s3.us-west-2.amazonaws.com"
    }
    error_message = "Each key is used through S3 of its own region."
  }
  assert {
    condition = { for s in data.aws_iam_policy_document.replication.statement : s.sid => join(" ", sort(flatten([for c in s.condition : tolist(c.values) if c.variable == "kms:EncryptionContext:aws:s3:arn"]))) if length(s.condition) > 0 } == {
      DecryptSource   = join(" ", sort(flatten([for bucket in var.source_buckets : [bucket.arn, "${bucket.arn}/*"]])))
      EncryptReplicas = join(" ", sort(flatten([for arn in output.replica_bucket_arns : [arn, "${arn}/*"]])))
    }
    error_message = "Each key is used for these buckets only."
  }
}

run "refuses_values_out_of_form" {
  command = plan
  variables {
    name_prefix        = "Claims_"
    source_buckets     = {}
    source_kms_key_arn = "alias/data"
    storage_class      = "GLACIER"
  }
  expect_failures = [var.name_prefix, var.source_buckets, var.source_kms_key_arn, var.storage_class]
}

run "refuses_a_long_prefix_and_zones_that_look_alike" {
  command = plan
  variables {
    name_prefix = "a1234567890123456789012345678901"
    source_buckets = {
      validation-reports = { name = "a", arn = "arn:aws:s3:::a" }
      validation-results = { name = "b", arn = "arn:aws:s3:::b" }
    }
  }
  expect_failures = [var.name_prefix, var.source_buckets]
}

run "refuses_the_arn_of_another_bucket" {
  command = plan
  variables {
    source_buckets = { raw = { name = "raw", arn = "arn:aws:s3:::processed" } }
  }
  expect_failures = [var.source_buckets]
}

run "refuses_no_days" {
  command = plan
  variables {
    source_buckets = { raw = { name = "raw", arn = "arn:aws:s3:::raw", noncurrent_days = 0 } }
  }
  expect_failures = [var.source_buckets]
}

run "refuses_a_lock_beyond_retention" {
  command = plan
  variables {
    source_buckets = { raw = { name = "raw", arn = "arn:aws:s3:::raw", retention_days = 30, object_lock_days = 31 } }
  }
  expect_failures = [var.source_buckets]
}

run "refuses_to_destroy_what_is_locked" {
  command = plan
  variables {
    force_destroy = true
  }
  expect_failures = [var.force_destroy]
}
