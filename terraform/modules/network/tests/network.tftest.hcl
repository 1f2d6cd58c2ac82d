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

run "without_a_vpc_nothing_is_made" {
  variables {
    mode               = "none"
    availability_zones = []
  }

  assert {
    condition = sum([
      length(aws_vpc.this), length(aws_subnet.tier), length(aws_route_table.tier), length(aws_route_table_association.tier),
      length(aws_security_group.tier), length(aws_default_security_group.closed), length(aws_vpc_endpoint.gateway),
      length(aws_vpc_endpoint.interface), length(aws_vpc_security_group_ingress_rule.group),
      length(aws_vpc_security_group_egress_rule.group), length(aws_vpc_security_group_egress_rule.gateway),
      length(aws_flow_log.vpc), length(aws_cloudwatch_log_group.flow), length(aws_iam_role.flow), length(aws_iam_role_policy.flow)
    ]) == 0
    error_message = "mode none makes something"
  }
  assert {
    condition     = output.vpc_id == null && length(output.subnet_ids) == 0 && length(output.security_group_ids) == 0 && length(output.endpoint_ids) == 0
    error_message = "mode none has empty outputs"
  }
}

run "gateways_alone_have_no_fixed_price" {
  variables { mode = "gateway" }

  assert {
    condition     = keys(aws_vpc_endpoint.gateway) == ["dynamodb", "s3"] && length(aws_vpc_endpoint.interface) == 0
    error_message = "mode gateway has the two gateway endpoints and no other"
  }
  assert {
    condition     = keys(output.endpoint_ids) == ["dynamodb", "s3"] && output.vpc_id == aws_vpc.this[0].id
    error_message = "outputs name the VPC and its endpoints"
  }
  assert {
    condition = (keys(output.subnet_ids) == ["compute", "data", "endpoints"]
    && keys(output.security_group_ids) == ["compute", "data", "endpoints"])
    error_message = "mode gateway has the same tiers as mode private"
  }
}

run "three_tiers_of_private_subnets" {
  assert {
    condition = jsonencode({ for key, subnet in aws_subnet.tier : key => [subnet.availability_zone, subnet.cidr_block] }) == jsonencode({
      compute-us-east-1a   = ["us-east-1a", "10.20.0.0/19"]
      compute-us-east-1b   = ["us-east-1b", "10.20.32.0/19"]
      data-us-east-1a      = ["us-east-1a", "10.20.96.0/22"]
      data-us-east-1b      = ["us-east-1b", "10.20.100.0/22"]
      endpoints-us-east-1a = ["us-east-1a", "10.20.112.0/24"]
      endpoints-us-east-1b = ["us-east-1b", "10.20.113.0/24"]
    })
    error_message = "each zone has a subnet of each tier, in its place"
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.tier : !subnet.map_public_ip_on_launch])
    error_message = "a subnet gives public addresses"
  }
  assert {
    condition     = aws_vpc.this[0].cidr_block == "10.20.0.0/16" && aws_vpc.this[0].enable_dns_hostnames && aws_vpc.this[0].enable_dns_support
    error_message = "the VPC has the default range and private DNS"
  }
  assert {
    condition = alltrue([
      for key, association in aws_route_table_association.tier :
      association.route_table_id == aws_route_table.tier[split("-", key)[0]].id && association.subnet_id == aws_subnet.tier[key].id
    ])
    error_message = "a subnet has another route table than its tier's"
  }
  assert {
    condition = alltrue([
      for tier, ids in output.subnet_ids : ids == [aws_subnet.tier["${tier}-us-east-1a"].id, aws_subnet.tier["${tier}-us-east-1b"].id]
    ])
    error_message = "subnets are given out in the order of the zones"
  }
  assert {
    condition = alltrue(flatten([
      for resource in concat([aws_vpc.this[0]], values(aws_subnet.tier), values(aws_route_table.tier), values(aws_security_group.tier),
      values(aws_vpc_endpoint.gateway), values(aws_vpc_endpoint.interface), aws_flow_log.vpc, aws_cloudwatch_log_group.flow, aws_iam_role.flow) :
      [resource.tags["Owner"] == "data", resource.tags["Component"] == "network"]
    ]))
    error_message = "a resource lacks its tags"
  }
}

run "a_third_zone_moves_nothing" {
  command = plan
  variables { availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"] }

  assert {
    condition = [
      for key in ["compute-us-east-1a", "compute-us-east-1c", "data-us-east-1b", "data-us-east-1c", "endpoints-us-east-1c"] :
      aws_subnet.tier[key].cidr_block
    ] == ["10.20.0.0/19", "10.20.64.0/19", "10.20.100.0/22", "10.20.104.0/22", "10.20.114.0/24"]
    error_message = "the first two zones stay where they are"
  }
}

run "the_smallest_range_has_room_for_all_tiers" {
  command = plan
  variables {
    vpc_cidr           = "192.168.16.0/20"
    availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
  }

  assert {
    condition = [
      for key in ["compute-us-east-1c", "data-us-east-1c", "endpoints-us-east-1c"] : aws_subnet.tier[key].cidr_block
    ] == ["192.168.20.0/23", "192.168.22.128/26", "192.168.23.32/28"]
    error_message = "a /20 is divided as a /16 is"
  }
}

run "flow_logs_are_encrypted_and_have_an_end" {
  assert {
    condition = (aws_cloudwatch_log_group.flow[0].name == "/aws/vpc/healthcare-claims-dev-flow"
    && aws_cloudwatch_log_group.flow[0].retention_in_days == 90 && aws_cloudwatch_log_group.flow[0].kms_key_id == var.kms_key_arn)
    error_message = "flow logs have their own encrypted group for 90 days"
  }
  assert {
    condition = (aws_flow_log.vpc[0].traffic_type == "ALL" && aws_flow_log.vpc[0].vpc_id == aws_vpc.this[0].id
    && aws_flow_log.vpc[0].iam_role_arn == aws_iam_role.flow[0].arn && aws_flow_log.vpc[0].log_destination == aws_cloudwatch_log_group.flow[0].arn)
    error_message = "all traffic of the VPC is logged to the group"
  }
  assert {
    condition = jsonencode({
      for condition in data.aws_iam_policy_document.flow_trust.statement[0].condition : condition.variable => [condition.test, condition.values]
      }) == jsonencode({
      "aws:SourceAccount" = ["StringEquals", ["123456789012"]]
      "aws:SourceArn"     = ["ArnLike", ["arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"]]
    })
    error_message = "the role serves this account's flow logs only"
  }
  assert {
    condition = jsonencode([for statement in data.aws_iam_policy_document.flow.statement : [sort(statement.actions), sort(statement.resources)]]) == jsonencode([[
      ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      [
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/healthcare-claims-dev-flow",
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/healthcare-claims-dev-flow:*"
      ]
    ]])
    error_message = "the role writes to the flow logs' group only"
  }
}

run "flow_logs_are_a_toggle" {
  command = plan
  variables { flow_logs = false }

  assert {
    condition = sum([
      length(aws_flow_log.vpc), length(aws_cloudwatch_log_group.flow), length(aws_iam_role.flow), length(aws_iam_role_policy.flow)
    ]) == 0
    error_message = "without flow logs nothing of them is made"
  }
}
