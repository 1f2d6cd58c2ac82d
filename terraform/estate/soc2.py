"""SOC 2's trust services criteria (2017) that infrastructure can help to meet: CC6, CC7, A1, C1, PI1."""

from terraform.estate import measures as has
from terraform.estate.controls import Control, Framework

ACCESS = (
    Control(
        "CC6.1",
        "Logical access",
        "Access to systems and data is restricted, and data encrypted.",
        (*has.NOT_PUBLIC, *has.OWN_ROLES, *has.ENCRYPTED_FILES, *has.ENCRYPTED_WORK, *has.KEYS),
    ),
    Control(
        "CC6.2",
        "Registration of users",
        "Users are registered before they get access, and removed.",
        has.NO_PEOPLE,
        "At your identity provider.",
    ),
    Control(
        "CC6.3",
        "Access by role",
        "Access follows roles and least privilege.",
        (*has.OWN_ROLES, *has.WHO_HAS_ACCESS),
        lacks="There are no roles for people who query the tables.",
    ),
    Control("CC6.4", "Physical access", "Buildings are guarded.", (), "AWS's own SOC 2 report (AWS Artifact)."),
    Control(
        "CC6.5",
        "Disposal of assets",
        "Data is gone before a medium leaves.",
        (*has.DISPOSAL, *has.KEYS),
        "Media: AWS's own SOC 2 report.",
    ),
    Control(
        "CC6.6", "Boundaries", "Nothing comes in from outside that should not.", (*has.CLOSED_NETWORK, *has.NOT_PUBLIC)
    ),
    Control("CC6.7", "Transmission", "Data on its way is protected.", has.IN_TRANSIT),
    Control(
        "CC6.8",
        "Malicious software",
        "It is kept out, and found.",
        (*has.CODE_IS_KNOWN, *has.THREATS),
        lacks="Packages carry no signature: their hash is pinned, and only who deploys writes to their bucket.",
    ),
)
OPERATION = (
    Control(
        "CC7.1", "Changes and weaknesses", "Changes of settings that open a hole are found.", has.SETTINGS_ARE_WATCHED
    ),
    Control("CC7.2", "Monitoring", "What is unusual is noticed.", (*has.ALARMS, *has.LOOKED_AT, *has.THREATS)),
    Control(
        "CC7.3",
        "Evaluation of events",
        "Events are judged.",
        (*has.TRAIL, *has.TRAIL_IS_GENUINE, *has.LOGS),
        "Somebody who judges them.",
    ),
    Control(
        "CC7.4",
        "Response",
        "Incidents are answered.",
        (*has.ALARMS, *has.FAILURES_ARE_KEPT),
        "Who is called, and the drill.",
    ),
    Control("CC7.5", "Recovery", "Work goes on afterwards.", (*has.VERSIONS, *has.SECOND_REGION), "The drill."),
)
AVAILABILITY = (
    Control("A1.1", "Capacity", "Capacity is watched and grows.", (*has.CAPACITY, *has.ALARMS)),
    Control(
        "A1.2",
        "Backup and environment",
        "Data is copied, and no single place brings all down.",
        (*has.VERSIONS, *has.SECOND_REGION, *has.SEVERAL_ZONES),
        lacks="A Glue job runs in one availability zone: to move it is a change of `network.availability_zones`.",
    ),
    Control("A1.3", "Test of recovery", "Recovery is tried.", (), "Try it, and write down how long it took."),
)
CONFIDENTIALITY = (
    Control(
        "C1.1",
        "Confidential data is known and kept",
        "It is marked, encrypted, and kept as long as it must be.",
        (*has.CLASSIFIED, *has.ENCRYPTED_FILES, *has.KEPT_SIX_YEARS),
    ),
    Control(
        "C1.2",
        "Confidential data is disposed of",
        "It goes when its time has come.",
        has.DISPOSAL,
        "Production keeps files for ever unless `retention.files_days` says otherwise.",
    ),
)
PROCESSING = (
    Control(
        "PI1.1",
        "Definitions",
        "What is processed is defined.",
        (),
        "Not infrastructure: [data dictionary](data_dictionary.md) and [sources](sources.md).",
    ),
    Control(
        "PI1.2", "Inputs", "Inputs are complete and accurate.", has.INPUT_IS_JUDGED, "The rules: [rules](rules.md)."
    ),
    Control(
        "PI1.3",
        "Processing",
        "Errors are found and put right.",
        (*has.FAILURES_ARE_KEPT, *has.ALARMS),
        "That every record is accounted for: [architecture](architecture.md#account).",
    ),
    Control(
        "PI1.4", "Outputs", "Outputs go only to those who should have them.", (*has.NOT_PUBLIC, *has.ENCRYPTED_FILES)
    ),
    Control("PI1.5", "Storage", "What is stored stays complete.", (*has.VERSIONS, *has.LOCKED, *has.NOT_DELETED)),
)
SOC2 = Framework("SOC 2", (*ACCESS, *OPERATION, *AVAILABILITY, *CONFIDENTIALITY, *PROCESSING))
