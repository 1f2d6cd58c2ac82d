mock_provider "aws" {
  source = "./tests/mocks"
}

run "without_schedules_there_is_no_role_for_them" {
  command = apply

  assert {
    condition     = length(aws_scheduler_schedule_group.this) == 0 && length(aws_iam_role.scheduler) == 0 && length(aws_iam_role_policy.scheduler) == 0
    error_message = "no schedule, no role"
  }
  assert {
    condition     = output.scheduler_role_arn == null && length(output.schedule_arns) == 0
    error_message = "outputs say that there is no schedule"
  }
}

run "schedules_start_functions_jobs_and_the_pipeline" {
  command = plan

  variables {
    schedules = {
      flush-batches = {
        expression = "rate(15 minutes)"
        target     = { kind = "lambda", arn = "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-s3-event-trigger:live" }
        input      = "{\"action\":\"flush\"}"
      }
      maintain = {
        expression = "cron(0 4 * * ? *)"
        timezone   = "America/New_York"
        target     = { kind = "glue_job", arn = "arn:aws:glue:us-east-1:123456789012:job/healthcare-claims-dev-maintain" }
        input      = "{\"--keep_days\":\"7\"}"
      }
      replay = {
        expression = "at(2030-01-01T00:00:00)"
        target     = { kind = "state_machine" }
        enabled    = false
      }
    }
  }

  assert {
    condition = (
      aws_scheduler_schedule.this["flush-batches"].name == "healthcare-claims-dev-flush-batches"
      && aws_scheduler_schedule.this["flush-batches"].target[0].input == "{\"action\":\"flush\"}"
      && aws_scheduler_schedule.this["flush-batches"].schedule_expression_timezone == "UTC"
    )
    error_message = "a function is given its input"
  }
  assert {
    condition     = aws_scheduler_schedule.this["maintain"].target[0].arn == "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    error_message = "a job is started by the universal target"
  }
  assert {
    condition = jsondecode(aws_scheduler_schedule.this["maintain"].target[0].input) == {
      JobName = "healthcare-claims-dev-maintain", Arguments = { "--keep_days" = "7" }
    }
    error_message = "a job is given its name and arguments"
  }
  assert {
    condition     = aws_scheduler_schedule.this["maintain"].schedule_expression_timezone == "America/New_York"
    error_message = "a schedule keeps its time zone"
  }
  assert {
    condition     = aws_scheduler_schedule.this["replay"].target[0].arn == "arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"
    error_message = "a state machine without ARN is the pipeline"
  }
  assert {
    condition     = { for key, schedule in aws_scheduler_schedule.this : key => schedule.state } == { flush-batches = "ENABLED", maintain = "ENABLED", replay = "DISABLED" }
    error_message = "schedules can be off"
  }
  assert {
    condition = alltrue([
      for schedule in aws_scheduler_schedule.this :
      schedule.kms_key_arn == var.kms_key_arn && schedule.target[0].dead_letter_config[0].arn == var.event_dead_letter_arn
    ])
    error_message = "schedules are encrypted, and what they cannot start waits as a dead letter"
  }
  assert {
    condition = jsonencode({
      for statement in data.aws_iam_policy_document.scheduler.statement : statement.sid => [sort(statement.actions), sort(statement.resources)]
      }) == jsonencode({
      InvokeFunctions     = [["lambda:InvokeFunction"], ["arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-s3-event-trigger:live"]]
      StartExecutions     = [["states:StartExecution"], ["arn:aws:states:us-east-1:123456789012:stateMachine:healthcare-claims-dev-claims-pipeline"]]
      EncryptInputs       = [["kms:Decrypt", "kms:GenerateDataKey"], [var.kms_key_arn]]
      StartJobs           = [["glue:StartJobRun"], ["arn:aws:glue:us-east-1:123456789012:job/healthcare-claims-dev-maintain"]]
      DecryptOwnSchedules = [["kms:Decrypt"], [var.kms_key_arn]]
      SendToDeadLetters   = [["sqs:SendMessage"], [var.event_dead_letter_arn]]
      EncryptDeadLetters  = [["kms:Decrypt", "kms:GenerateDataKey"], [var.kms_key_arn]]
    })
    error_message = "the role starts what is scheduled, and nothing else"
  }
  assert {
    condition = {
      for condition in data.aws_iam_policy_document.scheduler_trust.statement[0].condition : condition.variable => one(condition.values)
      } == {
      "aws:SourceAccount" = "123456789012"
      "aws:SourceArn"     = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/healthcare-claims-dev-claims-pipeline"
    }
    error_message = "Scheduler takes the role for this group alone"
  }
}
