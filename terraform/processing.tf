# The Spark jobs, and the state machine that starts them when the gate has let files pass.

locals {
  jobs = {
    process-medical-claims = {
      description     = "Claims files in, published tables out."
      artifact        = "process_medical_claims"
      packages        = local.glue_packages
      timeout_minutes = var.glue.timeout_minutes
      concurrent_runs = var.glue.concurrent_runs
      arguments = merge(
        { "--data_docs" = tostring(var.glue.data_docs), "--schema_policy" = local.is_prod ? "strict" : "evolve" },
        # Glue's parser wants a value after every name: what is not given is left out
        var.max_error_share == null ? {} : { "--max_error_share" = tostring(var.max_error_share) },
      )
      statements = concat(local.may.read_raw, local.may.write_zones, local.may.write_reports, local.may.use_catalog)
    }
    maintain-tables = {
      description     = "Compacts tables, expires snapshots, removes what dead runs left."
      artifact        = "maintain_tables"
      packages        = "glue_packages"
      timeout_minutes = 240
      concurrent_runs = 1
      arguments       = {}
      statements      = concat(local.may.keep_up_zones, local.may.write_reports, local.may.use_catalog)
    }
    # started by hand, after lists of codes were put below raw/codesets/
    load-code-sets = {
      description     = "Lists of codes into the table that claims are judged by."
      artifact        = "load_code_sets"
      packages        = "glue_packages"
      timeout_minutes = 60
      concurrent_runs = 1
      arguments       = { "--input" = "s3://${local.buckets["raw"]}/raw/codesets" }
      statements      = concat(local.may.read_code_sets, local.may.write_tables, local.may.use_catalog)
    }
    # its next run makes up for one that failed; two at once are safe, and the later one finds little left to do
    summarize-claims = {
      description     = "Enriched claim lines, member months, risk and summaries follow claims and members."
      artifact        = "summarize_claims"
      packages        = "glue_packages_with_risk"
      timeout_minutes = var.summaries.timeout_minutes
      concurrent_runs = 2
      arguments       = {}
      statements      = concat(local.may.write_tables, local.may.use_temp, local.may.write_reports, local.may.use_catalog)
    }
  }
}

module "job" {
  source   = "./modules/glue_job"
  for_each = local.jobs

  name_prefix               = local.name_prefix
  name                      = each.key
  description               = each.value.description
  script_location           = local.uris[each.value.artifact]
  extra_py_files            = [local.uris["claims_etl"]]
  additional_python_modules = [local.uris[each.value.packages]]
  temp_dir                  = "s3://${local.buckets["temp"]}/glue/${each.key}/"
  catalog_name              = "claims"
  catalog_warehouse         = "s3://${local.buckets["processed"]}"

  worker_type         = var.glue.worker_type
  max_workers         = var.glue.max_workers
  timeout_minutes     = each.value.timeout_minutes
  max_concurrent_runs = each.value.concurrent_runs
  arguments           = merge({ "--lake" = local.lake, "--region" = var.region }, each.value.arguments)

  kms_key_arn        = module.data_key.key_arn
  log_retention_days = var.retention.log_days
  vpc                = local.jobs_vpc
  policy_statements  = each.value.statements

  # a run before its code lies in the bucket would fail
  depends_on = [aws_s3_object.artifact]
}

module "claims_pipeline" {
  source = "./modules/claims_pipeline"

  name_prefix  = local.name_prefix
  kms_key_arn  = module.operations_key.key_arn
  kms_key_arns = [module.data_key.key_arn, module.operations_key.key_arn]

  raw_bucket            = { name = local.buckets["raw"], arn = local.bucket_arns["raw"] }
  object_prefixes       = local.landing_prefixes
  manifest_store        = { name = local.buckets["temp"], arn = local.bucket_arns["temp"], prefix = local.manifest_prefix }
  landing_queue_arn     = module.queues.queue_arns["landing"]
  event_dead_letter_arn = module.queues.dead_letter_arns["landing"]

  failure_dead_letter_arn = module.queues.dead_letter_arns["failures"]
  trigger_function = {
    arn   = module.function["s3_event_trigger"].alias_arn
    name  = module.function["s3_event_trigger"].function_name
    alias = module.function["s3_event_trigger"].alias_name
  }

  state_machine_definition = {
    template_path = "${path.root}/state_machines/claims_pipeline.asl.json"
    values = {
      data_validation_arn = module.function["data_validation"].alias_arn
      error_handler_arn   = module.function["error_handler"].alias_arn
      post_processing_arn = module.function["post_processing"].alias_arn
      glue_job_name       = module.job["process-medical-claims"].job_name
      summaries_job_name  = module.job["summarize-claims"].job_name
      critical_topic_arn  = module.notifications.topic_arns["critical"]
      max_workers         = tostring(var.glue.max_workers)
      worker_type         = var.glue.worker_type
      # longer than the job's own time-out and its wait in Glue's queue
      process_timeout_seconds = tostring(var.glue.timeout_minutes * 60 + 10800)
      summarize_after_publish = tostring(var.summaries.after_publish)
    }
  }
  invoked_function_arns = [
    for name in ["data_validation", "error_handler", "post_processing"] : module.function[name].alias_arn
  ]
  glue_jobs        = [{ name = module.job["process-medical-claims"].job_name, arn = module.job["process-medical-claims"].job_arn }]
  started_job_arns = [module.job["summarize-claims"].job_arn]
  publishes_to     = [module.notifications.topic_arns["critical"]]

  watch_failures     = true
  failure_queue_arn  = module.queues.queue_arns["failures"]
  watched_job_names  = [for name in ["load-code-sets", "maintain-tables", "summarize-claims"] : module.job[name].job_name]
  log_retention_days = var.retention.log_days

  schedules = {
    flush-batches = {
      expression = "rate(1 minute)"
      target     = { kind = "lambda", arn = module.function["s3_event_trigger"].alias_arn }
      input      = jsonencode({ action = "flush" })
    }
    # files whose event never came are found by listing
    reconcile = {
      expression = "cron(30 3 * * ? *)"
      target     = { kind = "lambda", arn = module.function["s3_event_trigger"].alias_arn }
      input      = jsonencode({ action = "reconcile", bucket = local.buckets["raw"], hours = 48 })
    }
    maintain-tables = {
      expression = "cron(0 4 * * ? *)"
      target     = { kind = "glue_job", arn = module.job["maintain-tables"].job_arn }
    }
    summarize-claims = {
      expression = var.summaries.schedule
      target     = { kind = "glue_job", arn = module.job["summarize-claims"].job_arn }
    }
  }
}
