mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/made" }
  }
}

variables {
  name_prefix          = "healthcare-claims-dev"
  tags                 = { Owner = "data-team" }
  repository           = "our-company/claims"
  environment          = "dev"
  deploy_policy_arns   = ["arn:aws:iam::123456789012:policy/deploys-claims"]
  plans                = true
  readable_object_arns = ["arn:aws:s3:::healthcare-claims-dev-tfstate-123456789012/terraform.tfstate"]
  state_kms_key_arns   = ["arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"]
}

run "each_role_is_for_jobs_of_one_kind" {
  assert {
    condition = {
      for name, document in data.aws_iam_policy_document.trust : name => {
        actions   = one(document.statement[*].actions)
        federated = one(one(document.statement[*].principals)).identifiers
        asked     = { for condition in one(document.statement[*].condition) : "${condition.test} ${condition.variable}" => one(condition.values) }
      }
      } == {
      for name, subject in { deploy = "repo:our-company/claims:environment:dev", plan = "repo:our-company/claims:pull_request" } : name => {
        actions                     = toset(["sts:AssumeRoleWithWebIdentity"])
        federated                   = toset(["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"])
        asked = {
          "StringEquals token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "StringEquals token.actions.githubusercontent.com:sub" = subject
        }
      }
    }
    error_message = "The deploy role is for one environment, the plan role for pull requests, both of one repository."
  }
  assert {
    condition = { for name, role in aws_iam_role.workflow : name => [role.name, role.max_session_duration, role.tags.Component] } == {
      deploy = ["healthcare-claims-dev-github-deploy", 3600, "github_oidc"]
      plan   = ["healthcare-claims-dev-github-plan", 3600, "github_oidc"]
    }
    error_message = "Roles last an hour and have names and tags."
  }
  assert {
    condition = toset([for one in aws_iam_role_policy_attachment.workflow : "${one.role} ${one.policy_arn}"]) == toset([
      "healthcare-claims-dev-github-deploy arn:aws:iam::123456789012:policy/deploys-claims",
      "healthcare-claims-dev-github-plan arn:aws:iam::aws:policy/ReadOnlyAccess",
    ])
    error_message = "Each role has its policies."
  }
  assert {
    condition     = output.deploy_role_arn != null && output.plan_role_arn != null && one(aws_iam_openid_connect_provider.github[*].client_id_list) == toset(["sts.amazonaws.com"])
    error_message = "The outputs are what GitHub is told; the provider is for AWS's own audience."
  }
}

run "a_plan_reads_no_data" {
  assert {
    condition = {
      for one in data.aws_iam_policy_document.plan.statement : "${coalesce(one.effect, "Allow")} ${one.sid}" => coalesce(one.not_resources, one.resources)
      } == {
      "Deny NoObjectsButStateAndArtifacts" = toset(var.readable_object_arns)
      "Deny NoDataElsewhere"               = toset(["*"])
      "Allow ReadState"                    = toset(var.state_kms_key_arns)
    }
    error_message = "Objects are refused but those that are named; the key of the state is allowed."
  }
  assert {
    condition = length(setsubtract(
      ["athena:GetQueryResults*", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "logs:GetLogEvents", "sqs:ReceiveMessage", "secretsmanager:GetSecretValue"],
      one([for one in data.aws_iam_policy_document.plan.statement : one.actions if one.sid == "NoDataElsewhere"]),
    )) == 0
    error_message = "Items, messages, logs, results and secrets are refused."
  }
}

run "an_account_that_has_the_provider_keeps_it_and_plans_are_a_toggle" {
  command = plan
  variables {
    provider_arn         = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    environment          = "prod"
    plans                = false
    readable_object_arns = []
    state_kms_key_arns   = []
  }
  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && keys(aws_iam_role.workflow) == ["deploy"] && length(aws_iam_role_policy.plan) == 0
    error_message = "No second provider, and no role for plans."
  }
  assert {
    condition     = output.plan_role_arn == null && output.provider_arn == var.provider_arn
    error_message = "The outputs say so."
  }
}

run "refuses_values_out_of_form" {
  command = plan
  variables {
    name_prefix          = "1claims"
    repository           = "our-company/*"
    environment          = "production"
    provider_arn         = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
    deploy_policy_arns   = []
    readable_object_arns = ["arn:aws:s3:::*"]
    state_kms_key_arns   = []
  }
  expect_failures = [
    var.name_prefix, var.repository, var.environment, var.provider_arn, var.deploy_policy_arns, var.readable_object_arns, var.state_kms_key_arns,
  ]
}
