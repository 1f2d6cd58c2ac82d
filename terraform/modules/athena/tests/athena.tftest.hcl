mock_provider "aws" {
  source = "./tests/mocks"
}

run "the_workgroup_decides_where_results_go_and_how_they_are_encrypted" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.this.name == "healthcare-claims-dev-claims" && aws_athena_workgroup.this.state == "ENABLED"
    error_message = "the workgroup is on, and named by the prefix"
  }
  assert {
    condition     = aws_athena_workgroup.this.configuration[0].enforce_workgroup_configuration
    error_message = "clients cannot choose another place or no encryption"
  }
  assert {
    condition = (
      aws_athena_workgroup.this.configuration[0].result_configuration[0].output_location == "s3://healthcare-claims-dev-temp-123456789012/athena/"
      && aws_athena_workgroup.this.configuration[0].result_configuration[0].expected_bucket_owner == "123456789012"
    )
    error_message = "results go to the given folder of this account's bucket"
  }
  assert {
    condition = (
      aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_KMS"
      && aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].kms_key_arn == var.kms_key_arn
    )
    error_message = "results are encrypted with the key"
  }
  assert {
    condition = (
      aws_athena_workgroup.this.configuration[0].engine_version[0].selected_engine_version == "Athena engine version 3"
      && aws_athena_workgroup.this.configuration[0].publish_cloudwatch_metrics_enabled
      && !aws_athena_workgroup.this.configuration[0].requester_pays_enabled
    )
    error_message = "engine 3, with metrics, without requester pays"
  }
  assert {
    condition     = aws_athena_workgroup.this.configuration[0].bytes_scanned_cutoff_per_query == 1099511627776
    error_message = "a query is cut off at a terabyte"
  }
  assert {
    condition     = !aws_athena_workgroup.this.force_destroy && length(aws_athena_named_query.this) == 0
    error_message = "nothing is destroyed by force, and no query is saved by default"
  }
  assert {
    condition     = aws_athena_workgroup.this.tags == tomap({ Owner = "data", Component = "athena" })
    error_message = "tags are the caller's and the component's"
  }
}

run "the_cut_off_is_the_callers" {
  command = plan

  variables {
    bytes_scanned_cutoff = 10485760
    results_location     = "s3://healthcare-claims-dev-temp-123456789012/athena/"
    force_destroy        = true
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].bytes_scanned_cutoff_per_query == 10485760
    error_message = "the cut-off is the caller's"
  }
  assert {
    condition     = aws_athena_workgroup.this.configuration[0].result_configuration[0].output_location == "s3://healthcare-claims-dev-temp-123456789012/athena/"
    error_message = "one / ends the location, whoever wrote it"
  }
  assert {
    condition     = aws_athena_workgroup.this.force_destroy
    error_message = "destroying by force is the caller's choice"
  }
}

run "queries_are_saved_in_the_workgroup" {
  command = apply

  variables {
    named_queries = {
      monthly_paid = { description = "Money by month of service.", sql = file("../../../glue_jobs/queries/monthly_paid.sql") }
      count-all    = { description = "All lines.", sql = "SELECT count(*) FROM medical_claim" }
    }
  }

  assert {
    condition = { for key, query in aws_athena_named_query.this : key => query.name } == {
      monthly_paid = "healthcare-claims-dev-monthly_paid"
      count-all    = "healthcare-claims-dev-count-all"
    }
    error_message = "queries are named by prefix and key"
  }
  assert {
    condition = alltrue([
      for query in aws_athena_named_query.this : query.workgroup == aws_athena_workgroup.this.name && query.database == "healthcare_claims_dev"
    ])
    error_message = "queries stand in the workgroup and read the database"
  }
  assert {
    condition     = aws_athena_named_query.this["monthly_paid"].query == file("../../../glue_jobs/queries/monthly_paid.sql")
    error_message = "the product's SQL is saved as it is"
  }
  assert {
    condition     = output.named_query_ids == { for key, query in aws_athena_named_query.this : key => query.id }
    error_message = "every query's id is told"
  }
}
