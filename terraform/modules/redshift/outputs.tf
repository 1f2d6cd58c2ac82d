output "workgroup_name" {
  description = "Name of the workgroup, for the Redshift Data API."
  value       = aws_redshiftserverless_workgroup.this.workgroup_name
}

output "workgroup_arn" {
  description = "ARN of the workgroup."
  value       = aws_redshiftserverless_workgroup.this.arn
}

output "namespace_name" {
  description = "Name of the namespace."
  value       = aws_redshiftserverless_namespace.this.namespace_name
}

output "namespace_arn" {
  description = "ARN of the namespace."
  value       = aws_redshiftserverless_namespace.this.arn
}

output "endpoint" {
  description = "Address of the workgroup within the VPC; null until it has one."
  value       = one(aws_redshiftserverless_workgroup.this.endpoint[*].address)
}

output "role_arn" {
  description = "ARN of the role by which Redshift reads the published tables."
  value       = aws_iam_role.this.arn
}

output "admin_secret_arn" {
  description = "ARN of the secret with the admin's password, which Redshift makes and rotates."
  value       = aws_redshiftserverless_namespace.this.admin_password_secret_arn
}

output "log_group_names" {
  description = "Name of the log group of each exported log, by its kind."
  value       = { for kind, group in aws_cloudwatch_log_group.export : kind => group.name }
}
