mock_provider "aws" {
  source = "./tests/mocks"
}

run "refuses_a_name_prefix_with_capitals" {
  command = plan

  variables {
    name_prefix = "Claims"
  }

  expect_failures = [var.name_prefix]
}

run "refuses_an_alias_as_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:alias/data"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_an_alias_among_other_keys" {
  command = plan

  variables {
    kms_key_arns = ["alias/data"]
  }

  expect_failures = [var.kms_key_arns]
}

run "refuses_a_definition_that_is_not_there" {
  command = plan

  variables {
    state_machine_definition = { template_path = "nowhere.asl.json", values = {} }
  }

  expect_failures = [var.state_machine_definition]
}

run "refuses_a_manifest_store_of_another_name" {
  command = plan

  variables {
    manifest_store = { name = "one-bucket", arn = "arn:aws:s3:::another-bucket" }
  }

  expect_failures = [var.manifest_store]
}

run "refuses_a_manifest_prefix_with_quotes" {
  command = plan

  variables {
    manifest_store = { name = "a-bucket", arn = "arn:aws:s3:::a-bucket", prefix = "mani'fests" }
  }

  expect_failures = [var.manifest_store]
}

run "refuses_no_function_to_invoke" {
  command = plan

  variables {
    invoked_function_arns = []
  }

  expect_failures = [var.invoked_function_arns]
}

run "refuses_a_function_by_name" {
  command = plan

  variables {
    invoked_function_arns = ["data-validation"]
  }

  expect_failures = [var.invoked_function_arns]
}

run "refuses_no_job_to_run" {
  command = plan

  variables {
    glue_jobs = []
  }

  expect_failures = [var.glue_jobs]
}

run "refuses_a_job_without_arn" {
  command = plan

  variables {
    glue_jobs = [{ name = "process", arn = "process" }]
  }

  expect_failures = [var.glue_jobs]
}

run "refuses_a_job_to_start_by_name" {
  command = plan

  variables {
    started_job_arns = ["summarize"]
  }

  expect_failures = [var.started_job_arns]
}

run "refuses_a_topic_by_name" {
  command = plan

  variables {
    publishes_to = ["critical"]
  }

  expect_failures = [var.publishes_to]
}

run "refuses_no_log_at_all" {
  command = plan

  variables {
    log_level = "OFF"
  }

  expect_failures = [var.log_level]
}

run "refuses_a_retention_cloudwatch_does_not_have" {
  command = plan

  variables {
    log_retention_days = 100
  }

  expect_failures = [var.log_retention_days]
}
