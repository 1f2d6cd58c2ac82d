mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix       = "healthcare-claims-dev"
  name              = "process-medical-claims"
  description       = "Publishes claims."
  script_location   = "s3://artifacts/glue/job-0123abcd.py"
  extra_py_files    = ["s3://artifacts/glue/ours-0123abcd.whl"]
  temp_dir          = "s3://temp/glue/"
  catalog_warehouse = "s3://processed/processed"
  arguments         = { "--lake" = "s3://processed" }
  kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags              = { Owner = "data" }
  policy_statements = [{
    sid       = "ReadRaw"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::raw/*"]
    conditions = [{
      test = "StringEquals", variable = "aws:ResourceAccount", values = ["123456789012"]
    }]
  }]
}

run "a_job_is_as_the_product_promises" {
  assert {
    condition = toset([
      output.job_name, output.role_name, output.security_configuration_name, aws_glue_job.this.security_configuration
    ]) == toset(["healthcare-claims-dev-process-medical-claims"])
    error_message = "job, role and security configuration have one name"
  }
  assert {
    condition = [
      aws_glue_job.this.glue_version, aws_glue_job.this.worker_type, aws_glue_job.this.execution_class,
      tostring(aws_glue_job.this.number_of_workers), tostring(aws_glue_job.this.timeout)
    ] == ["5.1", "G.1X", "STANDARD", "10", "120"]
    error_message = "the defaults are Glue 5.1, ten small workers at most, two hours"
  }
  assert {
    condition     = aws_glue_job.this.max_retries == 0 && aws_glue_job.this.job_run_queuing_enabled
    error_message = "runs wait in the queue and are not retried by Glue"
  }
  assert {
    condition     = one(aws_glue_job.this.execution_property).max_concurrent_runs == 3
    error_message = "three runs at once unless the caller says otherwise"
  }
  assert {
    condition = (one(aws_glue_job.this.command).name == "glueetl"
    && one(aws_glue_job.this.command).script_location == "s3://artifacts/glue/job-0123abcd.py")
    error_message = "the job runs the given script on Spark"
  }
  assert {
    condition = alltrue(flatten([
      for tags in concat([aws_glue_job.this.tags, aws_iam_role.job.tags], [for group in aws_cloudwatch_log_group.job : group.tags]) :
      tags == tomap({ Owner = "data", Component = "glue_job" })
    ]))
    error_message = "a resource lacks its tags"
  }
  assert {
    condition     = length(aws_glue_connection.network) == 0 && length(aws_glue_job.this.connections) == 0 && output.connection_name == null
    error_message = "no connection without a VPC"
  }
  assert {
    condition     = output.job_arn == aws_glue_job.this.arn && output.role_arn == aws_iam_role.job.arn && aws_glue_job.this.role_arn == aws_iam_role.job.arn
    error_message = "the job runs as its role, and outputs point to both"
  }
}

run "everything_written_is_encrypted_with_the_given_key" {
  command = plan

  assert {
    condition = [
      for encryption in aws_glue_security_configuration.this.encryption_configuration : [
        one(encryption.s3_encryption).s3_encryption_mode, one(encryption.s3_encryption).kms_key_arn,
        one(encryption.cloudwatch_encryption).cloudwatch_encryption_mode, one(encryption.cloudwatch_encryption).kms_key_arn,
        one(encryption.job_bookmarks_encryption).job_bookmarks_encryption_mode, one(encryption.job_bookmarks_encryption).kms_key_arn,
      ]
    ] == [["SSE-KMS", var.kms_key_arn, "SSE-KMS", var.kms_key_arn, "CSE-KMS", var.kms_key_arn]]
    error_message = "objects, logs and bookmarks are encrypted with the given key"
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.job : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 90])
    error_message = "log groups are encrypted and have an end"
  }
}

run "logs_go_to_the_groups_made_here" {
  command = plan

  assert {
    condition = { for kind, group in aws_cloudwatch_log_group.job : kind => group.name } == {
      for kind in ["error", "output"] : kind => join("/", [
        "/aws-glue/jobs/healthcare-claims-dev-process-medical-claims",
        "healthcare-claims-dev-process-medical-claims-role", "healthcare-claims-dev-process-medical-claims", kind
      ])
    }
    error_message = "the groups have the names that Glue 5 gives under a security configuration"
  }
  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.job : startswith(group.name, join("", [
        aws_glue_job.this.default_arguments["--custom-logGroup-prefix"], "/",
        aws_glue_security_configuration.this.name, "-role/", aws_iam_role.job.name, "/"
      ]))
    ])
    error_message = "prefix, security configuration and role make the groups' names"
  }
  assert {
    condition     = keys(output.log_group_names) == ["error", "output"]
    error_message = "the output names both groups"
  }
}

run "arguments_are_the_modules_and_the_callers" {
  command = plan

  assert {
    condition = jsonencode({ for name, value in aws_glue_job.this.default_arguments : name => value if name != "--conf" }) == jsonencode({
      "--TempDir"                          = "s3://temp/glue/"
      "--custom-logGroup-prefix"           = "/aws-glue/jobs/healthcare-claims-dev-process-medical-claims"
      "--datalake-formats"                 = "iceberg"
      "--enable-auto-scaling"              = "true"
      "--enable-continuous-cloudwatch-log" = "true"
      "--enable-job-insights"              = "true"
      "--enable-metrics"                   = "true"
      "--enable-observability-metrics"     = "true"
      "--extra-py-files"                   = "s3://artifacts/glue/ours-0123abcd.whl"
      "--job-bookmark-option"              = "job-bookmark-disable"
      "--job-language"                     = "python"
      "--lake"                             = "s3://processed"
    })
    error_message = "the default arguments are not those of the product"
  }
  assert {
    condition = aws_glue_job.this.default_arguments["--conf"] == join(" --conf ", [
      "spark.hadoop.fs.s3a.endpoint.region=us-east-1",
      "spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog",
      "spark.sql.catalog.glue_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
      "spark.sql.catalog.glue_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
      "spark.sql.catalog.glue_catalog.warehouse=s3://processed/processed",
      "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    ])
    error_message = "Spark knows its region and the Iceberg catalog"
  }
}

run "third_party_packages_come_without_an_index" {
  command = plan
  variables {
    extra_py_files            = []
    additional_python_modules = ["s3://artifacts/glue/all-0123abcd.gluewheels.zip"]
    catalog_name              = "claims"
    spark_conf                = { "spark.sql.shuffle.partitions" = "64", "spark.hadoop.fs.s3a.endpoint.region" = "us-west-2" }
  }

  assert {
    condition = (aws_glue_job.this.default_arguments["--additional-python-modules"] == "s3://artifacts/glue/all-0123abcd.gluewheels.zip"
    && aws_glue_job.this.default_arguments["--python-modules-installer-option"] == "--no-index")
    error_message = "packages are installed from the archive alone"
  }
  assert {
    condition     = !contains(keys(aws_glue_job.this.default_arguments), "--extra-py-files")
    error_message = "no file, no argument"
  }
  assert {
    condition = alltrue([
      for setting in [
        "spark.sql.catalog.claims.warehouse=s3://processed/processed", "spark.sql.shuffle.partitions=64",
        "spark.hadoop.fs.s3a.endpoint.region=us-west-2"
      ] : strcontains(aws_glue_job.this.default_arguments["--conf"], setting)
    ])
    error_message = "the catalog's name and Spark's settings are the caller's"
  }
}
