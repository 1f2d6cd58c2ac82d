output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function without a version: for permissions on it, not for calls."
  value       = aws_lambda_function.this.arn
}

output "alias_arn" {
  description = "ARN of the alias: what callers call."
  value       = aws_lambda_alias.live.arn
}

output "alias_name" {
  description = "Name of the alias."
  value       = aws_lambda_alias.live.name
}

output "version" {
  description = "The version that was published last and that the alias points to."
  value       = aws_lambda_function.this.version
}

output "role_arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.execution.arn
}

output "role_name" {
  description = "Name of the execution role."
  value       = aws_iam_role.execution.name
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.function.name
}

output "log_group_arn" {
  description = "ARN of the function's log group."
  value       = aws_cloudwatch_log_group.function.arn
}
