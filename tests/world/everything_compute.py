"""The part of the world with everything that computes, connects and serves; the ids are kept in the parameter /compute/ids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env

IDS = "/compute/ids"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def packed(text: str) -> bytes:
    """Give a deployment package whose handler is `text`."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), f"def handler(event, context): return {text!r}\n")
    return out.getvalue()


def build(env: Env) -> None:
    """Make one of each kind, and keep their ids."""
    ids: dict[str, str] = {}

    def client(service: str) -> Any:
        return env.session.client(service)

    ids["role"] = client("iam").create_role(RoleName="computer", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    client("iam").create_instance_profile(InstanceProfileName="profile")
    client("iam").add_role_to_instance_profile(InstanceProfileName="profile", RoleName="computer")
    _network(client("ec2"), ids)
    _access(client("ec2"), ids)
    _transit(client("ec2"), ids)
    _instances(client("ec2"), ids)
    _balancing(client, ids)
    _scaling(client, ids)
    _functions(client, ids)
    _containers(client, ids)
    _names(client, ids)
    _apis(client, ids)
    _edge(client, ids)
    client("ssm").put_parameter(Name=IDS, Value=json.dumps(ids), Type="String")


def _network(ec2: Any, ids: dict[str, str]) -> None:
    zones = [one["ZoneName"] for one in ec2.describe_availability_zones()["AvailabilityZones"]]
    ids["zone"] = zones[0]
    ids["vpc"] = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    ids["other-vpc"] = ec2.create_vpc(CidrBlock="10.6.0.0/16")["Vpc"]["VpcId"]
    ids["range"] = ec2.associate_vpc_cidr_block(VpcId=ids["vpc"], CidrBlock="10.7.0.0/16")["CidrBlockAssociation"][
        "AssociationId"
    ]
    ids["spare-vpc"] = ec2.create_vpc(CidrBlock="10.12.0.0/16")["Vpc"]["VpcId"]
    for place, name in enumerate(("subnet", "other-subnet", "spare-subnet")):
        made = ec2.create_subnet(VpcId=ids["vpc"], CidrBlock=f"10.5.{place}.0/24", AvailabilityZone=zones[place % 2])
        ids[name] = made["Subnet"]["SubnetId"]
    ids["gateway"] = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=ids["gateway"], VpcId=ids["vpc"])
    ids["spare-gateway"] = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    egress = ec2.create_egress_only_internet_gateway(VpcId=ids["vpc"])["EgressOnlyInternetGateway"]
    ids["egress-gateway"] = egress["EgressOnlyInternetGatewayId"]
    ids["address"] = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ids["nat-address"] = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=ids["subnet"], AllocationId=ids["nat-address"])["NatGateway"]
    ids["nat"] = nat["NatGatewayId"]
    ids["table"] = ec2.create_route_table(VpcId=ids["vpc"])["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=ids["table"], DestinationCidrBlock="0.0.0.0/0", GatewayId=ids["gateway"])
    used = ec2.associate_route_table(RouteTableId=ids["table"], SubnetId=ids["subnet"])
    ids["table-association"] = used["AssociationId"]
    ec2.associate_route_table(RouteTableId=ids["table"], SubnetId=ids["spare-subnet"])
    ids["spare-table"] = ec2.create_route_table(VpcId=ids["vpc"])["RouteTable"]["RouteTableId"]
    ids["endpoint"] = ec2.create_vpc_endpoint(
        VpcId=ids["vpc"],
        ServiceName="com.amazonaws.us-east-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[ids["table"]],
    )["VpcEndpoint"]["VpcEndpointId"]
    peering = ec2.create_vpc_peering_connection(VpcId=ids["vpc"], PeerVpcId=ids["other-vpc"])
    ids["peering"] = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=ids["peering"])
    made = ec2.create_flow_logs(
        ResourceIds=[ids["vpc"]],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::bucket-of-everything",
    )
    ids["flow-log"] = made["FlowLogIds"][0]
    ids["dhcp"] = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["example.com"]}])[
        "DhcpOptions"
    ]["DhcpOptionsId"]
    ids["prefixes"] = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=3, AddressFamily="IPv4", Entries=[{"Cidr": "198.51.100.0/24"}]
    )["PrefixList"]["PrefixListId"]


