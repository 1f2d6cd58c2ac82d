name_prefix      = "healthcare-claims-dev"
tags             = { Owner = "data" }
database_name    = "healthcare_claims_dev"
results_location = "s3://healthcare-claims-dev-temp-123456789012/athena"
kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
