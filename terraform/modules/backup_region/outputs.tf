output "replica_bucket_arns" {
  description = "ARN of each replica bucket, by zone."
  value       = local.replica_arns

  depends_on = [aws_s3_bucket_policy.replica]
}

output "replica_kms_key_arn" {
  description = "ARN of the key that encrypts the copies, in the replica region."
  value       = module.replica_key.key_arn
}

output "replication_role_arn" {
  description = "ARN of the role with which S3 copies."
  value       = aws_iam_role.replication.arn
}
