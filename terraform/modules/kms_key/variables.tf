variable "name_prefix" {
  description = "Project and environment, the first part of every name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix is 2 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "tags" {
  description = "Tags of every resource, beside those of the provider."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "name" {
  description = "What the key protects, for example data; the last part of its alias."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}$", var.name))
    error_message = "name is 1 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "description" {
  description = "What the key is for, as the console shows it."
  type        = string
  nullable    = false

  validation {
    condition     = length(trimspace(var.description)) > 0 && length(var.description) <= 8192
    error_message = "description has 1 to 8192 characters."
  }
}

variable "deletion_window_days" {
  description = "Days between the order to delete the key and its deletion, in which it can be saved."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30 && floor(var.deletion_window_days) == var.deletion_window_days
    error_message = "deletion_window_days is a whole number from 7 to 30."
  }
}

variable "rotation_days" {
  description = "Days between two rotations of the key's material."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.rotation_days >= 90 && var.rotation_days <= 2560 && floor(var.rotation_days) == var.rotation_days
    error_message = "rotation_days is a whole number from 90 to 2560."
  }
}

variable "multi_region" {
  description = "Whether the key can have replicas in other regions; a change makes a new key."
  type        = bool
  default     = false
  nullable    = false
}

variable "services" {
  description = "AWS services that use the key by themselves, with their actions (null = what the service is known to need) and further conditions."
  type = list(object({
    principal = string
    actions   = optional(list(string))
    conditions = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })), [])
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for service in var.services : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?$", service.principal))])
    error_message = "Each principal is a service such as sns.amazonaws.com; logs.amazonaws.com gets its region by itself."
  }

  validation {
    condition     = length(distinct(var.services[*].principal)) == length(var.services)
    error_message = "Each principal stands once in services."
  }

  validation {
    condition = alltrue(flatten([
      for service in var.services : [for action in coalesce(service.actions, []) : can(regex("^kms:[A-Za-z]+\\*?$", action))]
    ]))
    error_message = "Each action is one of kms, such as kms:Decrypt or kms:GenerateDataKey*, and never kms:*."
  }

  validation {
    condition     = alltrue([for service in var.services : service.actions == null || try(length(service.actions) > 0, false)])
    error_message = "actions is null or has at least one action."
  }

  validation {
    condition = alltrue(flatten([
      for service in var.services : [for condition in service.conditions : length(condition.values) > 0]
    ]))
    error_message = "Each condition has at least one value."
  }
}
