mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "healthcare-claims-dev"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags        = { CostCenter = "claims" }
}

run "five_encrypted_topics_and_no_subscriber_by_default" {
  assert {
    condition     = toset(keys(output.topic_arns)) == toset(["critical", "high", "low", "medium", "status"])
    error_message = "topics must be the five of the interface"
  }
  assert {
    condition = alltrue([for key, topic in aws_sns_topic.this :
      topic.name == "healthcare-claims-dev-${key}" && topic.kms_master_key_id == var.kms_key_arn
    ])
    error_message = "every topic must be named after its key and encrypted"
  }
  assert {
    condition     = alltrue([for topic in aws_sns_topic.this : topic.tags["Component"] == "notifications" && topic.tags["CostCenter"] == "claims"])
    error_message = "every topic must carry the caller's tags and its component"
  }
  assert {
    condition = length(aws_sns_topic_subscription.email) + length(aws_sns_topic_subscription.sms) + length(aws_sns_topic_subscription.pagerduty) + length(
      aws_chatbot_slack_channel_configuration.this
    ) + length(aws_iam_role.slack) == 0
    error_message = "every channel must be optional"
  }
}

run "topics_take_messages_of_named_services_of_this_account_over_tls" {
  assert {
    condition     = length(aws_sns_topic_policy.this) == 5 && length(data.aws_iam_policy_document.topic) == 5
    error_message = "every topic must have a policy"
  }
  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.topic :
      toset([for statement in document.statement : statement.sid]) == toset(["PublishEventBridge", "PublishServices", "DenyWithoutTls", "DenyPlainHttpSubscriber"])
    ])
    error_message = "statements of the topic policy"
  }
  assert {
    condition = alltrue([for statement in data.aws_iam_policy_document.topic["critical"].statement :
      alltrue([for condition in statement.condition : condition.variable == "aws:SourceAccount" && condition.values == tolist(["123456789012"])]) &&
      length(statement.condition) == 1 && tolist(statement.actions) == tolist(["sns:Publish"])
      if startswith(statement.sid, "Publish")
    ])
    error_message = "services may publish for this account only, and do nothing else"
  }
  assert {
    condition = (
      toset(one(data.aws_iam_policy_document.topic["critical"].statement[1].principals).identifiers) ==
      toset(["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "costalerts.amazonaws.com"]) &&
      one(data.aws_iam_policy_document.topic["critical"].statement[1].condition).test == "StringEquals"
    )
    error_message = "services other than EventBridge must name their account"
  }
  assert {
    condition = (
      toset(one(data.aws_iam_policy_document.topic["critical"].statement[0].principals).identifiers) == toset(["events.amazonaws.com"]) &&
      one(data.aws_iam_policy_document.topic["critical"].statement[0].condition).test == "StringEqualsIfExists"
    )
    error_message = "EventBridge does not always name its account"
  }
  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.topic :
      document.statement[2].effect == "Deny" &&
      one(document.statement[2].condition).variable == "aws:SecureTransport" &&
      one(document.statement[2].condition).values == tolist(["false"]) &&
      toset(document.statement[2].actions) == toset(["sns:Publish", "sns:Subscribe"])
    ])
    error_message = "publishing without TLS must be denied"
  }
  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.topic :
      document.statement[3].effect == "Deny" && tolist(document.statement[3].actions) == tolist(["sns:Subscribe"]) && one(document.statement[3].condition).values == tolist(["http"])
    ])
    error_message = "plain http subscribers must be denied"
  }
}

run "a_policy_without_services_has_denials_only" {
  variables {
    publisher_services = []
  }
  assert {
    condition     = alltrue([for document in data.aws_iam_policy_document.topic : alltrue([for statement in document.statement : statement.effect == "Deny"])])
    error_message = "no service, no allowance"
  }
}

run "email_hears_all_topics_and_sms_only_critical_and_high" {
  variables {
    email_addresses = ["claims@example.org", "ops@example.org"]
    sms_numbers     = ["+12065550100"]
  }
  assert {
    condition     = length(aws_sns_topic_subscription.email) == 10 && alltrue([for it in aws_sns_topic_subscription.email : it.protocol == "email"])
    error_message = "two addresses must be subscribed to five topics"
  }
  assert {
    condition     = toset(keys(aws_sns_topic_subscription.sms)) == toset(["critical/+12065550100", "high/+12065550100"])
    error_message = "text messages are for critical and high only"
  }
  assert {
    condition = alltrue([for key, it in merge(aws_sns_topic_subscription.email, aws_sns_topic_subscription.sms) :
      endswith(it.topic_arn, "-${split("/", key)[0]}") && it.endpoint == split("/", key)[1]
    ])
    error_message = "every subscription must stand at its own topic"
  }
  assert {
    condition = alltrue([for it in concat(values(aws_sns_topic_subscription.email), values(aws_sns_topic_subscription.sms)) :
      jsondecode(it.redrive_policy).deadLetterTargetArn == output.dead_letter_arn
    ])
    error_message = "every subscription must have the dead-letter queue"
  }
}

