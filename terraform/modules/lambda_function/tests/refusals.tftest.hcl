# Each run gives one value that the module must refuse.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-dev"
  name        = "data-validation"
  description = "Checks files."
  package = {
    bucket        = "healthcare-claims-dev-artifacts-123456789012"
    key           = "lambdas/data_validation-0123abcd.zip"
    sha256_base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  }
  handler         = "lambdas.data_validation.handler.handle"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  dead_letter_arn = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-failures"
}

run "a_bad_prefix" {
  command = plan
  variables { name_prefix = "Claims_Dev" }
  expect_failures = [var.name_prefix]
}

run "a_name_with_an_underscore" {
  command = plan
  variables { name = "data_validation" }
  expect_failures = [var.name]
}

run "a_name_too_long_with_its_prefix" {
  command = plan
  variables { name = "a-function-whose-name-goes-on-and-on-till-it-fails" }
  expect_failures = [var.name]
}

run "an_empty_description" {
  command = plan
  variables { description = "" }
  expect_failures = [var.description]
}

run "a_package_that_is_no_zip" {
  command = plan
  variables { package = { bucket = "artifacts", key = "code.tar", sha256_base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" } }
  expect_failures = [var.package]
}

run "a_hash_in_hexadecimal" {
  command = plan
  variables { package = { bucket = "artifacts", key = "code.zip", sha256_base64 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } }
  expect_failures = [var.package]
}

run "a_handler_without_a_function" {
  command = plan
  variables { handler = "handler" }
  expect_failures = [var.handler]
}

run "an_old_runtime" {
  command = plan
  variables { runtime = "python3.9" }
  expect_failures = [var.runtime]
}

run "an_unknown_architecture" {
  command = plan
  variables { architecture = "arm" }
  expect_failures = [var.architecture]
}

run "a_layer_without_a_version" {
  command = plan
  variables { layer_arns = ["arn:aws:lambda:us-east-1:123456789012:layer:packages"] }
  expect_failures = [var.layer_arns]
}

run "too_little_memory" {
  command = plan
  variables { memory_mb = 64 }
  expect_failures = [var.memory_mb]
}

run "more_than_fifteen_minutes" {
  command = plan
  variables { timeout_seconds = 901 }
  expect_failures = [var.timeout_seconds]
}

run "a_variable_with_a_hyphen" {
  command = plan
  variables { environment = { "MY-NAME" = "x" } }
  expect_failures = [var.environment]
}

run "a_variable_that_lambda_keeps" {
  command = plan
  variables { environment = { AWS_REGION = "us-east-1" } }
  expect_failures = [var.environment]
}

run "an_environment_over_four_kilobytes" {
  command = plan
  variables { environment = { TEXT = format("%04096d", 0) } }
  expect_failures = [var.environment]
}

run "an_alias_as_key" {
  command = plan
  variables { kms_key_arn = "alias/data" }
  expect_failures = [var.kms_key_arn]
}

run "a_negative_reserve" {
  command = plan
  variables { reserved_concurrency = -1 }
  expect_failures = [var.reserved_concurrency]
}

run "a_negative_number_of_warm_environments" {
  command = plan
  variables { provisioned_concurrency = -1 }
  expect_failures = [var.provisioned_concurrency]
}

run "more_warm_environments_than_reserved" {
  command = plan
  variables {
    provisioned_concurrency = 3
    reserved_concurrency    = 2
  }
  expect_failures = [var.provisioned_concurrency]
}

run "warm_environments_beside_a_canary" {
  command = plan
  variables {
    provisioned_concurrency = 1
    canary                  = { version = "7", weight = 0.9 }
  }
  expect_failures = [var.provisioned_concurrency]
}

run "three_retries" {
  command = plan
  variables { maximum_retries = 3 }
  expect_failures = [var.maximum_retries]
}

run "an_age_of_more_than_six_hours" {
  command = plan
  variables { maximum_event_age_seconds = 21601 }
  expect_failures = [var.maximum_event_age_seconds]
}

run "a_topic_for_dead_letters" {
  command = plan
  variables { dead_letter_arn = "arn:aws:sns:us-east-1:123456789012:failures" }
  expect_failures = [var.dead_letter_arn]
}

run "an_alias_as_key_of_dead_letters" {
  command = plan
  variables { dead_letter_kms_key_arn = "alias/data" }
  expect_failures = [var.dead_letter_kms_key_arn]
}

run "a_retention_that_cloudwatch_lacks" {
  command = plan
  variables { log_retention_days = 100 }
  expect_failures = [var.log_retention_days]
}

run "an_unknown_log_level" {
  command = plan
  variables { log_level = "verbose" }
  expect_failures = [var.log_level]
}

run "an_alias_that_looks_like_a_version" {
  command = plan
  variables { alias = "7" }
  expect_failures = [var.alias]
}

run "a_canary_that_is_no_version" {
  command = plan
  variables { canary = { version = "$LATEST", weight = 0.1 } }
  expect_failures = [var.canary]
}

run "a_canary_with_all_calls" {
  command = plan
  variables { canary = { version = "7", weight = 1 } }
  expect_failures = [var.canary]
}

run "a_vpc_without_a_group" {
  command = plan
  variables { vpc = { subnet_ids = ["subnet-a"], security_group_ids = [] } }
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
  variables { policy_statements = [{ sid = "All", actions = ["s3:*"], resources = ["arn:aws:s3:::raw/*"] }] }
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