def _access(ec2: Any, ids: dict[str, str]) -> None:
    for name in ("group", "other-group", "spare-group"):
        made = ec2.create_security_group(GroupName=f"compute-{name}", Description="d", VpcId=ids["vpc"])
        ids[name] = made["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ec2.authorize_security_group_ingress(
        GroupId=ids["group"],
        IpPermissions=[
            https
            | {
                "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}],
                "UserIdGroupPairs": [{"GroupId": ids["other-group"]}],
            }
        ],
    )
    for name, allowed in (("acl", "0.0.0.0/0"), ("narrow-acl", "198.51.100.0/24")):
        ids[name] = ec2.create_network_acl(VpcId=ids["vpc"])["NetworkAcl"]["NetworkAclId"]
        for egress in (False, True):
            ec2.create_network_acl_entry(
                NetworkAclId=ids[name],
                RuleNumber=100,
                Protocol="-1",
                RuleAction="allow",
                Egress=egress,
                CidrBlock=allowed,
            )
    bound = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [ids["subnet"]]}])
    ids["default-acl"] = bound["NetworkAcls"][0]["NetworkAclId"]
    ids["acl-association"] = next(
        one["NetworkAclAssociationId"]
        for one in bound["NetworkAcls"][0]["Associations"]
        if one["SubnetId"] == ids["subnet"]
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [ids["group"]]}])
    ids["group-rule"] = next(
        one["SecurityGroupRuleId"] for one in rules["SecurityGroupRules"] if one.get("CidrIpv4") and not one["IsEgress"]
    )


def _transit(ec2: Any, ids: dict[str, str]) -> None:
    ids["transit"] = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    attached = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=ids["transit"], VpcId=ids["vpc"], SubnetIds=[ids["subnet"]]
    )["TransitGatewayVpcAttachment"]
    ids["attachment"] = attached["TransitGatewayAttachmentId"]
    made = ec2.create_transit_gateway_route_table(TransitGatewayId=ids["transit"])
    ids["transit-table"] = made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.9.0.0/16",
        TransitGatewayRouteTableId=ids["transit-table"],
        TransitGatewayAttachmentId=ids["attachment"],
    )
    ids["vpn-gateway"] = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=ids["vpn-gateway"], VpcId=ids["other-vpc"])
    customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="192.0.2.9", BgpAsn=65000)["CustomerGateway"]
    ids["customer-gateway"] = customer["CustomerGatewayId"]
    ids["vpn"] = ec2.create_vpn_connection(
        Type="ipsec.1", CustomerGatewayId=ids["customer-gateway"], VpnGatewayId=ids["vpn-gateway"]
    )["VpnConnection"]["VpnConnectionId"]


def _instances(ec2: Any, ids: dict[str, str]) -> None:
    ids["base-image"] = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.create_key_pair(KeyName="key")
    instance = ec2.run_instances(
        ImageId=ids["base-image"],
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        SubnetId=ids["subnet"],
        SecurityGroupIds=[ids["group"], ids["other-group"]],
        KeyName="key",
        IamInstanceProfile={"Name": "profile"},
    )["Instances"][0]["InstanceId"]
    ids["instance"] = instance
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": True})
    ids["free-instance"] = ec2.run_instances(
        ImageId=ids["base-image"], MinCount=1, MaxCount=1, SubnetId=ids["subnet"], SecurityGroupIds=[ids["group"]]
    )["Instances"][0]["InstanceId"]
    association = ec2.associate_address(AllocationId=ids["address"], InstanceId=instance)["AssociationId"]
    ids["address-association"] = association
    profiles = ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"]
    ids["profile-association"] = profiles[0]["AssociationId"]
    ids["volume"] = ec2.create_volume(AvailabilityZone=ids["zone"], Size=5)["VolumeId"]
    ec2.attach_volume(VolumeId=ids["volume"], InstanceId=instance, Device="/dev/sdf")
    ids["spare-volume"] = ec2.create_volume(AvailabilityZone=ids["zone"], Size=5)["VolumeId"]
    ids["snapshot"] = ec2.create_snapshot(VolumeId=ids["spare-volume"])["SnapshotId"]
    ids["image"] = ec2.create_image(InstanceId=instance, Name="image")["ImageId"]
    ids["interface"] = ec2.create_network_interface(SubnetId=ids["subnet"], Groups=[ids["group"]])["NetworkInterface"][
        "NetworkInterfaceId"
    ]
    data = {"ImageId": ids["base-image"], "InstanceType": "t3.micro"}
    template = ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)["LaunchTemplate"]
    ids["template"] = template["LaunchTemplateId"]
    ec2.create_launch_template_version(LaunchTemplateName="template", LaunchTemplateData=data)
    ids["fleet"] = ec2.create_fleet(
        LaunchTemplateConfigs=[{"LaunchTemplateSpecification": {"LaunchTemplateName": "template", "Version": "1"}}],
        TargetCapacitySpecification={"TotalTargetCapacity": 1, "DefaultTargetCapacityType": "on-demand"},
        Type="maintain",
    )["FleetId"]
    host = ec2.allocate_hosts(AvailabilityZone=ids["zone"], InstanceType="m5.large", Quantity=1)
    ids["host"] = host["HostIds"][0]


