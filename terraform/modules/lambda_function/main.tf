data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags           = merge(var.tags, { Component = "lambda_function" })
  function_name  = "${var.name_prefix}-${var.name}"
  log_group_name = "/aws/lambda/${local.function_name}"
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_117:A VPC is the caller's choice (variable vpc): it costs interface endpoints.
  #checkov:skip=CKV_AWS_272:The package is pinned by its hash and comes from the project's own private, versioned bucket.

  function_name = local.function_name
  description   = var.description
  role          = aws_iam_role.execution.arn

  s3_bucket        = var.package.bucket
  s3_key           = var.package.key
  source_code_hash = var.package.sha256_base64
  handler          = var.handler
  runtime          = var.runtime
  architectures    = [var.architecture]
  layers           = var.layer_arns

  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)

  publish     = true
  kms_key_arn = var.kms_key_arn

  # Without it destroy waits up to 45 minutes for the network interfaces to let go of the security groups.
  replace_security_groups_on_destroy = var.vpc == null ? null : true

  dead_letter_config {
    target_arn = var.dead_letter_arn
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function.name
    application_log_level = var.log_level
    system_log_level      = "INFO" # the level of platform.report, which queries of durations read
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tags = local.tags

  # Lambda tries the role's permissions when the function is made, and needs them to remove its network interfaces.
  depends_on = [aws_iam_role_policy.execution]
}

resource "aws_cloudwatch_log_group" "function" {
  #checkov:skip=CKV_AWS_338:How long logs are kept differs by environment (variable log_retention_days).

  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}

resource "aws_lambda_alias" "live" {
  name             = var.alias
  description      = "The version that is called; callers name this alias, never a version."
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  dynamic "routing_config" {
    for_each = var.canary == null ? [] : [var.canary]

    content {
      additional_version_weights = { (routing_config.value.version) = routing_config.value.weight }
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "live" {
  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = var.maximum_retries
  maximum_event_age_in_seconds = var.maximum_event_age_seconds
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  count = var.provisioned_concurrency > 0 ? 1 : 0

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = var.provisioned_concurrency
}
