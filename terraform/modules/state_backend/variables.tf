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

variable "state_key" {
  description = "Key of the state's object in the bucket."
  type        = string
  default     = "terraform.tfstate"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*\\.tfstate$", var.state_key))
    error_message = "state_key is letters, digits, dots, hyphens, underscores and slashes, begins with a letter or digit and ends in .tfstate."
  }
}

variable "noncurrent_days" {
  description = "Days after which former states are deleted; the current one never is."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 30 && var.noncurrent_days <= 3650 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days is a whole number from 30 to 3650."
  }
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes the bucket with the states in it; for test environments only."
  type        = bool
  default     = false
  nullable    = false
}
