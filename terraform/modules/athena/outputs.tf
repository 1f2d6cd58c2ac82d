output "workgroup_name" {
  description = "Name of the workgroup."
  value       = aws_athena_workgroup.this.name
}

output "workgroup_arn" {
  description = "ARN of the workgroup."
  value       = aws_athena_workgroup.this.arn
}

output "named_query_ids" {
  description = "Id of each named query, by its key."
  value       = { for key, query in aws_athena_named_query.this : key => query.id }
}
