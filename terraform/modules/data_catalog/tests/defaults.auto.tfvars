name_prefix          = "healthcare-claims-dev"
tags                 = { Owner = "data" }
database_name        = "healthcare_claims_dev"
location_uri         = "s3://healthcare-claims-dev-processed-123456789012/processed"
processed_bucket_arn = "arn:aws:s3:::healthcare-claims-dev-processed-123456789012"
tables_folder        = "tests/tables"
kms_key_arns         = ["arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"]
