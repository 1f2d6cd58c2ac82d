mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix      = "healthcare-claims-prod"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags             = { CostCenter = "claims" }
  data_bucket_arns = ["arn:aws:s3:::healthcare-claims-prod-raw-123456789012", "arn:aws:s3:::healthcare-claims-prod-processed-123456789012"]

  security_alarms = { topic_arn = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-prod-critical" }
}

run "config_records_delivers_and_judges" {
  variables {
    config_rules = true
  }
  assert {
    condition = (
      one(aws_config_configuration_recorder.this[0].recording_group).all_supported &&
      one(aws_config_configuration_recorder.this[0].recording_group).include_global_resource_types &&
      aws_config_configuration_recorder_status.this[0].is_enabled &&
      aws_config_delivery_channel.this[0].s3_bucket_name == "healthcare-claims-prod-findings-123456789012" &&
      aws_config_delivery_channel.this[0].s3_kms_key_arn == var.kms_key_arn
    )
    error_message = "all resources, encrypted, to the bucket of findings"
  }
  assert {
    condition = alltrue([for it in [
      "S3_DEFAULT_ENCRYPTION_KMS", "S3_BUCKET_SSL_REQUESTS_ONLY", "CLOUDTRAIL_S3_DATAEVENTS_ENABLED", "CMK_BACKING_KEY_ROTATION_ENABLED", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    ] : contains([for rule in aws_config_config_rule.this : rule.source[0].source_identifier], it)])
    error_message = "encryption, TLS, data events, rotation, least privilege"
  }
  assert {
    condition     = alltrue([for key, rule in aws_config_config_rule.this : rule.name == "healthcare-claims-prod-${key}" && rule.source[0].owner == "AWS"])
    error_message = "names of the rules"
  }
  assert {
    condition = { for it in data.aws_iam_policy_document.config[0].statement : join(" ", sort(it.actions)) => one(it.resources) } == {
      "s3:GetBucketAcl s3:ListBucket"   = "arn:aws:s3:::healthcare-claims-prod-findings-123456789012"
      "s3:PutObject"                    = "arn:aws:s3:::healthcare-claims-prod-findings-123456789012/config/AWSLogs/123456789012/Config/*"
      "kms:Decrypt kms:GenerateDataKey" = var.kms_key_arn
    }
    error_message = "Config may write its own records only"
  }
  assert {
    condition     = one(data.aws_iam_policy_document.config_trust[0].statement[0].condition).variable == "aws:SourceAccount"
    error_message = "only for this account"
  }
  assert {
    condition = (
      aws_iam_role_policy_attachment.config[0].policy_arn == "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole" &&
      one(aws_config_configuration_recorder.this[0].recording_mode[0].recording_mode_override).recording_frequency == "DAILY"
    )
    error_message = "AWS's own list of reads; network interfaces once a day"
  }
}

run "config_uses_the_account_s_recorder_if_there_is_one" {
  variables {
    config_rules    = true
    config_recorder = false
  }
  assert {
    condition     = length(aws_config_configuration_recorder.this) + length(aws_config_delivery_channel.this) + length(aws_iam_role.config) == 0 && length(aws_config_config_rule.this) == 18
    error_message = "an account has one recorder"
  }
}

run "guardduty_watches_data_and_functions" {
  variables {
    guardduty = true
  }
  assert {
    condition     = aws_guardduty_detector.this[0].enable && keys(aws_guardduty_detector_feature.this) == ["LAMBDA_NETWORK_LOGS", "S3_DATA_EVENTS"]
    error_message = "detector and features"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.findings["guardduty"].event_pattern).detail.severity[0].numeric == [">=", 7]
    error_message = "grave findings are critical"
  }
}

run "macie_looks_at_a_sample_once_a_week_and_keeps_what_it_found" {
  variables {
    macie             = true
    macie_bucket_arns = ["arn:aws:s3:::healthcare-claims-prod-validation-reports-123456789012"]
  }
  assert {
    condition = (
      aws_macie2_classification_job.weekly[0].job_type == "SCHEDULED" && aws_macie2_classification_job.weekly[0].sampling_percentage == 10 &&
      one(aws_macie2_classification_job.weekly[0].s3_job_definition[0].bucket_definitions).buckets == tolist(["healthcare-claims-prod-validation-reports-123456789012"])
    )
    error_message = "a sample of the named bucket"
  }
  assert {
    condition = (
      one(aws_macie2_classification_export_configuration.this[0].s3_destination).bucket_name == output.findings_bucket_name &&
      one(aws_macie2_classification_export_configuration.this[0].s3_destination).kms_key_arn == var.kms_key_arn
    )
    error_message = "results are kept, encrypted"
  }
  assert {
    condition = anytrue([for it in data.aws_iam_policy_document.bucket["findings"].statement :
      it.sid == "WriteMacie" && it.resources == toset(["arn:aws:s3:::healthcare-claims-prod-findings-123456789012/macie/*"])
    ])
    error_message = "the bucket lets Macie in, at one place"
  }
}

