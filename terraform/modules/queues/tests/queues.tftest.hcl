mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-dev"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags        = { Owner = "data" }
  queues = {
    landing = {
      visibility_timeout_seconds = 1800
      max_receive_count          = 7
      senders = [{
        service     = "events.amazonaws.com"
        source_arns = ["arn:aws:events:us-east-1:123456789012:rule/object-created"]
      }]
      dead_letter_senders = [{
        service     = "events.amazonaws.com"
        source_arns = ["arn:aws:events:us-east-1:123456789012:rule/object-created"]
      }]
    }
    failures = { visibility_timeout_seconds = 60, retention_seconds = 86400 }
  }
}

run "every_queue_has_its_dead_letter_queue" {
  command = plan

  assert {
    condition = { for key, queue in aws_sqs_queue.queue : key => queue.name } == {
      landing  = "healthcare-claims-dev-landing"
      failures = "healthcare-claims-dev-failures"
    }
    error_message = "queues are named by prefix and key"
  }
  assert {
    condition = { for key, queue in aws_sqs_queue.dead_letter : key => queue.name } == {
      landing  = "healthcare-claims-dev-landing-dlq"
      failures = "healthcare-claims-dev-failures-dlq"
    }
    error_message = "each queue has a dead-letter queue named after it"
  }
  assert {
    condition     = aws_sqs_queue.queue["landing"].visibility_timeout_seconds == 1800
    error_message = "the visibility time-out is the caller's"
  }
  assert {
    condition = [
      aws_sqs_queue.queue["landing"].message_retention_seconds, aws_sqs_queue.queue["failures"].message_retention_seconds
    ] == [345600, 86400]
    error_message = "messages are kept four days unless the caller says otherwise"
  }
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.dead_letter : queue.message_retention_seconds == 1209600])
    error_message = "dead letters are kept 14 days"
  }
  assert {
    condition = alltrue([
      for queue in concat(values(aws_sqs_queue.queue), values(aws_sqs_queue.dead_letter)) : queue.receive_wait_time_seconds == 20
    ])
    error_message = "readers wait for messages instead of asking again and again"
  }
}

run "everything_is_encrypted_with_the_given_key_and_tagged" {
  command = plan

  assert {
    condition = alltrue([
      for queue in concat(values(aws_sqs_queue.queue), values(aws_sqs_queue.dead_letter)) :
      queue.kms_master_key_id == var.kms_key_arn
    ])
    error_message = "a queue is not encrypted with the given key"
  }
  assert {
    condition = alltrue([
      for queue in concat(values(aws_sqs_queue.queue), values(aws_sqs_queue.dead_letter)) :
      queue.tags == tomap({ Owner = "data", Component = "queues" })
    ])
    error_message = "a queue lacks its tags"
  }
}

