output "bucket_names" {
  description = "Name of each zone's bucket; files are put below raw/claims/<source>/ of the raw one."
  value       = module.data_zones.bucket_names
}

output "lake" {
  description = "Root of the lake as the jobs are given it: {zone} stands for the zone."
  value       = local.lake
}

output "state_machine_arn" {
  description = "ARN of the state machine that processes batches."
  value       = module.claims_pipeline.state_machine_arn
}

output "function_names" {
  description = "Name of each function."
  value       = { for name, function in module.function : name => function.function_name }
}

output "glue_job_names" {
  description = "Name of each Spark job."
  value       = { for name, job in module.job : name => job.job_name }
}

output "topic_arns" {
  description = "ARN of each topic: status, critical, high, medium, low."
  value       = module.notifications.topic_arns
}

output "queue_urls" {
  description = "URL of each queue."
  value       = module.queues.queue_urls
}

output "dead_letter_urls" {
  description = "URL of each dead-letter queue, by the name of its queue."
  value       = module.queues.dead_letter_urls
}

output "landed_files_table" {
  description = "Name of the table of files that have landed."
  value       = aws_dynamodb_table.landed_files.name
}

output "athena_workgroup" {
  description = "Workgroup in which to query the tables."
  value       = module.athena.workgroup_name
}

output "database" {
  description = "Glue database of the published tables."
  value       = module.data_catalog.database_name
}

output "dashboard_names" {
  description = "Dashboards in CloudWatch."
  value       = module.monitoring.dashboard_names
}

output "redshift_endpoint" {
  description = "Where Redshift listens; null where there is none."
  value       = one(module.redshift[*].endpoint)
}
