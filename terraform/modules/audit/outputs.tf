output "trail_arn" {
  description = "ARN of the trail; null when off."
  value       = one(aws_cloudtrail.this[*].arn)
}

output "trail_bucket_name" {
  description = "Name of the trail's bucket; null when the trail is off."
  value       = try(aws_s3_bucket.this["trail"].bucket, null)
}

output "findings_bucket_name" {
  description = "Name of the bucket of what Config records and Macie finds; null when both are off."
  value       = try(aws_s3_bucket.this["findings"].bucket, null)
}

output "log_group_name" {
  description = "Name of the trail's log group; null when off."
  value       = one(aws_cloudwatch_log_group.trail[*].name)
}

output "analyzer_arn" {
  description = "ARN of the access analyser; null when off."
  value       = one(aws_accessanalyzer_analyzer.access[*].arn)
}

output "guardduty_detector_id" {
  description = "Id of the GuardDuty detector; null when off."
  value       = one(aws_guardduty_detector.this[*].id)
}

output "alarm_arns" {
  description = "ARNs of the alarms on the trail by what they tell; empty without security_alarms."
  value       = { for key, alarm in aws_cloudwatch_metric_alarm.trail : key => alarm.arn }
}

output "finding_rule_arns" {
  description = "ARNs of the EventBridge rules of findings by detector: senders to security_alarms.dead_letter_arn."
  value       = { for key, rule in aws_cloudwatch_event_rule.findings : key => rule.arn }
}
