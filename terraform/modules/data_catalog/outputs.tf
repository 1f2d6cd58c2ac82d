output "database_name" {
  description = "Name of the Glue database."
  value       = aws_glue_catalog_database.this.name
}

output "database_arn" {
  description = "ARN of the Glue database."
  value       = aws_glue_catalog_database.this.arn
}

output "table_names" {
  description = "Names of the contract's tables; the job makes them with its first run."
  value       = local.table_names
}

output "optimizer_role_arn" {
  description = "ARN of the table optimizers' role; null without them."
  value       = one(aws_iam_role.optimizer[*].arn)
}