def _balancing(client: Any, ids: dict[str, str]) -> None:
    balancing, classic = client("elbv2"), client("elb")
    balancer = balancing.create_load_balancer(
        Name="front", Subnets=[ids["subnet"], ids["other-subnet"]], SecurityGroups=[ids["group"]]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    ids["balancer"] = balancer
    spare = balancing.create_load_balancer(Name="spare", Subnets=[ids["subnet"], ids["other-subnet"]])
    ids["spare-balancer"] = spare["LoadBalancers"][0]["LoadBalancerArn"]
    balancing.modify_load_balancer_attributes(
        LoadBalancerArn=balancer, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
    )
    for name in ("targets", "other-targets", "spare-targets"):
        made = balancing.create_target_group(Name=f"front-{name}", Protocol="HTTP", Port=80, VpcId=ids["vpc"])
        ids[name] = made["TargetGroups"][0]["TargetGroupArn"]
    balancing.register_targets(
        TargetGroupArn=ids["targets"], Targets=[{"Id": ids["instance"]}, {"Id": ids["free-instance"]}]
    )
    forward = [{"Type": "forward", "TargetGroupArn": ids["targets"]}]
    ids["listener"] = balancing.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward
    )["Listeners"][0]["ListenerArn"]
    ids["rule"] = balancing.create_rule(
        ListenerArn=ids["listener"],
        Priority=5,
        Conditions=[{"Field": "path-pattern", "Values": ["/a"]}],
        Actions=forward,
    )["Rules"][0]["RuleArn"]
    classic.create_load_balancer(
        LoadBalancerName="classic",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        AvailabilityZones=[ids["zone"]],
    )
    classic.register_instances_with_load_balancer(
        LoadBalancerName="classic", Instances=[{"InstanceId": ids["instance"]}]
    )


def _scaling(client: Any, ids: dict[str, str]) -> None:
    scaling = client("autoscaling")
    scaling.create_launch_configuration(
        LaunchConfigurationName="spare-launch", ImageId=ids["base-image"], InstanceType="t3.micro"
    )
    for name, protected in (("workers", False), ("guarded", True)):
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName="spare-launch",
            MinSize=1,
            MaxSize=4,
            DesiredCapacity=2,
            VPCZoneIdentifier=ids["subnet"],
            TargetGroupARNs=[] if protected else [ids["other-targets"]],
            NewInstancesProtectedFromScaleIn=protected,
        )
        group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
        ids[f"one-of-{name}"] = group["Instances"][0]["InstanceId"]
    scaling.put_lifecycle_hook(
        AutoScalingGroupName="workers",
        LifecycleHookName="drain",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
    )
    scaling.put_scaling_policy(
        AutoScalingGroupName="workers",
        PolicyName="up",
        PolicyType="SimpleScaling",
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1,
    )


