name_prefix          = "healthcare-claims-prod"
tags                 = { Owner = "data" }
kms_key_arn          = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
data_kms_key_arns    = ["arn:aws:kms:us-east-1:123456789012:key/22222222-2222-3333-4444-555555555555"]
subnet_ids           = ["subnet-a1", "subnet-b2", "subnet-c3"]
security_group_ids   = ["sg-d4"]
glue_database_name   = "healthcare_claims_prod"
processed_bucket_arn = "arn:aws:s3:::healthcare-claims-prod-processed-123456789012"
