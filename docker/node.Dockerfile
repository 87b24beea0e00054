# One node of a cluster: PostgreSQL's programs, Java, the agent and a whole manager. Build the manager first: ./mvnw package -DskipTests
#   docker build -f docker/node.Dockerfile -t holdfast/node .
ARG JAVA_IMAGE=eclipse-temurin:17-jre
ARG POSTGRES_IMAGE=postgres:15
FROM ${JAVA_IMAGE} AS java
# Some distributions keep parts of it elsewhere behind links; what a link leads nowhere for is not needed to run.
RUN cp -rL "$JAVA_HOME" /java 2>/dev/null; /java/bin/java -version

FROM ${POSTGRES_IMAGE}
COPY --from=java /java /opt/java
COPY standalone/target/quarkus-app/ /opt/holdfast/
COPY docker/node.sh docker/node-health.sh /opt/holdfast/
# PostgreSQL refuses to run as root; a named volume takes over the directory's owner.
RUN mkdir -p /var/lib/holdfast && chown postgres /var/lib/holdfast && chmod 755 /opt/holdfast/*.sh
ENV PATH=/opt/java/bin:$PATH LANG=C.UTF-8 \
    AGENT_JAVA_OPTS="-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError" \
    JAVA_OPTS="-Xmx512m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
# Only what the agent needs of the manager's libraries, and its classes as the JVM has them in memory: the agent starts, and a node is
# back, some seconds sooner.
RUN cd /opt/holdfast && ls -d "$PWD"/lib/main/io.holdfast.cluster-service-*.jar "$PWD"/lib/main/io.holdfast.contracts-*.jar \
      "$PWD"/lib/main/com.fasterxml.jackson.core.*.jar "$PWD"/lib/main/org.postgresql.postgresql-*.jar "$PWD"/lib/boot/*.jar \
    | paste -sd: - >agent.class-path && chmod 644 agent.class-path && \
    java $AGENT_JAVA_OPTS -XX:ArchiveClassesAtExit=/opt/holdfast/agent.jsa -cp "$(cat agent.class-path)" \
      io.holdfast.cluster.agent.AgentMain --rehearse && chmod 644 agent.jsa
USER postgres
EXPOSE 8080 7401 5432 7400/udp
# healthy: the active node, or a standby that streams, with a manager that answers
HEALTHCHECK --interval=3s --timeout=5s --start-period=180s --retries=3 CMD ["/opt/holdfast/node-health.sh"]
ENTRYPOINT ["/opt/holdfast/node.sh"]
CMD []
