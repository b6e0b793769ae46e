"""The cost-analysis service of one region as a CloudFormation stack: template, names, data.

Everything here is constructed; nothing is known of how the real service is built. Alarms and a secret stand outside the
stack, as they do where another pipeline owns monitoring (and moto's CloudFormation makes neither).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env

STACK = "cost-explorer-prod"
REPORT_FUNCTION = f"{STACK}-report"
COST_RECORDS = 48
REPORT_MONTHS = range(6, 12)
BUDGETS = 12

RATES = "/cost-explorer/prod/rates/2025"
NEW_RATES = "/cost-explorer/prod/rates/2026"
REPORT_MEMORY = 512
ALARM = f"{STACK}-report-errors"

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Cost Explorer, cn-northwest-1. Ingests the metering feed, keeps cost records and budgets, renders reports.

Parameters:
  Stage:
    Type: String
    Default: prod
  Suffix:
    Type: String
    Description: makes bucket names unique, do not change
  ReportMemory:
    Type: Number
    Default: 512
  RatesName:
    Type: String
    Default: /cost-explorer/prod/rates/2025

Resources:
  DataKey:
    Type: AWS::KMS::Key
    Properties:
      Description: cost records and reports
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws-cn:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"

  CostTable:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "cost-explorer-${Stage}-costs"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: customer, AttributeType: S}
        - {AttributeName: day, AttributeType: S}
      KeySchema:
        - {AttributeName: customer, KeyType: HASH}
        - {AttributeName: day, KeyType: RANGE}

  BudgetTable:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "cost-explorer-${Stage}-budgets"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: customer, AttributeType: S}
        - {AttributeName: budget, AttributeType: S}
      KeySchema:
        - {AttributeName: customer, KeyType: HASH}
        - {AttributeName: budget, KeyType: RANGE}

  ReportBucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "cost-explorer-${Stage}-reports-${Suffix}"
      VersioningConfiguration: {Status: Enabled}

  FeedBucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "cost-explorer-${Stage}-feed-${Suffix}"

  IngestDeadLetters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "cost-explorer-${Stage}-ingest-dlq"
      MessageRetentionPeriod: 1209600

  IngestQueue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "cost-explorer-${Stage}-ingest"
      VisibilityTimeout: 180
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt IngestDeadLetters.Arn
        maxReceiveCount: 5

  Notices:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "cost-explorer-${Stage}-notices"

  IngestRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "cost-explorer-${Stage}-ingest"
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:BatchWriteItem", Resource: !GetAtt CostTable.Arn}
              - {Effect: Allow, Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource: !GetAtt IngestQueue.Arn}

  ReportRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "cost-explorer-${Stage}-report"
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ["dynamodb:Query", "dynamodb:GetItem"], Resource: !GetAtt CostTable.Arn}
              - {Effect: Allow, Action: "s3:PutObject", Resource: !Sub "arn:aws-cn:s3:::${ReportBucket}/*"}
              - {Effect: Allow, Action: "ssm:GetParameter", Resource: "*"}

  IngestFunction:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub "cost-explorer-${Stage}-ingest"
      Handler: index.handler
      Runtime: python3.12
      Timeout: 120
      Role: !GetAtt IngestRole.Arn
      Code: {ZipFile: "def handler(event, context): ..."}
      Environment:
        Variables: {COST_TABLE: !Ref CostTable}

  ReportFunction:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub "cost-explorer-${Stage}-report"
      Handler: index.handler
      Runtime: python3.12
      Timeout: 300
      MemorySize: !Ref ReportMemory
      Role: !GetAtt ReportRole.Arn
      Code: {ZipFile: "def handler(event, context): ..."}
      Environment:
        Variables:
          COST_TABLE: !Ref CostTable
          BUDGET_TABLE: !Ref BudgetTable
          REPORT_BUCKET: !Ref ReportBucket
          RATES_NAME: !Ref RatesName

  IngestLogs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/cost-explorer-${Stage}-ingest", RetentionInDays: 90}

  ReportLogs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/cost-explorer-${Stage}-report", RetentionInDays: 90}

  NightlyReport:
    Type: AWS::Events::Rule
    Properties:
      Name: !Sub "cost-explorer-${Stage}-nightly"
      ScheduleExpression: cron(30 16 * * ? *)
      State: ENABLED
      Targets:
        - {Id: report, Arn: !GetAtt ReportFunction.Arn}

  Rates:
    Type: AWS::SSM::Parameter
    Properties:
      Name: !Ref RatesName
      Type: String
      Value: '{"compute": "0.2310", "storage": "0.0120", "egress": "0.0933"}'

Outputs:
  ReportBucketName: {Value: !Ref ReportBucket}
  IngestQueueUrl: {Value: !Ref IngestQueue}
"""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that differ from draw to draw."""

    suffix: str

    @property
    def reports(self) -> str:
        """The bucket of rendered reports."""
        return f"{STACK}-reports-{self.suffix}"

    @property
    def feed(self) -> str:
        """The bucket of metering files not yet ingested."""
        return f"{STACK}-feed-{self.suffix}"

    @classmethod
    def drawn(cls, env: Env) -> Names:
        """Give the names of this draw."""
        return cls(env.draw.hex("bucket suffix", 6))


def report_settings(names: Names, *, rates: str = RATES, memory: int = REPORT_MEMORY) -> dict[str, object]:
    """Give the settings of the report function, by default those of the template."""
    variables = {
        "COST_TABLE": f"{STACK}-costs",
        "BUDGET_TABLE": f"{STACK}-budgets",
        "REPORT_BUCKET": names.reports,
        "RATES_NAME": rates,
    }
    return {"Environment": {"Variables": variables}, "MemorySize": memory}


def create(env: Env, names: Names) -> None:
    """Create the stack, some 400 days ago, and fill it with what a running service has."""
    with env.at(timedelta(days=412)):
        env.session.client("cloudformation").create_stack(
            StackName=STACK,
            TemplateBody=TEMPLATE,
            Parameters=[{"ParameterKey": "Suffix", "ParameterValue": names.suffix}],
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Tags=[{"Key": "team", "Value": "cost-insights"}, {"Key": "stage", "Value": "prod"}],
        )
        # moto's CloudFormation passes over VersioningConfiguration.
        env.session.client("s3").put_bucket_versioning(
            Bucket=names.reports, VersioningConfiguration={"Status": "Enabled"}
        )
    _fill_tables(env)
    _fill_buckets(env, names)
    _fill_queues(env)


def _fill_tables(env: Env) -> None:
    client = env.session.client("dynamodb")
    for table, items in ((f"{STACK}-costs", list(cost_records(env))), (f"{STACK}-budgets", list(_budgets(env)))):
        for start in range(0, len(items), 25):
            puts = [{"PutRequest": {"Item": one}} for one in items[start : start + 25]]
            client.batch_write_item(RequestItems={table: puts})


def cost_records(env: Env) -> Iterator[dict[str, dict[str, str]]]:
    """Give a few days of a few customers' costs."""
    for number in range(COST_RECORDS):
        day = (env.now - timedelta(days=1 + number % 8)).date().isoformat()
        cents = env.draw.integer(f"cost {number}", 1_200, 980_000)
        yield {
            "customer": {"S": f"cust-{1001 + number // 8}"},
            "day": {"S": day},
            "amount": {"N": f"{cents / 100:.2f}"},
            "currency": {"S": "CNY"},
        }


