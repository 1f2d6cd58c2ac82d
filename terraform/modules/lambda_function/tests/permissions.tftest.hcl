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

run "the_role_may_do_its_own_work_only" {
  command = plan

  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.execution.statement : statement.sid => sort(statement.actions)
      }) == jsonencode({
      WriteOwnLogs          = ["logs:CreateLogStream", "logs:PutLogEvents"]
      SendToDeadLetters     = ["sqs:SendMessage"]
      EncryptDeadLetters    = ["kms:Decrypt", "kms:GenerateDataKey"]
      DecryptOwnEnvironment = ["kms:Decrypt"]
      SendTraces            = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      ReadRaw               = ["s3:GetObject"]
    })
    error_message = "the role's actions are others than its own and the caller's"
  }
  assert {
    condition = {
      for statement in data.aws_iam_policy_document.execution.statement : statement.sid => one(statement.resources)
      } == {
      WriteOwnLogs          = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/healthcare-claims-dev-data-validation:*"
      SendToDeadLetters     = var.dead_letter_arn
      EncryptDeadLetters    = var.kms_key_arn
      DecryptOwnEnvironment = var.kms_key_arn
      SendTraces            = "*"
      ReadRaw               = "arn:aws:s3:::raw/*"
    }
    error_message = "the role reaches other resources than its own and the caller's"
  }
  assert {
    condition = {
      for statement in data.aws_iam_policy_document.execution.statement :
      statement.sid => { for condition in statement.condition : condition.variable => one(condition.values) }
      if length(statement.condition) > 0
      } == {
      EncryptDeadLetters = { "kms:ViaService" = "sqs.us-east-1.amazonaws.com" }
      DecryptOwnEnvironment = {
        "kms:EncryptionContext:aws:lambda:FunctionArn" = "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-data-validation"
      }
      ReadRaw = { "aws:ResourceAccount" = "123456789012" }
    }
    error_message = "the key serves dead letters and the function's own environment only; the caller's conditions are kept"
  }
  assert {
    condition = (
      tolist(one(one(data.aws_iam_policy_document.trust.statement).principals).identifiers) == tolist(["lambda.amazonaws.com"])
      && one(one(data.aws_iam_policy_document.trust.statement).condition).variable == "aws:SourceAccount"
      && tolist(one(one(data.aws_iam_policy_document.trust.statement).condition).values) == tolist(["123456789012"])
    )
    error_message = "Lambda assumes the role for this account only"
  }
}

run "without_tracing_no_traces_are_sent" {
  command = plan
  variables { tracing = false }

  assert {
    condition     = one(aws_lambda_function.this.tracing_config).mode == "PassThrough"
    error_message = "X-Ray is off"
  }
  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.execution.statement : !contains(statement.resources, "*")
    ])
    error_message = "without tracing and VPC nothing is allowed on everything"
  }
}

run "dead_letters_may_have_another_key" {
  command = plan
  variables { dead_letter_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/99999999-2222-3333-4444-555555555555" }

  assert {
    condition = one([
      for statement in data.aws_iam_policy_document.execution.statement : one(statement.resources)
      if statement.sid == "EncryptDeadLetters"
    ]) == var.dead_letter_kms_key_arn
    error_message = "dead letters are encrypted with their queue's key"
  }
}

run "in_a_vpc_lambda_manages_interfaces_and_the_code_does_not" {
  command = plan
  variables { vpc = { subnet_ids = ["subnet-a", "subnet-b"], security_group_ids = ["sg-compute"] } }

  assert {
    condition = (one(aws_lambda_function.this.vpc_config).subnet_ids == toset(["subnet-a", "subnet-b"])
      && one(aws_lambda_function.this.vpc_config).security_group_ids == toset(["sg-compute"])
    && aws_lambda_function.this.replace_security_groups_on_destroy)
    error_message = "the function is in the given subnets, and lets go of its groups when it is destroyed"
  }
  assert {
    condition = one([
      for statement in data.aws_iam_policy_document.execution.statement : toset(statement.resources)
      if contains(statement.actions, "ec2:CreateNetworkInterface") && statement.effect != "Deny"
      ]) == toset([
      "arn:aws:ec2:us-east-1:123456789012:network-interface/*", "arn:aws:ec2:us-east-1:123456789012:security-group/sg-compute",
      "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-a", "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-b"
    ])
    error_message = "interfaces are made in the given subnets and groups only"
  }
  assert {
    condition = one([
      for statement in data.aws_iam_policy_document.execution.statement : sort(statement.actions)
      if statement.sid == "ManageInterfaces"
      ]) == sort([
      "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"
    ])
    error_message = "Lambda lacks an action that it needs for interfaces"
  }
  assert {
    condition = jsonencode([
      for statement in data.aws_iam_policy_document.execution.statement :
      [for condition in statement.condition : [condition.test, condition.variable, one(condition.values)]]
      if statement.effect == "Deny" && contains(statement.actions, "ec2:DeleteNetworkInterface")
      ]) == jsonencode([[[
        "ArnEquals", "lambda:SourceFunctionArn",
        "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-data-validation"
    ]]])
    error_message = "the function's own code can delete network interfaces"
  }
}
