mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name_prefix = "healthcare-claims-test"
  name        = "data"
  description = "Claims data"
  tags        = { Owner = "data-team" }
}

run "key_is_named_rotated_and_tagged" {
  assert {
    condition     = aws_kms_alias.this.name == "alias/healthcare-claims-test-data" && output.alias_name == aws_kms_alias.this.name
    error_message = "The alias is alias/<name_prefix>-<name>."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.rotation_period_in_days == 365
    error_message = "The key is rotated every year."
  }
  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30 && !aws_kms_key.this.multi_region
    error_message = "A deleted key can be saved for 30 days, and the key is of one region."
  }
  assert {
    condition     = aws_kms_key.this.tags == tomap({ Owner = "data-team", Component = "kms_key" })
    error_message = "The key has the given tags and its component."
  }
  assert {
    condition     = output.key_arn == aws_kms_key.this.arn && output.key_id == aws_kms_key.this.key_id && output.alias_arn == aws_kms_alias.this.arn
    error_message = "The outputs are the key's and the alias's own."
  }
}

run "account_alone_administers_by_default" {
  assert {
    condition     = length(data.aws_iam_policy_document.key.statement) == 1
    error_message = "Without services the policy has the account's statement only."
  }
  assert {
    condition     = flatten([for p in data.aws_iam_policy_document.key.statement[0].principals : tolist(p.identifiers)]) == ["arn:aws:iam::123456789012:root"]
    error_message = "The account's root administers the key, and nobody else."
  }
}

run "settings_reach_the_key" {
  variables {
    deletion_window_days = 7
    rotation_days        = 90
    multi_region         = true
  }
  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 7 && aws_kms_key.this.rotation_period_in_days == 90 && aws_kms_key.this.multi_region
    error_message = "Window, rotation and multi_region are as given."
  }
}

run "services_get_what_they_need_and_no_more" {
  variables {
    services = [
      { principal = "sns.amazonaws.com" },
      { principal = "logs.amazonaws.com" },
      { principal = "cloudtrail.amazonaws.com" },
      {
        principal  = "delivery.logs.amazonaws.com"
        actions    = ["kms:Encrypt"]
        conditions = [{ test = "ArnLike", variable = "aws:SourceArn", values = ["arn:aws:logs:us-east-1:123456789012:*"] }]
      },
    ]
  }
  assert {
    condition = { for s in slice(data.aws_iam_policy_document.key.statement, 1, 5) : s.sid => join(" ", sort(s.actions)) } == {
      AllowSns          = "kms:Decrypt kms:GenerateDataKey*"
      AllowLogs         = "kms:Decrypt kms:Describe* kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*"
      AllowCloudtrail   = "kms:DescribeKey kms:GenerateDataKey*"
      AllowDeliveryLogs = "kms:Encrypt"
    }
    error_message = "Each service has the actions it is known to need, or those that are given."
  }
  assert {
    condition = { for s in slice(data.aws_iam_policy_document.key.statement, 1, 5) : s.sid => one(one(s.principals).identifiers) } == {
      AllowSns          = "sns.amazonaws.com"
      AllowLogs         = "logs.us-east-1.amazonaws.com"
      AllowCloudtrail   = "cloudtrail.amazonaws.com"
      AllowDeliveryLogs = "delivery.logs.amazonaws.com"
    }
    error_message = "CloudWatch Logs comes under its region's name, all others under their own."
  }
  assert {
    condition = { for s in slice(data.aws_iam_policy_document.key.statement, 1, 5) : s.sid => { for c in s.condition : "${c.test} ${c.variable}" => one(c.values) } } == {
      AllowSns  = { "StringEqualsIfExists aws:SourceAccount" = "123456789012" }
      AllowLogs = { "ArnLike kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:us-east-1:123456789012:log-group:*" }
      AllowCloudtrail = {
        "StringEqualsIfExists aws:SourceAccount"                      = "123456789012"
        "StringLikeIfExists kms:EncryptionContext:aws:cloudtrail:arn" = "arn:aws:cloudtrail:*:123456789012:trail/*"
      }
      AllowDeliveryLogs = {
        "StringEqualsIfExists aws:SourceAccount" = "123456789012"
        "ArnLike aws:SourceArn"                  = "arn:aws:logs:us-east-1:123456789012:*"
      }
    }
    error_message = "Each service is bound to this account, with the given conditions beside."
  }
  assert {
    condition     = alltrue([for s in data.aws_iam_policy_document.key.statement : alltrue([for p in s.principals : !contains(p.identifiers, "*")])])
    error_message = "No statement is for everybody."
  }
}

run "refuses_values_out_of_form_and_range" {
  command = plan
  variables {
    name_prefix          = "Claims_"
    name                 = "alias/data"
    description          = " "
    deletion_window_days = 6
    rotation_days        = 2561
    services             = [{ principal = "*" }]
  }
  expect_failures = [
    var.name_prefix, var.name, var.description, var.deletion_window_days, var.rotation_days, var.services,
  ]
}

run "refuses_a_service_named_twice" {
  command = plan
  variables {
    services = [{ principal = "sns.amazonaws.com" }, { principal = "sns.amazonaws.com", actions = ["kms:Encrypt"] }]
  }
  expect_failures = [var.services]
}

run "refuses_every_action" {
  command = plan
  variables {
    services = [{ principal = "sns.amazonaws.com", actions = ["kms:*"] }]
  }
  expect_failures = [var.services]
}

run "refuses_a_service_without_actions" {
  command = plan
  variables {
    services = [{ principal = "sns.amazonaws.com", actions = [] }]
  }
  expect_failures = [var.services]
}

run "refuses_a_condition_without_values" {
  command = plan
  variables {
    services = [{ principal = "sns.amazonaws.com", conditions = [{ test = "ArnLike", variable = "aws:SourceArn", values = [] }] }]
  }
  expect_failures = [var.services]
}
