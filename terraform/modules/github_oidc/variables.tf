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

variable "repository" {
  description = "The repository whose workflows may take the roles, as owner/name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository is owner/name, without a wildcard."
  }
}

variable "environment" {
  description = "The environment of GitHub whose jobs may deploy; its reviewers are asked first."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
  }
}

variable "provider_arn" {
  description = "GitHub's identity provider where the account has it already (null = make it)."
  type        = string
  default     = null

  validation {
    condition     = var.provider_arn == null || can(regex("^arn:aws[a-z-]*:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.provider_arn))
    error_message = "provider_arn is the ARN of the provider token.actions.githubusercontent.com."
  }
}

variable "deploy_policy_arns" {
  description = "Policies of the role that deploys: what they allow is what an apply can do."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.deploy_policy_arns) > 0 && alltrue([for arn in var.deploy_policy_arns : can(regex("^arn:aws[a-z-]*:iam::(aws|\\d{12}):policy/", arn))])
    error_message = "deploy_policy_arns are ARNs of policies, at least one."
  }
}

variable "plans" {
  description = "Whether pull requests may plan in this account, with a role that reads settings and no data."
  type        = bool
  default     = false
  nullable    = false
}

variable "readable_object_arns" {
  description = "Objects that a plan reads: the state, and what make build uploaded."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = (!var.plans || length(var.readable_object_arns) > 0) && alltrue([for arn in var.readable_object_arns : can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]+/.+$", arn))])
    error_message = "readable_object_arns are ARNs of objects in named buckets; where pull requests plan there is at least one."
  }
}

variable "state_kms_key_arns" {
  description = "Keys of the objects that a plan reads: the state's, and that of the artifacts."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = (!var.plans || length(var.state_kms_key_arns) > 0) && alltrue([for arn in var.state_kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/", arn))])
    error_message = "state_kms_key_arns are ARNs of keys; where pull requests plan there is at least one."
  }
}
