data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags = merge(var.tags, { Component = "data_catalog" })

  # A file more in the contract is a table more here.
  table_names = sort([
    for file in fileset(var.tables_folder, "*.json") : jsondecode(file("${var.tables_folder}/${file}")).name
  ])

  optimizer_types = [
    for type, wanted in {
      compaction           = var.optimizers.compaction
      retention            = var.optimizers.retention
      orphan_file_deletion = var.optimizers.orphan_file_deletion
    } : type if wanted
  ]

  optimizers = {
    for pair in setproduct(local.table_names, local.optimizer_types) :
    "${pair[0]}/${pair[1]}" => { table = pair[0], type = pair[1] } if var.table_optimizers
  }
}

resource "aws_glue_catalog_database" "this" {
  name         = var.database_name
  description  = var.description
  location_uri = var.location_uri
  tags         = local.tags
}

resource "aws_glue_catalog_table_optimizer" "this" {
  for_each = local.optimizers

  catalog_id    = data.aws_caller_identity.current.account_id
  database_name = aws_glue_catalog_database.this.name
  table_name    = each.value.table
  type          = each.value.type

  configuration {
    enabled  = true
    role_arn = aws_iam_role.optimizer[0].arn

    dynamic "retention_configuration" {
      for_each = each.value.type == "retention" ? [var.optimizers] : []

      content {
        iceberg_configuration {
          snapshot_retention_period_in_days = retention_configuration.value.snapshot_retention_days
          number_of_snapshots_to_retain     = retention_configuration.value.snapshots_to_retain
          clean_expired_files               = true
        }
      }
    }

    dynamic "orphan_file_deletion_configuration" {
      for_each = each.value.type == "orphan_file_deletion" ? [var.optimizers] : []

      content {
        iceberg_configuration {
          orphan_file_retention_period_in_days = orphan_file_deletion_configuration.value.orphan_file_retention_days
        }
      }
    }
  }

  # Glue tries the role when the optimizer is made.
  depends_on = [aws_iam_role_policy.optimizer]
}

resource "aws_glue_data_catalog_encryption_settings" "account" {
  count = var.account_encryption == null ? 0 : 1

  data_catalog_encryption_settings {
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = var.account_encryption.kms_key_arn
    }

    connection_password_encryption {
      return_connection_password_encrypted = true
      aws_kms_key_id                       = var.account_encryption.kms_key_arn
    }
  }
}
