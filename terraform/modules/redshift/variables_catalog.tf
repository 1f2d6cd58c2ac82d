variable "database_name" {
  description = "Name of the Redshift database, which loads and the external schema use."
  type        = string
  default     = "claims"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,63}$", var.database_name))
    error_message = "database_name is 1 to 64 lower-case letters, digits and underscores, a letter first."
  }
}

variable "glue_database_name" {
  description = "Name of the Glue database with the published tables."
  type        = string
  nullable    = false

  # The name becomes text of SQL.
  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,127}$", var.glue_database_name))
    error_message = "glue_database_name is 1 to 128 lower-case letters, digits and underscores, a letter first."
  }
}

variable "processed_bucket_arn" {
  description = "ARN of the bucket of the published tables."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.processed_bucket_arn))
    error_message = "processed_bucket_arn is the ARN of a bucket."
  }
}

variable "external_schema" {
  description = "Whether the Glue database is made an external schema, by one statement of SQL."
  type        = bool
  default     = true
  nullable    = false
}

variable "external_schema_name" {
  description = "Name of the external schema in Redshift."
  type        = string
  default     = "lake"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,126}$", var.external_schema_name)) && !startswith(var.external_schema_name, "pg_")
    error_message = "external_schema_name is 1 to 127 lower-case letters, digits and underscores, a letter first, and does not begin with pg_."
  }
}

variable "load_statements" {
  description = "SQL by which loads are possible: the schema, the procedure, and grants by name; null: nothing is loaded. The procedure reads the external schema as lake."
  type        = object({ schema = string, procedure = string, grants = map(string) })
  default     = null

  validation {
    condition = var.load_statements == null || try(alltrue([
      for sql in concat([var.load_statements.schema, var.load_statements.procedure], values(var.load_statements.grants)) :
      length(sql) > 0 && length(sql) < 100000
    ]), false)
    error_message = "Each of load_statements has text, below the 100 kB that the Data API takes."
  }

  validation {
    condition     = var.load_statements == null || (var.external_schema && var.external_schema_name == "lake")
    error_message = "load_statements read the external schema lake: external_schema is true and has this name."
  }
}

variable "log_exports" {
  description = "Logs that go to CloudWatch: userlog, connectionlog, useractivitylog; the last has the text of every query."
  type        = set(string)
  default     = ["connectionlog", "userlog"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.log_exports, ["userlog", "connectionlog", "useractivitylog"])) == 0
    error_message = "log_exports are of userlog, connectionlog and useractivitylog."
  }
}

variable "log_retention_days" {
  description = "Days for which exported logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days is one of CloudWatch's: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
