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

variable "name" {
  description = "What the function does, for instance data-validation; the function and its role are called <name_prefix>-<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name)) && length("${var.name_prefix}-${var.name}") <= 64
    error_message = "name is lower-case letters, digits and hyphens, a letter first; with name_prefix and a hyphen at most 64 characters."
  }
}

variable "description" {
  description = "One sentence for people who find the function in the console."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 256
    error_message = "description is 1 to 256 characters."
  }
}

variable "package" {
  description = "The function's zip in S3 and the SHA-256 of its bytes in base 64, by which Terraform sees that code changed."
  type        = object({ bucket = string, key = string, sha256_base64 = string })
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.package.bucket)) && can(regex("^[^/].*\\.zip$", var.package.key))
    error_message = "package.bucket is a bucket's name, package.key the key of a .zip without a leading slash."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9+/]{43}=$", var.package.sha256_base64))
    error_message = "package.sha256_base64 is a SHA-256 in base 64 (44 characters), as filebase64sha256 gives it, not in hexadecimal."
  }
}

variable "handler" {
  description = "Module and function that Lambda calls, for instance lambdas.data_validation.handler.handle."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_./]*\\.[A-Za-z_][A-Za-z0-9_]*$", var.handler)) && length(var.handler) <= 128
    error_message = "handler is module.function, at most 128 characters."
  }
}

variable "runtime" {
  description = "Lambda's Python runtime; the layer must be built for the same one."
  type        = string
  default     = "python3.11"
  nullable    = false

  validation {
    condition     = contains(["python3.11", "python3.12", "python3.13"], var.runtime)
    error_message = "runtime is python3.11, python3.12 or python3.13."
  }
}

variable "architecture" {
  description = "Processor: arm64 costs a fifth less than x86_64; the layer must be built for the same one."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is arm64 or x86_64."
  }
}

variable "layer_arns" {
  description = "ARNs of layer versions with the third-party packages."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = length(var.layer_arns) <= 5 && alltrue([
      for arn in var.layer_arns : can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$", arn))
    ])
    error_message = "layer_arns is at most five ARNs of layer versions (arn:...:layer:<name>:<version>)."
  }
}

variable "memory_mb" {
  description = "Memory in MB; the share of a processor grows with it, a whole one at 1769."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb is a whole number from 128 to 10240."
  }
}

variable "timeout_seconds" {
  description = "Seconds after which Lambda ends a call."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds is a whole number from 1 to 900."
  }
}

variable "environment" {
  description = "Environment variables, encrypted with kms_key_arn; no secrets: the state and the console show them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]+$", name))])
    error_message = "Names in environment are letters, digits and underscores, at least two, a letter first."
  }

  validation {
    condition = length(setintersection(keys(var.environment), [
      "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
      "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
    ])) == 0
    error_message = "environment holds a name that Lambda keeps for itself, for instance AWS_REGION."
  }

  validation {
    condition     = length(jsonencode(var.environment)) <= 4096
    error_message = "environment is at most 4 KB in all."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of the environment variables and the log group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}
