data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags = merge(var.tags, { Component = "claims_pipeline" })

  state_machine_name = "${var.name_prefix}-claims-pipeline"

  # From the name, not from the resource: the role must be able to use the key before the state machine is made.
  arn_start         = "arn:${data.aws_partition.current.partition}"
  arn_scope         = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  state_machine_arn = "${local.arn_start}:states:${local.arn_scope}:stateMachine:${local.state_machine_name}"

  definition_values = merge(var.state_machine_definition.values, {
    partition       = data.aws_partition.current.partition
    manifest_bucket = var.manifest_store.name
    manifest_prefix = var.manifest_store.prefix
  })
}

resource "aws_sfn_state_machine" "claims" {
  #checkov:skip=CKV_AWS_285:Inputs hold object keys, which can hold a person's name: errors are logged, execution data is not.

  name       = local.state_machine_name
  type       = "STANDARD"
  role_arn   = aws_iam_role.state_machine.arn
  definition = templatefile(var.state_machine_definition.template_path, local.definition_values)

  encryption_configuration {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = var.kms_key_arn
    kms_data_key_reuse_period_seconds = 300
  }

  logging_configuration {
    level                  = var.log_level
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  tags = local.tags

  # Step Functions tries key and log delivery when it makes the state machine.
  depends_on = [aws_iam_role_policy.state_machine]
}

resource "aws_cloudwatch_log_group" "state_machine" {
  #checkov:skip=CKV_AWS_338:How long logs are kept differs by environment (variable log_retention_days).

  # Below /aws/vendedlogs/ the account's one resource policy for log delivery does not grow with every group.
  name              = "/aws/vendedlogs/states/${local.state_machine_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}
