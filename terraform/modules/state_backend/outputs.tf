output "bucket_name" {
  description = "Name of the bucket that holds the state."
  value       = aws_s3_bucket.state.bucket
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the state."
  value       = module.key.key_arn
}

output "backend_config" {
  description = "Text of a .s3.tfbackend file for terraform init -backend-config."
  value       = <<-EOT
    bucket              = "${aws_s3_bucket.state.bucket}"
    key                 = "${var.state_key}"
    region              = "${data.aws_region.current.name}"
    encrypt             = true
    kms_key_id          = "${module.key.key_arn}"
    use_lockfile        = true
    allowed_account_ids = ["${data.aws_caller_identity.current.account_id}"]
  EOT
}