def _budgets(env: Env) -> Iterator[dict[str, dict[str, str]]]:
    for number in range(BUDGETS):
        limit = env.draw.integer(f"budget {number}", 2, 90) * 1_000
        yield {
            "customer": {"S": f"cust-{1001 + number // 2}"},
            "budget": {"S": ("monthly", "quarterly")[number % 2]},
            "limit": {"N": str(limit)},
        }


def _fill_buckets(env: Env, names: Names) -> None:
    client = env.session.client("s3")
    for month in REPORT_MONTHS:
        with env.at(timedelta(days=(12 - month) * 30)):
            body = (
                f"customer,month,amount\ncust-1001,2025-{month:02},{env.draw.integer(f'report {month}', 900, 9_000)}\n"
            )
            client.put_object(Bucket=names.reports, Key=f"monthly/2025-{month:02}.csv", Body=body.encode())
    with env.at(timedelta(days=9)):  # a correction: the first November report stays as an older version
        body = "customer,month,amount\ncust-1001,2025-11,4410\n# corrected, see CE-3988\n"
        client.put_object(Bucket=names.reports, Key="monthly/2025-11.csv", Body=body.encode())
    for hour in (20, 21, 22):
        with env.at(timedelta(hours=25 - hour)):
            key = f"incoming/{env.now:%Y-%m-%d}/{hour}.jsonl"
            client.put_object(
                Bucket=names.feed, Key=key, Body=b'{"customer": "cust-1003", "sku": "egress", "units": 12}\n'
            )


def _fill_queues(env: Env) -> None:
    client = env.session.client("sqs")
    with env.at(timedelta(minutes=40)):
        for name, count in ((f"{STACK}-ingest", 6), (f"{STACK}-ingest-dlq", 1)):
            url = client.get_queue_url(QueueName=name)["QueueUrl"]
            entries = [
                {"Id": str(one), "MessageBody": json.dumps({"feed": f"incoming/{one}.jsonl"})} for one in range(count)
            ]
            client.send_message_batch(QueueUrl=url, Entries=entries)
