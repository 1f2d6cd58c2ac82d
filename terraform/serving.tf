# How the tables are found and queried: Glue's catalog, Athena, and Redshift where it is wanted.

locals {
  queries_folder   = "${path.root}/../glue_jobs/queries"
  warehouse_folder = "${path.root}/../expectations/warehouse"

  query_files = {
    for file in fileset(local.queries_folder, "*.sql") : trimsuffix(trimsuffix(file, ".sql"), ".athena") => file...
  }

  # What Spark and Athena write in two ways has a second file, .athena.sql; the first line says what the query answers.
  # A query with a parameter (-- asked.day:) does not run as it is, and is not saved.
  named_queries = {
    for name, text in {
      for name, files in local.query_files : name => file(
        "${local.queries_folder}/${contains(files, "${name}.athena.sql") ? "${name}.athena.sql" : "${name}.sql"}"
      )
    } : name => { sql = text, description = trimspace(trimprefix(split("\n", text)[0], "--")) }
    if !strcontains(text, "\n-- asked.")
  }
}

module "data_catalog" {
  source = "./modules/data_catalog"

  name_prefix          = local.name_prefix
  database_name        = local.database
  location_uri         = "s3://${local.buckets["processed"]}/${local.database}"
  tables_folder        = "${path.root}/../expectations/tables"
  table_optimizers     = var.table_optimizers
  processed_bucket_arn = local.bucket_arns["processed"]
  kms_key_arns         = [module.data_key.key_arn]
}

module "athena" {
  source = "./modules/athena"

  name_prefix          = local.name_prefix
  database_name        = module.data_catalog.database_name
  results_location     = "s3://${local.buckets["temp"]}/athena/"
  kms_key_arn          = module.data_key.key_arn
  bytes_scanned_cutoff = var.athena_cutoff_bytes
  named_queries        = local.named_queries
  force_destroy        = var.force_destroy
}

module "redshift" {
  source = "./modules/redshift"
  count  = var.redshift == null ? 0 : 1

  name_prefix           = local.name_prefix
  kms_key_arn           = module.operations_key.key_arn
  data_kms_key_arns     = [module.data_key.key_arn]
  subnet_ids            = module.network.subnet_ids["data"]
  security_group_ids    = [module.network.security_group_ids["data"]]
  base_capacity         = var.redshift.base_capacity
  max_capacity          = var.redshift.max_capacity
  usage_limit_rpu_hours = var.redshift.daily_rpu_hours
  glue_database_name    = module.data_catalog.database_name
  processed_bucket_arn  = local.bucket_arns["processed"]
  log_retention_days    = var.retention.log_days

  # what post_processing calls after each batch
  load_statements = {
    schema    = trimspace(file("${local.warehouse_folder}/schema.sql"))
    procedure = trimspace(file("${local.warehouse_folder}/load_run.sql"))
    grants = {
      usage = trimspace(file("${local.warehouse_folder}/grant_usage.sql"))
      load  = trimspace(file("${local.warehouse_folder}/grant_load.sql"))
    }
  }
}

# Loads go on when the function that started them has ended: one that fails is told by the error handler, in words of ours.
resource "aws_cloudwatch_event_rule" "load_failed" {
  count = var.redshift == null ? 0 : 1

  name        = "${local.name_prefix}-load-failed"
  description = "A load of Redshift failed, or was stopped."

  event_pattern = jsonencode({
    source      = ["aws.redshift-data"]
    detail-type = ["Redshift Data Statement Status Change"]
    detail      = { state = ["FAILED", "ABORTED"], statementName = [{ prefix = "claims-etl-" }] }
  })

  tags = { Component = "redshift" }
}

resource "aws_cloudwatch_event_target" "load_failed" {
  count = var.redshift == null ? 0 : 1

  rule      = aws_cloudwatch_event_rule.load_failed[0].name
  target_id = "failure-queue"
  arn       = module.queues.queue_arns["failures"]

  # the event has more than names, an error's text perhaps
  input_transformer {
    input_paths = { kind = "$.detail-type", statement = "$.detail.statementName", state = "$.detail.state" }
    input_template = join("", [
      "{\"detail-type\": \"<kind>\", ",
      "\"detail\": {\"statementName\": \"<statement>\", \"state\": \"<state>\"}}",
    ])
  }

  dead_letter_config {
    arn = module.queues.dead_letter_arns["failures"]
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
}
