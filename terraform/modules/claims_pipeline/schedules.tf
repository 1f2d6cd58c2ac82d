locals {
  # Scheduler starts Lambdas and state machines itself, and a Glue job through its universal target.
  schedule_targets = {
    for key, schedule in var.schedules : key => {
      lambda = {
        arn   = schedule.target.arn
        input = schedule.input
      }
      state_machine = {
        arn   = schedule.target.arn == null ? local.state_machine_arn : schedule.target.arn
        input = schedule.input
      }
      glue_job = {
        arn = "${local.arn_start}:scheduler:::aws-sdk:glue:startJobRun"
        input = jsonencode({
          JobName   = try(element(split("job/", schedule.target.arn), 1), "")
          Arguments = jsondecode(schedule.input)
        })
      }
    }[schedule.target.kind]
  }

  # ARNs by kind, for the policy of the role.
  scheduled = {
    for kind in ["lambda", "state_machine", "glue_job"] : kind => [
      for schedule in values(var.schedules) :
      schedule.target.arn == null ? local.state_machine_arn : schedule.target.arn if schedule.target.kind == kind
    ]
  }

  schedule_group     = "${var.name_prefix}-claims-pipeline"
  schedule_group_arn = "${local.arn_start}:scheduler:${local.arn_scope}:schedule-group/${local.schedule_group}"
}

resource "aws_scheduler_schedule_group" "this" {
  count = length(var.schedules) > 0 ? 1 : 0

  name = local.schedule_group
  tags = local.tags
}

resource "aws_scheduler_schedule" "this" {
  for_each = var.schedules

  name       = "${var.name_prefix}-${each.key}"
  group_name = aws_scheduler_schedule_group.this[0].name
  state      = each.value.enabled ? "ENABLED" : "DISABLED"

  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.timezone
  kms_key_arn                  = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = local.schedule_targets[each.key].arn
    role_arn = aws_iam_role.scheduler[0].arn
    input    = local.schedule_targets[each.key].input

    dead_letter_config {
      arn = var.event_dead_letter_arn
    }

    # A schedule that comes an hour late has been overtaken by the next one.
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 10
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}
