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
  environment     = { ENVIRONMENT = "dev" }
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  dead_letter_arn = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-failures"
  tags            = { Owner = "data" }
  policy_statements = [{
    sid       = "ReadRaw"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::raw/*"]
    conditions = [{
      test = "StringEquals", variable = "aws:ResourceAccount", values = ["123456789012"]
    }]
  }]
}

run "a_function_is_as_the_product_promises" {
  command = plan

  assert {
    condition = [
      aws_lambda_function.this.function_name, aws_iam_role.execution.name, aws_cloudwatch_log_group.function.name
      ] == [
      "healthcare-claims-dev-data-validation", "healthcare-claims-dev-data-validation",
      "/aws/lambda/healthcare-claims-dev-data-validation"
    ]
    error_message = "function, role and log group are named by prefix and name"
  }
  assert {
    condition = [
      aws_lambda_function.this.runtime, one(aws_lambda_function.this.architectures), tostring(aws_lambda_function.this.memory_size),
      tostring(aws_lambda_function.this.timeout), tostring(aws_lambda_function.this.reserved_concurrent_executions)
    ] == ["python3.11", "arm64", "512", "300", "-1"]
    error_message = "the defaults are Python 3.11 on arm64, 512 MB, five minutes, no reserved concurrency"
  }
  assert {
    condition     = aws_lambda_function.this.source_code_hash == var.package.sha256_base64 && aws_lambda_function.this.publish
    error_message = "changed code publishes a version"
  }
  assert {
    condition     = aws_lambda_function.this.kms_key_arn == var.kms_key_arn && aws_cloudwatch_log_group.function.kms_key_id == var.kms_key_arn
    error_message = "environment and logs are encrypted with the given key"
  }
  assert {
    condition     = one(aws_lambda_function.this.dead_letter_config).target_arn == var.dead_letter_arn
    error_message = "failed calls go to the dead-letter queue"
  }
  assert {
    condition     = one(aws_lambda_function.this.tracing_config).mode == "Active"
    error_message = "X-Ray is on"
  }
  assert {
    condition = (one(aws_lambda_function.this.logging_config).log_format == "JSON"
      && one(aws_lambda_function.this.logging_config).log_group == "/aws/lambda/healthcare-claims-dev-data-validation"
    && one(aws_lambda_function.this.logging_config).system_log_level == "INFO")
    error_message = "logs are JSON, in the function's own group, durations included"
  }
  assert {
    condition     = aws_cloudwatch_log_group.function.retention_in_days == 90
    error_message = "logs are kept 90 days"
  }
  assert {
    condition     = one(aws_lambda_function.this.environment).variables == tomap({ ENVIRONMENT = "dev" })
    error_message = "the environment is the caller's"
  }
  assert {
    condition = alltrue([
      for tags in [aws_lambda_function.this.tags, aws_iam_role.execution.tags, aws_cloudwatch_log_group.function.tags] :
      tags == tomap({ Owner = "data", Component = "lambda_function" })
    ])
    error_message = "a resource lacks its tags"
  }
  assert {
    condition = (length(aws_lambda_function.this.vpc_config) == 0
      && aws_lambda_function.this.replace_security_groups_on_destroy == null
    && length(aws_lambda_provisioned_concurrency_config.live) == 0)
    error_message = "what costs extra is off"
  }
}

run "calls_go_to_the_alias_of_the_newest_version" {
  assert {
    condition     = aws_lambda_alias.live.name == "live" && aws_lambda_alias.live.function_version == aws_lambda_function.this.version
    error_message = "the alias points to what was published last"
  }
  assert {
    condition     = length(aws_lambda_alias.live.routing_config) == 0
    error_message = "no other version gets calls"
  }
  assert {
    condition = (aws_lambda_function_event_invoke_config.live.qualifier == "live"
      && aws_lambda_function_event_invoke_config.live.maximum_retry_attempts == 2
    && aws_lambda_function_event_invoke_config.live.maximum_event_age_in_seconds == 21600)
    error_message = "asynchronous calls of the alias are tried three times within six hours"
  }
  assert {
    condition = [output.function_name, output.alias_name, output.log_group_name, output.role_name] == [
      "healthcare-claims-dev-data-validation", "live",
      "/aws/lambda/healthcare-claims-dev-data-validation", "healthcare-claims-dev-data-validation"
    ]
    error_message = "outputs name what was made"
  }
  assert {
    condition = ([output.alias_arn, output.function_arn, output.role_arn, output.version, output.log_group_arn] ==
      [aws_lambda_alias.live.arn, aws_lambda_function.this.arn, aws_iam_role.execution.arn,
    aws_lambda_function.this.version, aws_cloudwatch_log_group.function.arn])
    error_message = "outputs point to what was made"
  }
}

run "a_canary_shares_the_calls" {
  command = plan
  variables { canary = { version = "7", weight = 0.9 } }

  assert {
    condition     = one(aws_lambda_alias.live.routing_config).additional_version_weights == tomap({ "7" = 0.9 })
    error_message = "the named version gets its share"
  }
}

run "warm_environments_are_a_toggle" {
  command = plan
  variables {
    provisioned_concurrency = 2
    reserved_concurrency    = 100
  }

  assert {
    condition = (one(aws_lambda_provisioned_concurrency_config.live).provisioned_concurrent_executions == 2
    && one(aws_lambda_provisioned_concurrency_config.live).qualifier == "live")
    error_message = "the alias has warm environments"
  }
  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 100
    error_message = "concurrency is reserved"
  }
}

run "a_function_may_be_stopped" {
  command = plan
  variables {
    reserved_concurrency = 0
    environment          = {}
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 0
    error_message = "a reserved concurrency of 0 stops the function"
  }
  assert {
    condition     = length(aws_lambda_function.this.environment) == 0
    error_message = "no environment, no block: an empty one drifts"
  }
}
