"""Chatbot, which moto does not have: channels of Slack that topics speak to."""

from moto.core.responses import ActionResult, EmptyResult

from tests.cloud.local_cloud.new_service import NewService, find, remove

KIND = "slack channels"


class Chatbot(NewService):
    """Slack channels by their ARN."""

    boto_name = signing_name = "chatbot"

    def create_slack_channel_configuration(self) -> ActionResult:
        """Keep a channel; AWS writes the workspace's name and state beside it."""
        arn = self.arn(f"chat-configuration/slack-channel/{self.params['ConfigurationName']}")
        channel = {"ChatConfigurationArn": arn, "State": "ENABLED", **self.given()}
        self.records(KIND)[arn] = channel
        return ActionResult({"ChannelConfiguration": channel})

    def update_slack_channel_configuration(self) -> ActionResult:
        """Change what is given."""
        channel = find(self.records(KIND), self.params["ChatConfigurationArn"])
        channel.update(self.given())
        return ActionResult({"ChannelConfiguration": channel})

    def describe_slack_channel_configurations(self) -> ActionResult:
        """One channel, or all; none is an empty list."""
        wanted = self.params.get("ChatConfigurationArn")
        channels = [channel for arn, channel in self.records(KIND).items() if wanted in (None, arn)]
        return ActionResult({"SlackChannelConfigurations": channels})

    def delete_slack_channel_configuration(self) -> EmptyResult:
        """Forget a channel."""
        remove(self.records(KIND), self.params["ChatConfigurationArn"])
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        """The tags of a channel."""
        return ActionResult({"Tags": find(self.records(KIND), self.params["ResourceARN"]).get("Tags", [])})
