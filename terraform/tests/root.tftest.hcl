mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias = "replica"

  mock_data "aws_region" {
    defaults = { name = "us-west-2" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  environment         = "dev"
  region              = "us-east-1"
  allowed_account_ids = ["111111111111"]
  cost_center         = "claims"
  data_classification = "test"
  artifacts_file      = "tests/artifacts.json"
  audit               = { trail = false }
}

run "a_small_stack_is_planned" {
  command = plan

  assert {
    condition     = output.bucket_names["raw"] == "healthcare-claims-dev-raw-111111111111"
    error_message = "a bucket is named by project, environment, zone and account"
  }
  assert {
    condition     = output.lake == "s3://healthcare-claims-dev-{zone}-111111111111"
    error_message = "the job finds the buckets by the name of the zone"
  }
  assert {
    condition     = toset(keys(output.function_names)) == toset(["s3_event_trigger", "data_validation", "error_handler", "post_processing"])
    error_message = "four functions"
  }
  assert {
    condition     = length(module.redshift) + length(module.backup_region) == 0
    error_message = "what costs by the hour is off unless asked for"
  }
}

run "queries_are_saved_in_athena_in_the_form_that_athena_reads" {
  command = plan

  assert {
    condition = toset(keys(local.named_queries)) == setsubtract(
      [for file in fileset("${path.root}/../glue_jobs/queries", "*.sql") : split(".", file)[0]],
      ["claim_history", "medical_claim_as_of", "medical_claim_version_as_of"],
    )
    error_message = "a file more among the queries is a saved query more, unless it has a parameter"
  }
  assert {
    condition = (
      local.named_queries["same_state"].sql == file("${path.root}/../glue_jobs/queries/same_state.athena.sql")
      && local.named_queries["pmpm_by_month"].sql == file("${path.root}/../glue_jobs/queries/pmpm_by_month.sql")
    )
    error_message = "Athena's own form where there is one, else the query as it is"
  }
  assert {
    condition     = startswith(local.named_queries["pmpm_by_month"].description, "What is paid for a member a month (PMPM)")
    error_message = "the first line of a query says what it answers"
  }
}

run "code_lies_under_names_that_hold_its_hash" {
  command = plan

  assert {
    condition     = aws_s3_object.artifact["s3_event_trigger"].key == "s3_event_trigger-000000000000000a.zip"
    error_message = "a change of code must be a change of the plan"
  }
}

run "derived_tables_follow_each_publish_unless_told_otherwise" {
  command = plan

  assert {
    condition     = var.summaries.after_publish
    error_message = "a publish starts the summaries"
  }
}

run "derived_tables_follow_on_a_schedule_and_see_no_raw_file" {
  command = plan

  variables {
    summaries = { schedule = "rate(6 hours)", timeout_minutes = 30 }
  }

  assert {
    condition     = local.jobs["summarize-claims"].timeout_minutes == 30 && contains(keys(module.claims_pipeline.schedule_arns), "summarize-claims")
    error_message = "the job is started by a schedule, and ends when the environment says"
  }
  assert {
    condition = alltrue(flatten([
      for one in local.jobs["summarize-claims"].statements : [
        for resource in one.resources : !startswith(resource, local.bucket_arns["raw"]) && !startswith(resource, local.bucket_arns["quarantine"])
      ]
    ]))
    error_message = "summaries are made of tables: raw and quarantined records are not theirs to read"
  }
}

run "with_a_network_functions_run_in_it" {
  command = plan

  variables {
    network = { mode = "private", availability_zones = ["us-east-1a", "us-east-1b"] }
  }

  assert {
    condition     = local.functions_vpc != null && local.jobs_vpc != null
    error_message = "functions and jobs must be in the network"
  }
}

run "what_the_audit_finds_is_a_critical_message" {
  command = plan

  variables {
    audit = { config_rules = true, guardduty = true }
  }

  assert {
    condition     = length(module.audit.alarm_arns) == 6 && length(module.audit.finding_rule_arns) == 3
    error_message = "alarms on the trail, findings of analyser, Config and GuardDuty"
  }
}

run "with_redshift_each_batch_is_loaded_by_a_procedure_that_is_there" {
  command = plan

  variables {
    network  = { mode = "private", availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"] }
    redshift = {}
  }

  assert {
    condition     = contains(keys(local.function_settings.post_processing.environment), "REDSHIFT_WORKGROUP")
    error_message = "the function must know where to load"
  }
  assert {
    condition     = contains([for one in local.function_settings.post_processing.statements : one.sid], "LoadRedshift")
    error_message = "the function must be allowed to load"
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.load_failed[0].event_pattern).detail.state == ["FAILED", "ABORTED"]
      && contains(local.failure_rule_arns, "arn:aws:events:us-east-1:111111111111:rule/${aws_cloudwatch_event_rule.load_failed[0].name}")
      && jsondecode(aws_cloudwatch_event_target.load_failed[0].input_transformer[0].input_template).detail.statementName == "<statement>"
    )
    error_message = "a load that fails must be told, by a rule that may send to the queue of failures"
  }
  assert {
    condition     = strcontains(file("${local.warehouse_folder}/load_run.sql"), "PROCEDURE claims.load_run (")
    error_message = "the procedure that the function calls is made"
  }
}

run "redshift_in_two_zones_is_refused" {
  command = plan

  variables {
    network  = { mode = "private", availability_zones = ["us-east-1a", "us-east-1b"] }
    redshift = {}
  }

  expect_failures = [var.redshift]
}

run "values_that_cannot_be_right_are_refused" {
  command = plan

  variables {
    project             = "Claims"
    environment         = "test"
    region              = "us-east-1a"
    allowed_account_ids = ["123"]
    cost_center         = " "
    network             = { mode = "public" }
    artifacts_file      = "artifacts.txt"
    glue                = { max_workers = 1 }
    max_error_share     = 2
    summaries           = { schedule = "daily" }
    batches             = { files = 5000 }
    functions           = { validator = {} }
    monthly_budget_usd  = 0
    cost_anomaly_usd    = 0
    athena_cutoff_bytes = 1
  }

  expect_failures = [
    var.project, var.environment, var.region, var.allowed_account_ids, var.cost_center,
    var.network, var.artifacts_file, var.glue, var.summaries, var.max_error_share, var.batches, var.functions, var.monthly_budget_usd,
    var.cost_anomaly_usd, var.athena_cutoff_bytes,
  ]
}

run "values_that_contradict_each_other_are_refused" {
  command = plan

  variables {
    network  = { mode = "none" }
    redshift = {}
    recovery = { region = "us-east-1" }
  }

  expect_failures = [var.redshift, var.recovery]
}

run "production_is_strict" {
  command = plan

  variables {
    environment   = "prod"
    retention     = { files_days = 365 }
    force_destroy = true
  }

  # test data, less than HIPAA's six years, and buckets that go with what they hold
  expect_failures = [var.data_classification, var.retention, var.force_destroy]
}

run "a_network_needs_two_zones_and_data_a_class" {
  command = plan

  variables {
    network             = { mode = "gateway", availability_zones = ["us-east-1a"] }
    data_classification = "secret"
  }

  expect_failures = [var.network, var.data_classification]
}
