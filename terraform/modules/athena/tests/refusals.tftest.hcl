mock_provider "aws" {
  source = "./tests/mocks"
}

run "refuses_a_name_prefix_with_capitals" {
  command = plan

  variables {
    name_prefix = "Claims"
  }

  expect_failures = [var.name_prefix]
}

run "refuses_a_database_with_hyphens" {
  command = plan

  variables {
    database_name = "healthcare-claims"
  }

  expect_failures = [var.database_name]
}

run "refuses_results_at_the_root_of_a_bucket" {
  command = plan

  variables {
    results_location = "s3://a-bucket"
  }

  expect_failures = [var.results_location]
}

run "refuses_an_alias_as_key" {
  command = plan

  variables {
    kms_key_arn = "alias/data"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_a_cut_off_below_ten_megabytes" {
  command = plan

  variables {
    bytes_scanned_cutoff = 1000000
  }

  expect_failures = [var.bytes_scanned_cutoff]
}

run "refuses_a_query_name_with_blanks" {
  command = plan

  variables {
    named_queries = { "a query" = { description = "One.", sql = "SELECT 1" } }
  }

  expect_failures = [var.named_queries]
}

run "refuses_a_query_without_description" {
  command = plan

  variables {
    named_queries = { one = { description = "", sql = "SELECT 1" } }
  }

  expect_failures = [var.named_queries]
}

run "refuses_a_query_without_sql" {
  command = plan

  variables {
    named_queries = { one = { description = "One.", sql = "  " } }
  }

  expect_failures = [var.named_queries]
}

run "refuses_a_query_that_is_too_long" {
  command = plan

  variables {
    named_queries = { one = { description = "One.", sql = join("", [for n in range(1024) : format("%-1024s", "SELECT 1")]) } }
  }

  expect_failures = [var.named_queries]
}
