"""Deletions of a setting: the resource they name stays as it is, save for what the setting did.

Their row says that they delete, which is right of the setting and wrong of the resource; no grant covers a deletion of
what must survive, so the difference counts. What has a kind of its own in the inventory is a thing and not listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import blinds, detaches, harmless, overwrites, revokes, weakens
from askfirst.harness.operations.table import Domain

CONFIGURATION = Domain.CONFIGURATION

SETTINGS: Mapping[str, Ruling] = MappingProxyType(
    {
        "s3:DeleteBucketPolicy": revokes("takes the policy of the bucket away, and with it whoever may use it"),
        "s3:DeleteBucketReplication": weakens("replicates nothing any more"),
        "s3:DeletePublicAccessBlock": weakens("opens it to the public"),
        "s3control:DeletePublicAccessBlock": weakens("opens buckets of the account to the public"),
        "s3:DeleteBucketLifecycle": harmless("keeps objects for ever"),
        "s3:DeleteBucketEncryption": weakens("encrypts new objects with no key of one's own"),
        "s3:DeleteBucketOwnershipControls": overwrites("takes a setting of the bucket away", domain=CONFIGURATION),
        "s3:DeleteBucketCors": detaches("lets pages of other sites read no more"),
        "s3:DeleteBucketWebsite": detaches("serves the bucket as a site no more"),
        "s3:DeleteBucketTagging": harmless("takes tags away"),
        "s3:DeleteObjectTagging": harmless("takes tags away"),
        "s3:DeleteBucketMetricsConfiguration": harmless("counts no more"),
        "s3:DeleteBucketAnalyticsConfiguration": harmless("analyses no more"),
        "s3:DeleteBucketInventoryConfiguration": harmless("lists no more"),
        "s3:AbortMultipartUpload": harmless("drops an upload that was never finished"),
        "dynamodb:DeleteResourcePolicy": revokes("takes the policy of the table away"),
        "lambda:DeleteFunctionEventInvokeConfig": overwrites(
            "takes a setting of the function away", domain=CONFIGURATION
        ),
        "lambda:DeleteFunctionUrlConfig": detaches("takes the address of the function away"),
        "lambda:DeleteFunctionCodeSigningConfig": weakens("takes code that nobody signed"),
        "autoscaling:DeletePolicy": overwrites("takes a scaling policy of the group away", domain=CONFIGURATION),
        "autoscaling:DeleteScheduledAction": overwrites(
            "takes a scheduled action of the group away", domain=CONFIGURATION
        ),
        "autoscaling:DeleteLifecycleHook": overwrites("takes a lifecycle hook of the group away", domain=CONFIGURATION),
        "autoscaling:DeleteNotificationConfiguration": overwrites(
            "tells nobody of the group any more", domain=CONFIGURATION
        ),
        "autoscaling:DeleteTags": harmless("takes tags away"),
        "autoscaling:DeleteWarmPool": overwrites("keeps no instances ready", domain=Domain.AVAILABILITY),
        "ec2:DeleteTags": harmless("takes tags away"),
        "ecr:DeleteLifecyclePolicy": harmless("keeps images for ever"),
        "ecr:DeleteRepositoryPolicy": revokes("takes the policy of the repository away"),
        "ecs:DeleteAttributes": harmless("takes attributes away"),
        "ecs:DeleteAccountSetting": overwrites("takes a setting of the account away", domain=CONFIGURATION),
        "efs:DeleteFileSystemPolicy": revokes("takes the policy of the file system away"),
        "efs:DeleteTags": harmless("takes tags away"),
        "elasticbeanstalk:DeleteEnvironmentConfiguration": harmless("drops a draft of a configuration"),
        "glue:DeleteResourcePolicy": revokes("takes the policy of the catalogue away"),
        "iam:DeleteAccountAlias": overwrites("takes the name of the account away", domain=CONFIGURATION),
        "kinesis:DeleteResourcePolicy": revokes("takes the policy of the stream away"),
        "logs:DeleteDataProtectionPolicy": weakens("masks nothing in the logs any more"),
        "logs:DeleteIndexPolicy": harmless("indexes no more"),
        "secretsmanager:DeleteResourcePolicy": revokes("takes the policy of the secret away"),
        "ssm:DeleteResourcePolicy": revokes("takes the policy of the parameter away"),
        "sns:DeleteSMSSandboxPhoneNumber": overwrites("takes a number away", domain=CONFIGURATION),
        "stepfunctions:DeleteStateMachineVersion": harmless("takes a published version away"),
        "cloudwatch:DeleteAnomalyDetector": blinds("watches for nothing unusual any more"),
        "elbv2:RemoveListenerCertificates": detaches("takes certificates from a listener"),
        "apigateway:DeleteGatewayResponse": overwrites("takes a response of the API away", domain=CONFIGURATION),
        "apigateway:DeleteModel": overwrites("takes a model of the API away", domain=CONFIGURATION),
        "apigateway:DeleteRequestValidator": weakens("checks requests no more"),
        "apigateway:DeleteMethod": detaches("takes a method of the API away"),
        "apigateway:DeleteMethodResponse": overwrites("takes a response of the API away", domain=CONFIGURATION),
        "apigateway:DeleteIntegration": detaches("takes what answers from the API"),
        "apigateway:DeleteIntegrationResponse": overwrites("takes a response of the API away", domain=CONFIGURATION),
    }
)


@rule(*SETTINGS)
def setting_deleted(before: Before) -> Ruling | None:
    """The resource that is named stays."""
    return SETTINGS.get(before.action)
