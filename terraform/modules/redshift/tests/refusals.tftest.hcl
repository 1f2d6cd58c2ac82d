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

run "refuses_an_alias_as_key" {
  command = plan

  variables {
    kms_key_arn = "alias/data"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_no_key_of_the_data" {
  command = plan

  variables {
    data_kms_key_arns = []
  }

  expect_failures = [var.data_kms_key_arns]
}

run "refuses_two_subnets" {
  command = plan

  variables {
    subnet_ids = ["subnet-a1", "subnet-b2"]
  }

  expect_failures = [var.subnet_ids]
}

run "refuses_one_subnet_three_times" {
  command = plan

  variables {
    subnet_ids = ["subnet-a1", "subnet-a1", "subnet-a1"]
  }

  expect_failures = [var.subnet_ids]
}

run "refuses_no_security_group" {
  command = plan

  variables {
    security_group_ids = []
  }

  expect_failures = [var.security_group_ids]
}

run "refuses_a_base_of_twelve" {
  command = plan

  variables {
    base_capacity = 12
  }

  expect_failures = [var.base_capacity]
}

run "refuses_a_most_of_twelve" {
  command = plan

  variables {
    max_capacity = 12
  }

  expect_failures = [var.max_capacity]
}

run "refuses_a_most_below_the_base" {
  command = plan

  variables {
    base_capacity = 128
    max_capacity  = 64
  }

  expect_failures = [var.max_capacity]
}

run "refuses_a_limit_of_nothing" {
  command = plan

  variables {
    usage_limit_rpu_hours = 0
  }

  expect_failures = [var.usage_limit_rpu_hours]
}

run "refuses_an_action_that_does_not_exist" {
  command = plan

  variables {
    usage_limit_action = "stop"
  }

  expect_failures = [var.usage_limit_action]
}

run "refuses_queries_of_two_days" {
  command = plan

  variables {
    max_query_seconds = 172800
  }

  expect_failures = [var.max_query_seconds]
}

run "refuses_a_database_with_hyphens" {
  command = plan

  variables {
    database_name = "my-claims"
  }

  expect_failures = [var.database_name]
}

run "refuses_a_glue_database_with_quotes" {
  command = plan

  variables {
    glue_database_name = "claims' DROP"
  }

  expect_failures = [var.glue_database_name]
}

run "refuses_a_bucket_by_name" {
  command = plan

  variables {
    processed_bucket_arn = "a-bucket"
  }

  expect_failures = [var.processed_bucket_arn]
}

run "refuses_a_schema_of_the_system" {
  command = plan

  variables {
    external_schema_name = "pg_lake"
  }

  expect_failures = [var.external_schema_name]
}

run "refuses_a_log_that_does_not_exist" {
  command = plan

  variables {
    log_exports = ["auditlog"]
  }

  expect_failures = [var.log_exports]
}

run "refuses_a_retention_cloudwatch_does_not_have" {
  command = plan

  variables {
    log_retention_days = 100
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_an_empty_statement" {
  command = plan

  variables {
    load_statements = { schema = "CREATE SCHEMA a;", procedure = "", grants = {} }
  }

  expect_failures = [var.load_statements]
}

run "refuses_loads_without_what_they_read" {
  command = plan

  variables {
    load_statements      = { schema = "CREATE SCHEMA a;", procedure = "CREATE PROCEDURE b;", grants = {} }
    external_schema_name = "elsewhere"
  }

  expect_failures = [var.load_statements]
}