def _functions(client: Any, ids: dict[str, str]) -> None:
    functions = client("lambda")
    ids["served-queue"] = client("sqs").create_queue(QueueName="served-queue")["QueueUrl"]
    given = {"Runtime": "python3.12", "Role": ids["role"], "Handler": "index.handler"}
    functions.create_function(
        FunctionName="served",
        Code={"ZipFile": packed("one")},
        Environment={"Variables": {"TABLE": "table", "MODE": "live"}},
        **given,
    )
    functions.create_function(FunctionName="versioned", Code={"ZipFile": packed("one")}, Publish=True, **given)
    functions.update_function_code(FunctionName="versioned", ZipFile=packed("two"), Publish=True)
    functions.create_alias(FunctionName="versioned", Name="live", FunctionVersion="2")
    functions.put_function_concurrency(FunctionName="versioned", ReservedConcurrentExecutions=5)
    functions.add_permission(
        FunctionName="served", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    functions.create_function_url_config(FunctionName="served", AuthType="NONE")
    ids["mapping"] = functions.create_event_source_mapping(
        EventSourceArn=client("sqs").get_queue_attributes(QueueUrl=ids["served-queue"], AttributeNames=["QueueArn"])[
            "Attributes"
        ]["QueueArn"],
        FunctionName="served",
    )["UUID"]
    functions.publish_layer_version(LayerName="layer", Content={"ZipFile": packed("layer")})
    functions.publish_layer_version(LayerName="layer", Content={"ZipFile": packed("newer")})
    functions.publish_layer_version(LayerName="single", Content={"ZipFile": packed("single")})


def _containers(client: Any, ids: dict[str, str]) -> None:
    ecs, eks = client("ecs"), client("eks")
    ecs.create_cluster(clusterName="tasks")
    ecs.create_cluster(clusterName="spare")
    ecs.register_task_definition(family="web", containerDefinitions=[{"name": "c", "image": "i", "memory": 64}])
    ecs.create_service(cluster="tasks", serviceName="web", taskDefinition="web", desiredCount=2)
    ecs.create_service(cluster="tasks", serviceName="idle", taskDefinition="web", desiredCount=0)
    network = {"awsvpcConfiguration": {"subnets": [ids["subnet"]], "securityGroups": [ids["group"]]}}
    ids["task"] = ecs.run_task(
        cluster="tasks", taskDefinition="web", launchType="FARGATE", networkConfiguration=network
    )["tasks"][0]["taskArn"]
    ecs.create_capacity_provider(
        name="provider", autoScalingGroupProvider={"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:1:x"}
    )
    document = json.dumps({"instanceId": ids["free-instance"]})
    ids["container-instance"] = ecs.register_container_instance(
        cluster="tasks", instanceIdentityDocument=document, instanceIdentityDocumentSignature="s"
    )["containerInstance"]["containerInstanceArn"]
    subnets = [ids["subnet"], ids["other-subnet"]]
    eks.create_cluster(name="kube", roleArn=ids["role"], resourcesVpcConfig={"subnetIds": subnets})
    eks.create_cluster(name="bare", roleArn=ids["role"], resourcesVpcConfig={"subnetIds": subnets})
    eks.create_nodegroup(
        clusterName="kube",
        nodegroupName="nodes",
        subnets=subnets,
        nodeRole=ids["role"],
        scalingConfig={"minSize": 0, "maxSize": 3, "desiredSize": 2},
    )
    eks.create_fargate_profile(
        clusterName="kube",
        fargateProfileName="fargate",
        podExecutionRoleArn=ids["role"],
        selectors=[{"namespace": "default"}],
    )


def record(name: str, value: str, **more: Any) -> dict[str, Any]:
    """Give a record set of one address."""
    return {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}], **more}


def _names(client: Any, ids: dict[str, str]) -> None:
    route53 = client("route53")
    ids["hosted-zone"] = route53.create_hosted_zone(Name="names.example", CallerReference="names")["HostedZone"][
        "Id"
    ].rsplit("/", 1)[-1]
    spare = route53.create_hosted_zone(Name="spare.example", CallerReference="spare")["HostedZone"]["Id"]
    ids["spare-zone"] = spare.rsplit("/", 1)[-1]
    sets = [
        record("www.names.example.", "192.0.2.1"),
        record("old.names.example.", "192.0.2.2"),
        record("split.names.example.", "192.0.2.3", SetIdentifier="one", Weight=10),
        record("split.names.example.", "192.0.2.4", SetIdentifier="two", Weight=10),
    ]
    route53.change_resource_record_sets(
        HostedZoneId=ids["hosted-zone"],
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": one} for one in sets]},
    )
    ids["health-check"] = route53.create_health_check(
        CallerReference="check", HealthCheckConfig={"Type": "HTTP", "IPAddress": "192.0.2.1", "Port": 80}
    )["HealthCheck"]["Id"]
    log_group = "/aws/route53/names"
    client("logs").create_log_group(logGroupName=log_group)
    arn = client("logs").describe_log_groups(logGroupNamePrefix=log_group)["logGroups"][0]["arn"]
    ids["query-log"] = route53.create_query_logging_config(
        HostedZoneId=ids["hosted-zone"], CloudWatchLogsLogGroupArn=f"{arn.removesuffix(':*')}:*"
    )["QueryLoggingConfig"]["Id"]