run "dead_letters_go_one_way" {
  assert {
    condition = alltrue([
      for key, queue in aws_sqs_queue.queue :
      jsondecode(queue.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead_letter[key].arn
    ])
    error_message = "a queue's dead letters go to its own dead-letter queue"
  }
  assert {
    condition = [
      for key in ["failures", "landing"] : jsondecode(aws_sqs_queue.queue[key].redrive_policy).maxReceiveCount
    ] == [5, 7]
    error_message = "five attempts unless the caller says otherwise"
  }
  assert {
    condition = jsondecode(aws_sqs_queue.dead_letter["landing"].redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-landing"]
    }
    error_message = "a dead-letter queue takes from its own queue alone"
  }
  assert {
    condition = alltrue([
      for queue in aws_sqs_queue.queue : jsondecode(queue.redrive_allow_policy).redrivePermission == "denyAll"
    ])
    error_message = "a working queue is nobody's dead-letter queue"
  }
  assert {
    condition = alltrue([
      for output in [output.queue_arns, output.queue_urls, output.queue_names,
      output.dead_letter_arns, output.dead_letter_urls, output.dead_letter_names] : keys(output) == ["failures", "landing"]
    ])
    error_message = "outputs are maps by the queues' keys"
  }
  assert {
    condition     = output.dead_letter_arns["landing"] == aws_sqs_queue.dead_letter["landing"].arn
    error_message = "the output names the dead-letter queue"
  }
}

run "policies_deny_plain_http_and_name_the_senders" {
  command = plan

  assert {
    condition = alltrue([
      for key, document in data.aws_iam_policy_document.access : anytrue([
        for statement in document.statement : statement.effect == "Deny" && contains(statement.actions, "sqs:*")
        && one(statement.condition).variable == "aws:SecureTransport"
        && tolist(one(statement.condition).values) == tolist(["false"])
        && anytrue([for principal in statement.principals : principal.type == "*"])
      ])
    ])
    error_message = "a queue can be reached without TLS"
  }
  assert {
    condition = { for key, document in data.aws_iam_policy_document.access : key => length(document.statement) } == {
      landing = 2, landing-dlq = 2, failures = 1, failures-dlq = 1
    }
    error_message = "services send to the queues that name them and to no other"
  }
  assert {
    condition = alltrue([
      for key, name in { landing = "landing", landing-dlq = "landing-dlq" } :
      tolist(data.aws_iam_policy_document.access[key].statement[1].resources) == tolist(["arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-${name}"])
      && tolist(data.aws_iam_policy_document.access[key].statement[1].actions) == tolist(["sqs:SendMessage"])
      && tolist(one(data.aws_iam_policy_document.access[key].statement[1].principals).identifiers) == tolist(["events.amazonaws.com"])
    ])
    error_message = "a sender may send to its queue, and do nothing else"
  }
  assert {
    condition = alltrue([
      for condition in data.aws_iam_policy_document.access["landing"].statement[1].condition :
      condition.test == "ArnEquals" && condition.variable == "aws:SourceArn"
      && tolist(condition.values) == tolist(["arn:aws:events:us-east-1:123456789012:rule/object-created"])
    ]) && length(data.aws_iam_policy_document.access["landing"].statement[1].condition) == 1
    error_message = "a service sends from the named rule only"
  }
}

run "refuses_a_bad_prefix" {
  command = plan
  variables { name_prefix = "Claims_Dev" }
  expect_failures = [var.name_prefix]
}

run "refuses_an_alias_as_key" {
  command = plan
  variables { kms_key_arn = "alias/data" }
  expect_failures = [var.kms_key_arn]
}

run "refuses_a_key_that_looks_like_a_dead_letter_queue" {
  command = plan
  variables { queues = { landing-dlq = { visibility_timeout_seconds = 60 } } }
  expect_failures = [var.queues]
}

run "refuses_a_key_that_makes_too_long_a_name" {
  command = plan
  variables { queues = { abcdefghijklmnopqrstuvwxyzabcdefghi = { visibility_timeout_seconds = 60 } } }
  expect_failures = [var.queues]
}

run "refuses_a_visibility_of_more_than_twelve_hours" {
  command = plan
  variables { queues = { landing = { visibility_timeout_seconds = 43201 } } }
  expect_failures = [var.queues]
}

run "refuses_a_retention_of_more_than_fourteen_days" {
  command = plan
  variables { queues = { landing = { visibility_timeout_seconds = 60, retention_seconds = 1209601 } } }
  expect_failures = [var.queues]
}

run "refuses_messages_that_expire_while_they_are_read" {
  command = plan
  variables { queues = { landing = { visibility_timeout_seconds = 3600, retention_seconds = 3600 } } }
  expect_failures = [var.queues]
}

run "refuses_no_attempt_at_all" {
  command = plan
  variables { queues = { landing = { visibility_timeout_seconds = 60, max_receive_count = 0 } } }
  expect_failures = [var.queues]
}

run "refuses_a_sender_that_is_no_service" {
  command = plan
  variables {
    queues = { landing = { visibility_timeout_seconds = 60, senders = [{
      service = "*", source_arns = ["arn:aws:events:us-east-1:123456789012:rule/x"]
    }] } }
  }
  expect_failures = [var.queues]
}

run "refuses_a_sender_from_anywhere" {
  command = plan
  variables {
    queues = { landing = { visibility_timeout_seconds = 60, senders = [{ service = "events.amazonaws.com", source_arns = [] }] } }
  }
  expect_failures = [var.queues]
}

run "refuses_a_source_without_an_account" {
  command = plan
  variables {
    queues = { landing = { visibility_timeout_seconds = 60, dead_letter_senders = [{
      service = "s3.amazonaws.com", source_arns = ["arn:aws:s3:::some-bucket"]
    }] } }
  }
  expect_failures = [var.queues]
}

run "refuses_a_retention_of_dead_letters_out_of_range" {
  command = plan
  variables { dead_letter_retention_seconds = 1209601 }
  expect_failures = [var.dead_letter_retention_seconds]
}

run "refuses_dead_letters_kept_shorter_than_messages" {
  command = plan
  variables { dead_letter_retention_seconds = 345599 }
  expect_failures = [var.dead_letter_retention_seconds]
}
