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

variable "kms_key_arn" {
  description = "ARN of the KMS key of the namespace, its secret and its logs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "data_kms_key_arns" {
  description = "ARNs of the KMS keys of the published tables' objects."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.data_kms_key_arns) > 0 && alltrue([
      for arn in var.data_kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))
    ])
    error_message = "data_kms_key_arns is at least one ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the workgroup: Redshift Serverless wants three, in three availability zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(distinct(var.subnet_ids)) >= 3 && alltrue([for id in var.subnet_ids : can(regex("^subnet-[a-z0-9]+$", id))])
    error_message = "subnet_ids is at least three different ids of subnets (subnet-...)."
  }
}

variable "security_group_ids" {
  description = "Security groups of the workgroup."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) >= 1 && alltrue([for id in var.security_group_ids : can(regex("^sg-[a-z0-9]+$", id))])
    error_message = "security_group_ids is at least one id of a security group (sg-...)."
  }
}

variable "base_capacity" {
  description = "Redshift processing units with which a query starts; 8 cost 3 $ an hour of use."
  type        = number
  default     = 8
  nullable    = false

  validation {
    condition     = var.base_capacity >= 8 && var.base_capacity <= 512 && var.base_capacity % 8 == 0
    error_message = "base_capacity is 8 to 512 in steps of 8."
  }
}

variable "max_capacity" {
  description = "Most Redshift processing units that load may take."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = var.max_capacity >= 8 && var.max_capacity <= 1024 && var.max_capacity % 8 == 0
    error_message = "max_capacity is 8 to 1024 in steps of 8."
  }

  validation {
    condition     = var.max_capacity >= var.base_capacity
    error_message = "max_capacity is not less than base_capacity."
  }
}

variable "usage_limit_rpu_hours" {
  description = "RPU-hours a day after which usage_limit_action is taken; null sets no limit."
  type        = number
  default     = 40

  validation {
    condition     = var.usage_limit_rpu_hours == null || try(var.usage_limit_rpu_hours >= 1 && floor(var.usage_limit_rpu_hours) == var.usage_limit_rpu_hours, false)
    error_message = "usage_limit_rpu_hours is a whole number from 1, or null."
  }
}

variable "usage_limit_action" {
  description = "What happens at the limit: deactivate (no more queries that day), log or emit-metric."
  type        = string
  default     = "deactivate"
  nullable    = false

  validation {
    condition     = contains(["deactivate", "log", "emit-metric"], var.usage_limit_action)
    error_message = "usage_limit_action is deactivate, log or emit-metric."
  }
}

variable "max_query_seconds" {
  description = "Seconds after which a query is cancelled; a later change needs the workgroup replaced."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition     = var.max_query_seconds >= 1 && var.max_query_seconds <= 86399 && floor(var.max_query_seconds) == var.max_query_seconds
    error_message = "max_query_seconds is a whole number from 1 to 86399."
  }
}
