mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix      = "healthcare-claims-prod"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags             = { CostCenter = "claims" }
  data_bucket_arns = ["arn:aws:s3:::healthcare-claims-prod-raw-123456789012", "arn:aws:s3:::healthcare-claims-prod-processed-123456789012"]
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    name_prefix = "9-claims"
  }
  expect_failures = [var.name_prefix]
}

run "refuses_an_alias_as_key" {
  command = plan
  variables {
    kms_key_arn = "alias/data"
  }
  expect_failures = [var.kms_key_arn]
}

run "refuses_a_path_in_a_bucket_arn" {
  command = plan
  variables {
    data_bucket_arns = ["arn:aws:s3:::bucket/raw/"]
  }
  expect_failures = [var.data_bucket_arns]
}

run "refuses_a_retention_cloudwatch_does_not_have" {
  command = plan
  variables {
    log_retention_days = 100
  }
  expect_failures = [var.log_retention_days]
}

run "refuses_a_retention_below_the_move_to_glacier" {
  command = plan
  variables {
    trail_retention_days = 90
  }
  expect_failures = [var.trail_retention_days]
}

run "refuses_a_lock_of_no_days" {
  command = plan
  variables {
    object_lock_days = 0
  }
  expect_failures = [var.object_lock_days]
}

run "refuses_a_lock_beyond_the_retention" {
  command = plan
  variables {
    object_lock_days = 2193
  }
  expect_failures = [var.object_lock_days]
}

run "refuses_a_lock_that_destroy_cannot_open" {
  command = plan
  variables {
    object_lock_days = 30
    force_destroy    = true
  }
  expect_failures = [var.object_lock_days]
}

run "refuses_an_arn_as_bucket_for_access_logs" {
  command = plan
  variables {
    access_log_bucket = { name = "arn:aws:s3:::logs" }
  }
  expect_failures = [var.access_log_bucket]
}

run "refuses_unused_access_beyond_a_year" {
  command = plan
  variables {
    unused_access_days = 366
  }
  expect_failures = [var.unused_access_days]
}

run "refuses_a_path_in_a_bucket_of_macie" {
  command = plan
  variables {
    macie_bucket_arns = ["arn:aws:s3:::bucket/raw/"]
  }
  expect_failures = [var.macie_bucket_arns]
}

run "refuses_a_sample_of_nothing" {
  command = plan
  variables {
    macie_sampling_percent = 0
  }
  expect_failures = [var.macie_sampling_percent]
}

run "refuses_a_topic_that_is_no_arn" {
  command = plan
  variables {
    security_alarms = { topic_arn = "critical" }
  }
  expect_failures = [var.security_alarms]
}

run "refuses_a_dead_letter_queue_by_url" {
  command = plan
  variables {
    security_alarms = { topic_arn = "arn:aws:sns:us-east-1:123456789012:t", dead_letter_arn = "https://sqs.us-east-1.amazonaws.com/1/q" }
  }
  expect_failures = [var.security_alarms]
}

run "refuses_a_deploying_user" {
  command = plan
  variables {
    security_alarms = { topic_arn = "arn:aws:sns:us-east-1:123456789012:t", deployment_role_arn = "arn:aws:iam::123456789012:user/deploy" }
  }
  expect_failures = [var.security_alarms]
}

run "refuses_an_alarm_at_no_refused_call" {
  command = plan
  variables {
    security_alarms = { topic_arn = "arn:aws:sns:us-east-1:123456789012:t", denied_calls = 0 }
  }
  expect_failures = [var.security_alarms]
}

run "refuses_a_namespace_of_aws" {
  command = plan
  variables {
    metric_namespace = "AWS/CloudTrail"
  }
  expect_failures = [var.metric_namespace]
}

run "refuses_a_trail_that_records_nothing" {
  command = plan
  variables {
    data_bucket_arns  = []
    management_events = false
  }
  expect_failures = [aws_cloudtrail.this]
}

run "refuses_macie_without_buckets" {
  command = plan
  variables {
    data_bucket_arns = []
    macie            = true
  }
  expect_failures = [aws_macie2_classification_job.weekly]
}
