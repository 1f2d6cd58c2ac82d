# Each run gives one value that the module must refuse.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix        = "healthcare-claims-dev"
  mode               = "private"
  availability_zones = ["us-east-1a", "us-east-1b"]
}

run "a_bad_prefix" {
  command = plan
  variables { name_prefix = "Claims_Dev" }
  expect_failures = [var.name_prefix]
}

run "an_unknown_mode" {
  command = plan
  variables { mode = "public" }
  expect_failures = [var.mode]
}

run "a_range_that_begins_in_the_middle" {
  command = plan
  variables { vpc_cidr = "10.20.1.0/16" }
  expect_failures = [var.vpc_cidr]
}

run "no_range_at_all" {
  command = plan
  variables { vpc_cidr = "10.20.0.0" }
  expect_failures = [var.vpc_cidr]
}

run "a_range_too_large" {
  command = plan
  variables { vpc_cidr = "10.0.0.0/8" }
  expect_failures = [var.vpc_cidr]
}

run "a_range_too_small" {
  command = plan
  variables { vpc_cidr = "10.20.0.0/21" }
  expect_failures = [var.vpc_cidr]
}

run "a_public_range" {
  command = plan
  variables { vpc_cidr = "8.8.0.0/16" }
  expect_failures = [var.vpc_cidr]
}

run "a_vpc_without_zones" {
  command = plan
  variables { availability_zones = [] }
  expect_failures = [var.availability_zones]
}

run "a_single_zone" {
  command = plan
  variables { availability_zones = ["us-east-1a"] }
  expect_failures = [var.availability_zones]
}

run "four_zones" {
  command = plan
  variables { availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }
  expect_failures = [var.availability_zones]
}

run "a_zone_twice" {
  command = plan
  variables { availability_zones = ["us-east-1a", "us-east-1a"] }
  expect_failures = [var.availability_zones]
}

run "ids_of_zones" {
  command = plan
  variables { availability_zones = ["use1-az1", "use1-az2"] }
  expect_failures = [var.availability_zones]
}

run "zones_of_another_region" {
  command = plan
  variables { availability_zones = ["us-west-2a", "us-west-2b"] }
  expect_failures = [aws_vpc.this]
}

run "an_unknown_endpoint" {
  command = plan
  variables { interface_endpoints = ["glue", "bedrock"] }
  expect_failures = [var.interface_endpoints]
}

run "private_without_endpoints" {
  command = plan
  variables { interface_endpoints = [] }
  expect_failures = [var.interface_endpoints]
}

run "an_endpoint_twice" {
  command = plan
  variables { interface_endpoints = ["glue", "glue"] }
  expect_failures = [var.interface_endpoints]
}

run "a_retention_that_cloudwatch_lacks" {
  command = plan
  variables { flow_log_days = 100 }
  expect_failures = [var.flow_log_days]
}

run "an_alias_as_key" {
  command = plan
  variables { kms_key_arn = "alias/data" }
  expect_failures = [var.kms_key_arn]
}
