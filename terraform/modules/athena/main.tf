data "aws_caller_identity" "current" {}

locals {
  tags = merge(var.tags, { Component = "athena" })
}

resource "aws_athena_workgroup" "this" {
  name          = "${var.name_prefix}-claims"
  description   = "Queries on published claims: results encrypted, cut off at a number of bytes scanned."
  state         = "ENABLED"
  force_destroy = var.force_destroy
  tags          = local.tags

  configuration {
    # What clients ask for gives way, the place and encryption of results above all.
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    requester_pays_enabled             = false
    bytes_scanned_cutoff_per_query     = var.bytes_scanned_cutoff

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = "${trimsuffix(var.results_location, "/")}/"
      # A bucket deleted and taken by a stranger gets no results.
      expected_bucket_owner = data.aws_caller_identity.current.account_id

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}

resource "aws_athena_named_query" "this" {
  for_each = var.named_queries

  name        = "${var.name_prefix}-${each.key}"
  description = each.value.description
  workgroup   = aws_athena_workgroup.this.name
  database    = var.database_name
  query       = each.value.sql
}
