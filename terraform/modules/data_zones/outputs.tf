# They wait for what makes a bucket ready: replication, for one, is refused before versioning is on.
output "bucket_names" {
  description = "Name of each zone's bucket, by zone."
  value       = local.bucket_names

  depends_on = [
    aws_s3_bucket_policy.zone,
    aws_s3_bucket_server_side_encryption_configuration.zone,
    aws_s3_bucket_versioning.zone,
    aws_s3_bucket_versioning.access_logs,
  ]
}

output "bucket_arns" {
  description = "ARN of each zone's bucket, by zone."
  value       = local.bucket_arns

  depends_on = [
    aws_s3_bucket_policy.zone,
    aws_s3_bucket_server_side_encryption_configuration.zone,
    aws_s3_bucket_versioning.zone,
    aws_s3_bucket_versioning.access_logs,
  ]
}
