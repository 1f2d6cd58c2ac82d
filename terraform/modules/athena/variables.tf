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
  description = "Name of the Glue database that named queries read."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,127}$", var.database_name))
    error_message = "database_name is 1 to 128 lower-case letters, digits and underscores, a letter first."
  }
}

variable "results_location" {
  description = "Folder in S3 for the results of queries, for instance s3://bucket/athena; results hold claims."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)+/?$", var.results_location))
    error_message = "results_location is a folder, s3://bucket/folder."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of the results."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "bytes_scanned_cutoff" {
  description = "Bytes after which a query is cancelled; a terabyte costs 5 $."
  type        = number
  default     = 1099511627776
  nullable    = false

  validation {
    condition     = var.bytes_scanned_cutoff >= 10485760 && floor(var.bytes_scanned_cutoff) == var.bytes_scanned_cutoff
    error_message = "bytes_scanned_cutoff is a whole number from 10485760 (10 MB), Athena's least."
  }
}

variable "named_queries" {
  description = "Saved queries by name: a sentence on what they answer, and their SQL in Athena's dialect."
  type        = map(object({ description = string, sql = string }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.named_queries) : can(regex("^[a-z][a-z0-9_-]{0,80}$", key))])
    error_message = "A query's key is 1 to 81 lower-case letters, digits, _ and -, a letter first."
  }

  validation {
    condition = alltrue([
      for query in values(var.named_queries) : length(query.description) >= 1 && length(query.description) <= 1024
    ])
    error_message = "Each description is 1 to 1024 characters."
  }

  # Athena counts bytes; each character of the SQL may have more than one.
  validation {
    condition = alltrue([
      for query in values(var.named_queries) : length(trimspace(query.sql)) >= 1 && length(base64encode(query.sql)) <= 349528
    ])
    error_message = "Each sql is 1 to 262144 bytes."
  }
}

variable "force_destroy" {
  description = "Whether the workgroup is destroyed with its named queries and history."
  type        = bool
  default     = false
  nullable    = false
}
