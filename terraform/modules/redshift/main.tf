data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags = merge(var.tags, { Component = "redshift" })
  name = "${var.name_prefix}-claims"

  # All that Redshift sets by itself, too: what is left out would show as a change in every plan.
  parameters = {
    auto_mv                          = "true"
    datestyle                        = "ISO, MDY"
    enable_case_sensitive_identifier = "false"
    enable_user_activity_logging     = tostring(contains(var.log_exports, "useractivitylog"))
    max_query_execution_time         = tostring(var.max_query_seconds)
    query_group                      = "default"
    require_ssl                      = "true"
    search_path                      = "$user, public"
    use_fips_ssl                     = "false"
  }
}

resource "aws_redshiftserverless_namespace" "this" {
  namespace_name = local.name
  db_name        = var.database_name
  kms_key_id     = var.kms_key_arn

  admin_username                   = "claims_admin"
  manage_admin_password            = true
  admin_password_secret_kms_key_id = var.kms_key_arn

  iam_roles            = [aws_iam_role.this.arn]
  default_iam_role_arn = aws_iam_role.this.arn
  log_exports          = var.log_exports

  tags = local.tags

  depends_on = [aws_cloudwatch_log_group.export]
}

resource "aws_redshiftserverless_workgroup" "this" {
  workgroup_name = local.name
  namespace_name = aws_redshiftserverless_namespace.this.namespace_name

  base_capacity = var.base_capacity
  max_capacity  = var.max_capacity

  publicly_accessible  = false
  enhanced_vpc_routing = true
  subnet_ids           = var.subnet_ids
  security_group_ids   = var.security_group_ids

  dynamic "config_parameter" {
    for_each = local.parameters

    content {
      parameter_key   = config_parameter.key
      parameter_value = config_parameter.value
    }
  }

  tags = local.tags

  # Redshift adds parameters of its own that the provider then cannot set (its issue 49939), and every apply would fail.
  lifecycle {
    ignore_changes = [config_parameter]
  }
}

resource "aws_redshiftserverless_usage_limit" "compute" {
  count = var.usage_limit_rpu_hours == null ? 0 : 1

  resource_arn  = aws_redshiftserverless_workgroup.this.arn
  usage_type    = "serverless-compute"
  period        = "daily"
  amount        = var.usage_limit_rpu_hours
  breach_action = var.usage_limit_action
}

# Made before Redshift makes them, without key and for ever.
resource "aws_cloudwatch_log_group" "export" {
  #checkov:skip=CKV_AWS_338:How long logs are kept differs by environment (variable log_retention_days).
  for_each = var.log_exports

  name              = "/aws/redshift/${local.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}

resource "aws_redshiftdata_statement" "external_schema" {
  count = var.external_schema ? 1 : 0

  workgroup_name = aws_redshiftserverless_workgroup.this.workgroup_name
  database       = var.database_name
  secret_arn     = aws_redshiftserverless_namespace.this.admin_password_secret_arn
  statement_name = "${local.name}-external-schema"

  sql = join(" ", [
    "CREATE EXTERNAL SCHEMA IF NOT EXISTS ${var.external_schema_name}",
    "FROM DATA CATALOG DATABASE '${var.glue_database_name}'",
    "IAM_ROLE '${aws_iam_role.this.arn}'",
  ])

  depends_on = [aws_iam_role_policy.this]
}

# What loads: a schema, the procedure that is called with a run, and the right to call it. Each may run again, as Redshift
# forgets statements after a day and Terraform then runs them anew.
resource "aws_redshiftdata_statement" "load_schema" {
  count = var.load_statements == null ? 0 : 1

  workgroup_name = aws_redshiftserverless_workgroup.this.workgroup_name
  database       = var.database_name
  secret_arn     = aws_redshiftserverless_namespace.this.admin_password_secret_arn
  statement_name = "${local.name}-load-schema"
  sql            = var.load_statements.schema
}

resource "aws_redshiftdata_statement" "load_procedure" {
  count = var.load_statements == null ? 0 : 1

  workgroup_name = aws_redshiftserverless_workgroup.this.workgroup_name
  database       = var.database_name
  secret_arn     = aws_redshiftserverless_namespace.this.admin_password_secret_arn
  statement_name = "${local.name}-load-procedure"
  sql            = var.load_statements.procedure

  depends_on = [aws_redshiftdata_statement.load_schema, aws_redshiftdata_statement.external_schema]
}

resource "aws_redshiftdata_statement" "load_grant" {
  for_each = var.load_statements == null ? {} : var.load_statements.grants

  workgroup_name = aws_redshiftserverless_workgroup.this.workgroup_name
  database       = var.database_name
  secret_arn     = aws_redshiftserverless_namespace.this.admin_password_secret_arn
  statement_name = "${local.name}-load-grant-${each.key}"
  sql            = each.value

  # a procedure that is made anew keeps its grants; one that was dropped by hand does not
  depends_on = [aws_redshiftdata_statement.load_procedure]
}
