mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-dev"
  tags        = { CostCenter = "claims" }
  topic_arns = {
    status   = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-status"
    critical = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical"
    high     = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-high"
    medium   = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-medium"
    low      = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-low"
  }
  function_names    = { data_validation = "healthcare-claims-dev-data-validation", error_handler = "healthcare-claims-dev-error-handler" }
  queue_names       = { landing = "healthcare-claims-dev-landing" }
  dead_letter_names = { landing = "healthcare-claims-dev-landing-dlq" }
  glue_job_names    = { process_claims = "healthcare-claims-dev-process-claims" }
  state_machine_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"
  log_group_names = {
    functions     = ["/aws/lambda/healthcare-claims-dev-data-validation", "/aws/lambda/healthcare-claims-dev-error-handler"]
    state_machine = ["/aws/vendedlogs/states/healthcare-claims-dev-claims-pipeline"]
    glue_jobs     = ["/aws-glue/jobs/healthcare-claims-dev-process-claims/output"]
  }
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    name_prefix = "healthcare-claims-"
  }
  expect_failures = [var.name_prefix]
}

run "refuses_a_bad_environment" {
  command = plan
  variables {
    environment = "Dev"
  }
  expect_failures = [var.environment]
}

run "refuses_a_namespace_of_aws" {
  command = plan
  variables {
    metric_namespace = "AWS/Lambda"
  }
  expect_failures = [var.metric_namespace]
}

run "refuses_a_missing_severity" {
  command = plan
  variables {
    topic_arns = { critical = "arn:aws:sns:us-east-1:123456789012:x" }
  }
  expect_failures = [var.topic_arns]
}

run "refuses_an_unknown_severity" {
  command = plan
  variables {
    topic_arns = {
      critical = "arn:aws:sns:us-east-1:123456789012:x"
      high     = "arn:aws:sns:us-east-1:123456789012:x"
      medium   = "arn:aws:sns:us-east-1:123456789012:x"
      low      = "arn:aws:sns:us-east-1:123456789012:x"
      urgent   = "arn:aws:sns:us-east-1:123456789012:x"
    }
  }
  expect_failures = [var.topic_arns]
}

run "refuses_a_topic_that_is_no_arn" {
  command = plan
  variables {
    topic_arns = { critical = "critical", high = "high", medium = "medium", low = "low" }
  }
  expect_failures = [var.topic_arns]
}

run "refuses_a_bad_key_of_a_function" {
  command = plan
  variables {
    function_names = { "Data Validation" = "f" }
  }
  expect_failures = [var.function_names]
}

run "refuses_a_bad_key_of_a_critical_function" {
  command = plan
  variables {
    critical_functions = ["Error Handler"]
  }
  expect_failures = [var.critical_functions]
}

run "refuses_a_bad_key_of_a_queue" {
  command = plan
  variables {
    queue_names = { "a/b" = "q" }
  }
  expect_failures = [var.queue_names]
}

run "refuses_a_bad_key_of_a_dead_letter_queue" {
  command = plan
  variables {
    dead_letter_names = { "a/b" = "q" }
  }
  expect_failures = [var.dead_letter_names]
}

run "refuses_a_bad_key_of_a_job" {
  command = plan
  variables {
    glue_job_names = { "a b" = "j" }
  }
  expect_failures = [var.glue_job_names]
}

run "refuses_an_alias_of_the_state_machine" {
  command = plan
  variables {
    state_machine_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:pipeline:live"
  }
  expect_failures = [var.state_machine_arn]
}

run "refuses_an_arn_as_log_group" {
  command = plan
  variables {
    log_group_names = { functions = ["arn:aws:logs:us-east-1:123456789012:log-group:x"] }
  }
  expect_failures = [var.log_group_names]
}

run "refuses_too_many_log_groups" {
  command = plan
  variables {
    log_group_names = { functions = [for number in range(51) : "/aws/lambda/f${number}"] }
  }
  expect_failures = [var.log_group_names]
}

run "refuses_a_threshold_of_zero" {
  command = plan
  variables {
    thresholds = { queue_depth = 0 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_a_share_above_100_percent" {
  command = plan
  variables {
    thresholds = { readable_percent = 101 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_a_window_of_more_than_a_day" {
  command = plan
  variables {
    thresholds = { quiet_hours = 25 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_half_an_hour_as_window" {
  command = plan
  variables {
    thresholds = { stalled_hours = 0.5 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_high_above_critical" {
  command = plan
  variables {
    thresholds = { failed_attempts_percent = 60 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_more_dead_letters_for_high_than_for_critical" {
  command = plan
  variables {
    thresholds = { dead_letters = 25 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_a_runbook_without_tls" {
  command = plan
  variables {
    runbook_url = "http://example.org/runbooks"
  }
  expect_failures = [var.runbook_url]
}

run "refuses_a_budget_of_nothing" {
  command = plan
  variables {
    monthly_budget_usd = 0
  }
  expect_failures = [var.monthly_budget_usd]
}

run "refuses_what_is_no_address" {
  command = plan
  variables {
    budget_emails = ["finance"]
  }
  expect_failures = [var.budget_emails]
}

run "refuses_eleven_addresses" {
  command = plan
  variables {
    budget_emails = [for number in range(11) : "a${number}@example.org"]
  }
  expect_failures = [var.budget_emails]
}

run "refuses_a_cost_anomaly_of_nothing" {
  command = plan
  variables {
    cost_anomaly_usd = -1
  }
  expect_failures = [var.cost_anomaly_usd]
}

run "refuses_an_empty_cost_tag" {
  command = plan
  variables {
    cost_tag = { key = "", value = "dev" }
  }
  expect_failures = [var.cost_tag]
}
