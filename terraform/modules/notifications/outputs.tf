output "topic_arns" {
  description = "ARNs of the topics by key: status, critical, high, medium, low."
  value       = { for key, topic in aws_sns_topic.this : key => topic.arn }
}

output "topic_names" {
  description = "Names of the topics by the same keys."
  value       = { for key, topic in aws_sns_topic.this : key => topic.name }
}

output "dead_letter_arn" {
  description = "ARN of the queue that keeps messages which no endpoint accepted."
  value       = aws_sqs_queue.undelivered.arn
}

output "dead_letter_name" {
  description = "Name of that queue, for an alarm on its depth."
  value       = aws_sqs_queue.undelivered.name
}

output "dead_letter_url" {
  description = "URL of that queue."
  value       = aws_sqs_queue.undelivered.url
}

output "slack_role_arn" {
  description = "ARN of the role that posts to Slack; null when Slack is off."
  value       = one(aws_iam_role.slack[*].arn)
}
