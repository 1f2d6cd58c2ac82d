# Terraform does not validate a module with a second provider by itself (its issue 28490), so validate runs here.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "replica"
  region = "us-west-2"
}

module "backup_region" {
  source    = "../.."
  providers = { aws = aws, aws.replica = aws.replica }

  name_prefix        = "healthcare-claims-test"
  source_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"

  source_buckets = {
    raw = {
      name = "healthcare-claims-test-raw-123456789012"
      arn  = "arn:aws:s3:::healthcare-claims-test-raw-123456789012"
    }
  }
}
