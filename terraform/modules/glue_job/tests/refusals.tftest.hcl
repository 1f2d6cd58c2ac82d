# Each run gives one value that the module must refuse.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix       = "healthcare-claims-dev"
  name              = "process-medical-claims"
  description       = "Publishes claims."
  script_location   = "s3://artifacts/glue/job-0123abcd.py"
  temp_dir          = "s3://temp/glue/"
  catalog_warehouse = "s3://processed/processed"
  kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "a_bad_prefix" {
  command = plan
  variables { name_prefix = "Claims_Dev" }
  expect_failures = [var.name_prefix]
}

run "a_name_with_an_underscore" {
  command = plan
  variables { name = "process_claims" }
  expect_failures = [var.name]
}

run "a_name_too_long_with_its_prefix" {
  command = plan
  variables { name = "a-job-whose-name-goes-on-and-on-till-it-is-refused" }
  expect_failures = [var.name]
}

run "an_empty_description" {
  command = plan
  variables { description = "" }
  expect_failures = [var.description]
}

run "a_script_on_this_machine" {
  command = plan
  variables { script_location = "jobs/process_medical_claims.py" }
  expect_failures = [var.script_location]
}

run "a_file_that_python_cannot_import" {
  command = plan
  variables { extra_py_files = ["s3://artifacts/code.tar.gz"] }
  expect_failures = [var.extra_py_files]
}

run "a_package_by_name" {
  command = plan
  variables { additional_python_modules = ["great-expectations==1.24.1"] }
  expect_failures = [var.additional_python_modules]
}

run "a_temp_folder_on_this_machine" {
  command = plan
  variables { temp_dir = "/tmp" }
  expect_failures = [var.temp_dir]
}

run "a_warehouse_with_a_space" {
  command = plan
  variables { catalog_warehouse = "s3://processed/my tables" }
  expect_failures = [var.catalog_warehouse]
}

run "a_catalog_with_a_dot" {
  command = plan
  variables { catalog_name = "glue.catalog" }
  expect_failures = [var.catalog_name]
}

run "an_argument_without_hyphens" {
  command = plan
  variables { arguments = { lake = "s3://processed" } }
  expect_failures = [var.arguments]
}

run "an_argument_that_the_module_sets" {
  command = plan
  variables { arguments = { "--job-bookmark-option" = "job-bookmark-enable" } }
  expect_failures = [var.arguments]
}

run "a_setting_that_is_not_sparks" {
  command = plan
  variables { spark_conf = { "fs.s3a.endpoint.region" = "us-east-1" } }
  expect_failures = [var.spark_conf]
}

run "a_setting_with_a_space" {
  command = plan
  variables { spark_conf = { "spark.driver.extraJavaOptions" = "-Da=1 -Db=2" } }
  expect_failures = [var.spark_conf]
}

run "an_old_glue" {
  command = plan
  variables { glue_version = "4.0" }
  expect_failures = [var.glue_version]
}

run "an_unknown_worker" {
  command = plan
  variables { worker_type = "G.16X" }
  expect_failures = [var.worker_type]
}

run "a_single_worker" {
  command = plan
  variables { max_workers = 1 }
  expect_failures = [var.max_workers]
}

run "too_many_workers" {
  command = plan
  variables { max_workers = 300 }
  expect_failures = [var.max_workers]
}

run "no_time_at_all" {
  command = plan
  variables { timeout_minutes = 0 }
  expect_failures = [var.timeout_minutes]
}

run "no_run_at_all" {
  command = plan
  variables { max_concurrent_runs = 0 }
  expect_failures = [var.max_concurrent_runs]
}

run "an_unknown_execution_class" {
  command = plan
  variables { execution_class = "SPOT" }
  expect_failures = [var.execution_class]
}

run "flex_on_large_workers" {
  command = plan
  variables {
    execution_class = "FLEX"
    worker_type     = "G.4X"
  }
  expect_failures = [var.execution_class]
}

run "a_retention_that_cloudwatch_lacks" {
  command = plan
  variables { log_retention_days = 100 }
  expect_failures = [var.log_retention_days]
}

run "an_alias_as_key" {
  command = plan
  variables { kms_key_arn = "alias/data" }
  expect_failures = [var.kms_key_arn]
}

run "a_vpc_without_a_group" {
  command = plan
  variables { vpc = { subnet_id = "subnet-a", security_group_ids = [], availability_zone = "us-east-1a" } }
  expect_failures = [var.vpc]
}

run "a_region_as_zone" {
  command = plan
  variables { vpc = { subnet_id = "subnet-a", security_group_ids = ["sg-a"], availability_zone = "us-east-1" } }
  expect_failures = [var.vpc]
}

run "two_statements_of_one_name" {
  command = plan
  variables { policy_statements = [for action in ["s3:GetObject", "s3:PutObject"] : { sid = "Same", actions = [action], resources = ["arn:aws:s3:::raw/*"] }] }
  expect_failures = [var.policy_statements]
}

run "a_statement_named_as_the_modules_own" {
  command = plan
  variables { policy_statements = [{ sid = "WriteOwnLogs", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::raw/*"] }] }
  expect_failures = [var.policy_statements]
}

run "every_action_of_a_service" {
  command = plan
  variables { policy_statements = [{ sid = "All", actions = ["glue:*"], resources = ["arn:aws:s3:::raw/*"] }] }
  expect_failures = [var.policy_statements]
}

run "every_action" {
  command = plan
  variables { policy_statements = [{ sid = "All", actions = ["*"], resources = ["arn:aws:s3:::raw/*"] }] }
  expect_failures = [var.policy_statements]
}

run "a_statement_without_a_resource" {
  command = plan
  variables { policy_statements = [{ sid = "None", actions = ["s3:GetObject"], resources = [] }] }
  expect_failures = [var.policy_statements]
}
