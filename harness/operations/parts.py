"""Operations that take away what a resource holds, and leave the resource: there the state says what was lost.

A deletion of an object the agent itself put is none of the bucket. Only operations whose effect on content the mocked
account really carries out, and of whose kind the inventory reads every part, belong here.
"""

from __future__ import annotations

OF_PARTS: frozenset[str] = frozenset(
    {
        "dynamodb:BatchExecuteStatement",
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:ExecuteStatement",
        "dynamodb:ExecuteTransaction",
        "dynamodb:PutItem",
        "dynamodb:TransactWriteItems",
        "dynamodb:UpdateItem",
        "s3:CompleteMultipartUpload",
        "s3:CopyObject",
        "s3:DeleteObject",
        "s3:DeleteObjects",
        "s3:PutObject",
        "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch",
        "sqs:PurgeQueue",
    }
)

OF_WAYS: frozenset[str] = frozenset(
    {
        "autoscaling:DeleteScheduledAction",
        "autoscaling:DetachLoadBalancerTargetGroups",
        "cognito-idp:AdminDeleteUser",
        "dynamodb:UpdateContinuousBackups",
        "ec2:DeleteNetworkAclEntry",
        "ec2:DeleteRoute",
        "ec2:DetachInternetGateway",
        "ec2:DetachVolume",
        "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ecr:BatchDeleteImage",
        "ecr:DeleteLifecyclePolicy",
        "elbv2:DeregisterTargets",
        "events:RemovePermission",
        "events:RemoveTargets",
        "iam:DeleteAccessKey",
        "iam:DeleteGroupPolicy",
        "iam:DeleteRolePolicy",
        "iam:DeleteUserPolicy",
        "iam:DetachGroupPolicy",
        "iam:DetachRolePolicy",
        "iam:DetachUserPolicy",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:RemoveUserFromGroup",
        "kms:DeleteAlias",
        "kms:RevokeGrant",
        "lambda:DeleteAlias",
        "lambda:DeleteFunctionUrlConfig",
        "lambda:RemovePermission",
        "lambda:UpdateFunctionConfiguration",
        "logs:DeleteLogStream",
        "logs:DeleteSubscriptionFilter",
        "route53:ChangeResourceRecordSets",
        "s3:DeleteBucketLifecycle",
        "s3:DeleteBucketPolicy",
        "s3:DeletePublicAccessBlock",
        "s3:PutBucketVersioning",
        "sns:RemovePermission",
        "sqs:RemovePermission",
    }
)
"""The same for ways to a resource and settings of it: what the agent itself had added or raised may go again."""

SHOWN: frozenset[str] = OF_PARTS | OF_WAYS
"""Operations whose whole effect the state shows."""
