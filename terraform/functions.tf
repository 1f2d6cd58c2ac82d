# The four functions: what they are told, and what they may do. docs/lambdas.md lists both.

locals {
  function_settings = {
    s3_event_trigger = {
      description          = "Takes files that land, and starts a run for each batch."
      memory_mb            = 512
      timeout_seconds      = 300
      reserved_concurrency = 100
      environment = {
        STATE_MACHINE_ARN  = local.state_machine_arn
        GLUE_JOB_NAME      = "${local.name_prefix}-process-medical-claims"
        LANDED_FILES_TABLE = aws_dynamodb_table.landed_files.name
        MANIFESTS_URI      = "s3://${local.buckets["temp"]}/${local.manifest_prefix}"
        QUARANTINE_URI     = "s3://${local.buckets["quarantine"]}"
        BATCH_FILES        = tostring(var.batches.files)
        BATCH_BYTES        = tostring(var.batches.bytes)
        BATCH_AGE_SECONDS  = tostring(var.batches.age_seconds)
        BIG_FILE_BYTES     = tostring(var.batches.big_file_bytes)
        MAX_WORKERS        = tostring(var.glue.max_workers)
      }
      statements = concat(
        local.may.read_raw, local.may.use_manifests, local.may.find_in_temp,
        local.may.note_files, local.may.find_in_quarantine,
        local.may.use_ledger, local.may.start_runs, local.may.read_landing, local.may.read_functions,
      )
    }
    data_validation = {
      description          = "Judges a file before it is processed."
      memory_mb            = 1769 # one whole processor: reading records is what takes time
      timeout_seconds      = 300
      reserved_concurrency = null
      environment = merge(
        { REPORTS_URI = "s3://${local.buckets["validation-reports"]}" },
        var.max_error_share == null ? {} : { MAX_ERROR_SHARE = tostring(var.max_error_share) },
      )
      statements = concat(local.may.read_raw, local.may.write_file_reports)
    }
    error_handler = {
      description          = "Judges failures: tries again, quarantines, or calls a person."
      memory_mb            = 256
      timeout_seconds      = 300
      reserved_concurrency = null
      environment = merge(local.zone_uris, {
        GLUE_JOB_NAME     = "${local.name_prefix}-process-medical-claims"
        STATE_MACHINE_ARN = local.state_machine_arn
        QUEUE_ARNS        = jsonencode(module.queues.queue_arns)
        DEAD_LETTER_ARNS  = jsonencode(module.queues.dead_letter_arns)
      })
      statements = concat(
        local.may.read_raw, local.may.send_back, local.may.note_files, local.may.note_runs, local.may.find_in_quarantine,
        local.may.read_run_reports, local.may.read_manifests, local.may.clean_temp, local.may.find_in_temp,
        local.may.read_failures, local.data_key_write,
        local.may.keep_decisions, local.may.start_runs, local.may.look_at_runs, local.may.redrive,
      )
    }
    post_processing = {
      description          = "Tells what was published, and checks that it can be read."
      memory_mb            = 512
      timeout_seconds      = 300
      reserved_concurrency = null
      environment = merge(
        local.zone_uris,
        { ATHENA_WORKGROUP = module.athena.workgroup_name, ATHENA_DATABASE = local.database },
        var.redshift == null ? {} : { REDSHIFT_WORKGROUP = module.redshift[0].workgroup_name },
      )
      statements = concat(
        local.may.read_run_reports, local.may.read_manifests, local.may.clean_temp, local.may.find_in_temp,
        local.may.write_lineage, local.may.announce, local.may.count_in_athena, local.may.load_redshift,
      )
    }
  }

  zone_uris = {
    REPORTS_URI    = "s3://${local.buckets["validation-reports"]}"
    QUARANTINE_URI = "s3://${local.buckets["quarantine"]}"
    TEMP_URI       = "s3://${local.buckets["temp"]}"
  }

  # every function gets these; the gate tells nobody but its caller
  common_environment = {
    ENVIRONMENT       = var.environment
    METRICS_NAMESPACE = local.metric_namespace
  }
  topics_environment = merge(
    {
      SNS_TOPIC_ARN   = module.notifications.topic_arns["status"]
      ERROR_TOPIC_ARN = module.notifications.topic_arns["high"]
    },
    { for severity in ["critical", "high", "medium", "low"] : "${upper(severity)}_TOPIC_ARN" => module.notifications.topic_arns[severity] },
  )
}

module "function" {
  source   = "./modules/lambda_function"
  for_each = local.function_settings

  name_prefix = local.name_prefix
  name        = replace(each.key, "_", "-")
  description = each.value.description
  handler     = "lambdas.${each.key}.handler.handle"
  layer_arns  = [aws_lambda_layer_version.packages.arn]
  package = {
    bucket        = aws_s3_object.artifact[each.key].bucket
    key           = aws_s3_object.artifact[each.key].key
    sha256_base64 = local.artifacts[each.key].sha256_base64
  }

  memory_mb               = coalesce(try(var.functions[each.key].memory_mb, null), each.value.memory_mb)
  timeout_seconds         = each.value.timeout_seconds
  reserved_concurrency    = try(coalesce(var.functions[each.key].reserved_concurrency, each.value.reserved_concurrency), each.value.reserved_concurrency)
  provisioned_concurrency = try(var.functions[each.key].provisioned_concurrency, 0)
  canary                  = try(var.functions[each.key].canary, null)
  environment             = merge(local.common_environment, each.value.environment, each.key == "data_validation" ? {} : local.topics_environment)

  kms_key_arn        = module.operations_key.key_arn
  dead_letter_arn    = module.queues.dead_letter_arns["functions"]
  log_retention_days = var.retention.log_days
  tracing            = var.tracing
  vpc                = local.functions_vpc
  policy_statements  = concat(each.value.statements, each.key == "data_validation" ? [] : local.may.publish)
}

# What went wrong outside of an execution.
resource "aws_lambda_event_source_mapping" "failures" {
  event_source_arn                   = module.queues.queue_arns["failures"]
  function_name                      = module.function["error_handler"].alias_arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 0
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 5
  }

  tags = { Component = "functions" }
}

# Calls of the trigger by a schedule that failed and were moved back from the dead letters: it is the one function that
# is called by events that nobody waits for.
resource "aws_lambda_event_source_mapping" "functions" {
  event_source_arn                   = module.queues.queue_arns["functions"]
  function_name                      = module.function["s3_event_trigger"].alias_arn
  batch_size                         = 1
  maximum_batching_window_in_seconds = 0
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 2
  }

  tags = { Component = "functions" }
}
