mock_provider "aws" {
  source = "./tests/mocks"
}

run "refuses_a_raw_bucket_of_another_name" {
  command = plan

  variables {
    raw_bucket = { name = "one", arn = "arn:aws:s3:::another" }
  }

  expect_failures = [var.raw_bucket]
}

run "refuses_no_prefix" {
  command = plan

  variables {
    object_prefixes = []
  }

  expect_failures = [var.object_prefixes]
}

run "refuses_a_prefix_that_is_no_folder" {
  command = plan

  variables {
    object_prefixes = ["raw/claims"]
  }

  expect_failures = [var.object_prefixes]
}

run "refuses_a_fifo_landing_queue" {
  command = plan

  variables {
    landing_queue_arn = "arn:aws:sqs:us-east-1:123456789012:landing.fifo"
  }

  expect_failures = [var.landing_queue_arn]
}

run "refuses_a_dead_letter_queue_by_name" {
  command = plan

  variables {
    event_dead_letter_arn   = "landing-dlq"
    failure_dead_letter_arn = "failures-dlq"
  }

  expect_failures = [var.event_dead_letter_arn, var.failure_dead_letter_arn]
}

run "refuses_a_trigger_that_is_no_alias" {
  command = plan

  variables {
    trigger_function = { arn = "arn:aws:lambda:us-east-1:123456789012:function:trigger", name = "trigger", alias = "live" }
  }

  expect_failures = [var.trigger_function]
}

run "refuses_a_batch_of_nothing" {
  command = plan

  variables {
    landing_batch = { size = 0 }
  }

  expect_failures = [var.landing_batch]
}

run "refuses_a_window_of_an_hour" {
  command = plan

  variables {
    landing_batch = { window_seconds = 3600 }
  }

  expect_failures = [var.landing_batch]
}

run "refuses_a_large_batch_without_window" {
  command = plan

  variables {
    landing_batch = { size = 100, window_seconds = 0 }
  }

  expect_failures = [var.landing_batch]
}

run "refuses_one_call_at_a_time" {
  command = plan

  variables {
    landing_batch = { maximum_concurrency = 1 }
  }

  expect_failures = [var.landing_batch]
}

run "refuses_watching_without_a_queue" {
  command = plan

  variables {
    watch_failures = true
  }

  expect_failures = [var.watch_failures]
}

run "refuses_a_failure_queue_by_name" {
  command = plan

  variables {
    watch_failures    = true
    failure_queue_arn = "failures"
  }

  expect_failures = [var.failure_queue_arn]
}

run "refuses_a_watched_job_without_name" {
  command = plan

  variables {
    watched_job_names = [""]
  }

  expect_failures = [var.watched_job_names]
}

run "refuses_a_schedule_key_with_capitals" {
  command = plan

  variables {
    schedules = { Nightly = { expression = "rate(1 day)", target = { kind = "state_machine" } } }
  }

  expect_failures = [var.schedules]
}

run "refuses_a_schedule_without_expression" {
  command = plan

  variables {
    schedules = { nightly = { expression = "daily", target = { kind = "state_machine" } } }
  }

  expect_failures = [var.schedules]
}

run "refuses_a_schedule_of_another_kind" {
  command = plan

  variables {
    schedules = { nightly = { expression = "rate(1 day)", target = { kind = "ecs", arn = "arn:aws:ecs:x" } } }
  }

  expect_failures = [var.schedules]
}

run "refuses_a_scheduled_function_without_arn" {
  command = plan

  variables {
    schedules = { nightly = { expression = "rate(1 day)", target = { kind = "lambda" } } }
  }

  expect_failures = [var.schedules]
}

run "refuses_a_schedule_with_input_that_is_no_object" {
  command = plan

  variables {
    schedules = { nightly = { expression = "rate(1 day)", target = { kind = "state_machine" }, input = "[1]" } }
  }

  expect_failures = [var.schedules]
}
