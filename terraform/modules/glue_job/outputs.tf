output "job_name" {
  description = "Name of the job."
  value       = aws_glue_job.this.name
}

output "job_arn" {
  description = "ARN of the job."
  value       = aws_glue_job.this.arn
}

output "role_arn" {
  description = "ARN of the job's role."
  value       = aws_iam_role.job.arn
}

output "role_name" {
  description = "Name of the job's role."
  value       = aws_iam_role.job.name
}

output "security_configuration_name" {
  description = "Name of the security configuration that encrypts what the job writes."
  value       = aws_glue_security_configuration.this.name
}

output "connection_name" {
  description = "Name of the connection to the VPC; null without one."
  value       = one(aws_glue_connection.network[*].name)
}

output "log_group_names" {
  description = "Names of the job's log groups: output (what the job prints) and error (Spark's and Glue's own records)."
  value       = { for kind, group in aws_cloudwatch_log_group.job : kind => group.name }
}
