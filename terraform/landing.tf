# Where files land: keys, zones, network, the queue of what has landed, and the function that starts runs of it.

module "data_key" {
  source = "./modules/kms_key"

  name_prefix = local.name_prefix
  name        = "data"
  description = "Claims: every zone, and what the jobs write."

  # log groups of the jobs are encrypted with what they tell of
  services = [{ principal = "logs.amazonaws.com" }]
}

module "operations_key" {
  source = "./modules/kms_key"

  name_prefix = local.name_prefix
  name        = "operations"
  description = "What tells of the work: queues, topics, logs, executions, the audit trail."

  services = [
    { principal = "logs.amazonaws.com" },
    { principal = "delivery.logs.amazonaws.com", actions = ["kms:Decrypt"] }, # logs of an encrypted state machine
    { principal = "events.amazonaws.com" },
    { principal = "sns.amazonaws.com" },
    { principal = "cloudwatch.amazonaws.com" },
    { principal = "budgets.amazonaws.com" },
    { principal = "costalerts.amazonaws.com" },
    { principal = "cloudtrail.amazonaws.com" },
  ]
}

module "data_zones" {
  source = "./modules/data_zones"

  name_prefix        = local.name_prefix
  kms_key_arn        = module.data_key.key_arn
  storage_tiers      = { deep_archive_days = var.retention.deep_archive_days }
  temp_expiry_days   = var.retention.temp_days
  report_expiry_days = var.retention.report_days
  retention_days     = var.retention.files_days
  object_lock_days   = var.retention.archive_locked_days
  access_log_days    = var.retention.access_log_days
  force_destroy      = var.force_destroy
}

module "network" {
  source = "./modules/network"

  name_prefix         = local.name_prefix
  mode                = var.network.mode
  vpc_cidr            = var.network.cidr
  availability_zones  = var.network.availability_zones
  interface_endpoints = var.network.interface_endpoints
  flow_log_days       = var.retention.log_days
  kms_key_arn         = module.operations_key.key_arn
}

module "queues" {
  source = "./modules/queues"

  name_prefix = local.name_prefix
  kms_key_arn = module.operations_key.key_arn

  queues = {
    # six times the function's time-out and a batching window
    landing = {
      visibility_timeout_seconds = 1860
      senders                    = [{ service = "events.amazonaws.com", source_arns = [local.rule_arns["object-created"]] }]
      dead_letter_senders        = [{ service = "events.amazonaws.com", source_arns = [local.rule_arns["object-created"]] }]
    }
    # what went wrong outside of an execution: the error handler reads it
    failures = {
      visibility_timeout_seconds = 1860
      senders = [{
        service     = "events.amazonaws.com"
        source_arns = local.failure_rule_arns
      }]
      dead_letter_senders = [{
        service     = "events.amazonaws.com"
        source_arns = concat(local.failure_rule_arns, local.finding_rule_arns)
      }]
    }
    # events of functions that nobody waits for, after their retries: moved back, they come to the trigger
    functions = { visibility_timeout_seconds = 1860 }
  }
}

# Which files have landed, and which of them wait for a batch: see docs/adr/0010-waiting-files-in-a-table.md.
resource "aws_dynamodb_table" "landed_files" {
  name         = "${local.name_prefix}-landed-files"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "file_id"

  attribute {
    name = "file_id"
    type = "S"
  }
  attribute {
    name = "waiting"
    type = "S"
  }
  attribute {
    name = "landed_at"
    type = "S"
  }

  global_secondary_index {
    name            = "waiting"
    hash_key        = "waiting"
    range_key       = "landed_at"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = module.operations_key.key_arn
  }

  deletion_protection_enabled = !var.force_destroy
  tags                        = { Component = "landing" }
}
