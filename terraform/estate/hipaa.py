"""The HIPAA Security Rule (45 CFR 164.308 to 164.316) as far as infrastructure can meet it."""

from terraform.estate import measures as has
from terraform.estate.controls import Control, Framework

ADMINISTRATIVE = (
    Control(
        "164.308(a)(1)(ii)(A)",
        "Risk analysis",
        "Know what threatens the data.",
        (*has.WHO_HAS_ACCESS, *has.SETTINGS_ARE_WATCHED, *has.THREATS),
        "The analysis itself, and its repetition.",
    ),
    Control(
        "164.308(a)(1)(ii)(D)",
        "Information system activity review",
        "Look at records of what was done.",
        (*has.TRAIL, *has.LOGS, *has.LOOKED_AT),
        "Somebody who looks at them regularly.",
    ),
    Control("164.308(a)(2)", "Assigned security responsibility", "Name who answers for it.", (), "Name them."),
    Control(
        "164.308(a)(3)",
        "Workforce security",
        "Only those who need it have access, and only as long.",
        has.NO_PEOPLE,
        "The estate makes no users and no keys: people come by your identity provider, which clears and removes them.",
    ),
    Control(
        "164.308(a)(4)",
        "Information access management",
        "Access is granted by role.",
        (*has.OWN_ROLES, *has.WHO_HAS_ACCESS),
        lacks="There are no roles for people who query the tables, and no grants by column (Lake Formation).",
    ),
    Control("164.308(a)(5)(ii)(A)", "Security reminders, training", "Train people.", (), "Train them."),
    Control(
        "164.308(a)(5)(ii)(B)",
        "Protection from malicious software",
        "Detect it and guard against it.",
        (*has.THREATS, *has.CODE_IS_KNOWN),
        lacks="Files of senders are not scanned for viruses; they are read as text and never executed.",
    ),
    Control(
        "164.308(a)(5)(ii)(C)",
        "Log-in monitoring",
        "Watch attempts to log in.",
        (*has.TRAIL, *has.ROOT_IS_WATCHED),
        "Log-ins at your identity provider.",
    ),
    Control(
        "164.308(a)(5)(ii)(D)", "Password management", "Handle passwords.", has.NO_PEOPLE, "At your identity provider."
    ),
    Control(
        "164.308(a)(6)(ii)",
        "Response and reporting",
        "Notice incidents, answer them, write them down.",
        (*has.ALARMS, *has.FAILURES_ARE_KEPT, *has.THREATS),
        "Who is called (`notify`, `pagerduty_url`), and breach notification (164.400 to 414).",
    ),
    Control(
        "164.308(a)(7)(ii)(A)",
        "Data backup plan",
        "Keep exact copies that can be brought back.",
        (*has.VERSIONS, *has.SECOND_REGION, *has.NOT_DELETED),
    ),
    Control(
        "164.308(a)(7)(ii)(B)",
        "Disaster recovery plan",
        "Be able to restore lost data.",
        has.SECOND_REGION,
        lacks="The copies are files: catalog, functions and jobs must first be deployed there by Terraform.",
    ),
    Control(
        "164.308(a)(7)(ii)(C)",
        "Emergency mode operation",
        "Go on protecting data in an emergency.",
        has.FAILURES_ARE_KEPT,
        lacks="No second region runs along: until it is deployed there, nothing is processed. What landed is not lost.",
    ),
    Control(
        "164.308(a)(7)(ii)(D)",
        "Testing of the plans",
        "Try the recovery.",
        (),
        "Try it, and write down how long it took.",
    ),
    Control(
        "164.308(a)(8)",
        "Evaluation",
        "Evaluate regularly whether all this still holds.",
        has.SETTINGS_ARE_WATCHED,
        "The evaluation; this document is made anew with each change of the estate.",
    ),
    Control(
        "164.308(b)(1)",
        "Business associate contracts",
        "Have a contract with who handles data for you.",
        (),
        "Sign AWS's Business Associate Addendum (AWS Artifact) before live data lands, and use eligible services only.",
    ),
)
PHYSICAL = (
    Control(
        "164.310(a) to (c)",
        "Facilities, workstations",
        "Guard buildings and work places.",
        (),
        "AWS guards its data centres under the addendum; work places are yours.",
    ),
    Control(
        "164.310(d)(2)(i)",
        "Disposal",
        "Dispose of data for good.",
        (*has.DISPOSAL, *has.KEYS),
        "To make everything unreadable at once, let the key's deletion run out.",
    ),
)
TECHNICAL = (
    Control(
        "164.312(a)(1)",
        "Access control",
        "Only those with a right get to the data.",
        (*has.NOT_PUBLIC, *has.OWN_ROLES, *has.CLOSED_NETWORK),
    ),
    Control("164.312(a)(2)(i)", "Unique user identification", "Know who did it.", (*has.NO_PEOPLE, *has.TRAIL)),
    Control(
        "164.312(a)(2)(ii)",
        "Emergency access procedure",
        "Get at the data in an emergency.",
        (),
        lacks="No role for emergencies is made: only an administrator of the account gets at the data.",
    ),
    Control(
        "164.312(a)(2)(iii)",
        "Automatic logoff",
        "Sessions end.",
        has.SHORT_SESSIONS,
        "Sessions of people: at your identity provider.",
    ),
    Control(
        "164.312(a)(2)(iv)",
        "Encryption and decryption",
        "Data at rest is encrypted.",
        (*has.ENCRYPTED_FILES, *has.ENCRYPTED_WORK, *has.KEYS),
    ),
    Control("164.312(b)", "Audit controls", "What is done with the data is recorded.", (*has.TRAIL, *has.LOGS)),
    Control(
        "164.312(c)(1)",
        "Integrity",
        "Data is not altered or destroyed by mistake or malice.",
        (*has.VERSIONS, *has.LOCKED, *has.NOT_DELETED),
    ),
    Control(
        "164.312(c)(2)",
        "Mechanism to authenticate data",
        "It can be shown that it was not altered.",
        (*has.TRAIL_IS_GENUINE, *has.LOCKED),
        "Each file's SHA-256 stands in `ingest_audit`.",
    ),
    Control(
        "164.312(d)",
        "Person or entity authentication",
        "Who asks is who they say.",
        (*has.OWN_ROLES, *has.ROOT_IS_WATCHED),
        "A second factor for people: at your identity provider.",
    ),
    Control("164.312(e)(2)(i)", "Integrity in transmission", "Nothing is altered on the way.", has.IN_TRANSIT),
    Control(
        "164.312(e)(2)(ii)",
        "Encryption in transmission",
        "Nothing is read on the way.",
        (*has.IN_TRANSIT, *has.CLOSED_NETWORK),
    ),
)
DOCUMENTS = (
    Control(
        "164.314(a)",
        "Organizational requirements",
        "Contracts with business associates and subcontractors.",
        (),
        "See 164.308(b)(1).",
    ),
    Control(
        "164.316(a), (b)(1)",
        "Policies and their documentation",
        "Write policies down.",
        (),
        "Yours; of the estate itself the code, its plan and this document are the record.",
    ),
    Control(
        "164.316(b)(2)(i)", "Time limit", "Keep the documentation for six years.", (*has.KEPT_SIX_YEARS, *has.LOCKED)
    ),
    Control(
        "164.316(b)(2)(iii)",
        "Updates",
        "Review it when things change.",
        (),
        "A test fails where this document is not what the plan says.",
    ),
)
HIPAA = Framework("HIPAA Security Rule", (*ADMINISTRATIVE, *PHYSICAL, *TECHNICAL, *DOCUMENTS))
