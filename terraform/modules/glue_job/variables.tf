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
  description = "What the job does, for instance process-medical-claims; job, role, connection and security configuration are called <name_prefix>-<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name)) && length("${var.name_prefix}-${var.name}") <= 64
    error_message = "name is lower-case letters, digits and hyphens, a letter first; with name_prefix and a hyphen at most 64 characters."
  }
}

variable "description" {
  description = "One sentence for people who find the job in the console."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 2048
    error_message = "description is 1 to 2048 characters."
  }
}

variable "script_location" {
  description = "S3 URI of the job's script; a key that holds the content's hash, or Terraform does not see that it changed."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^*?]+\\.py$", var.script_location))
    error_message = "script_location is s3://bucket/key.py."
  }
}

variable "extra_py_files" {
  description = "S3 URIs of our own code, wheels or zips that are put on the Python path."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for uri in var.extra_py_files : can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^,*?]+\\.(whl|zip|py)$", uri))
    ])
    error_message = "extra_py_files are S3 URIs of .whl, .zip or .py files."
  }
}

variable "additional_python_modules" {
  description = "S3 URIs of third-party wheels, best one .gluewheels.zip; they are installed without an index, so that names of packages cannot work."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for uri in var.additional_python_modules :
      can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^,*?]+\\.(whl|gluewheels\\.zip)$", uri))
    ])
    error_message = "additional_python_modules are S3 URIs of .whl or .gluewheels.zip files, not names of packages."
  }
}

variable "temp_dir" {
  description = "S3 URI of the folder for the job's temporary files (--TempDir); the role may read, write and delete in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^*?]*)?$", var.temp_dir))
    error_message = "temp_dir is s3://bucket/folder/."
  }
}

variable "catalog_warehouse" {
  description = "S3 URI under which Iceberg puts a new table that names no location of its own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^*? ]*)?$", var.catalog_warehouse))
    error_message = "catalog_warehouse is s3://bucket/folder, without spaces."
  }
}

variable "catalog_name" {
  description = "Name by which the job's SQL calls the Glue Data Catalog (spark.sql.catalog.<name>)."
  type        = string
  default     = "glue_catalog"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.catalog_name))
    error_message = "catalog_name is lower-case letters, digits and underscores, a letter first."
  }
}

variable "arguments" {
  description = "The job's own default arguments by name (--lake = ...); a run may give others. No secrets: the console shows them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.arguments) : can(regex("^--[A-Za-z][A-Za-z0-9_-]*$", name))])
    error_message = "Each argument's name begins with two hyphens."
  }

  validation {
    condition = length(setintersection(keys(var.arguments), [
      "--JOB_NAME", "--TempDir", "--additional-python-modules", "--conf", "--continuous-log-logGroup",
      "--custom-logGroup-prefix", "--datalake-formats", "--enable-auto-scaling", "--enable-continuous-cloudwatch-log",
      "--enable-job-insights", "--enable-metrics", "--enable-observability-metrics", "--encryption-type",
      "--extra-py-files", "--job-bookmark-option", "--job-language", "--python-modules-installer-option",
    ])) == 0
    error_message = "arguments holds one that the module sets: give Spark's settings in spark_conf and files in their own variables."
  }
}

variable "spark_conf" {
  description = "Spark settings by name, beside and instead of the module's own."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.spark_conf) : can(regex("^spark\\.[A-Za-z0-9._-]+$", name))])
    error_message = "Names in spark_conf begin with spark. and hold no spaces."
  }

  validation {
    condition     = alltrue([for value in values(var.spark_conf) : can(regex("^[^[:space:]]+$", value))])
    error_message = "Values in spark_conf are not empty and hold no spaces: Glue splits its one --conf argument at them."
  }
}
