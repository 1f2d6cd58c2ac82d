mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix        = "healthcare-claims-dev"
  mode               = "private"
  availability_zones = ["us-east-1a", "us-east-1b"]
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  tags               = { Owner = "data" }
}

run "endpoints_lead_to_aws_and_nowhere_else" {
  assert {
    condition = { for key, endpoint in aws_vpc_endpoint.gateway : key => endpoint.service_name } == {
      dynamodb = "com.amazonaws.us-east-1.dynamodb", s3 = "com.amazonaws.us-east-1.s3"
    }
    error_message = "the gateways lead to S3 and DynamoDB of the region"
  }
  assert {
    condition = alltrue([
      for endpoint in aws_vpc_endpoint.gateway :
      endpoint.route_table_ids == toset([aws_route_table.tier["compute"].id, aws_route_table.tier["data"].id])
    ])
    error_message = "the gateways serve the compute and data tiers"
  }
  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["glue", "kms", "logs", "monitoring", "sns", "sqs", "states", "sts"]
    error_message = "mode private has the eight default interface endpoints"
  }
  assert {
    condition = alltrue([
      for key, endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled
      && endpoint.service_name == "com.amazonaws.us-east-1.${key}" && endpoint.vpc_endpoint_type == "Interface"
      && endpoint.subnet_ids == toset(output.subnet_ids["endpoints"])
      && endpoint.security_group_ids == toset([output.security_group_ids["endpoints"]])
    ])
    error_message = "interface endpoints stand in their own tier, behind its group, under the services' own names"
  }
}

run "endpoints_are_the_callers_choice" {
  command = plan
  variables { interface_endpoints = ["glue"] }

  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["glue"]
    error_message = "the list says which endpoints there are"
  }
}

run "endpoint_policies_admit_this_account_only" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for document in concat([data.aws_iam_policy_document.s3_endpoint, data.aws_iam_policy_document.dynamodb_endpoint],
        values(data.aws_iam_policy_document.interface_endpoint)) : [
        for statement in document.statement : anytrue([
          for condition in statement.condition : condition.test == "StringEquals" && condition.variable == "aws:PrincipalAccount"
          && tolist(condition.values) == tolist(["123456789012"])
        ])
      ]
    ]))
    error_message = "somebody else's principal may pass an endpoint"
  }
  assert {
    condition = jsonencode([
      for statement in data.aws_iam_policy_document.s3_endpoint.statement : statement.resources
      if !anytrue([
        for condition in statement.condition : condition.test == "StringEquals" && condition.variable == "aws:ResourceAccount"
        && tolist(condition.values) == tolist(["123456789012"])
      ])
    ]) == jsonencode([["arn:aws:s3:::aws-glue-studio-transforms-*-prod-us-east-1/*"]])
    error_message = "the S3 endpoint leads to other buckets than the account's own and Glue's transformations"
  }
  assert {
    condition = jsonencode([
      for statement in data.aws_iam_policy_document.s3_endpoint.statement : statement.actions
      if contains(statement.resources, "arn:aws:s3:::aws-glue-studio-transforms-*-prod-us-east-1/*")
    ]) == jsonencode([["s3:GetObject"]])
    error_message = "Glue's transformations may be read, nothing else"
  }
  assert {
    condition = alltrue([
      for action in ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:AbortMultipartUpload"] :
      contains(data.aws_iam_policy_document.s3_endpoint.statement[0].actions, action)
    ])
    error_message = "a job cannot read and write through the S3 endpoint"
  }
  assert {
    condition = alltrue([
      for document in [data.aws_iam_policy_document.s3_endpoint, data.aws_iam_policy_document.dynamodb_endpoint] : alltrue([
        for action in flatten(document.statement[*].actions) : !strcontains(action, "*")
      ])
    ])
    error_message = "a gateway's policy names its actions"
  }
  assert {
    condition     = tolist(data.aws_iam_policy_document.dynamodb_endpoint.statement[0].resources) == tolist(["arn:aws:dynamodb:us-east-1:123456789012:table/*"])
    error_message = "the DynamoDB endpoint leads to the account's tables"
  }
  assert {
    condition = { for key, document in data.aws_iam_policy_document.interface_endpoint : key => one(document.statement[0].actions) } == {
      glue = "glue:*", kms = "kms:*", logs = "logs:*", monitoring = "cloudwatch:*", sns = "sns:*", sqs = "sqs:*", states = "states:*", sts = "sts:*"
    }
    error_message = "an interface endpoint serves another service than its own"
  }
}

