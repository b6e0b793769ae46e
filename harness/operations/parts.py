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
        "autoscaling:DetachLoadBalancerTargetGroups",
        "ec2:DeleteNetworkAclEntry",
        "ec2:DeleteRoute",
        "ec2:DetachInternetGateway",
        "ec2:DetachVolume",
        "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
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
        "lambda:DeleteFunctionUrlConfig",
        "lambda:RemovePermission",
        "route53:ChangeResourceRecordSets",
        "s3:DeleteBucketPolicy",
        "sns:RemovePermission",
        "sqs:RemovePermission",
    }
)
"""Operations that take a way to a resource away: there the state says whether it was one the agent itself had made."""
