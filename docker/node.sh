#!/usr/bin/env bash
# Runs one node of a cluster in a container: the agent, which runs PostgreSQL, and the manager. Ends when one of them does, so that the
# container's restart policy starts the node anew. What it needs comes from the environment, see docker-compose.ha.yml.
set -euo pipefail
umask 077
home=/var/lib/holdfast
node=$home/node
mkdir -p "$node"
chmod 711 "$home" "$node"
echo "${HOLDFAST_CLUSTER_KEY:?}" >"$node/cluster.key"
cat >"$node/agent.properties" <<EOF
node.id=${HOLDFAST_NODE:?}
cluster.name=${HOLDFAST_CLUSTER_NAME:-holdfast}
members=${HOLDFAST_MEMBERS:?}
listen.host=0.0.0.0
router.port=7402
bootstrap=${HOLDFAST_BOOTSTRAP:-false}
EOF
tr ' ' '\n' <<<"${HOLDFAST_AGENT_SETTINGS:-}" >>"$node/agent.properties"
unset HOLDFAST_CLUSTER_KEY HOLDFAST_MEMBERS HOLDFAST_BOOTSTRAP

# shellcheck disable=SC2086 # several options, divided by blanks
java ${AGENT_JAVA_OPTS:-} -XX:SharedArchiveFile=/opt/holdfast/agent.jsa -Dfile.encoding=UTF-8 \
  -cp "$(cat /opt/holdfast/agent.class-path)" io.holdfast.cluster.agent.AgentMain --config "$node/agent.properties" &
agent=$!
manager=""
trap 'kill -TERM $agent $manager 2>/dev/null || true' TERM INT

# The manager's first start needs a database to migrate. It is nice: heartbeats and probes go before it where the processors are short.
until /opt/holdfast/node-health.sh agent; do
  kill -0 "$agent" 2>/dev/null || exit 1
  sleep 0.5
done
# shellcheck disable=SC2086
HOLDFAST_DATABASE_URL="jdbc:postgresql://127.0.0.1:7402/holdfast?user=holdfast&password=$(cat "$node/database-password")" \
  HOLDFAST_CLUSTER_AGENT_URL=http://127.0.0.1:7401 HOLDFAST_CLUSTER_KEY_FILE=$node/cluster.key HOLDFAST_CLUSTER_NODE=$HOLDFAST_NODE \
  HOLDFAST_DIAGNOSTICS_MORE_LOGS=$node/log \
  QUARKUS_HTTP_HOST=0.0.0.0 \
  nice -n 10 java ${JAVA_OPTS:-} -Dfile.encoding=UTF-8 -jar /opt/holdfast/quarkus-run.jar --data "$home/manager" --port 8080 &
manager=$!

code=0
wait -n "$agent" "$manager" || code=$?
kill -TERM "$agent" "$manager" 2>/dev/null || true
wait || true
exit "$code"
