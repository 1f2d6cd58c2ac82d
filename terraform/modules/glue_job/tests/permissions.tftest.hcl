mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix       = "healthcare-claims-dev"
  name              = "process-medical-claims"
  description       = "Publishes claims."
  script_location   = "s3://artifacts/glue/job-0123abcd.py"
  extra_py_files    = ["s3://artifacts/glue/ours-0123abcd.whl"]
  temp_dir          = "s3://temp/glue/"
  catalog_warehouse = "s3://processed/processed"
  arguments         = { "--lake" = "s3://processed" }
  kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags              = { Owner = "data" }
  policy_statements = [{
    sid       = "ReadRaw"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::raw/*"]
    conditions = [{
      test = "StringEquals", variable = "aws:ResourceAccount", values = ["123456789012"]
    }]
  }]
}

run "the_role_may_do_its_own_work_only" {
  command = plan

  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.job.statement : statement.sid => sort(statement.actions)
      }) == jsonencode({
      WriteOwnLogs              = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      PutGlueMetrics            = ["cloudwatch:PutMetricData"]
      ReadSecurityConfiguration = ["glue:GetSecurityConfiguration"]
      ReadOwnJob                = ["glue:GetJob"]
      ReadOwnCode               = ["s3:GetObject"]
      UseTempFolder             = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      ListTempFolder            = ["s3:ListBucket"]
      EncryptThroughS3          = ["kms:Decrypt", "kms:GenerateDataKey"]
      ReadRaw                   = ["s3:GetObject"]
    })
    error_message = "the role's actions are others than its own and the caller's"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.job.statement : statement.sid => sort(statement.resources)
      }) == jsonencode({
      WriteOwnLogs              = ["arn:aws:logs:us-east-1:123456789012:log-group:/aws-glue/jobs/healthcare-claims-dev-process-medical-claims/*"]
      PutGlueMetrics            = ["*"]
      ReadSecurityConfiguration = ["*"]
      ReadOwnJob                = ["arn:aws:glue:us-east-1:123456789012:job/healthcare-claims-dev-process-medical-claims"]
      ReadOwnCode               = ["arn:aws:s3:::artifacts/glue/job-0123abcd.py", "arn:aws:s3:::artifacts/glue/ours-0123abcd.whl"]
      UseTempFolder             = ["arn:aws:s3:::temp/glue/*"]
      ListTempFolder            = ["arn:aws:s3:::temp"]
      EncryptThroughS3          = [var.kms_key_arn]
      ReadRaw                   = ["arn:aws:s3:::raw/*"]
    })
    error_message = "the role reaches other resources than its own and the caller's"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.job.statement :
      statement.sid => { for condition in statement.condition : condition.variable => condition.values }
      if length(statement.condition) > 0
      }) == jsonencode({
      PutGlueMetrics   = { "cloudwatch:namespace" = ["Glue"] }
      ListTempFolder   = { "s3:prefix" = ["glue", "glue/*"] }
      EncryptThroughS3 = { "kms:ViaService" = ["s3.us-east-1.amazonaws.com"] }
      ReadRaw          = { "aws:ResourceAccount" = ["123456789012"] }
    })
    error_message = "metrics, listing and the key are bounded; the caller's conditions are kept"
  }
  assert {
    condition = jsonencode([
      for statement in data.aws_iam_policy_document.trust.statement : [
        [for principal in statement.principals : principal.identifiers],
        { for condition in statement.condition : condition.variable => condition.values }
      ]
      ]) == jsonencode([[
        [["glue.amazonaws.com"]],
        { "aws:SourceAccount" = ["123456789012"], "aws:SourceArn" = ["arn:aws:glue:us-east-1:123456789012:*"] }
    ]])
    error_message = "Glue assumes the role for this account only"
  }
}

run "a_whole_bucket_may_be_the_temp_folder" {
  command = plan
  variables { temp_dir = "s3://temp" }

  assert {
    condition = jsonencode([
      for statement in data.aws_iam_policy_document.job.statement : [statement.resources, statement.condition]
      if contains(["UseTempFolder", "ListTempFolder"], statement.sid)
    ]) == jsonencode([[["arn:aws:s3:::temp/*"], []], [["arn:aws:s3:::temp"], []]])
    error_message = "without a folder the role lists the whole bucket"
  }
}

run "in_a_vpc_the_job_has_a_connection_and_manages_its_interfaces" {
  variables {
    vpc = { subnet_id = "subnet-a", security_group_ids = ["sg-compute"], availability_zone = "us-east-1a" }
  }

  assert {
    condition = jsonencode([
      for requirement in one(aws_glue_connection.network).physical_connection_requirements :
      [requirement.subnet_id, requirement.security_group_id_list, requirement.availability_zone]
    ]) == jsonencode([["subnet-a", ["sg-compute"], "us-east-1a"]])
    error_message = "the connection leads to the given subnet and groups"
  }
  assert {
    condition = (one(aws_glue_connection.network).connection_type == "NETWORK"
      && output.connection_name == "healthcare-claims-dev-process-medical-claims"
    && aws_glue_job.this.connections == tolist([output.connection_name]))
    error_message = "the job uses its connection"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.job.statement : statement.sid => [sort(statement.actions), sort(statement.resources)]
      if anytrue([for action in statement.actions : startswith(action, "ec2:") || action == "glue:GetConnection"])
      }) == jsonencode({
      ReadOwnConnection = [["glue:GetConnection"], [
        "arn:aws:glue:us-east-1:123456789012:catalog",
        "arn:aws:glue:us-east-1:123456789012:connection/healthcare-claims-dev-process-medical-claims"
      ]]
      DescribeNetwork = [[
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints"
      ], ["*"]]
      CreateInterfacesInOwnSubnet = [["ec2:CreateNetworkInterface"], [
        "arn:aws:ec2:us-east-1:123456789012:network-interface/*", "arn:aws:ec2:us-east-1:123456789012:security-group/sg-compute",
        "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-a"
      ]]
      DeleteInterfaces = [["ec2:DeleteNetworkInterface"], ["arn:aws:ec2:us-east-1:123456789012:network-interface/*"]]
      TagInterfaces    = [["ec2:CreateTags", "ec2:DeleteTags"], ["arn:aws:ec2:us-east-1:123456789012:network-interface/*"]]
    })
    error_message = "the role manages interfaces in its subnet and reads its connection, no more"
  }
  assert {
    condition = jsonencode([
      for statement in data.aws_iam_policy_document.job.statement :
      [for condition in statement.condition : [condition.test, condition.variable, one(condition.values)]]
      if statement.sid == "TagInterfaces"
    ]) == jsonencode([[["ForAllValues:StringEquals", "aws:TagKeys", "aws-glue-service-resource"]]])
    error_message = "the role sets other tags than Glue's"
  }
}