def _apis(client: Any, ids: dict[str, str]) -> None:
    rest, http = client("apigateway"), client("apigatewayv2")
    api = ids["api"] = rest.create_rest_api(name="rest")["id"]
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    ids["api-resource"] = rest.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
    place = {"restApiId": api, "resourceId": ids["api-resource"], "httpMethod": "GET"}
    rest.put_method(authorizationType="NONE", **place)
    rest.put_integration(type="HTTP", uri="http://backend.example", integrationHttpMethod="GET", **place)
    ids["deployment"] = rest.create_deployment(restApiId=api, stageName="prod", variables={"TABLE": "table"})["id"]
    ids["api-key"] = rest.create_api_key(name="partner", enabled=True)["id"]
    ids["plan"] = rest.create_usage_plan(name="plan", apiStages=[{"apiId": api, "stage": "prod"}])["id"]
    ids["spare-plan"] = rest.create_usage_plan(name="spare-plan")["id"]
    rest.create_usage_plan_key(usagePlanId=ids["plan"], keyId=ids["api-key"], keyType="API_KEY")
    rest.create_domain_name(domainName="api.names.example", certificateArn="arn:aws:acm:us-east-1:1:certificate/c")
    rest.create_base_path_mapping(domainName="api.names.example", restApiId=api, stage="prod", basePath="v1")
    ids["link"] = rest.create_vpc_link(name="link", targetArns=[ids["balancer"]])["id"]
    ids["http-api"] = http.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    ids["integration"] = http.create_integration(
        ApiId=ids["http-api"],
        IntegrationType="HTTP_PROXY",
        IntegrationUri="http://backend.example",
        IntegrationMethod="GET",
        PayloadFormatVersion="1.0",
    )["IntegrationId"]
    ids["route"] = http.create_route(
        ApiId=ids["http-api"], RouteKey="GET /orders", Target=f"integrations/{ids['integration']}"
    )["RouteId"]
    http.create_stage(ApiId=ids["http-api"], StageName="$default", AutoDeploy=True)
    for name in ("http", "spare"):
        http.create_domain_name(
            DomainName=f"{name}.names.example",
            DomainNameConfigurations=[{"CertificateArn": "arn:aws:acm:us-east-1:1:certificate/c"}],
        )
    ids["api-mapping"] = http.create_api_mapping(
        ApiId=ids["http-api"], DomainName="http.names.example", Stage="$default"
    )["ApiMappingId"]
    http.create_vpc_link(Name="http-link", SubnetIds=[ids["subnet"]])


def distribution(*, enabled: bool) -> dict[str, Any]:
    """Give the configuration of a distribution."""
    return {
        "CallerReference": "distribution",
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": "origin",
                    "DomainName": "bucket-of-everything.s3.us-east-1.amazonaws.com",
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ],
        },
        "DefaultCacheBehavior": {
            "TargetOriginId": "origin",
            "ViewerProtocolPolicy": "allow-all",
            "MinTTL": 1,
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        },
        "Comment": "",
        "Enabled": enabled,
    }


def acl_rule(name: str, action: str) -> dict[str, Any]:
    """Give a rule of a web ACL."""
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
    statement = {"RateBasedStatement": {"Limit": 1000, "AggregateKeyType": "IP"}}
    return {"Name": name, "Priority": 1, "Statement": statement, "Action": {action: {}}, "VisibilityConfig": seen}


def managed_rule(override: str) -> dict[str, Any]:
    """Give a rule of a web ACL that takes in a group of AWS."""
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "common"}
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    return {
        "Name": "common",
        "Priority": 2,
        "Statement": group,
        "OverrideAction": {override: {}},
        "VisibilityConfig": seen,
    }


def _edge(client: Any, ids: dict[str, str]) -> None:
    made = client("cloudfront").create_distribution(DistributionConfig=distribution(enabled=True))
    ids["distribution"], ids["distribution-tag"] = made["Distribution"]["Id"], made["ETag"]
    firewall = client("wafv2")
    made = firewall.create_web_acl(
        Name="firewall",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=acl_rule("firewall", "Block")["VisibilityConfig"],
        Rules=[acl_rule("flood", "Block"), managed_rule("None")],
    )["Summary"]
    ids["firewall"], ids["firewall-lock"] = made["Id"], made["LockToken"]
    firewall.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=ids["balancer"])
    made = firewall.create_ip_set(
        Name="partners", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.0/28", "198.51.100.0/28"]
    )["Summary"]
    ids["addresses"], ids["addresses-lock"] = made["Id"], made["LockToken"]
    ids["certificate"] = client("acm").request_certificate(DomainName="www.names.example")["CertificateArn"]
