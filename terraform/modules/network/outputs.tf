output "vpc_id" {
  description = "Id of the VPC; null in mode none."
  value       = one(aws_vpc.this[*].id)
}

output "subnet_ids" {
  description = "Ids of the subnets by tier (compute, data, endpoints), in the order of availability_zones; empty in mode none."
  value = {
    for tier in keys(aws_route_table.tier) :
    tier => [for zone in var.availability_zones : aws_subnet.tier["${tier}-${zone}"].id]
  }
}

output "security_group_ids" {
  description = "Ids of the security groups by tier (compute, data, endpoints); empty in mode none."
  value       = { for tier, group in aws_security_group.tier : tier => group.id }
}

output "endpoint_ids" {
  description = "Ids of the endpoints by service, gateways among them, for conditions on aws:SourceVpce; empty in mode none."
  value       = { for service, endpoint in merge(aws_vpc_endpoint.gateway, aws_vpc_endpoint.interface) : service => endpoint.id }
}
