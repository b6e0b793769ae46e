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


def _any(words: str) -> re.Pattern[str]:
    """Match any of these words, which are regular expressions without a space."""
    return re.compile("|".join(words.split()))


# A policy that says how something is kept, scaled or routed, not who may do what.
_OTHER_POLICY: Final = (
    r"(?:Lifecycle|Scaling|Termination|Cache|OriginRequest|ResponseHeaders|Traffic|Firewall|Backup|Retention"
    r"|Scheduling|Metering|Cors|Metric|Resiliency|Deployment|Routing|TapeCreation|CostAllocation|Playback|Protection"
    r"|Approval|Reasoning|Profile|Recommendation|Configuration|Index|Ipam|LoadBalancer|Account|Network|Retrieval|Tier"
    r"|ReputationEntity|Table|Engine|Template|Statement)(?:Policy|Policies)"
)
# What keeps harm away.
_PROTECTION: Final = _Words(
    "guardrail",
    _any(
        r"Protection(?!Cert) LegalHold ObjectLock VaultLock PermissionsBoundary MFA Mfa AccessBlock BlockPublicAccess "
        r"Guardrail Lifecycle(?:Policy|$) Versioning Retention Alarm Alert Canary ^Monitor$ "
        r"Firewall(?:Policy|RuleGroup)?$ KeyRotation EncryptionByDefault StreamEncryption Anomaly"
    ),
    _any(r"RecommendationLifecycle"),
)
# The second copy, and what makes it.
_BACKUP: Final = _Words(
    "guardrail",
    _any(r"Backup(?!Storage|Gateway) Snapshot RecoveryPoint Replication(?!Group|Task|Inst|Subnet|Backfill)"),
    _any(r"ResourceSnapshot"),
)
# The record of what happened, and what looks for it.
_AUDIT: Final = _Words(
    "audit",
    _any(
        r"Trail Logging FlowLog LogGroup LogStream ConfigurationRecorder DeliveryChannel EventDataStore SecurityHub "
        r"Macie (?<!Delivery)Monitoring QueryLog AccessLog ConfigRule Findings?(?:$|Report|Filter|Aggreg) "
        r"InsightSelector EventSelector Analyzer SubscriptionFilter MetricFilter LogSubscription ImportFindings "
        r"MetricsCollection InsightRules Detector MemberSession DataLake$ LogSource"
    ),
    _any(r"DetectorVersion"),
)
# Who may do what, and how he shows who he is.
_RIGHTS: Final = _Words(
    "access",
    _any(
        r"Polic(?:y|ies)(?!Store|Version$|Engine) Role(?!Alias|s?Anywhere|Custom) User(?:$|s$|Group$|Password|ByPrin) "
        r"(?<=Group)Membership AccessKey Permission Grant Principal Credential Certificate SAML OpenID "
        r"Identit(?:y|ies)(?:$|Provider|Pool|Center|Source) Token(?!Vault) ApiKey APIKey AccessEntry AccessControl "
        r"AccessRule AuthorizationConfiguration Authorizer Password SshPublicKey PodIdentity SecurityProfile "
        r"PublicSharing AdminAccount DelegatedAdmin ServiceAccess OrganizationsAccess OAuth Entitlement KeyPair "
        r"AccountAssignment DataAccessor TrustAnchor AuthenticationProfile"
    ),
    _any(
        rf"{_OTHER_POLICY} "
        r"PolicyTable EmailIdentity GrantStatus"
    ),
)
# What runs, carries traffic or acts by itself: gone, it no longer does.
_SERVING: Final = _Words(
    "availability",
    _any(
        r"Pipe$ Pipeline(?!Endp) Schedule(?!r|dAudit) Trigger$ ^Rules?$ "
        r"(?:Sip|Receipt|Forwarding|Resolver|Topic|Gateway)Rule "
        r"Route(?!Tables?$|Calculator|Server$|Response|Request|Settings) Routing(?!Profile) VpcLink "
        r"Connection(?!Type|Pref) Endpoint(?!Config|Weights) Gateway(?!Resp|RateLimit|Instance) LoadBalancer Listener "
        r"Distribution(?!Conf|Group) DomainName(?!Access) DomainAssociation Service$ ServiceNetwork Functions?$ ^Api$ "
        r"GraphqlApi ^Apps?$ ^Application$ ^Channel$ ChannelGroup Campaign$ Fleet(?!Metric|Adv) EventBus EventSource "
        r"Subscri(?:ption|ber)(?:$|s$) Resolver$ Accelerator$ NetworkInterface VirtualInterface Attachment$ Peering "
        r"Subnet$ Vpc$ Nodegroup NodeGroup CapacityProvider CapacityReservation Proxy$ ^Server$ Webhook ^Stage$ "
        r"Integration$ ^Bot$ ^Agent$ AgentRuntime WebApp$ Portal$ Workflow$ ^Flow Environment$ "
        r"Scaling(?:Policy|Plan|Config) ScalableTarget Concurrency EmailIdentity PhoneNumber StaticIp Listing$ "
        r"Deployment$ Backend(?!Job) (?:Apns|Gcm|Adm|Baidu|Email|Sms|Voice)\w*Channel ApiDestination ^Branch$ "
        r"MaintenanceWindow ^Link$ Journey$ PlaybackConfiguration ContactFlow$ WarmPool EventStream$ MetricStream$ "
        r"Recommender$ SipMediaApplication RuleSet$ InferenceComponent$ RouteServer Connector(?!Def|Prof) Multiplex$ "
        r"Input$ Output$ VpcOrigin TargetGroup$ Consumer$ Mesh$ Virtual(?:Node|Router|Service|Gateway) Job(?:s|Flows)$ "
        r"Session$ JobQueue WorkerBlock MountTarget AccessPoint Crawler Relay$ IngressPoint NetworkAcl Interconnect "
        r"Lag$ VpnC Harness$ Meeting$ Alias$"
    ),
    _any(
        r"Preferences$ Template$ PolicyStoreAlias EventSubscription NotificationSub ReportSub Datafeed EksAnywhere "
        r"MessageTemplate RegistrationAtt UserDefined Metering Theme ^Template UserEndpoints ModelOutput Proposal "
        r"Definition$"
    ),
)
# What holds contents, which no definition brings back.
_CONTENT: Final = _Words(
    "data",
    _any(
        r"Object Item Messages?$ Table Bucket Cluster Database Stream(?!Group) Volume FileSystem Queue Secret "
        r"KeyMaterial ^Key$ Image$ ImageSet Repository$ Stacks?$ StackSet Domain$ Vault$ Archive$ Store$ Datastore "
        r"Dataset DataSet$ Index$ Parameters?$ HostedZone Instances?$ UserPool$ Cache$ Collection$ Records?$ Topic$ "
        r"Keyspace Graph$ Workspaces?$ Documents?$ DocumentVersion Partition Model$ Models$ Broker$ Disk$ Tape Faces "
        r"^Directory Notebook$ Attributes$ Entit(?:y|ies)$ Memory Comment File$ Folder Asset$ Content$ Event$ "
        r"EventsByEventType TimeSeries ReadSet Reference$ Speaker Fraudster VoiceProfile$ Knowledge Case$ Build$ Layer "
        r"ApplicationVersion PackageVersion Package$ HostedConfigurationVersion FeatureGroup ContactData "
        r"Profile(?:Object|Key) Vectors DocumentClassifier EntityRecognizer Predictor ProjectVersion "
        r"StorageVirtualMachine ShardGroup"
    ),
    _any(
        r"RouteTable SubnetGroup ParameterGroup RequestParameter UserPoolClient UserPoolDomain Configuration$ Config$ "
        r"Association Tags Notification Job$ Statistics Optimizer Creation Template Encryption Theme SecurityGroup "
        r"AnalysisRule ConfiguredTable Reserved ObjectType IngestionStream ContextStore PolicyStore TrustStore "
        r"CodeRepository CustomLineItem TargetDomain TrafficPolicyI AssetModel ComputationModel "
        r"ConfiguredAudienceModel ExternalModel TestCase Membership HubContentRef EventTopic PlaceIndex PartitionIndex "
        r"GlobalCluster ServiceLevel DatasetGroup LineageEvent$ Registration$ CidrCollection MailDomain UseCase "
        r"StreamProcessor VirtualCluster"
    ),
)
# The contents themselves. An update of a table, a domain or a cluster changes its settings, not its contents.
_WRITTEN: Final = _Words(
    "data",
    _any(
        r"Items?$ (?<!Config)Objects?$ ^Records?$ MemoryRecords SecretValue ^Secret$ KeyMaterial Documents?$ "
        r"Partitions?$ DatasetEntries DatasetExamples DataTableValue DataTablePrimaryValues Shadow$ ^Files?$ ^Content$ "
        r"FunctionCode Vectors ^Keys?$ KeyValue RawMessage Parameter$ ObjectAttributes ^Attributes$ StoredQuery "
        r"^Image$ ChannelMessage ^$"
    ),
)
# What an overwrite turns: where traffic goes, how much there is to serve it, whether it runs.
_TURNED: Final = _Words(
    "availability",
    _any(
        r"Route(?!Table$|Calculator|Response|Settings|Server|rN) Routing(?!Profile|Rules?Label) "
        r"Traffic(?!Policy(?:Com|$)|Mir) Capacity Listener Nameserver HealthStatus [a-z]State$ PrefixList Scaling "
        r"Concurrency EndpointGroup SecurityGroups?(?:$|Rules|To) SendingEnabled SendingAttributes SendingOptions "
        r"Throughput ShardCount LoadBalancer RecordSets? ^Distribution NumberOf InstanceGroups InstanceFleet Alias$ "
        r"VpnTunnel VpnConnection VpcEndpoint$ NetworkAcl ^Subnets$ WebACL Firewall(?:Rule|Domains|Policy) ^RuleGroup$ "
        r"IPSet ^Rule$ RulePriorities ReceiptRule SipRule TopicRule ResolverRule PendingMaintenance BrokerCount "
        r"EndpointWeights TransitGateway(?!Metering|Policy) SpotFleet (?:DB|Db|Cache)(?:Instance|Cluster)$ ^Cluster$ "
        r"(?:Cluster|Nodegroup|Kafka)Version Service$ TaskSet$ GlobalCluster PublishedVersion ActiveVersion "
        r"ActiveModelVersion AgentRuntimeEndpoint DomainEntry ^Stage$ Broker(?:Type|Storage) Workspaces?Prop "
        r"ReplicationGroup ComputeEnvironment ^Accelerator$ SubnetAttribute VpcAttribute NetworkInterfaceAttr "
        r"^Environment$ VpcPeering InstancePlacement InstanceCpu RateLimit ^Fleet$ ServiceAttributes ZonalShift "
        r"InstanceType JobQueue ScheduledUpdate EventSourceMapping ^Schedule$ Address(?:To|Attr)"
    ),
    _any(r"CapacityManager Dashboard"),
)
# Requests and drafts: called off, nothing that runs stops.
_CALLED_OFF: Final = _Words(
    "configuration",
    _any(
        r"Request$ Handshake Invitation Transfer$ TransferTo TransferFrom Membership Agreement Assignment Benefit "
        r"TimeOff Tags TagSync ImageDeprecation Order$ Listing$ Subscription(?:Change|Request) VpcPeering Attestation "
        r"ClientVpc InboundC VpcEndpointConnections SharedDirectory PortfolioShare Grouping Attachment$ "
        r"MulticastDomainAss BillingOwnership ^Grant$ EnvironmentAccountConnection Report ChangeSet$ StackSetOperation "
        r"UpdateTask DomainConfigChange PolicyGeneration SchemaExtension AutoRenew AutoManage MetadataModel "
        r"MetadataGen CapacityManager Suppression TelemetryEnrichment OTelEnrichment ClassicLinkDns Predictions ^Link$ "
        r"DomainNameAccess"
    ),
)
# Links that only group or describe.
_LOOSE: Final = _Words(
    "configuration",
    _any(
        r"AttributeGroup Assessment Budget TagOption Gloss Governed Lens Pricing View SourceIdentifier CreatedArtifact "
        r"DiscoveredResource LineItem TrialComponent ApprovalRule ServiceAction ServiceQuota BillingGroup ThingGroup "
        r"Notification OrganizationalUnit ContextStore Settings Opportunity Review Analytics Issue Watermark "
        r"ConfigurationItems SourceResource ResourceTypes Contract Accounts$ BenefitApp CertificationEmail Collector "
        r"Sbom DataSegments ProjectAssets ^Assets Applications$ Profiles?$ Persona ^Faces Fraudster Facet Index$ "
        r"TypedLink Channel$ Product(?:From)? RelatedItem ^Resource$ CostAllocation Repository$ VehicleF"
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
_OTHERWISE: Final[Mapping[str, str]] = MappingProxyType(
    {"stop": "availability", "detach": "availability", "revoke": "access"}
)

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
