mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix      = "healthcare-claims-prod"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags             = { CostCenter = "claims" }
  data_bucket_arns = ["arn:aws:s3:::healthcare-claims-prod-raw-123456789012", "arn:aws:s3:::healthcare-claims-prod-processed-123456789012"]
}

run "by_default_a_trail_and_an_access_analyzer_and_nothing_with_a_price_by_the_month" {
  assert {
    condition     = output.trail_arn != null && output.analyzer_arn != null
    error_message = "both must be on"
  }
  assert {
    condition = (
      length(aws_config_configuration_recorder.this) + length(aws_config_config_rule.this) + length(aws_macie2_account.this) +
      length(aws_macie2_classification_job.weekly) + length(aws_guardduty_detector.this) + length(aws_guardduty_detector_feature.this) +
      length(aws_accessanalyzer_analyzer.unused) + length(aws_cloudwatch_metric_alarm.trail) + length(aws_cloudwatch_event_rule.findings) == 0
    )
    error_message = "everything else must be asked for"
  }
  assert {
    condition     = output.findings_bucket_name == null && output.guardduty_detector_id == null && length(output.alarm_arns) == 0
    error_message = "what is off has no output"
  }
}

run "the_trail_is_encrypted_validated_and_in_all_regions" {
  assert {
    condition = (
      aws_cloudtrail.this[0].name == "healthcare-claims-prod-trail" && aws_cloudtrail.this[0].kms_key_id == var.kms_key_arn &&
      aws_cloudtrail.this[0].enable_log_file_validation && aws_cloudtrail.this[0].is_multi_region_trail &&
      aws_cloudtrail.this[0].include_global_service_events && aws_cloudtrail.this[0].tags["Component"] == "audit"
    )
    error_message = "name, key, digests, regions, tags"
  }
  assert {
    condition = toset(flatten([for selector in aws_cloudtrail.this[0].advanced_event_selector : [
      for it in selector.field_selector : it.equals if it.field == "eventCategory"
    ]])) == toset(["Management", "Data"])
    error_message = "management and data events"
  }
  assert {
    condition = toset(flatten([for selector in aws_cloudtrail.this[0].advanced_event_selector : [
      for it in selector.field_selector : it.starts_with if it.field == "resources.ARN"
    ]])) == toset(["arn:aws:s3:::healthcare-claims-prod-raw-123456789012/", "arn:aws:s3:::healthcare-claims-prod-processed-123456789012/"])
    error_message = "objects of the data buckets only; without the slash a bucket with a longer name would match too"
  }
  assert {
    condition = !anytrue(flatten([for selector in aws_cloudtrail.this[0].advanced_event_selector : [
      for it in selector.field_selector : it.field == "readOnly"
    ]]))
    error_message = "reads and writes"
  }
}

run "the_trail_goes_to_an_encrypted_log_group_by_a_role_of_its_own" {
  assert {
    condition = (
      aws_cloudwatch_log_group.trail[0].name == "/aws/cloudtrail/healthcare-claims-prod-trail" &&
      aws_cloudwatch_log_group.trail[0].kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.trail[0].retention_in_days == 90
    )
    error_message = "name, key and retention"
  }
  assert {
    condition = (
      toset(data.aws_iam_policy_document.trail_logs[0].statement[0].actions) == toset(["logs:CreateLogStream", "logs:PutLogEvents"]) &&
      one(data.aws_iam_policy_document.trail_logs[0].statement[0].resources) ==
      "${aws_cloudwatch_log_group.trail[0].arn}:log-stream:123456789012_CloudTrail_*"
    )
    error_message = "the role may write the trail's streams and nothing else"
  }
  assert {
    condition = (
      one(data.aws_iam_policy_document.trail_logs_trust[0].statement[0].principals).identifiers == toset(["cloudtrail.amazonaws.com"]) &&
      { for it in data.aws_iam_policy_document.trail_logs_trust[0].statement[0].condition : it.variable => one(it.values) } == {
        "aws:SourceAccount" = "123456789012"
        "aws:SourceArn"     = "arn:aws:cloudtrail:us-east-1:123456789012:trail/healthcare-claims-prod-trail"
      }
    )
    error_message = "only this trail may take the role"
  }
}

run "the_log_group_can_be_left_out" {
  variables {
    cloudwatch_logs = false
  }
  assert {
    condition     = length(aws_cloudwatch_log_group.trail) + length(aws_iam_role.trail_logs) == 0 && aws_cloudtrail.this[0].cloud_watch_logs_group_arn == null
    error_message = "neither group nor role"
  }
}

run "management_events_can_be_left_to_the_organisation" {
  command = plan
  variables {
    management_events = false
  }
  assert {
    condition     = [for selector in aws_cloudtrail.this[0].advanced_event_selector : selector.name] == ["Every access to an object of the data buckets"]
    error_message = "data events only"
  }
}

run "all_can_be_off" {
  variables {
    trail           = false
    access_analyzer = false
  }
  assert {
    condition = (
      length(aws_s3_bucket.this) + length(aws_cloudtrail.this) + length(aws_cloudwatch_log_group.trail) + length(aws_iam_role.trail_logs) +
      length(aws_accessanalyzer_analyzer.access) == 0 && output.trail_bucket_name == null && output.trail_arn == null && output.analyzer_arn == null
    )
    error_message = "nothing may be left"
  }
}

run "unused_access_is_a_second_analyzer" {
  variables {
    unused_access_days = 90
  }
  assert {
    condition = (
      aws_accessanalyzer_analyzer.unused[0].type == "ACCOUNT_UNUSED_ACCESS" &&
      aws_accessanalyzer_analyzer.unused[0].configuration[0].unused_access[0].unused_access_age == 90 &&
      aws_accessanalyzer_analyzer.access[0].type == "ACCOUNT"
    )
    error_message = "both kinds"
  }
}
