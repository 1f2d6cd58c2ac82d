locals {
  default_tags = {
    Project            = var.project
    Environment        = var.environment
    CostCenter         = var.cost_center
    DataClassification = var.data_classification
    ManagedBy          = "terraform"
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = var.allowed_account_ids

  default_tags {
    tags = local.default_tags
  }
}

# The second region of module backup_region; unused where recovery is off.
provider "aws" {
  alias               = "replica"
  region              = coalesce(var.recovery.region, var.region)
  allowed_account_ids = var.allowed_account_ids

  default_tags {
    tags = local.default_tags
  }
}
