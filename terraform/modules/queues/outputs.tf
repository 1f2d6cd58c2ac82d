output "queue_arns" {
  description = "ARN of each queue, by its key."
  value       = { for key, queue in aws_sqs_queue.queue : key => queue.arn }
}

output "queue_urls" {
  description = "URL of each queue, by its key."
  value       = { for key, queue in aws_sqs_queue.queue : key => queue.url }
}

output "queue_names" {
  description = "Name of each queue, by its key."
  value       = { for key, queue in aws_sqs_queue.queue : key => queue.name }
}

output "dead_letter_arns" {
  description = "ARN of each dead-letter queue, by the key of its queue."
  value       = { for key, queue in aws_sqs_queue.dead_letter : key => queue.arn }
}

output "dead_letter_urls" {
  description = "URL of each dead-letter queue, by the key of its queue."
  value       = { for key, queue in aws_sqs_queue.dead_letter : key => queue.url }
}

output "dead_letter_names" {
  description = "Name of each dead-letter queue, by the key of its queue."
  value       = { for key, queue in aws_sqs_queue.dead_letter : key => queue.name }
}
