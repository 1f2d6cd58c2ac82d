mock_provider "aws" {
  source = "./tests/mocks"
}

run "the_state_machine_logs_errors_and_never_data" {
  command = plan

  assert {
    condition     = aws_sfn_state_machine.claims.name == "healthcare-claims-dev-claims-pipeline" && aws_sfn_state_machine.claims.type == "STANDARD"
    error_message = "the state machine is standard and named by the prefix"
  }
  assert {
    condition = (
      aws_sfn_state_machine.claims.logging_configuration[0].level == "ERROR"
      && aws_sfn_state_machine.claims.logging_configuration[0].include_execution_data == false
    )
    error_message = "errors are logged, execution data is not"
  }
  assert {
    condition = (
      aws_sfn_state_machine.claims.encryption_configuration[0].type == "CUSTOMER_MANAGED_KMS_KEY"
      && aws_sfn_state_machine.claims.encryption_configuration[0].kms_key_id == var.kms_key_arn
      && aws_cloudwatch_log_group.state_machine.kms_key_id == var.kms_key_arn
    )
    error_message = "executions and their log are encrypted with the project's key"
  }
  assert {
    condition     = aws_sfn_state_machine.claims.tracing_configuration[0].enabled
    error_message = "executions are traced"
  }
  assert {
    condition     = aws_cloudwatch_log_group.state_machine.name == "/aws/vendedlogs/states/healthcare-claims-dev-claims-pipeline" && aws_cloudwatch_log_group.state_machine.retention_in_days == 365
    error_message = "the log group lies below /aws/vendedlogs/ and is kept for a year"
  }
  assert {
    condition     = aws_sfn_state_machine.claims.tags == tomap({ Owner = "data", Component = "claims_pipeline" })
    error_message = "tags are the caller's and the component's"
  }
}

run "the_definition_is_filled_in_and_hangs_together" {
  command = plan

  assert {
    condition     = !can(regex("[$][{]", aws_sfn_state_machine.claims.definition))
    error_message = "no placeholder is left"
  }
  assert {
    condition = jsondecode(aws_sfn_state_machine.claims.definition).States.ProcessClaims.Resource == "arn:aws:states:::glue:startJobRun.sync" && (
      jsondecode(aws_sfn_state_machine.claims.definition).States.ProcessClaims.Parameters.JobName == "healthcare-claims-dev-process"
    )
    error_message = "the job is started and waited for"
  }
  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.claims.definition).States.StartSummaries.Resource == "arn:aws:states:::aws-sdk:glue:startJobRun"
      && jsondecode(aws_sfn_state_machine.claims.definition).States.StartSummaries.Parameters.JobName == "healthcare-claims-dev-summarize"
      && jsondecode(aws_sfn_state_machine.claims.definition).States.StartSummaries.Parameters.JobRunQueuingEnabled == false
    )
    error_message = "the summaries' job is started, not waited for, and no queue of its runs builds up"
  }
  assert {
    condition     = jsondecode(aws_sfn_state_machine.claims.definition).States.WriteManifest.Parameters.Bucket == "healthcare-claims-dev-temp-123456789012"
    error_message = "manifests are written to their bucket"
  }
  assert {
    condition = alltrue([
      for name, state in jsondecode(aws_sfn_state_machine.claims.definition).States :
      can(state.TimeoutSeconds) || can(state.TimeoutSecondsPath) if state.Type == "Task"
    ])
    error_message = "every task has a time-out"
  }
  assert {
    condition = alltrue([
      for name, state in jsondecode(aws_sfn_state_machine.claims.definition).States : alltrue([
        for retrier in state.Retry : retrier.JitterStrategy == "FULL" && retrier.MaxDelaySeconds <= 900
      ]) if state.Type == "Task"
    ])
    error_message = "every task is retried with full jitter and a longest delay"
  }
  assert {
    condition = alltrue([
      for name, state in jsondecode(aws_sfn_state_machine.claims.definition).States :
      contains(flatten(state.Catch[*].ErrorEquals), "States.ALL") if contains(["Task", "Map"], state.Type)
    ])
    error_message = "every task catches what it cannot retry"
  }
  assert {
    condition = length(setsubtract(
      [
        "Glue.AWSGlueException", "Glue.ConcurrentRunsExceededException", "Glue.InternalServiceException",
        "Glue.ResourceNotReadyException", "Glue.ResourceNumberLimitExceededException", "Glue.ThrottlingException",
        "States.Timeout",
      ],
      flatten(jsondecode(aws_sfn_state_machine.claims.definition).States.ProcessClaims.Retry[*].ErrorEquals),
    )) == 0
    error_message = "the job is retried for every transient error of Glue"
  }
  assert {
    condition = length(setsubtract(
      flatten([
        for state in values(jsondecode(aws_sfn_state_machine.claims.definition).States) : concat(
          compact([try(state.Next, ""), try(state.Default, "")]), try(state.Choices[*].Next, []), try(state.Catch[*].Next, []),
        )
      ]),
      keys(jsondecode(aws_sfn_state_machine.claims.definition).States),
    )) == 0
    error_message = "every transition leads to a state"
  }
}

