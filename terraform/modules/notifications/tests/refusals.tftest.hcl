mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-dev"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    name_prefix = "Healthcare_Claims"
  }
  expect_failures = [var.name_prefix]
}

run "refuses_an_alias_as_key" {
  command = plan
  variables {
    kms_key_arn = "alias/aws/sns"
  }
  expect_failures = [var.kms_key_arn]
}

run "refuses_what_is_no_address" {
  command = plan
  variables {
    email_addresses = ["claims-team"]
  }
  expect_failures = [var.email_addresses]
}

run "refuses_an_address_twice" {
  command = plan
  variables {
    email_addresses = ["a@example.org", "a@example.org"]
  }
  expect_failures = [var.email_addresses]
}

run "refuses_a_number_that_is_not_e164" {
  command = plan
  variables {
    sms_numbers = ["206-555-0100"]
  }
  expect_failures = [var.sms_numbers]
}

run "refuses_a_number_twice" {
  command = plan
  variables {
    sms_numbers = ["+12065550100", "+12065550100"]
  }
  expect_failures = [var.sms_numbers]
}

run "refuses_the_name_of_a_workspace" {
  command = plan
  variables {
    slack = { workspace_id = "our-team", channel_id = "C07EZ1ABC23" }
  }
  expect_failures = [var.slack]
}

run "refuses_the_name_of_a_channel" {
  command = plan
  variables {
    slack = { workspace_id = "T07EA123LEP", channel_id = "#claims" }
  }
  expect_failures = [var.slack]
}

run "refuses_an_unknown_topic_for_slack" {
  command = plan
  variables {
    slack = { workspace_id = "T07EA123LEP", channel_id = "C07EZ1ABC23", topics = ["urgent"] }
  }
  expect_failures = [var.slack]
}

run "refuses_a_pager_without_tls" {
  command = plan
  variables {
    pagerduty_url = "http://events.pagerduty.com/integration/x/enqueue"
  }
  expect_failures = [var.pagerduty_url]
}

run "refuses_what_is_no_service" {
  command = plan
  variables {
    publisher_services = ["*"]
  }
  expect_failures = [var.publisher_services]
}

run "refuses_a_retention_beyond_sqs" {
  command = plan
  variables {
    dead_letter_retention_seconds = 1209601
  }
  expect_failures = [var.dead_letter_retention_seconds]
}
