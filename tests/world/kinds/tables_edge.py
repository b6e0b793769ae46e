"""What calls do to what callers come in by: load balancers, DNS, APIs, CloudFront, WAF. `{name}` is an id of the world."""

from __future__ import annotations

from typing import Any

from askfirst.harness.records import Effect

GONE, LOST, OVER = Effect.GONE, Effect.DATA_LOST, Effect.OVERWRITTEN
OFF, CUT, WEAK = Effect.DISABLED, Effect.CUT_OFF, Effect.WEAKENED

Row = tuple[str, str, dict[str, Any], dict[str, set[Effect]]]
"""Service, method, parameters, and what is harmed how: parts of ARNs with all their harming effects."""

FRONT = ":loadbalancer/app/front/"
TARGETS = ":targetgroup/front-targets/"
LISTENER = ":listener/app/front/"
RULE = ":listener-rule/app/front/"
CLASSIC = ":loadbalancer/classic"
ZONE = ":hostedzone/{hosted-zone}"
API = "::/restapis/{api}"
STAGE = "::/restapis/{api}/stages/prod"
HTTP = "::/apis/{http-api}"
ELSEWHERE = [{"Type": "forward", "TargetGroupArn": "{other-targets}"}]


def _record(action: str, name: str, value: str, **more: Any) -> dict[str, Any]:
    made = {"Name": f"{name}.names.example.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}
    return {
        "HostedZoneId": "{hosted-zone}",
        "ChangeBatch": {"Changes": [{"Action": action, "ResourceRecordSet": made | more}]},
    }


def _patch(path: str, value: str, **more: str) -> dict[str, Any]:
    return {**more, "patchOperations": [{"op": "replace", "path": path, "value": value}]}


def _firewall(action: str, override: str = "None") -> dict[str, Any]:
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    statement = {"RateBasedStatement": {"Limit": 1000, "AggregateKeyType": "IP"}}
    rule = {"Name": "flood", "Priority": 1, "Statement": statement, "VisibilityConfig": seen}
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    managed = {"Name": "common", "Priority": 2, "Statement": group, "VisibilityConfig": seen}
    return {
        "Name": "firewall",
        "Scope": "REGIONAL",
        "Id": "{firewall}",
        "LockToken": "{firewall-lock}",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": seen,
        "Rules": [rule | {"Action": {action: {}}}, managed | {"OverrideAction": {override: {}}}],
    }


def _addresses(*addresses: str) -> dict[str, Any]:
    named = {"Name": "partners", "Scope": "REGIONAL", "Id": "{addresses}", "LockToken": "{addresses-lock}"}
    return named | {"Addresses": list(addresses)}


def _distribution() -> dict[str, Any]:
    origin = {
        "Id": "origin",
        "DomainName": "bucket-of-everything.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    forwarded = {"QueryString": False, "Cookies": {"Forward": "none"}}
    behaviour = {"TargetOriginId": "origin", "ViewerProtocolPolicy": "allow-all", "MinTTL": 1}
    return {
        "CallerReference": "distribution",
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour | {"ForwardedValues": forwarded},
        "Comment": "",
        "Enabled": False,
    }


BALANCING: dict[str, Row] = {
    "protection of a balancer off": (
        "elbv2",
        "modify_load_balancer_attributes",
        {
            "LoadBalancerArn": "{balancer}",
            "Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}],
        },
        {FRONT: {WEAK}},
    ),
    "deregister a target": (
        "elbv2",
        "deregister_targets",
        {"TargetGroupArn": "{targets}", "Targets": [{"Id": "{instance}"}]},
        {TARGETS: {CUT}},
    ),
    "deregister every target": (
        "elbv2",
        "deregister_targets",
        {"TargetGroupArn": "{targets}", "Targets": [{"Id": "{instance}"}, {"Id": "{free-instance}"}]},
        {TARGETS: {CUT, OFF}},
    ),
    "delete a listener": (
        "elbv2",
        "delete_listener",
        {"ListenerArn": "{listener}"},
        {LISTENER: {GONE}, RULE: {GONE}},
    ),
    "delete a rule": ("elbv2", "delete_rule", {"RuleArn": "{rule}"}, {RULE: {GONE}}),
    "a listener elsewhere": (
        "elbv2",
        "modify_listener",
        {"ListenerArn": "{listener}", "DefaultActions": ELSEWHERE},
        {LISTENER: {CUT}},
    ),
    "a rule elsewhere": (
        "elbv2",
        "modify_rule",
        {"RuleArn": "{rule}", "Actions": ELSEWHERE},
        {RULE: {CUT}},
    ),
    "another group for a balancer": (
        "elbv2",
        "set_security_groups",
        {"LoadBalancerArn": "{balancer}", "SecurityGroups": ["{other-group}"]},
        {FRONT: {CUT}},
    ),
    "delete targets": (
        "elbv2",
        "delete_target_group",
        {"TargetGroupArn": "{spare-targets}"},
        {":targetgroup/front-spare-targets/": {GONE}},
    ),
    "delete a balancer": (
        "elbv2",
        "delete_load_balancer",
        {"LoadBalancerArn": "{spare-balancer}"},
        {":loadbalancer/app/spare/": {GONE}},
    ),
    "one more rule": (
        "elbv2",
        "create_rule",
        {
            "ListenerArn": "{listener}",
            "Priority": 6,
            "Conditions": [{"Field": "path-pattern", "Values": ["/b"]}],
            "Actions": ELSEWHERE,
        },
        {},
    ),
    "one more target": (
        "elbv2",
        "register_targets",
        {"TargetGroupArn": "{targets}", "Targets": [{"Id": "{one-of-workers}"}]},
        {},
    ),
    "read balancers": ("elbv2", "describe_load_balancers", {}, {}),
    "another idle timeout of a balancer": (
        "elbv2",
        "modify_load_balancer_attributes",
        {"LoadBalancerArn": "{balancer}", "Attributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "30"}]},
        {},
    ),
    "the last instance of a classic balancer": (
        "elb",
        "deregister_instances_from_load_balancer",
        {"LoadBalancerName": "classic", "Instances": [{"InstanceId": "{instance}"}]},
        {CLASSIC: {CUT, OFF}},
    ),
    "the listener of a classic balancer": (
        "elb",
        "delete_load_balancer_listeners",
        {"LoadBalancerName": "classic", "LoadBalancerPorts": [80]},
        {CLASSIC: {CUT, OFF}},
    ),
    "delete a classic balancer": (
        "elb",
        "delete_load_balancer",
        {"LoadBalancerName": "classic"},
        {CLASSIC: {GONE}},
    ),
    "access log of a classic balancer": (
        "elb",
        "modify_load_balancer_attributes",
        {
            "LoadBalancerName": "classic",
            "LoadBalancerAttributes": {"AccessLog": {"Enabled": True, "S3BucketName": "b", "EmitInterval": 60}},
        },
        {},
    ),
}
NAMES: dict[str, Row] = {
    "a dead address": (
        "route53",
        "change_resource_record_sets",
        _record("UPSERT", "www", "192.0.2.99"),
        {ZONE: {OVER, CUT}},
    ),
    "delete a record": (
        "route53",
        "change_resource_record_sets",
        _record("DELETE", "old", "192.0.2.2"),
        {ZONE: {LOST, CUT}},
    ),
    "a weight of 0": (
        "route53",
        "change_resource_record_sets",
        _record("UPSERT", "split", "192.0.2.3", SetIdentifier="one", Weight=0),
        {ZONE: {OFF}},
    ),
    "no query log": ("route53", "delete_query_logging_config", {"Id": "{query-log}"}, {ZONE: {WEAK}}),
    "disable a health check": (
        "route53",
        "update_health_check",
        {"HealthCheckId": "{health-check}", "Disabled": True},
        {":healthcheck/": {OFF}},
    ),
    "delete a health check": (
        "route53",
        "delete_health_check",
        {"HealthCheckId": "{health-check}"},
        {":healthcheck/": {GONE}},
    ),
    "delete a zone": (
        "route53",
        "delete_hosted_zone",
        {"Id": "{spare-zone}"},
        {":hostedzone/{spare-zone}": {GONE}},
    ),
    "one more record": ("route53", "change_resource_record_sets", _record("CREATE", "new", "192.0.2.5"), {}),
    "a larger weight": (
        "route53",
        "change_resource_record_sets",
        _record("UPSERT", "split", "192.0.2.4", SetIdentifier="two", Weight=20),
        {},
    ),
    "a longer time to live": (
        "route53",
        "change_resource_record_sets",
        _record("UPSERT", "www", "192.0.2.1", TTL=300),
        {},
    ),
}
APIS: dict[str, Row] = {
    "delete a method": (
        "apigateway",
        "delete_method",
        {"restApiId": "{api}", "resourceId": "{api-resource}", "httpMethod": "GET"},
        {API: {LOST}},
    ),
    "delete a resource": (
        "apigateway",
        "delete_resource",
        {"restApiId": "{api}", "resourceId": "{api-resource}"},
        {API: {LOST}},
    ),
    "delete an integration": (
        "apigateway",
        "delete_integration",
        {"restApiId": "{api}", "resourceId": "{api-resource}", "httpMethod": "GET"},
        {API: {LOST}},
    ),
    "delete a stage": (
        "apigateway",
        "delete_stage",
        {"restApiId": "{api}", "stageName": "prod"},
        {STAGE: {GONE}, API: {CUT}},
    ),
    "no endpoint": (
        "apigateway",
        "update_rest_api",
        _patch("/disableExecuteApiEndpoint", "True", restApiId="{api}"),
        {API: {OFF}},
    ),
    "disable a key": (
        "apigateway",
        "update_api_key",
        _patch("/enabled", "false", apiKey="{api-key}"),
        {"::/apikeys/": {OFF}},
    ),
    "delete a key": (
        "apigateway",
        "delete_api_key",
        {"apiKey": "{api-key}"},
        {"::/apikeys/": {GONE}},
    ),
    "a key off its plan": (
        "apigateway",
        "delete_usage_plan_key",
        {"usagePlanId": "{plan}", "keyId": "{api-key}"},
        {"::/usageplans/": {CUT}},
    ),
    "delete a plan": (
        "apigateway",
        "delete_usage_plan",
        {"usagePlanId": "{spare-plan}"},
        {"::/usageplans/{spare-plan}": {GONE}},
    ),
    "delete a path of a domain": (
        "apigateway",
        "delete_base_path_mapping",
        {"domainName": "api.names.example", "basePath": "v1"},
        {"::/domainnames/api.names.example": {CUT}},
    ),
    "delete a domain": (
        "apigateway",
        "delete_domain_name",
        {"domainName": "api.names.example"},
        {"::/domainnames/api.names.example": {GONE}},
    ),
    "delete a link": (
        "apigateway",
        "delete_vpc_link",
        {"vpcLinkId": "{link}"},
        {"::/vpclinks/{link}": {GONE}},
    ),
    "delete an API": ("apigateway", "delete_rest_api", {"restApiId": "{api}"}, {STAGE: {GONE}, API: {GONE}}),
    "deploy": ("apigateway", "create_deployment", {"restApiId": "{api}", "stageName": "prod"}, {}),
    "one more resource": (
        "apigateway",
        "create_resource",
        {"restApiId": "{api}", "parentId": "{api-resource}", "pathPart": "new"},
        {},
    ),
    "delete a route of an API": (
        "apigatewayv2",
        "delete_route",
        {"ApiId": "{http-api}", "RouteId": "{route}"},
        {HTTP: {LOST}},
    ),
    "delete an HTTP integration": (
        "apigatewayv2",
        "delete_integration",
        {"ApiId": "{http-api}", "IntegrationId": "{integration}"},
        {HTTP: {LOST}},
    ),
    "delete an HTTP stage": (
        "apigatewayv2",
        "delete_stage",
        {"ApiId": "{http-api}", "StageName": "$default"},
        {HTTP: {CUT}},
    ),
    "delete an HTTP API": ("apigatewayv2", "delete_api", {"ApiId": "{http-api}"}, {HTTP: {GONE}}),
    "delete a mapping of a domain": (
        "apigatewayv2",
        "delete_api_mapping",
        {"DomainName": "http.names.example", "ApiMappingId": "{api-mapping}"},
        {"::/domainnames/http.names.example": {CUT}},
    ),
    "delete an HTTP domain": (
        "apigatewayv2",
        "delete_domain_name",
        {"DomainName": "spare.names.example"},
        {"::/domainnames/spare.names.example": {GONE}},
    ),
    "one more HTTP route": (
        "apigatewayv2",
        "create_route",
        {"ApiId": "{http-api}", "RouteKey": "GET /new", "Target": "integrations/{integration}"},
        {},
    ),
    "another timeout of an integration": (
        "apigatewayv2",
        "update_integration",
        {"ApiId": "{http-api}", "IntegrationId": "{integration}", "TimeoutInMillis": 9000},
        {},
    ),
}
EDGE: dict[str, Row] = {
    "a rule only counts": ("wafv2", "update_web_acl", _firewall("Count"), {":regional/webacl/firewall/": {WEAK}}),
    "a managed rule only counts": (
        "wafv2",
        "update_web_acl",
        _firewall("Block", "Count"),
        {":regional/webacl/firewall/": {WEAK}},
    ),
    "no firewall before a balancer": (
        "wafv2",
        "disassociate_web_acl",
        {"ResourceArn": "{balancer}"},
        {":regional/webacl/firewall/": {WEAK}},
    ),
    "fewer addresses": (
        "wafv2",
        "update_ip_set",
        _addresses("192.0.2.0/28"),
        {":regional/ipset/partners/": {LOST}},
    ),
    "more addresses": (
        "wafv2",
        "update_ip_set",
        _addresses("192.0.2.0/28", "198.51.100.0/28", "203.0.113.0/28"),
        {},
    ),
    "the same rules": ("wafv2", "update_web_acl", _firewall("Block"), {}),
    "delete a certificate": (
        "acm",
        "delete_certificate",
        {"CertificateArn": "{certificate}"},
        {":certificate/": {GONE}},
    ),
    "read a distribution": ("cloudfront", "get_distribution", {"Id": "{distribution}"}, {}),
    "delete a distribution": (
        "cloudfront",
        "delete_distribution",
        {"Id": "{distribution}", "IfMatch": "{distribution-tag}"},
        {":distribution/{distribution}": {GONE}},
    ),
    "disable a distribution": (
        "cloudfront",
        "update_distribution",
        {"Id": "{distribution}", "IfMatch": "{distribution-tag}", "DistributionConfig": _distribution()},
        {":distribution/{distribution}": {OFF}},
    ),
}
ROWS: dict[str, Row] = BALANCING | NAMES | APIS | EDGE