run "macie_looks_at_the_data_buckets_if_none_are_named" {
  command = plan
  variables {
    macie                  = true
    macie_sampling_percent = 100
  }
  assert {
    condition = one(aws_macie2_classification_job.weekly[0].s3_job_definition[0].bucket_definitions).buckets == tolist([
      "healthcare-claims-prod-raw-123456789012", "healthcare-claims-prod-processed-123456789012",
    ]) && aws_macie2_classification_job.weekly[0].sampling_percentage == 100
    error_message = "the data buckets"
  }
}

run "what_happens_in_the_trail_is_critical" {
  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.trail)) == toset([
      "audit-log-changed", "key-disabled", "bucket-policy-changed", "root-used", "console-login-without-mfa", "access-denied-often",
    ])
    error_message = "six alarms"
  }
  assert {
    condition = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.trail :
      alarm.alarm_name == "healthcare-claims-prod-critical-${key}" && alarm.alarm_actions == toset([var.security_alarms.topic_arn]) &&
      alarm.metric_name == aws_cloudwatch_log_metric_filter.trail[key].metric_transformation[0].name &&
      alarm.namespace == aws_cloudwatch_log_metric_filter.trail[key].metric_transformation[0].namespace &&
      alarm.namespace == "HealthcareClaims/Security/healthcare-claims-prod"
    ])
    error_message = "each alarm must read the metric of its own filter and tell the topic"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.trail["access-denied-often"].threshold == 10 && aws_cloudwatch_metric_alarm.trail["root-used"].threshold == 1
    error_message = "thresholds"
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_log_metric_filter.trail["key-disabled"].pattern, "sessionIssuer")
    error_message = "without a deploying role everybody counts"
  }
}

run "changes_by_the_deploying_role_are_no_alarm" {
  command = plan
  variables {
    security_alarms = {
      topic_arn           = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-prod-critical"
      dead_letter_arn     = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-prod-events-dlq"
      deployment_role_arn = "arn:aws:iam::123456789012:role/deploy"
      denied_calls        = 50
    }
  }
  assert {
    condition = alltrue([for key in ["audit-log-changed", "key-disabled", "bucket-policy-changed"] :
      strcontains(aws_cloudwatch_log_metric_filter.trail[key].pattern, "sessionIssuer.arn != \"arn:aws:iam::123456789012:role/deploy\"")
    ]) && !strcontains(aws_cloudwatch_log_metric_filter.trail["root-used"].pattern, "sessionIssuer")
    error_message = "changes only: nobody is excused from the others"
  }
  assert {
    condition     = alltrue([for filter in aws_cloudwatch_log_metric_filter.trail : length(filter.pattern) <= 1024])
    error_message = "CloudWatch takes patterns of 1024 characters"
  }
  assert {
    condition     = one(aws_cloudwatch_event_target.findings["access-analyzer"].dead_letter_config).arn == "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-prod-events-dlq"
    error_message = "what the topic does not take must be kept"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.trail["access-denied-often"].threshold == 50
    error_message = "given threshold"
  }
}

run "alarms_on_the_trail_need_its_log_group" {
  command = plan
  variables {
    cloudwatch_logs = false
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.trail) + length(aws_cloudwatch_log_metric_filter.trail) == 0 && length(aws_cloudwatch_event_rule.findings) == 1
    error_message = "findings still come"
  }
}

run "findings_of_every_detector_that_is_on_reach_the_topic" {
  variables {
    config_rules = true
    macie        = true
    guardduty    = true
  }
  assert {
    condition     = toset(keys(output.finding_rule_arns)) == toset(["access-analyzer", "config", "guardduty", "macie"])
    error_message = "four rules"
  }
  assert {
    condition = alltrue([for key, target in aws_cloudwatch_event_target.findings :
      target.arn == var.security_alarms.topic_arn && target.retry_policy[0].maximum_retry_attempts == 20 && target.rule == "healthcare-claims-prod-${key}-findings"
    ])
    error_message = "rule and topic"
  }
  assert {
    condition = alltrue([for target in aws_cloudwatch_event_target.findings :
      jsondecode(target.input_transformer[0].input_template).event_type == "error" &&
      jsondecode(target.input_transformer[0].input_template).error_type == "SecurityFinding" &&
      toset(keys(target.input_transformer[0].input_paths)) == toset(["id", "name", "time"])
    ])
    error_message = "the error message of the interface, without fields that could hold a value"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.findings["config"].event_pattern).detail.configRuleName == [{ prefix = "healthcare-claims-prod-" }]
    error_message = "own rules only"
  }
}
