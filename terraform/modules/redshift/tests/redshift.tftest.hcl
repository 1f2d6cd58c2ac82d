mock_provider "aws" {
  source = "./tests/mocks"
}

run "the_namespace_is_encrypted_and_keeps_its_own_password" {
  command = plan

  assert {
    condition     = aws_redshiftserverless_namespace.this.namespace_name == "healthcare-claims-prod-claims" && aws_redshiftserverless_namespace.this.db_name == "claims"
    error_message = "the namespace is named by the prefix"
  }
  assert {
    condition     = aws_redshiftserverless_namespace.this.kms_key_id == var.kms_key_arn
    error_message = "data are encrypted with the key"
  }
  assert {
    condition = (
      aws_redshiftserverless_namespace.this.manage_admin_password
      && aws_redshiftserverless_namespace.this.admin_password_secret_kms_key_id == var.kms_key_arn
      && aws_redshiftserverless_namespace.this.admin_user_password == null
    )
    error_message = "Redshift makes the password; Terraform never knows it"
  }
  assert {
    condition     = aws_redshiftserverless_namespace.this.log_exports == toset(["connectionlog", "userlog"])
    error_message = "who came in is logged, what they asked is not"
  }
  assert {
    condition = jsonencode({
      for group in aws_cloudwatch_log_group.export : group.name => [group.kms_key_id, group.retention_in_days]
      }) == jsonencode({
      "/aws/redshift/healthcare-claims-prod-claims/connectionlog" = [var.kms_key_arn, 365]
      "/aws/redshift/healthcare-claims-prod-claims/userlog"       = [var.kms_key_arn, 365]
    })
    error_message = "logs are encrypted and kept for a year"
  }
  assert {
    condition     = aws_redshiftserverless_namespace.this.tags == tomap({ Owner = "data", Component = "redshift" })
    error_message = "tags are the caller's and the component's"
  }
}

run "the_workgroup_is_private_and_bounded" {
  command = plan

  assert {
    condition = (
      aws_redshiftserverless_workgroup.this.workgroup_name == "healthcare-claims-prod-claims"
      && aws_redshiftserverless_workgroup.this.enhanced_vpc_routing
      && !aws_redshiftserverless_workgroup.this.publicly_accessible
    )
    error_message = "the workgroup is reached within the VPC only, and stays within it"
  }
  assert {
    condition = (
      aws_redshiftserverless_workgroup.this.subnet_ids == toset(var.subnet_ids)
      && aws_redshiftserverless_workgroup.this.security_group_ids == toset(var.security_group_ids)
    )
    error_message = "subnets and security groups are the caller's"
  }
  assert {
    condition     = aws_redshiftserverless_workgroup.this.base_capacity == 8 && aws_redshiftserverless_workgroup.this.max_capacity == 64
    error_message = "it starts small and has a bound"
  }
  assert {
    condition = { for parameter in aws_redshiftserverless_workgroup.this.config_parameter : parameter.parameter_key => parameter.parameter_value } == {
      auto_mv                          = "true"
      datestyle                        = "ISO, MDY"
      enable_case_sensitive_identifier = "false"
      enable_user_activity_logging     = "false"
      max_query_execution_time         = "3600"
      query_group                      = "default"
      require_ssl                      = "true"
      search_path                      = "$user, public"
      use_fips_ssl                     = "false"
    }
    error_message = "TLS is required, and a query ends after an hour"
  }
}

run "queries_are_logged_where_asked" {
  command = plan

  variables {
    log_exports = ["useractivitylog"]
  }

  assert {
    condition = one([
      for parameter in aws_redshiftserverless_workgroup.this.config_parameter : parameter.parameter_value if parameter.parameter_key == "enable_user_activity_logging"
    ]) == "true"
    error_message = "queries are logged where their log is exported"
  }
  assert {
    condition     = keys(output.log_group_names) == ["useractivitylog"]
    error_message = "each exported log has its group"
  }
}

run "a_day_has_a_limit_unless_there_is_none" {
  command = apply

  assert {
    condition = (
      aws_redshiftserverless_usage_limit.compute[0].usage_type == "serverless-compute"
      && aws_redshiftserverless_usage_limit.compute[0].period == "daily"
      && aws_redshiftserverless_usage_limit.compute[0].amount == 40
      && aws_redshiftserverless_usage_limit.compute[0].breach_action == "deactivate"
      && aws_redshiftserverless_usage_limit.compute[0].resource_arn == aws_redshiftserverless_workgroup.this.arn
    )
    error_message = "after 40 RPU-hours of a day no more queries run"
  }
  assert {
    condition     = output.endpoint == "claims.123456789012.us-east-1.redshift-serverless.amazonaws.com"
    error_message = "the endpoint is told"
  }
}

