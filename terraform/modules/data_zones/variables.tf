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
    error_message = "name_prefix has at most 31 characters here: a bucket's name has 63, and the longest zone and the account take 32."
  }
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts every zone but the access logs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key (not of an alias)."
  }
}

variable "storage_tiers" {
  description = "Days after which objects move to cheaper storage: infrequent access, Glacier, and Deep Archive (null = never)."
  type = object({
    infrequent_access_days = optional(number, 30)
    glacier_days           = optional(number, 90)
    deep_archive_days      = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.storage_tiers.infrequent_access_days >= 30
    error_message = "infrequent_access_days is at least 30: S3 takes no object into infrequent access earlier."
  }

  validation {
    condition     = var.storage_tiers.glacier_days >= var.storage_tiers.infrequent_access_days + 30
    error_message = "glacier_days is at least 30 more than infrequent_access_days, which is billed for 30 days at least."
  }

  validation {
    condition     = var.storage_tiers.deep_archive_days == null || try(var.storage_tiers.deep_archive_days >= var.storage_tiers.glacier_days + 90, false)
    error_message = "deep_archive_days is null or at least 90 more than glacier_days, which is billed for 90 days at least."
  }
}

variable "temp_expiry_days" {
  description = "Days after which objects in temp are deleted."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.temp_expiry_days >= 1 && var.temp_expiry_days <= 365 && floor(var.temp_expiry_days) == var.temp_expiry_days
    error_message = "temp_expiry_days is a whole number from 1 to 365."
  }
}

variable "report_expiry_days" {
  description = "Days after which validation reports are deleted (null = never)."
  type        = number
  default     = null

  validation {
    condition     = var.report_expiry_days == null || try(var.report_expiry_days >= 1 && floor(var.report_expiry_days) == var.report_expiry_days, false)
    error_message = "report_expiry_days is null or a whole number of at least 1."
  }
}

variable "incomplete_upload_days" {
  description = "Days after which uploads that were begun and not completed are removed."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.incomplete_upload_days >= 1 && var.incomplete_upload_days <= 30 && floor(var.incomplete_upload_days) == var.incomplete_upload_days
    error_message = "incomplete_upload_days is a whole number from 1 to 30."
  }
}

variable "retention_days" {
  description = "Days after which objects of retention_zones are deleted, and as many again for versions they replaced (null = never)."
  type        = number
  default     = null

  validation {
    condition     = var.retention_days == null || try(var.retention_days >= 1 && floor(var.retention_days) == var.retention_days, false)
    error_message = "retention_days is null or a whole number of at least 1."
  }
}

variable "retention_zones" {
  description = "Zones that retention_days applies to; with processed, Iceberg tables lose live data files."
  type        = set(string)
  default     = ["raw", "archive", "quarantine"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.retention_zones, ["raw", "processed", "archive", "quarantine"])) == 0
    error_message = "retention_zones are of raw, processed, archive and quarantine."
  }
}

variable "noncurrent_days" {
  description = "Days after which replaced and deleted versions go: from raw and archive to Glacier, from all other zones for good."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 1 && var.noncurrent_days <= 3650 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days is a whole number from 1 to 3650."
  }
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes buckets that still hold objects; for test environments only."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.force_destroy && var.object_lock_days != null)
    error_message = "force_destroy needs object_lock_days = null: nobody can delete locked objects."
  }
}

variable "access_log_days" {
  description = "Days for which access logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.access_log_days >= 1 && var.access_log_days <= 3650 && floor(var.access_log_days) == var.access_log_days
    error_message = "access_log_days is a whole number from 1 to 3650."
  }
}

variable "object_lock_days" {
  description = "Days in which no one, the account's root included, can delete an object of archive (null = no lock); a lock cannot be taken off a bucket again."
  type        = number
  default     = null

  validation {
    condition     = var.object_lock_days == null || try(var.object_lock_days >= 1 && var.object_lock_days <= 36500 && floor(var.object_lock_days) == var.object_lock_days, false)
    error_message = "object_lock_days is null or a whole number from 1 to 36500."
  }

  validation {
    condition     = var.object_lock_days == null || var.retention_days == null || try(var.object_lock_days <= var.retention_days, false)
    error_message = "object_lock_days is at most retention_days: what is locked cannot expire."
  }
}
