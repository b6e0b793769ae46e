"""What is lost, by the noun of an operation's name: the second half of the name rules.

Used by the generator alone. For each class of operation the domains are tried in the order written here; the first
whose words are in the name wins. ``corrections.tsv`` holds what these words get wrong and matters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["domain_of", "has_no_other_copy"]


@dataclass(frozen=True, slots=True)
class _Words:
    """A domain, the words that say it, and the words that take that back."""

    domain: str
    words: re.Pattern[str]
    unless: re.Pattern[str] = re.compile(r"(?!)")

    def fit(self, noun: str) -> bool:
        """Tell whether a noun is of this domain."""
        return self.words.search(noun) is not None and self.unless.search(noun) is None


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


# A policy that says how something is kept, scaled or routed, not who may do what.
_OTHER_POLICY: Final = (
    r"(?:Lifecycle|Scaling|Termination|Cache|OriginRequest|ResponseHeaders|Traffic|Firewall|Backup|Retention"
    r"|Scheduling|Metering|Cors|Metric|Resiliency|Deployment|Routing|TapeCreation|CostAllocation|Playback|Protection"
    r"|Approval|Reasoning|Profile|Recommendation|Configuration|Index|Ipam|LoadBalancer|Account|Network|Retrieval|Tier"
    r"|ReputationEntity|Table|Engine|Template|Statement|Routing)(?:Policy|Policies)|PolicyTable"
)
_PROTECTION: Final = _Words(
    "guardrail",
    _any(
        r"Protection(?!Cert)|LegalHold|ObjectLock|VaultLock|VaultPolicy|PermissionsBoundary|MFA|Mfa|AccessBlock",
        r"BlockPublicAccess|Guardrail|ServiceControl|Lifecycle(?:Policy|$)|Versioning|Retention|Alarm|Alert|Canary|^Monitor$",
        r"Firewall(?:Policy|RuleGroup)?$|KeyRotation|DeletionProtection|EncryptionByDefault|StreamEncryption|Anomaly",
    ),
    _any(r"LifecycleHook|RecommendationLifecycle|LifecycleEvent"),
)
_BACKUP: Final = _Words(
    "guardrail",
    _any(
        r"Backup(?!Storage|Gateway)|Snapshot|RecoveryPoint|PointInTime|Replication(?!Group|Task|Inst|Subnet|Backfill)"
    ),
    _any(r"DashboardSnapshot|ResourceSnapshot|ProviderBackup"),
)
_AUDIT: Final = _Words(
    "audit",
    _any(
        r"Trail|Logging|FlowLog|LogGroup|LogStream|ConfigurationRecorder|DeliveryChannel|EventDataStore|SecurityHub",
        r"GuardDuty|Macie|(?<!Delivery)Monitoring|QueryLog|AccessLog|ConfigRule|Findings?(?:$|Report|Filter|Aggreg)",
        r"InsightSelector|EventSelector|Analyzer|AuditReport|SubscriptionFilter|MetricFilter|LogSubscription",
        r"ImportFindings|MetricsCollection|InsightRules|Detector|MemberSession|DataLake$|LogSource",
    ),
    _any(r"DetectorVersion|TestCase|AnomalyMonitor"),
)
_RIGHTS: Final = _Words(
    "access",
    _any(
        r"Polic(?:y|ies)(?!Store|Version$|Engine)|Role(?!Alias|s?Anywhere|Custom)|User(?:$|s$|Group$|Password|ByPrin)",
        r"(?<=Group)Membership|AccessKey|LoginProfile|Permission|Grant|Principal|Credential|Certificate|SAML|OpenID",
        r"SecurityGroup(?:Ingress|Egress)|Identit(?:y|ies)(?:$|Provider|Pool|Center|Source)|Token(?!Vault)|ApiKey|APIKey",
        r"AccessEntry|AccessControl|AccessRule|AuthorizationConfiguration|Authorizer|Password|SshPublicKey|SSHPublicKey",
        r"PodIdentity|SecurityProfile|PublicSharing|Sharing$|ResourceShare|AdminAccount|DelegatedAdmin|ServiceAccess",
        r"OrganizationsAccess|UserSession|OAuth|Entitlement|KeyPair|PolicyVersion|AccountAssignment|DataAccessor",
        r"AccessPolic|PrincipalMapping|TrustAnchor|AuthenticationProfile",
    ),
    _any(
        _OTHER_POLICY,
        r"UserPool(?!Client)|UserProfile|UserSettings|UserDefined|UserJourney|UserHierarchy|UserEndpoints|EmailIdentity",
        r"ServerlessCache|DelegationSet|TokenBal|GrantStatus|UserAccessLogging|Stack|DomainValidation|Roles?Alias",
    ),
)
_SERVING: Final = _Words(
    "availability",
    _any(
        r"Pipe$|Pipeline(?!Endp)|Schedule(?!r|dAudit)|Trigger$|^Rules?$|(?:Sip|Receipt|Forwarding|Resolver|Topic|Gateway)Rule",
        r"Route(?!Tables?$|Calculator|Server$|Response|Request|Settings)|Routing(?!Profile)|VpcLink|Connection(?!Type|Pref)",
        r"Endpoint(?!Config|Weights)|Gateway(?!Resp|RateLimit|Instance)|LoadBalancer|Listener|Distribution(?!Conf|Group)",
        r"DomainName(?!Access)|DomainAssociation|Service$|ServiceNetwork|Functions?$|^Api$|GraphqlApi|^Apps?$|^Application$",
        r"^Channel$|ChannelGroup|Campaign$|Fleet(?!Metric|Adv)|EventBus|EventSource|Subscri(?:ption|ber)(?:$|s$)|Resolver$",
        r"Accelerator$|NetworkInterface|VirtualInterface|Attachment$|Peering|Subnet$|Vpc$|Vlan|Nodegroup|NodeGroup",
        r"CapacityProvider|CapacityReservation|Proxy$|^Server$|Webhook|^Stage$|Integration$|^Bot$|BotAlias|^Agent$",
        r"AgentAlias|AgentRuntime|WebApp$|Portal$|Workflow$|^Flow|FlowAlias|Environment$|ScheduledAction|ScheduledQuery",
        r"Scaling(?:Policy|Plan|Config)|ScalableTarget|Concurrency|TransitGateway(?!RouteTable$|Multicast|Metering|Policy)",
        r"EmailIdentity|PhoneNumber|StaticIp|Listing$|Deployment$|Backend(?!Job)|(?:Apns|Gcm|Adm|Baidu|Email|Sms|Voice)\w*Channel",
        r"ApiDestination|^Branch$|MaintenanceWindow|^Link$|Journey$|PlaybackConfiguration|ContactFlow$|WarmPool",
        r"EventStream$|MetricStream$|Recommender$|SipMediaApplication|RuleSet$|InferenceComponent$|RouteServer",
        r"Connector(?!Def|Prof)|DestinationEndp|Multiplex$|Input$",
        r"Output$|VpcOrigin|TargetGroup$|Consumer$|Mesh$|Virtual(?:Node|Router|Service|Gateway)|Job(?:s|Flows)$|Session$",
        r"ComputeEnvironment|JobQueue|WorkerBlock|ServiceInstance|MountTarget|AccessPoint|VpcEndpoint|Crawler|Relay$",
        r"IngressPoint|Nameserver|NetworkAcl|Interconnect|Lag$|DirectConnect|VpnC|CarrierGateway|Harness$|Meeting$|Alias$",
    ),
    _any(
        r"Settings?$|Preferences$|Template$|^Job$|Tagging|Tags$|Type$|Profile$|KeyAlias|PolicyStoreAlias|Invitation",
        r"EventSubscription|NotificationSub|ReportSub|Datafeed|EksAnywhere|MessageTemplate|RegistrationAtt|UserDefined",
        r"Metering|Theme|^Template|UserEndpoints|ModelOutput|Proposal|ClassificationScope",
        r"NotebookInstance|Definition$|ParameterGroup|SubnetGroup|Metadata$|Logging|Lens|Assessment|Export$|Dashboard",
    ),
)
_CONTENT: Final = _Words(
    "data",
    _any(
        r"Object|Item|Messages?$|Table|Bucket|DBInstance|DBCluster|DbInstance|DbCluster|Cluster|Database|Stream(?!Group)",
        r"Volume|FileSystem|Queue|Secret|KeyMaterial|^Key$|KeyStore|KeyValueStore|Image$|Images$|ImageSet|Repository$",
        r"Stacks?$|StackSet|Domain$|Vault$|Archive$|Store$|Datastore|DataStore|Dataset|DataSet$|Index$|Parameters?$",
        r"HostedZone|Instances?$|UserPool$|Cache$|Collection$|Records?$|Topic$|LogGroup|LogStream|Keyspace|Graph$",
        r"Workspaces?$|Ledger|Documents?$|DocumentVersion|Partition|Model$|Models$|Broker$|Namespace$|Disk$|Tape|Faces",
        r"^Directory|Notebook$|Attributes$|Entit(?:y|ies)$|Vectors|Memory|Comment|File$|Files$|Folder|Asset$|Content$",
        r"Event$|EventsByEventType|TimeSeries|ReadSet|Reference$|Speaker|Fraudster|VoiceProfile$|Knowledge|Case$|Build$",
        r"Layer|ApplicationVersion|PackageVersion|Package$|Package(?:s|Versions)$|HostedConfigurationVersion|FeatureGroup",
        r"ContactData|Profile(?:Object|Key)|Row|Vectors|DocumentClassifier|EntityRecognizer|Predictor|ProjectVersion",
        r"StorageVirtualMachine|ShardGroup|DataDeletion",
    ),
    _any(
        r"RouteTable|SubnetGroup|ParameterGroup|RequestParameter|LifecycleHook|UserPoolClient|UserPoolDomain|DomainName",
        r"ApiKey|UsagePlanKey|PublicKey|KeyGroup|SecurityProfile|Configuration$|Config$|Policy$|StreamingImage|Settings$",
        r"ReplicationTask|Endpoint|Association|Tags|Listener|TargetGroup|JobQueue|DataSource|Connector|ResolverRule",
        r"Recorder|Override|Notification|Job$|Statistics|Optimizer|Creation|Template|Queue(?:Env|Hours|Name|Status|Max)",
        r"Documentation|RecordingPref|Encryption|Metrics|Dashboard|Theme|Layout|SecurityGroup|RecordSets?$|Throughput",
        r"AnalysisRule|ConfiguredTable|IndexField|Schema(?:Mapping|$)|Reserved|UsageReport|ObjectType|IngestionStream",
        r"ContextStore|PolicyStore|TrustStore|CodeRepository|RepositoryLink|CustomLineItem|TargetDomain|TrafficPolicyI",
        r"AssetModel|ComputationModel|ConfiguredAudienceModel|ExternalModel|TestCase|Membership|HubContentRef|Namespace$",
        r"EventTopic|PlaceIndex|PartitionIndex|SignalCatalog|GlobalCluster|ServiceLevel|AlternateContact|IdNamespace",
        r"DatasetGroup|LineageEvent$|Registration$|ChannelNamespace|CidrCollection|MailDomain|EcsAttributes|UseCase",
        r"DomainEntry|DomainUnit|DomainLayout|ScalingParameters|StreamProcessor|VirtualCluster|ImageRecipe|SsoInstance",
    ),
)
# What an overwrite of contents names; an update of a table, a domain or a cluster changes its settings, not its contents.
_WRITTEN: Final = _Words(
    "data",
    _any(
        r"Items?$|(?<!Config)Objects?$|^Records?$|MemoryRecords|FeatureStoreRecord|SecretValue|^Secret$|KeyMaterial",
        r"Documents?$|Partitions?$|DatasetEntries|DatasetExamples|DataTableValue|DataTablePrimaryValues|Shadow$|^Table$",
        r"PropertyValues?$|^Files?$|^Content$|FunctionCode|Vectors|^Keys?$|KeyValue|RawMessage|ProfileObject$|Parameter$",
        r"ObjectAttributes|^Attributes$|StoredQuery|^Image$|ScheduledQueryRun|VocabularyItem|ChannelMessage|WorkspaceImage",
        r"CommentContent|^$",
    ),
    _any(r"Tag"),
)
# What an overwrite turns: where traffic goes, how much there is to serve it, whether it runs.
_TURNED: Final = _Words(
    "availability",
    _any(
        r"Route(?!Table$|Calculator|Response|Settings|Server|rN)|Routing(?!Profile|Rules?Label)|Traffic(?!Policy(?:Com|$)|Mir)",
        r"Weight|DesiredC|Capacity|Listener|Nameserver|HealthStatus|[a-z]State$|^State$|States$|PrefixList|Scaling",
        r"Concurrency|EndpointGroup|SecurityGroups?(?:$|Rules|To)|SendingEnabled|SendingAttributes|SendingOptions",
        r"Throughput|ShardCount|LoadBalancer|RecordSets?|^Distribution|NumberOf|InstanceGroups|InstanceFleet|Alias$",
        r"VpnTunnel|VpnConnection|VpcEndpoint$|NetworkAcl|^Subnets$|WebACL|Firewall(?:Rule|Domains|Policy)",
        r"^RuleGroup$|IPSet|^Rule$|RulePriorities|ReceiptRule|SipRule|TopicRule|ResolverRule|PendingMaintenance|BrokerCount",
        r"EndpointWeights|TransitGateway(?!Metering|Policy)|SpotFleet|(?:DB|Db|Cache)(?:Instance|Cluster)$|^Cluster$",
        r"(?:Cluster|Nodegroup|Kafka)Version|Service$|PrimaryTaskSet|TaskSet$|GlobalCluster|PublishedVersion|ActiveVersion",
        r"ActiveModelVersion|AgentRuntimeEndpoint|DomainEntry|ServerLifeCycle|^Stage$|Broker(?:Type|Storage)|Workspaces?Prop",
        r"ReplicationGroup|ComputeEnvironment|^Accelerator$|SubnetAttribute|VpcAttribute|NetworkInterfaceAttr|^Environment$",
        r"VpcPeering|InstancePlacement|InstanceCpu|Bandwidth|RateLimit|RoutingControl|^Fleet$|ServiceAttributes|ZonalShift",
        r"InstanceType|JobQueue|ScheduledUpdate|TaskDefinition|EventSourceMapping|^Schedule$|Address(?:To|Attr)|MountTargetS",
    ),
    _any(
        r"Settings$|Preferences$|Description|Template$|ProtectConfig|Comment$|CapacityManager|NotificationStatus|Dashboard"
    ),
)
_CALLED_OFF: Final = _Words(
    "configuration",
    _any(
        r"Request$|Handshake|Invitation|Transfer$|TransferTo|TransferFrom|Membership|Agreement|Assignment|Benefit|TimeOff",
        r"Tags|TagSync|ImageDeprecation|Order$|Listing$|Subscription(?:Change|Request)|VpcPeering|VpcAttachment|Attestation",
        r"PeeringAttachment|ClientVpc|InboundC|VpcEndpointConnections|SharedDirectory|PortfolioShare|ShareInv|Grouping",
        r"Attachment$|MulticastDomainAss|BillingOwnership|DelegationReq|^Grant$|EnvironmentAccountConnection|Cost|Report",
        r"ChangeSet$|StackSetOperation|UpdateTask|DomainConfigChange|PolicyGeneration|SchemaExtension|AutoRenew|AutoManage",
        r"MetadataModel|MetadataGen|CapacityManager|Suppression|TelemetryEnrichment|OTelEnrichment|ClassicLinkDns",
        r"Predictions|^Link$|DomainNameAccess",
    ),
)
_LOOSE: Final = _Words(
    "configuration",
    _any(
        r"AttributeGroup|Assessment|Budget|TagOption|Gloss|Governed|Lens|Pricing|View|SourceIdentifier|CreatedArtifact",
        r"DiscoveredResource|LineItem|OpsItem|TrialComponent|ApprovalRule|ServiceAction|ServiceQuota|BillingGroup",
        r"ThingGroup|Notification|OrganizationalUnit|ContextStore|Settings|Opportunity|Review|Analytics|Issue|Watermark",
        r"ConfigurationItems|SourceResource|ResourceTypes|Contract|Accounts$|BenefitApp|CertificationEmail|Collector|Sbom",
        r"DataSegments|ProjectAssets|^Assets|Applications$|Profiles?$|Persona|^Faces|Fraudster|Facet|Index$|TypedLink|Channel$",
        r"Product(?:From)?|RelatedItem|ResourceFrom(?:App|Prof)|^Resource$|CostAllocation|Repository$|DefaultView|Sync$|VehicleF",
    ),
)

_ORDER: Final[Mapping[str, tuple[_Words, ...]]] = MappingProxyType(
    {
        "delete": (_PROTECTION, _BACKUP, _AUDIT, _RIGHTS, _SERVING, _CONTENT),
        "stop": (_PROTECTION, _CALLED_OFF, _AUDIT, _BACKUP, _RIGHTS),
        "detach": (_PROTECTION, _BACKUP, _AUDIT, _RIGHTS, _LOOSE),
        "revoke": (),
        "overwrite": (_PROTECTION, _WRITTEN, _RIGHTS, _AUDIT, _TURNED, _BACKUP),
    },
)
_OTHERWISE: Final[Mapping[str, str]] = MappingProxyType({"stop": "availability", "detach": "availability", "revoke": "access"})

# Records and backups themselves; what only makes, keeps or delivers them can be set up again.
_SOLE_COPY: Final = re.compile(
    r"LogGroup|LogStream|EventDataStore|^Findings?$|AuditReport|AssessmentReport"
    r"|(?:Backup|Snapshot|RecoveryPoint)s?$|AutomatedBackups?$|BackupVault$|ProviderBackup",
)


def domain_of(operation_class: str, noun: str, access: str) -> str:
    """Name what an operation of this class loses; ``noun`` is its name without the verb."""
    words = _ORDER[operation_class]
    if access == "Permissions management" and not _PROTECTION.fit(noun):
        return "access"
    for each in words:
        if each.fit(noun):
            return each.domain
    return _OTHERWISE.get(operation_class, "configuration")


def has_no_other_copy(domain: str, noun: str) -> bool:
    """Tell whether deletion of such a thing is final: data, and records and backups themselves."""
    return domain == "data" or (domain in {"audit", "guardrail"} and _SOLE_COPY.search(noun) is not None)
