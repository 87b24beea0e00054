# One service's image. Build the services first: ./mvnw package -DskipTests
#   docker build --build-arg SERVICE=gateway-service -t holdfast/gateway-service .
ARG JAVA_IMAGE=eclipse-temurin:17-jre
FROM ${JAVA_IMAGE}
ARG SERVICE

# A numeric user: base images differ in their tools for making one. A named volume takes over the directory's owner.
RUN mkdir -p /var/lib/holdfast/archives /var/lib/holdfast/log-bundles && chown -R 10001:10001 /var/lib/holdfast
WORKDIR /opt/holdfast
COPY ${SERVICE}/target/quarkus-app/lib/ lib/
COPY ${SERVICE}/target/quarkus-app/quarkus/ quarkus/
COPY ${SERVICE}/target/quarkus-app/app/ app/
COPY ${SERVICE}/target/quarkus-app/quarkus-run.jar ./

USER 10001:10001
ENV HOLDFAST_DATA=/var/lib/holdfast \
    QUARKUS_HTTP_HOST=0.0.0.0 \
    QUARKUS_HTTP_PORT=8080 \
    JAVA_OPTS="-Xmx320m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
EXPOSE 8080
# Whichever of curl, wget and bash the base image has.
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=3 CMD \
    curl -fsS -o /dev/null "http://127.0.0.1:$QUARKUS_HTTP_PORT/q/health/ready" \
    || wget -q -O /dev/null "http://127.0.0.1:$QUARKUS_HTTP_PORT/q/health/ready" \
    || bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$QUARKUS_HTTP_PORT" && printf "GET /q/health/ready HTTP/1.0\r\n\r\n" >&3 && head -n 1 <&3 | grep -q " 200 "'
ENTRYPOINT ["sh", "-c", "exec java $JAVA_OPTS -Duser.home=/var/lib/holdfast -jar quarkus-run.jar"]
