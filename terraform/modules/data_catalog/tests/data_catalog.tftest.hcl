mock_provider "aws" {
  source = "./tests/mocks"
}

run "the_database_lies_where_the_tables_shall" {
  command = plan

  assert {
    condition = (
      aws_glue_catalog_database.this.name == "healthcare_claims_dev"
      && aws_glue_catalog_database.this.location_uri == "s3://healthcare-claims-dev-processed-123456789012/processed"
    )
    error_message = "name and location are the caller's"
  }
  assert {
    condition     = aws_glue_catalog_database.this.tags == tomap({ Owner = "data", Component = "data_catalog" })
    error_message = "tags are the caller's and the component's"
  }
  assert {
    condition     = output.table_names == tolist(["medical_claim", "provider"])
    error_message = "tables bear the names that the contract gives them, not those of its files"
  }
}

run "the_contract_of_the_product_is_read" {
  command = plan

  variables {
    tables_folder = "../../../expectations/tables"
  }

  assert {
    condition     = length(output.table_names) == length(fileset("../../../expectations/tables", "*.json"))
    error_message = "every file of the contract is a table"
  }
  assert {
    condition     = length(setsubtract(["medical_claim", "medical_claim_version", "medical_claim_header", "ingest_audit"], output.table_names)) == 0
    error_message = "the tables that queries read are among them"
  }
}

run "by_default_nothing_but_the_database_is_made" {
  command = apply

  assert {
    condition = (
      length(aws_glue_catalog_table_optimizer.this) == 0
      && length(aws_iam_role.optimizer) == 0 && length(aws_iam_role_policy.optimizer) == 0
      && length(aws_glue_data_catalog_encryption_settings.account) == 0
    )
    error_message = "optimizers and the account's encryption are opt-in"
  }
  assert {
    condition     = output.optimizer_role_arn == null
    error_message = "without optimizers there is no role"
  }
}

run "every_table_gets_every_optimizer" {
  command = plan

  variables {
    table_optimizers = true
    optimizers       = { snapshot_retention_days = 30, snapshots_to_retain = 200, orphan_file_retention_days = 5 }
  }

  assert {
    condition = toset(keys(aws_glue_catalog_table_optimizer.this)) == toset([
      "medical_claim/compaction", "medical_claim/retention", "medical_claim/orphan_file_deletion",
      "provider/compaction", "provider/retention", "provider/orphan_file_deletion",
    ])
    error_message = "each table has the three optimizers"
  }
  assert {
    condition = (
      aws_glue_catalog_table_optimizer.this["provider/retention"].configuration[0].retention_configuration[0].iceberg_configuration[0].snapshot_retention_period_in_days == 30
      && aws_glue_catalog_table_optimizer.this["provider/retention"].configuration[0].retention_configuration[0].iceberg_configuration[0].number_of_snapshots_to_retain == 200
      && aws_glue_catalog_table_optimizer.this["provider/retention"].configuration[0].retention_configuration[0].iceberg_configuration[0].clean_expired_files
    )
    error_message = "snapshots are kept as long as wanted, files only they use are deleted"
  }
  assert {
    condition     = aws_glue_catalog_table_optimizer.this["provider/orphan_file_deletion"].configuration[0].orphan_file_deletion_configuration[0].iceberg_configuration[0].orphan_file_retention_period_in_days == 5
    error_message = "orphans are kept as long as wanted"
  }
  assert {
    condition = (
      length(aws_glue_catalog_table_optimizer.this["provider/compaction"].configuration[0].retention_configuration) == 0
      && length(aws_glue_catalog_table_optimizer.this["provider/compaction"].configuration[0].orphan_file_deletion_configuration) == 0
    )
    error_message = "compaction has no settings of the others"
  }
  assert {
    condition     = alltrue([for optimizer in aws_glue_catalog_table_optimizer.this : optimizer.catalog_id == "123456789012" && optimizer.configuration[0].enabled])
    error_message = "optimizers are on, in the account's own catalog"
  }
}

run "an_optimizer_can_be_left_out" {
  command = plan

  variables {
    table_optimizers = true
    optimizers       = { retention = false }
  }

  assert {
    condition     = toset([for optimizer in aws_glue_catalog_table_optimizer.this : optimizer.type]) == toset(["compaction", "orphan_file_deletion"])
    error_message = "retention is left out"
  }
}