run "security_groups_open_what_is_needed" {
  assert {
    condition = { for key, group in aws_security_group.tier : key => group.name } == {
      compute = "healthcare-claims-dev-compute", data = "healthcare-claims-dev-data", endpoints = "healthcare-claims-dev-endpoints"
    }
    error_message = "each tier has its group"
  }
  assert {
    condition = jsonencode({
      for key, rule in aws_vpc_security_group_ingress_rule.group : key => [
        rule.security_group_id == output.security_group_ids[split("-from-", key)[0]],
        rule.referenced_security_group_id == output.security_group_ids[split("-from-", key)[1]], rule.ip_protocol, rule.from_port, rule.to_port
      ]
      }) == jsonencode({
      compute-from-compute   = [true, true, "tcp", 0, 65535]
      data-from-compute      = [true, true, "tcp", 5439, 5439]
      endpoints-from-compute = [true, true, "tcp", 443, 443]
      endpoints-from-data    = [true, true, "tcp", 443, 443]
    })
    error_message = "other groups or ports are let in"
  }
  assert {
    condition = jsonencode({
      for key, rule in aws_vpc_security_group_egress_rule.group : key => [
        rule.security_group_id == output.security_group_ids[split("-to-", key)[0]],
        rule.referenced_security_group_id == output.security_group_ids[split("-to-", key)[1]], rule.ip_protocol, rule.from_port, rule.to_port
      ]
      }) == jsonencode({
      compute-to-compute   = [true, true, "tcp", 0, 65535]
      compute-to-data      = [true, true, "tcp", 5439, 5439]
      compute-to-endpoints = [true, true, "tcp", 443, 443]
      data-to-endpoints    = [true, true, "tcp", 443, 443]
    })
    error_message = "other groups or ports are let out"
  }
  assert {
    condition = jsonencode({
      for key, rule in aws_vpc_security_group_egress_rule.gateway : key => [
        rule.security_group_id == output.security_group_ids[split("-to-", key)[0]],
        rule.prefix_list_id == aws_vpc_endpoint.gateway[split("-to-", key)[1]].prefix_list_id, rule.from_port, rule.to_port
      ]
      }) == jsonencode({
      compute-to-dynamodb = [true, true, 443, 443]
      compute-to-s3       = [true, true, 443, 443]
      data-to-s3          = [true, true, 443, 443]
    })
    error_message = "the gateways are reached by HTTPS"
  }
  assert {
    condition = alltrue([
      for rule in concat(values(aws_vpc_security_group_ingress_rule.group), values(aws_vpc_security_group_egress_rule.group),
      values(aws_vpc_security_group_egress_rule.gateway)) : rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "a rule opens a range of addresses"
  }
  assert {
    condition     = aws_default_security_group.closed[0].vpc_id == aws_vpc.this[0].id
    error_message = "the VPC's default group is adopted"
  }
}

run "ec2_takes_the_descriptions" {
  command = plan

  assert {
    condition = alltrue([
      for description in concat(values(aws_security_group.tier)[*].description, values(aws_vpc_security_group_ingress_rule.group)[*].description,
      values(aws_vpc_security_group_egress_rule.group)[*].description, values(aws_vpc_security_group_egress_rule.gateway)[*].description) :
      can(regex("^[A-Za-z0-9 ._:/()#,@+=&;{}!$*-]{1,255}$", description))
    ])
    error_message = "EC2 refuses a description with other characters, an apostrophe for instance"
  }
}
