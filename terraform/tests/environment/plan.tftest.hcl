# Planned once an environment: terraform test -test-directory=tests/environment -var-file=environments/dev.tfvars

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias = "replica"

  mock_data "aws_region" {
    defaults = { name = "us-west-2" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111111111111" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  artifacts_file = "tests/artifacts.json"
}

run "the_environment_is_planned" {
  command = plan

  assert {
    condition     = var.environment == "dev" || var.network.mode == "private"
    error_message = "staging and prod run in a network of their own"
  }
  assert {
    condition     = var.environment != "prod" || (var.retention.files_days == null && length(module.backup_region) == 1 && var.audit.trail && var.retention.archive_locked_days != null)
    error_message = "prod keeps files, locks its archive, is copied to a second region and audited"
  }
  assert {
    condition     = (var.environment == "dev") == var.force_destroy
    error_message = "only dev goes with what it holds"
  }
}
