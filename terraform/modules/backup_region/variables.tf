variable "name_prefix" {
  description = "Project and environment, the first part of every name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix is lower-case letters, digits and hyphens, at least 2, and begins with a letter."
  }

  validation {
    condition     = length(var.name_prefix) <= 31
    error_message = "name_prefix has at most 31 characters here, as in data_zones: a bucket's name has 63."
  }
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "source_buckets" {
  description = "Buckets to copy, by zone; days after which replaced versions and objects of the copy are deleted (null = never), and days of lock where the source has one."
  type = map(object({
    name             = string
    arn              = string
    noncurrent_days  = optional(number)
    retention_days   = optional(number)
    object_lock_days = optional(number)
  }))
  nullable = false

  validation {
    condition     = length(var.source_buckets) > 0 && alltrue([for zone, bucket in var.source_buckets : can(regex("^[a-z][a-z0-9-]{1,30}$", zone))])
    error_message = "source_buckets has at least one zone; a zone is 2 to 31 lower-case letters, digits and hyphens."
  }

  validation {
    condition     = length(distinct([for zone, bucket in var.source_buckets : substr(zone, 0, 10)])) == length(var.source_buckets)
    error_message = "Zones differ in their first 10 characters: a long prefix leaves no more of them in a replica's name."
  }

  validation {
    condition     = alltrue([for zone, bucket in var.source_buckets : can(regex("^arn:[a-z-]+:s3:::.+$", bucket.arn)) && endswith(bucket.arn, ":::${bucket.name}")])
    error_message = "Each source has the name and the ARN of one bucket."
  }

  validation {
    condition = alltrue(flatten([
      for zone, bucket in var.source_buckets : [
        for days in [bucket.noncurrent_days, bucket.retention_days, bucket.object_lock_days] : days == null || try(days >= 1 && floor(days) == days, false)
      ]
    ]))
    error_message = "noncurrent_days, retention_days and object_lock_days are null or whole numbers of at least 1."
  }

  validation {
    condition = alltrue([
      for zone, bucket in var.source_buckets :
      bucket.object_lock_days == null || bucket.retention_days == null || try(bucket.object_lock_days <= bucket.retention_days, false)
    ])
    error_message = "object_lock_days is at most retention_days: what is locked cannot expire."
  }
}

variable "source_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the source buckets."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.source_kms_key_arn))
    error_message = "source_kms_key_arn is the ARN of a key (not of an alias)."
  }
}

variable "replication_time_control" {
  description = "Whether S3 answers for 99.9 % of the copies within 15 minutes, at a price for each gigabyte."
  type        = bool
  default     = true
  nullable    = false
}

variable "storage_class" {
  description = "Storage class of the copies; classes that must be restored first are not offered, since recovery is to take less than an hour."
  type        = string
  default     = "STANDARD_IA"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR"], var.storage_class)
    error_message = "storage_class is STANDARD, STANDARD_IA, INTELLIGENT_TIERING or GLACIER_IR."
  }
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes replica buckets that still hold objects; for test environments only."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.force_destroy && anytrue([for zone, bucket in var.source_buckets : bucket.object_lock_days != null]))
    error_message = "force_destroy needs object_lock_days = null: nobody can delete locked objects."
  }
}
