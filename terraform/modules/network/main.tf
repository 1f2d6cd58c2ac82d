data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags      = merge(var.tags, { Component = "network" })
  enabled   = var.mode != "none"
  flow_logs = local.enabled && var.flow_logs

  # Where each tier lies in the VPC's range, by bits of prefix added and number of the first block: three large blocks for
  # the workers of Glue (an address each), small ones in the fourth eighth. The upper half is free. Places do not depend on
  # the number of zones, so that a third zone moves nothing.
  tiers = {
    compute   = { bits = 3, first = 0 }
    data      = { bits = 6, first = 24 }
    endpoints = { bits = 8, first = 112 }
  }
  subnets = local.enabled ? {
    for place in setproduct(keys(local.tiers), range(length(var.availability_zones))) :
    "${place[0]}-${var.availability_zones[place[1]]}" => {
      tier = place[0]
      zone = var.availability_zones[place[1]]
      cidr = cidrsubnet(var.vpc_cidr, local.tiers[place[0]].bits, local.tiers[place[0]].first + place[1])
    }
  } : {}

  gateway_services   = toset(local.enabled ? ["dynamodb", "s3"] : [])
  interface_services = toset(var.mode == "private" ? var.interface_endpoints : [])
}

resource "aws_vpc" "this" {
  count = local.enabled ? 1 : 0

  cidr_block           = var.vpc_cidr
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = merge(local.tags, { Name = var.name_prefix })

  lifecycle {
    precondition {
      condition     = alltrue([for zone in var.availability_zones : startswith(zone, data.aws_region.current.name)])
      error_message = "availability_zones are zones of the provider's region, ${data.aws_region.current.name}."
    }
  }
}

# Nothing uses it: adopted to take its rules away.
resource "aws_default_security_group" "closed" {
  count = local.enabled ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge(local.tags, { Name = "${var.name_prefix}-default-closed" })
}

resource "aws_subnet" "tier" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.this[0].id
  availability_zone       = each.value.zone
  cidr_block              = each.value.cidr
  map_public_ip_on_launch = false

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}", Tier = each.value.tier })
}

# No table has a way out of the VPC but the gateway endpoints.
resource "aws_route_table" "tier" {
  for_each = local.enabled ? local.tiers : {}

  vpc_id = aws_vpc.this[0].id
  tags   = merge(local.tags, { Name = "${var.name_prefix}-${each.key}", Tier = each.key })
}

resource "aws_route_table_association" "tier" {
  for_each = local.subnets

  subnet_id      = aws_subnet.tier[each.key].id
  route_table_id = aws_route_table.tier[each.value.tier].id
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = local.gateway_services

  vpc_id            = aws_vpc.this[0].id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.name}.${each.key}" # the same in China, where others differ
  route_table_ids   = [for tier in ["compute", "data"] : aws_route_table.tier[tier].id]
  policy = {
    dynamodb = data.aws_iam_policy_document.dynamodb_endpoint.json
    s3       = data.aws_iam_policy_document.s3_endpoint.json
  }[each.key]

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface_services

  vpc_id              = aws_vpc.this[0].id
  vpc_endpoint_type   = "Interface"
  service_name        = "${data.aws_partition.current.reverse_dns_prefix}.${data.aws_region.current.name}.${each.key}"
  private_dns_enabled = true
  subnet_ids          = [for key, subnet in local.subnets : aws_subnet.tier[key].id if subnet.tier == "endpoints"]
  security_group_ids  = [aws_security_group.tier["endpoints"].id]
  policy              = data.aws_iam_policy_document.interface_endpoint[each.key].json

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}

resource "aws_flow_log" "vpc" {
  count = local.flow_logs ? 1 : 0

  vpc_id               = aws_vpc.this[0].id
  traffic_type         = "ALL"
  log_destination_type = "cloud-watch-logs"
  log_destination      = aws_cloudwatch_log_group.flow[0].arn
  iam_role_arn         = aws_iam_role.flow[0].arn

  tags = merge(local.tags, { Name = var.name_prefix })

  depends_on = [aws_iam_role_policy.flow]
}

resource "aws_cloudwatch_log_group" "flow" {
  #checkov:skip=CKV_AWS_338:How long flow logs are kept differs by environment (variable flow_log_days).
  count = local.flow_logs ? 1 : 0

  name              = "/aws/vpc/${var.name_prefix}-flow"
  retention_in_days = var.flow_log_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}