run "its_role_may_do_what_it_calls_and_no_more" {
  command = plan

  assert {
    condition     = aws_iam_role.state_machine.name == "healthcare-claims-dev-claims-pipeline"
    error_message = "the role bears the state machine's name"
  }
  assert {
    condition = [for statement in data.aws_iam_policy_document.state_machine.statement : statement.sid] == [
      "InvokeFunctions", "RunJobs", "StartJobs", "ReadAndWriteManifests", "PublishAlerts", "UseKeysOfManifestsAndTopics",
      "EncryptOwnExecutions", "EncryptLogDelivery", "DeliverLogs", "Trace",
    ]
    error_message = "the policy has these statements"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.state_machine.statement : statement.sid => [sort(statement.actions), sort(statement.resources)]
      if contains(["InvokeFunctions", "RunJobs", "StartJobs", "ReadAndWriteManifests", "PublishAlerts"], statement.sid)
      }) == jsonencode({
      InvokeFunctions = [["lambda:InvokeFunction"], sort(var.invoked_function_arns)]
      RunJobs         = [["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"], [var.glue_jobs[0].arn]]
      StartJobs       = [["glue:StartJobRun"], var.started_job_arns]
      ReadAndWriteManifests = [
        ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::healthcare-claims-dev-temp-123456789012/manifests/*"],
      ]
      PublishAlerts = [["sns:Publish"], var.publishes_to]
    })
    error_message = "actions stand with the resources they are for"
  }
  assert {
    condition = [
      for statement in data.aws_iam_policy_document.state_machine.statement : statement.sid if contains(statement.resources, "*")
    ] == ["DeliverLogs", "Trace"]
    error_message = "only log delivery and tracing have no resource"
  }
  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.state_machine.statement : length(statement.condition) > 0
      if anytrue([for action in statement.actions : startswith(action, "kms:")])
    ])
    error_message = "keys are used only for what they are given for"
  }
  assert {
    condition = [
      for statement in data.aws_iam_policy_document.state_machine.statement : one(one(statement.condition[*].values)) if statement.sid == "EncryptOwnExecutions"
    ] == ["arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"]
    error_message = "the project's key encrypts this state machine's executions"
  }
  assert {
    condition = {
      for condition in data.aws_iam_policy_document.state_machine_trust.statement[0].condition : condition.variable => one(condition.values)
      } == {
      "aws:SourceAccount" = "123456789012"
      "aws:SourceArn"     = "arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"
    }
    error_message = "Step Functions takes the role for this state machine alone"
  }
}

run "without_topics_other_keys_and_jobs_to_start_the_role_is_smaller" {
  command = plan

  variables {
    publishes_to     = []
    kms_key_arns     = []
    started_job_arns = []
  }

  assert {
    condition = length([
      for statement in data.aws_iam_policy_document.state_machine.statement : statement
      if contains(["StartJobs", "PublishAlerts", "UseKeysOfManifestsAndTopics"], statement.sid)
    ]) == 0
    error_message = "nothing is granted for topics and keys that are not given"
  }
}
