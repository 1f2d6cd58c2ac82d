"""Arrows come from the plan's values: targets, mappings, policies; resources with the same arrows are drawn as one."""

import json

from terraform.estate.arrows import Arrow, arrows
from terraform.estate.picture import flowchart
from terraform.estate.plan import Estate, Resource

QUEUE, FUNCTION, BUCKET, TOPIC = "aws_sqs_queue", "aws_lambda_function", "aws_s3_bucket", "aws_sns_topic"
NAME = "claims-prod-"


def one(kind: str, name: str, **values: object) -> Resource:
    arn = f"arn:aws:s3:::{NAME}{name}" if kind == BUCKET else f"arn:aws:{kind}:us-east-1:123456789012:{NAME}{name}"
    named = {"arn": arn, "name": f"{NAME}{name}"}
    return Resource(f'{kind}.this["{name}"]', kind, named | values)


def at(resource: Resource) -> str:
    return str(resource.values["arn"])


def role_with(name: str, *statements: tuple[str, str]) -> tuple[Resource, Resource]:
    told = [{"Effect": "Allow", "Action": action, "Resource": arn} for action, arn in statements]
    policy = {"role": name, "policy": json.dumps({"Statement": told})}
    role = Resource(f"aws_iam_role.{name}", "aws_iam_role", {"id": name, "arn": f"arn:aws:iam::1:role/{name}"})
    return role, Resource(f"aws_iam_role_policy.{name}", "aws_iam_role_policy", policy)


def test_an_event_goes_from_what_it_tells_of_to_its_target() -> None:
    bucket, queue = one(BUCKET, "raw"), one(QUEUE, "landing")
    pattern = {"detail": {"bucket": {"name": [bucket.values["name"]]}}}
    rule = one("aws_cloudwatch_event_rule", "created", event_pattern=json.dumps(pattern))
    target = Resource("t", "aws_cloudwatch_event_target", {"rule": rule.values["name"], "arn": at(queue)})
    found = arrows(Estate("prod", (bucket, queue, rule, target)))
    assert found == {Arrow(bucket.address, queue.address, "created")}


def test_a_mapping_goes_from_a_queue_to_its_function_by_the_alias() -> None:
    queue, function = one(QUEUE, "landing"), one(FUNCTION, "gate", function_name="gate", role="none")
    alias = Resource("a", "aws_lambda_alias", {"arn": f"{at(function)}:live", "function_name": "gate"})
    values = {"event_source_arn": at(queue), "function_name": f"{at(function)}:live"}
    mapping = Resource("m", "aws_lambda_event_source_mapping", values)
    assert arrows(Estate("prod", (queue, function, alias, mapping))) == {Arrow(queue.address, function.address)}


def test_a_role_reads_and_writes_what_its_policy_says() -> None:
    raw, out, topic = one(BUCKET, "raw"), one(BUCKET, "out"), one(TOPIC, "status")
    role, policy = role_with(
        "r",
        ("s3:GetObject", f"{at(raw)}/raw/*"),
        ("s3:PutObject", f"{at(out)}/*"),
        ("s3:ListBucket", at(out)),
        ("sns:Publish", at(topic)),
        ("kms:Decrypt", "*"),
    )
    function = one(FUNCTION, "gate", role=at(role))
    assert arrows(Estate("prod", (raw, out, topic, role, policy, function))) == {
        Arrow(raw.address, function.address, data=True),
        Arrow(function.address, out.address, data=True),
        Arrow(function.address, topic.address),
    }


def test_what_is_denied_is_not_drawn() -> None:
    raw = one(BUCKET, "raw")
    role, policy = role_with("r", ("s3:GetObject", f"{at(raw)}/*"))
    denied = Resource(
        policy.address, policy.type, policy.values | {"policy": policy.values["policy"].replace("Allow", "Deny")}
    )
    assert arrows(Estate("prod", (raw, role, denied, one(FUNCTION, "gate", role=at(role))))) == set()


def test_dead_letters_are_dashed() -> None:
    letters = one(QUEUE, "dlq")
    queue = one(QUEUE, "landing", redrive_policy=json.dumps({"deadLetterTargetArn": at(letters)}))
    estate = Estate("prod", (letters, queue))
    assert arrows(estate) == {Arrow(queue.address, letters.address, aside=True)}
    assert "  queue_landing -.-> queue_dlq" in flowchart(estate, arrows(estate))


def test_a_schedule_that_calls_aws_itself_leads_to_what_its_input_names() -> None:
    job = one("aws_glue_job", "upkeep", role_arn="none")
    target = {
        "arn": "arn:aws:scheduler:::aws-sdk:glue:startJobRun",
        "input": json.dumps({"JobName": job.values["name"]}),
    }
    schedule = one("aws_scheduler_schedule", "nightly", target=[target])
    assert arrows(Estate("prod", (job, schedule))) == {Arrow(schedule.address, job.address)}


def test_resources_with_the_same_arrows_are_drawn_as_one() -> None:
    topics = [one(TOPIC, name) for name in ("low", "high")]
    role, policy = role_with("r", *(("sns:Publish", at(topic)) for topic in topics))
    estate = Estate("prod", (*topics, role, policy, one(FUNCTION, "gate", role=at(role))))
    assert flowchart(estate, arrows(estate)).splitlines()[:4] == [
        "flowchart LR",
        '  function_gate("<b>gate</b><br/>function")',
        '  topic_high>"<b>high<br/>low</b><br/>topics"]',
        "  function_gate --> topic_high",
    ]


def test_two_ways_are_one_arrow_with_two_heads() -> None:
    bucket = one(BUCKET, "raw")
    role, policy = role_with("r", ("s3:GetObject", f"{at(bucket)}/*"), ("s3:PutObject", f"{at(bucket)}/*"))
    estate = Estate("prod", (bucket, role, policy, one(FUNCTION, "gate", role=at(role))))
    assert [line for line in flowchart(estate, arrows(estate)).splitlines() if "->" in line] == [
        "  bucket_raw <--> function_gate"
    ]
