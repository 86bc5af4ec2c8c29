# An image for agents: a shell, git, certificates and the agent CLI. Nothing of Paperclip is in it.
FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git \
 && rm -rf /var/lib/apt/lists/* \
 && npm install --global @anthropic-ai/claude-code
USER 1000:1000