run "the_limit_can_be_taken_away" {
  command = plan

  variables {
    usage_limit_rpu_hours = null
  }

  assert {
    condition     = length(aws_redshiftserverless_usage_limit.compute) == 0
    error_message = "null means no limit"
  }
}

run "the_published_tables_are_an_external_schema" {
  command = apply

  assert {
    condition = aws_redshiftdata_statement.external_schema[0].sql == join(" ", [
      "CREATE EXTERNAL SCHEMA IF NOT EXISTS lake FROM DATA CATALOG DATABASE 'healthcare_claims_prod'",
      "IAM_ROLE '${aws_iam_role.this.arn}'",
    ])
    error_message = "the schema is made once, over the Glue database, by the module's role"
  }
  assert {
    condition = (
      aws_redshiftdata_statement.external_schema[0].database == "claims"
      && aws_redshiftdata_statement.external_schema[0].workgroup_name == "healthcare-claims-prod-claims"
      && aws_redshiftdata_statement.external_schema[0].secret_arn == aws_redshiftserverless_namespace.this.admin_password_secret_arn
    )
    error_message = "the admin runs it, by the secret"
  }
}

run "the_external_schema_can_be_left_out" {
  command = plan

  variables {
    external_schema = false
  }

  assert {
    condition     = length(aws_redshiftdata_statement.external_schema) == 0
    error_message = "no statement is run"
  }
}

run "the_role_reads_the_published_tables_and_no_more" {
  command = plan

  assert {
    condition     = aws_iam_role.this.name == "healthcare-claims-prod-redshift"
    error_message = "the role is named by the prefix"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.this.statement : statement.sid => [sort(statement.actions), sort(statement.resources)]
      }) == jsonencode({
      ReadCatalog = [
        [
          "glue:BatchGetPartition", "glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions",
          "glue:GetTable", "glue:GetTables",
        ],
        [
          "arn:aws:glue:us-east-1:123456789012:catalog",
          "arn:aws:glue:us-east-1:123456789012:database/healthcare_claims_prod",
          "arn:aws:glue:us-east-1:123456789012:table/healthcare_claims_prod/*",
        ],
      ]
      ReadTables    = [["s3:GetObject"], ["arn:aws:s3:::healthcare-claims-prod-processed-123456789012/*"]]
      ListTables    = [["s3:GetBucketLocation", "s3:ListBucket"], ["arn:aws:s3:::healthcare-claims-prod-processed-123456789012"]]
      DecryptTables = [["kms:Decrypt"], var.data_kms_key_arns]
    })
    error_message = "nothing can be written, and no other zone read"
  }
  assert {
    condition     = one(one(data.aws_iam_policy_document.trust.statement[0].condition[*].values)) == "123456789012"
    error_message = "Redshift takes the role for this account alone"
  }
}

run "loads_are_possible_only_where_their_statements_are_given" {
  command = plan

  assert {
    condition = length(concat(
      aws_redshiftdata_statement.load_schema, aws_redshiftdata_statement.load_procedure,
      values(aws_redshiftdata_statement.load_grant),
    )) == 0
    error_message = "no statement is run"
  }
}

run "the_admin_makes_schema_procedure_and_grants" {
  command = apply

  variables {
    load_statements = { schema = "CREATE SCHEMA a;", procedure = "CREATE PROCEDURE b;", grants = { c = "GRANT c;", d = "GRANT d;" } }
  }

  assert {
    condition = [
      aws_redshiftdata_statement.load_schema[0].sql, aws_redshiftdata_statement.load_procedure[0].sql,
      aws_redshiftdata_statement.load_grant["c"].sql, aws_redshiftdata_statement.load_grant["d"].sql,
    ] == ["CREATE SCHEMA a;", "CREATE PROCEDURE b;", "GRANT c;", "GRANT d;"]
    error_message = "each statement is run as it is"
  }
  assert {
    condition = alltrue([
      for one in concat(
        aws_redshiftdata_statement.load_schema, aws_redshiftdata_statement.load_procedure,
        values(aws_redshiftdata_statement.load_grant),
      ) : one.secret_arn == aws_redshiftserverless_namespace.this.admin_password_secret_arn && one.database == "claims"
    ])
    error_message = "the admin runs them, by the secret"
  }
}
