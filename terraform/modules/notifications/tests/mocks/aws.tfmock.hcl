mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
}

mock_data "aws_iam_policy_document" {
  defaults = { json = "{}" }
}

mock_resource "aws_sqs_queue" {
  defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:dlq", url = "https://sqs.us-east-1.amazonaws.com/123456789012/dlq" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/slack" }
}

mock_resource "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam::123456789012:policy/slack" }
}

override_resource {
  target = aws_sns_topic.this["status"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-status" }
}

override_resource {
  target = aws_sns_topic.this["critical"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical" }
}

override_resource {
  target = aws_sns_topic.this["high"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-high" }
}

override_resource {
  target = aws_sns_topic.this["medium"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-medium" }
}

override_resource {
  target = aws_sns_topic.this["low"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-low" }
}