run "pagerduty_hears_critical_messages_only" {
  variables {
    pagerduty_url = "https://events.pagerduty.com/integration/0123456789abcdef/enqueue"
  }
  assert {
    condition = (
      aws_sns_topic_subscription.pagerduty[0].protocol == "https" &&
      aws_sns_topic_subscription.pagerduty[0].endpoint_auto_confirms &&
      endswith(aws_sns_topic_subscription.pagerduty[0].topic_arn, "-critical") &&
      jsondecode(aws_sns_topic_subscription.pagerduty[0].redrive_policy).deadLetterTargetArn == output.dead_letter_arn
    )
    error_message = "one confirmed https subscription with a dead-letter queue"
  }
  assert {
    condition     = jsondecode(aws_sns_topic_subscription.pagerduty[0].delivery_policy).healthyRetryPolicy.numRetries == 20
    error_message = "a pager must be tried for longer than SNS does by default"
  }
}

run "slack_has_a_role_that_only_draws_alarms" {
  variables {
    slack = { workspace_id = "T07EA123LEP", channel_id = "C07EZ1ABC23", topics = ["critical", "high"] }
  }
  assert {
    condition = (
      aws_chatbot_slack_channel_configuration.this[0].configuration_name == "healthcare-claims-dev-alerts" &&
      aws_chatbot_slack_channel_configuration.this[0].slack_channel_id == "C07EZ1ABC23" &&
      aws_chatbot_slack_channel_configuration.this[0].slack_team_id == "T07EA123LEP"
    )
    error_message = "channel and workspace"
  }
  assert {
    condition     = aws_chatbot_slack_channel_configuration.this[0].guardrail_policy_arns == tolist([aws_iam_policy.slack[0].arn])
    error_message = "the guardrail must be the module's own policy, not AdministratorAccess"
  }
  assert {
    condition = toset(flatten([for statement in data.aws_iam_policy_document.slack[0].statement : statement.actions])) == toset([
      for action in [
        "DescribeAlarmHistory", "DescribeAlarms", "DescribeAlarmsForMetric", "GetMetricData", "GetMetricStatistics", "GetMetricWidgetImage", "ListMetrics",
      ] : "cloudwatch:${action}"
    ])
    error_message = "Slack may read CloudWatch and nothing else"
  }
  assert {
    condition = (
      tolist(one(data.aws_iam_policy_document.slack_trust[0].statement[0].principals).identifiers) == tolist(["chatbot.amazonaws.com"]) &&
      toset([for it in data.aws_iam_policy_document.slack_trust[0].statement[0].condition : it.variable]) == toset(["aws:SourceAccount", "aws:SourceArn"]) &&
      aws_iam_role_policy_attachment.slack[0].policy_arn == aws_iam_policy.slack[0].arn
    )
    error_message = "only the chatbot service for this account may take the role"
  }
  assert {
    condition = toset(aws_chatbot_slack_channel_configuration.this[0].sns_topic_arns) == toset([
      output.topic_arns["critical"], output.topic_arns["high"],
    ])
    error_message = "the channel must hear the chosen topics and no others"
  }
  assert {
    condition     = aws_iam_role.slack[0].name == "healthcare-claims-dev-slack"
    error_message = "name of the role"
  }
}

run "undelivered_messages_go_to_an_encrypted_queue_of_these_topics" {
  assert {
    condition = (
      aws_sqs_queue.undelivered.name == "healthcare-claims-dev-notifications-dlq" &&
      aws_sqs_queue.undelivered.kms_master_key_id == var.kms_key_arn &&
      aws_sqs_queue.undelivered.message_retention_seconds == 1209600
    )
    error_message = "name, encryption and 14 days of the queue"
  }
  assert {
    condition = (
      tolist(data.aws_iam_policy_document.undelivered.statement[0].actions) == tolist(["sqs:SendMessage"]) &&
      one(data.aws_iam_policy_document.undelivered.statement[0].principals).identifiers == toset(["sns.amazonaws.com"]) &&
      one(data.aws_iam_policy_document.undelivered.statement[0].condition).variable == "aws:SourceArn" &&
      toset(one(data.aws_iam_policy_document.undelivered.statement[0].condition).values) == toset(values(output.topic_arns))
    )
    error_message = "only the module's topics may send to the queue"
  }
  assert {
    condition = (
      data.aws_iam_policy_document.undelivered.statement[1].effect == "Deny" &&
      toset(data.aws_iam_policy_document.undelivered.statement[1].actions) == toset([
        for action in ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "PurgeQueue", "ReceiveMessage", "SendMessage"] : "sqs:${action}"
      ]) &&
      one(data.aws_iam_policy_document.undelivered.statement[1].condition).variable == "aws:SecureTransport"
    )
    error_message = "the queue is for TLS only"
  }
}
