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

run "refuses_an_empty_description" {
  command = plan

  variables {
    description = ""
  }

  expect_failures = [var.description]
}

run "refuses_a_location_that_ends_in_a_slash" {
  command = plan

  variables {
    location_uri = "s3://a-bucket/processed/"
  }

  expect_failures = [var.location_uri]
}

run "refuses_a_folder_without_tables" {
  command = plan

  variables {
    tables_folder = "tests/mocks"
  }

  expect_failures = [var.tables_folder]
}

run "refuses_a_bucket_by_name" {
  command = plan

  variables {
    processed_bucket_arn = "a-bucket"
  }

  expect_failures = [var.processed_bucket_arn]
}

run "refuses_an_alias_as_key" {
  command = plan

  variables {
    kms_key_arns = ["alias/data"]
  }

  expect_failures = [var.kms_key_arns]
}

run "refuses_half_a_day_of_snapshots" {
  command = plan

  variables {
    optimizers = { snapshot_retention_days = 0.5 }
  }

  expect_failures = [var.optimizers]
}

run "refuses_no_snapshot" {
  command = plan

  variables {
    optimizers = { snapshots_to_retain = 0 }
  }

  expect_failures = [var.optimizers]
}

run "refuses_orphans_deleted_at_once" {
  command = plan

  variables {
    optimizers = { orphan_file_retention_days = 0 }
  }

  expect_failures = [var.optimizers]
}

run "refuses_an_alias_for_the_account" {
  command = plan

  variables {
    account_encryption = { kms_key_arn = "alias/data" }
  }

  expect_failures = [var.account_encryption]
}
