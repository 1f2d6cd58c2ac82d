output "state_machine_arn" {
  description = "ARN of the state machine."
  value       = aws_sfn_state_machine.claims.arn
}

output "state_machine_name" {
  description = "Name of the state machine."
  value       = aws_sfn_state_machine.claims.name
}

output "state_machine_role_arn" {
  description = "ARN of the state machine's role."
  value       = aws_iam_role.state_machine.arn
}

output "rule_arns" {
  description = "ARN of each EventBridge rule by what it waits for: object-created, and job-failed and run-failed where failures are watched."
  value = merge(
    { object-created = aws_cloudwatch_event_rule.object_created.arn },
    { for key, rule in aws_cloudwatch_event_rule.failure : key => rule.arn },
  )
}

output "schedule_arns" {
  description = "ARN of each schedule, by its key."
  value       = { for key, schedule in aws_scheduler_schedule.this : key => schedule.arn }
}

output "scheduler_role_arn" {
  description = "ARN of the schedules' role; null where there is no schedule."
  value       = one(aws_iam_role.scheduler[*].arn)
}

output "log_group_name" {
  description = "Name of the state machine's log group."
  value       = aws_cloudwatch_log_group.state_machine.name
}

output "event_source_mapping_uuid" {
  description = "Id of the mapping from the landing queue to the trigger function; disabling it pauses the intake."
  value       = aws_lambda_event_source_mapping.landing.uuid
}