run "the_role_reaches_the_tables_and_no_more" {
  command = plan

  variables {
    table_optimizers = true
  }

  assert {
    condition     = aws_iam_role.optimizer[0].name == "healthcare-claims-dev-table-optimizer"
    error_message = "the role is named by the prefix"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.optimizer.statement : statement.sid => [sort(statement.actions), sort(statement.resources)]
      }) == jsonencode({
      RewriteTables = [
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        [
          "arn:aws:s3:::healthcare-claims-dev-processed-123456789012/processed/medical_claim/*",
          "arn:aws:s3:::healthcare-claims-dev-processed-123456789012/processed/provider/*",
        ],
      ]
      ListTables = [["s3:ListBucket"], ["arn:aws:s3:::healthcare-claims-dev-processed-123456789012"]]
      PublishTables = [
        ["glue:GetTable", "glue:UpdateTable"],
        [
          "arn:aws:glue:us-east-1:123456789012:catalog",
          "arn:aws:glue:us-east-1:123456789012:database/healthcare_claims_dev",
          "arn:aws:glue:us-east-1:123456789012:table/healthcare_claims_dev/medical_claim",
          "arn:aws:glue:us-east-1:123456789012:table/healthcare_claims_dev/provider",
        ],
      ]
      WriteLogs = [
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        [
          "arn:aws:logs:us-east-1:123456789012:log-group:/aws-glue/iceberg-compaction/logs:*",
          "arn:aws:logs:us-east-1:123456789012:log-group:/aws-glue/iceberg-orphan-file-deletion/logs:*",
          "arn:aws:logs:us-east-1:123456789012:log-group:/aws-glue/iceberg-retention/logs:*",
        ],
      ]
      UseKeysOfData = [["kms:Decrypt", "kms:GenerateDataKey"], var.kms_key_arns]
    })
    error_message = "the role may rewrite the contract's tables, and nothing else"
  }
  assert {
    condition = [
      for statement in data.aws_iam_policy_document.optimizer.statement : sort(one(statement.condition[*].values)) if statement.sid == "ListTables"
    ] == [tolist(["processed/medical_claim*", "processed/provider*"])]
    error_message = "only the tables' folders are listed"
  }
  assert {
    condition = [
      for statement in data.aws_iam_policy_document.optimizer.statement : one(one(statement.condition[*].values)) if statement.sid == "UseKeysOfData"
    ] == ["s3.us-east-1.amazonaws.com"]
    error_message = "keys are used through S3 alone"
  }
  assert {
    condition     = one(one(data.aws_iam_policy_document.optimizer_trust.statement[0].condition[*].values)) == "123456789012"
    error_message = "Glue takes the role for this account alone"
  }
}

run "tables_at_the_root_of_a_bucket_are_reached_too" {
  command = plan

  variables {
    table_optimizers = true
    location_uri     = "s3://healthcare-claims-dev-processed-123456789012"
    kms_key_arns     = []
  }

  assert {
    condition = sort(data.aws_iam_policy_document.optimizer.statement[0].resources) == tolist([
      "arn:aws:s3:::healthcare-claims-dev-processed-123456789012/medical_claim/*",
      "arn:aws:s3:::healthcare-claims-dev-processed-123456789012/provider/*",
    ])
    error_message = "without a folder the tables lie below the bucket itself"
  }
  assert {
    condition     = !contains([for statement in data.aws_iam_policy_document.optimizer.statement : statement.sid], "UseKeysOfData")
    error_message = "no key, no grant"
  }
}

run "the_account_can_be_encrypted" {
  command = plan

  variables {
    account_encryption = { kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/22222222-2222-3333-4444-555555555555" }
  }

  assert {
    condition = (
      aws_glue_data_catalog_encryption_settings.account[0].data_catalog_encryption_settings[0].encryption_at_rest[0].catalog_encryption_mode == "SSE-KMS"
      && aws_glue_data_catalog_encryption_settings.account[0].data_catalog_encryption_settings[0].encryption_at_rest[0].sse_aws_kms_key_id == var.account_encryption.kms_key_arn
    )
    error_message = "metadata is encrypted with the key"
  }
  assert {
    condition = (
      aws_glue_data_catalog_encryption_settings.account[0].data_catalog_encryption_settings[0].connection_password_encryption[0].return_connection_password_encrypted
      && aws_glue_data_catalog_encryption_settings.account[0].data_catalog_encryption_settings[0].connection_password_encryption[0].aws_kms_key_id == var.account_encryption.kms_key_arn
    )
    error_message = "passwords of connections are encrypted with the key"
  }
}
