"""Texts in moto's own code that give it away, and what moto says instead while a trial runs or a world is built.

They are constants inside functions (ids, defaults, sample data), so the functions' code objects are given other
constants for that time. Nothing an agent or a builder stores passes here: only what moto makes up itself changes.
Found by reading the code of moto 5.2.5 for the words, and by calling every operation and reading the answers.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime, timedelta
from types import CodeType, FunctionType, ModuleType
from typing import NamedTuple

from askfirst.harness.aws import draw


class Literal(NamedTuple):
    """One text: the module (below moto) and the function, method, property, str or dict in it that says it.

    `instead` is filled from `facts`; None where AWS says nothing. Every text that contains `says` is changed.
    """

    module: str
    where: str
    says: str
    instead: str | None


def facts(account: str, region: str, partition: str, now: datetime) -> Mapping[str, str]:
    """Give what texts are filled with: the home account, its region, the time, and ids derived from the account."""
    letters = draw.access_key("", account, "letters")
    return {
        "account": account,
        "region": region,
        "partition": partition,
        "domain": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
        "now": f"{now:%Y-%m-%dT%H:%M:%S}.000Z",
        "next_year": f"{now + timedelta(days=365):%Y-%m-%dT%H:%M:%S}.000Z",
        "letters": letters,
        "hex": draw.token(12, account, "hex"),
        "digits": draw.account_id(account, "digits"),
        **{f"uuid{number}": draw.uuid(account, "uuid", number) for number in range(3)},
    }


MACSEC_KEY = "arn:{partition}:secretsmanager:{region}:{account}:secret:directconnect!prod/{hex}"
LITERALS = (
    Literal(
        "apigatewaymanagementapi.models",
        "Connection.__init__",
        "Moto Mocks",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    Literal("autoscaling.models", "LifecycleHook.__init__", "arn:aws:iam::1234567890:role/my-auto-scaling-role", None),
    Literal("autoscaling.models", "LifecycleHook.__init__", "arn:aws:sqs:us-east-1:123456789012:my-queue", None),
    Literal("autoscaling.models", "FakeScalingPolicy.arn", "c322761b-3172-4d56-9a21-0ed9d6161d67", "{uuid0}"),
    Literal(
        "autoscaling.models", "FakeLaunchConfiguration.__init__", "9dbbbf87-6141-428a-a409-0752edbe6cad", "{uuid1}"
    ),
    Literal("awslambda_simple.models", "LambdaSimpleBackend.invoke", "Simple Lambda happy path OK", "null"),
    Literal("batch.models", "Job.__init__", "MOTO-BATCH-", "batch-job-"),
    Literal("cloudfront.models", "Distribution.__init__", "2021-11-27T10:34:26.802Z", "{now}"),
    Literal("cloudhsmv2.models", "Backup.__init__", ":123456789012:", ":{account}:"),
    Literal("cognitoidp.models", "COGNITO_TOTP_MFA_SECRET", "asdfasdfasdf", "{letters}{letters}"),
    Literal("comprehend.models", "ComprehendJob.__init__", "moto-job-", "job-"),
    Literal("connectcampaigns.models", "DEFAULT_ACCOUNT_ID", "123456789012", "{account}"),
    Literal(
        "connectcampaigns.models", "ConnectInstanceConfig.__init__", "1234abcd-12ab-34cd-56ef-1234567890ab", "{uuid0}"
    ),
    Literal("datapipeline.models", "Pipeline.to_json", "924374875933", "{account}"),
    Literal("datasync.models", "Location.__init__", ":111222333444:", ":{account}:"),
    Literal("datasync.models", "Task.__init__", ":111222333444:", ":{account}:"),
    Literal("directconnect.models", "Connection.__post_init__", ":dx-con/dx-moto-", ":dxcon/dxcon-"),
    Literal("directconnect.models", "LAG.__post_init__", ":dxlag/dxlag-moto-", ":dxlag/dxlag-"),
    *(
        Literal("directconnect.models", f"DirectConnectBackend.{one}", says, instead)
        for one in ("create_connection", "create_lag")
        for says, instead in (
            ("mock_secret_arn", MACSEC_KEY),
            ("mock_ckn", "{hex}"),
            ("mock_device_v2", "EqDC2-{hex}"),
            ("mock_device", "EqDC2-{hex}"),
            ("mock_logical_device_id", "EqDC2-{hex}-1"),
        )
    ),
    Literal("directconnect.models", "DirectConnectBackend.create_connection", "mock_partner", None),
    Literal("directconnect.models", "DirectConnectBackend.associate_mac_sec_key", "mock_secret_arn", MACSEC_KEY),
    Literal("ec2.models.spot_requests", "SpotInstanceRequest.status", "2015-01-01T00:00:00.000Z", "{now}"),
    Literal("ec2.models.spot_requests", "SpotInstanceRequest.create_time", "2015-01-01T00:00:00.000Z", "{now}"),
    Literal(
        "ec2.responses.spot_instances",
        "SpotInstances.describe_spot_price_history",
        "2006-01-02T15:04:05.999999999Z",
        "{now}",
    ),
    Literal(
        "ec2instanceconnect.models",
        "Ec2InstanceConnectBackend.send_ssh_public_key",
        "example-2a47-4c91-9700-e37e85162cb6",
        "{uuid0}",
    ),
    Literal("ecr.models", "ECRBackend.describe_image_scan_findings", "moto_fake", "openssl"),
    Literal("ecr.models", "ECRBackend.describe_image_scan_findings", "CVE-9999-9999", "CVE-2024-5535"),
    Literal("ecr.models", "ECRBackend.describe_image_scan_findings", "9.9.9", "3.0.11"),
    Literal("ecs.models", "Task.__init__", "moto ECS", "arn:{partition}:ecs:{region}:{account}:attachment/{uuid0}"),
    Literal(
        "ecs.responses",
        "EC2ContainerServiceResponse.discover_poll_endpoint",
        "http://localhost",
        "https://ecs-a-1.{region}.{domain}/",
    ),
    Literal("elasticbeanstalk.models", "Environment.platform_arn", "TODO", None),
    Literal("elbv2.models", "FakeLoadBalancer.__init__", "Z2P70J7EXAMPLE", "Z{letters:.13}"),
    Literal("events.notifications", "_EVENT_S3_OBJECT_CREATED", "123456789012", "{account}"),
    Literal("events.notifications", "_EVENT_S3_OBJECT_CREATED", "2021-11-12T00:00:00Z", "{now}"),
    Literal("events.notifications", "_EVENT_S3_OBJECT_CREATED", "17793124-05d4-b198-2fde-7ededc63b103", "{uuid1}"),
    Literal("events.utils", "_BASE_EVENT_MESSAGE", "17793124-05d4-b198-2fde-7ededc63b103", "{uuid2}"),
    *(
        Literal("iam.responses", f"IamResponse.{one}_server_certificate{s}", says, instead)
        for one, s in (("upload", ""), ("get", ""), ("list", "s"))
        for says, instead in (
            ("ASCACKCEVSQ6C2EXAMPLE", "ASCA{letters}Q"),
            ("2010-05-08T01:02:03.004Z", "{now}"),
            ("2012-05-08T01:02:03.004Z", "{next_year}"),
        )
    ),
    Literal("iam.responses", "IamResponse.get_credential_report", "2015-02-02T20:02:02Z", "{now}"),
    Literal("identitystore.exceptions", "request_id", "178936da-50ad-4d58-8871-22d9979e8658example", "{uuid0}"),
    Literal("iot.models", "IoTBackend._generate_certificate_pem", "Moto", "Amazon"),
    Literal("iot.models", "IoTBackend.create_keys_and_certificate", "getmoto.org", "iot.{region}.{domain}"),
    Literal("iot.models", "IoTBackend.create_certificate_from_csr", "example.com", "iot.{region}.{domain}"),
    Literal("ivs.models", "IVSBackend.create_channel", "ingest.example.com", "{hex}.global-contribute.live-video.net"),
    Literal(
        "ivs.models",
        "IVSBackend.create_channel",
        "https://playback.example.com/",
        "https://{hex}.{region}.playback.live-video.net/api/video/v1/",
    ),
    *(
        Literal(
            "kafka.models",
            f"KafkaBackend.{one}",
            "zookeeper.example.com:2181",
            "z-1.{hex}.c2.kafka.{region}.{domain}:2181",
        )
        for one in ("describe_cluster", "describe_cluster_v2")
    ),
    Literal("kinesisanalyticsv2.models", "Application._generate_app_config_description", "fakechecksum", "{hex}"),
    Literal("mediaconnect.models", "Flow.__init__", "A Moto test flow", None),
    Literal("mediaconnect.models", "Flow.__init__", "127.0.0.1", "52.94.76.5"),
    Literal("mediaconnect.models", "MediaConnectBackend._add_source_details", "127.0.0.1", "52.94.76.5"),
    Literal("mediaconnect.models", "MediaConnectBackend._create_flow_add_details", "127.0.0.", "52.94.76."),
    Literal(
        "networkfirewall.models", "NetworkFirewallModel.__init__", "1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d", "{uuid0}"
    ),
    Literal("organizations.utils", "MASTER_ACCOUNT_EMAIL", "master@example.com", "aws-{account}@corp.internal"),
    Literal("osis.models", "OpenSearchIngestionBackend._get_vpc_endpoint", "OSIS Test Doc", "{{}}"),
    Literal("quicksight.utils", "QuicksightSearchFilterFactory.validate_and_create_filter", " in moto: ", ": "),
    Literal("redshift.models", "RedshiftBackend.describe_default_cluster_parameters", "mock parameter", None),
    Literal(
        "route53.models",
        "Route53Backend.create_hosted_zone",
        ". hostmaster.example.com. ",
        ". awsdns-hostmaster.amazon.com. ",
    ),
    Literal("s3.notifications", "_send_event_bridge_message", "123456789012", "{account}"),
    Literal("s3.responses", "S3Response.list_multipart_uploads", "2010-11-10T20:48:33.000Z", "{now}"),
    Literal("sagemaker.models", "Container.__init__", "localhost", None),
    Literal("sagemaker.models", "Domain.__init__", ".sagemaker.test.com", ".sagemaker.aws"),
    Literal("sagemaker.models", "HyperParameterTuningJob.__init__", "Fake", ""),
    Literal("sns.models", "Subscription.get_post_data", "2bcfbf39-05c3-41de-beaa-fcfcc21c8f55", "{uuid0}"),
    Literal("sns.responses", "SNSResponse.confirm_subscription", "68762e72-e9b1-410a-8b3b-903da69ee1d5", "{uuid1}"),
    Literal("ssm.models", "Document.__init__", "Not Implemented (moto)", "Linux"),
    Literal("ssm.models", "Command.__init__", "Details placeholder", "Success"),
    Literal("sts.models", "STSBackend.get_caller_identity", "AKIAIOSFODNN7EXAMPLE", "{account}"),
    Literal("sts.models", "STSBackend.get_caller_identity", ":sts::", ":iam::"),
    Literal("sts.models", "STSBackend.get_caller_identity", ":user/moto", ":root"),
    Literal("sts.responses", "TokenResponse.assume_role_with_web_identity", "ARO123EXAMPLE123:", "AROA{letters}Q:"),
    Literal(
        "sts.responses", "TokenResponse.assume_role_with_saml", "http://localhost:3000/", "https://sso.corp.internal/"
    ),
    Literal("support.models", "SupportCase.__init__", "moto@moto.com", "aws-{account}@corp.internal"),
    Literal("support.models", "SupportCase.__init__", "foo_display_id", "{digits}"),
    Literal("support.models", "SupportCase.__init__", "foo_next_token", None),
    Literal("support.models", "SupportBackend.create_case", "case-12345678910-2020-", "case-{account}-2025-"),
    Literal("synthetics.models", "Canary.to_dict", "Created by Moto", "Create completed"),
    Literal(
        "transfer.models",
        "TransferBackend.create_user",
        "mock_ssh_public_key_id_{ssh_public_key_body}_{now}",
        "key-{hex}",
    ),
    Literal("transfer.types", "Connector.__post_init__", "127.0.0.", "52.94.76."),
    Literal("xray.models", "SegmentCollection.summary", "Not implemented yet - moto", "Internal failure"),
)
"""About 80 rows; a moto that no longer holds one of them turns `tests/world/test_disguise.py` red."""


@contextlib.contextmanager
def said_otherwise(known: Mapping[str, str]) -> Generator[None]:
    """Let moto say the other texts. A module that moto has not loaded yet is changed when moto loads it."""
    undo: list[Callable[[], None]] = []

    def change(module: ModuleType) -> None:
        for literal in _by_module()[module.__name__]:
            undo.extend(_change(module, literal, known))

    for name in [one for one in _by_module() if one in sys.modules]:
        change(sys.modules[name])
    finder = _Finder(change)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for put_back in reversed(undo):
            put_back()


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules of the table where they are, and has them changed as soon as they are loaded."""

    def __init__(self, change: Callable[[ModuleType], None]) -> None:
        self._change = change

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Give the usual specification of a module, its loader followed by the change."""
        if fullname not in _by_module():
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_change(module: ModuleType) -> None:
                load(module)
                self._change(module)

            setattr(spec.loader, "exec_module", load_and_change)  # noqa: B010 - the loader is this module's alone
        return spec


@functools.cache
def _by_module() -> Mapping[str, tuple[Literal, ...]]:
    names = dict.fromkeys(f"moto.{one.module}" for one in LITERALS)
    return {name: tuple(one for one in LITERALS if f"moto.{one.module}" == name) for name in names}


def _change(module: object, literal: Literal, known: Mapping[str, str]) -> list[Callable[[], None]]:
    """Change one text; give what puts it back: nothing where this moto does not say it."""
    owner, _, name = literal.where.rpartition(".")
    holder = getattr(module, owner, None) if owner else module
    found = vars(holder).get(name) if holder is not None else None
    instead = None if literal.instead is None else literal.instead.format_map(known)
    function = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    if isinstance(function, FunctionType):
        code, defaults = function.__code__, function.__defaults__
        recoded, redefaulted = _recoded(code, literal.says, instead), _reworded(defaults, literal.says, instead)
        if (recoded, redefaulted) == (code, defaults):
            return []
        function.__code__ = recoded
        function.__defaults__ = redefaulted  # type: ignore[assignment]  # a tuple stays one
        return [
            functools.partial(setattr, function, "__code__", code),
            functools.partial(setattr, function, "__defaults__", defaults),
        ]
    if isinstance(found, dict):
        old = {key: value for key, value in found.items() if value == literal.says}
        found.update(dict.fromkeys(old, instead))
        return [functools.partial(found.update, old)] if old else []
    if found == literal.says:
        setattr(holder, name, instead)
        return [functools.partial(setattr, holder, name, found)]
    return []


def _recoded(code: CodeType, says: str, instead: str | None) -> CodeType:
    return code.replace(co_consts=tuple(_reworded(one, says, instead) for one in code.co_consts))


def _reworded(constant: object, says: str, instead: str | None) -> object:
    """Change a constant of a function: a text, a tuple of them, or the code of a function inside it."""
    if isinstance(constant, str) and says in constant:
        return None if instead is None else constant.replace(says, instead)
    if isinstance(constant, tuple):
        return tuple(_reworded(one, says, instead) for one in constant)
    if isinstance(constant, CodeType):
        return _recoded(constant, says, instead)
    return constant
