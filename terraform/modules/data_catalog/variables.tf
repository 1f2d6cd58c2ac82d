variable "name_prefix" {
  description = "Project and environment that every name begins with, for instance healthcare-claims-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix is 2 to 41 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "database_name" {
  description = "Name of the Glue database, which queries and the job use."
  type        = string
  nullable    = false

  # Athena and Spark take names with hyphens only in quotes.
  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,127}$", var.database_name))
    error_message = "database_name is 1 to 128 lower-case letters, digits and underscores, a letter first."
  }
}

variable "description" {
  description = "What the database holds, in one sentence."
  type        = string
  default     = "Published healthcare claims: Iceberg tables of the contract."
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 2048
    error_message = "description is 1 to 2048 characters."
  }
}

variable "location_uri" {
  description = "Where new tables are put, for instance s3://bucket/processed; a folder of its name for each table."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*$", var.location_uri))
    error_message = "location_uri is s3://bucket or s3://bucket/folder, without a / at its end."
  }
}

variable "tables_folder" {
  description = "Folder of the contract's table declarations (expectations/tables), one JSON file with a name each."
  type        = string
  nullable    = false

  validation {
    condition     = length(fileset(var.tables_folder, "*.json")) > 0
    error_message = "tables_folder is a folder with JSON files."
  }
}

variable "processed_bucket_arn" {
  description = "ARN of the bucket of location_uri."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.processed_bucket_arn))
    error_message = "processed_bucket_arn is the ARN of a bucket."
  }
}

variable "kms_key_arns" {
  description = "ARNs of the KMS keys of the tables' objects, for the optimizers."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))
    ])
    error_message = "Each of kms_key_arns is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "table_optimizers" {
  description = "Whether Glue maintains the tables instead of the project's maintenance job; the tables must exist."
  type        = bool
  default     = false
  nullable    = false
}

variable "optimizers" {
  description = "Which optimizers there are; for how many days and at least how many snapshots are kept; after how many days a file that no snapshot knows is deleted."
  type = object({
    compaction                 = optional(bool, true)
    retention                  = optional(bool, true)
    orphan_file_deletion       = optional(bool, true)
    snapshot_retention_days    = optional(number, 7)
    snapshots_to_retain        = optional(number, 100)
    orphan_file_retention_days = optional(number, 3)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.optimizers.snapshot_retention_days >= 1 && floor(var.optimizers.snapshot_retention_days) == var.optimizers.snapshot_retention_days
    )
    error_message = "optimizers.snapshot_retention_days is a whole number from 1."
  }

  validation {
    condition     = var.optimizers.snapshots_to_retain >= 1 && floor(var.optimizers.snapshots_to_retain) == var.optimizers.snapshots_to_retain
    error_message = "optimizers.snapshots_to_retain is a whole number from 1."
  }

  # A run writes files long before it commits them.
  validation {
    condition = (
      var.optimizers.orphan_file_retention_days >= 1 && floor(var.optimizers.orphan_file_retention_days) == var.optimizers.orphan_file_retention_days
    )
    error_message = "optimizers.orphan_file_retention_days is a whole number from 1: longer than any run lasts."
  }
}

variable "account_encryption" {
  description = "KMS key that encrypts the whole Data Catalog of this account and region, connection passwords too; null leaves the account's setting alone."
  type        = object({ kms_key_arn = string })
  default     = null

  validation {
    condition = var.account_encryption == null || can(regex(
      "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.account_encryption.kms_key_arn,
    ))
    error_message = "account_encryption.kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}
